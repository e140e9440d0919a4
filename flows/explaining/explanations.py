"""The explanations of one open warehouse, asked for by name."""

from __future__ import annotations

import difflib

import duckdb

from flows.errors import Misuse, NotThere
from flows.explaining.comparisons import Comparisons
from flows.explaining.facts import Facts
from flows.explaining.feeding import Feeding
from flows.explaining.filed import Filed
from flows.explaining.levels import Levels
from flows.explaining.loading import load_rules
from flows.explaining.locating import Located, locate, parse_place
from flows.explaining.measures import Measures
from flows.explaining.published import Published
from flows.explaining.rules import Indicator
from flows.explaining.sources import Sources
from flows.explaining.states import NOW, State
from flows.explaining.tree import Node
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.names import normal


class Explanations:
    """What may be asked: a level, a comparison, and what a cell feeds.

    Levels and comparisons are those of the `state`; what a cell feeds is asked of the present.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        declaration: Declaration,
        state: State = NOW,
    ) -> None:
        self.declaration = declaration
        self.state = state
        self.published = Published(connection, state)
        self.filed = Filed(connection)
        self.facts = Facts(connection, state)
        self.rules = load_rules(connection, declaration.district, self.published.quarters())
        self.measures = Measures(self.rules, self.facts)
        sources = Sources(declaration, self.rules, self.filed, state)
        self.levels = Levels(self.measures, sources, self.published)
        self.comparisons = Comparisons(self.levels)
        self.feeding = Feeding(self.comparisons)

    def indicator(self, said: str) -> Indicator:
        """The indicator of that name or Chinese name; NotThere names a few that are near."""
        known = self.rules.indicators
        if said in known:
            return known[said]
        found = [each for each in known.values() if normal(each.name_zh) == normal(said)]
        if len(found) == 1:
            return found[0]
        names = [each.name for each in found] or self._near(said)
        near = f"; near it: {', '.join(names)}" if names else ""
        raise NotThere(
            f"There is no indicator {said!r}{near}. The table indicator has all of them."
        )

    def _near(self, said: str) -> list[str]:
        known = self.rules.indicators
        by_text = {name.lower(): name for name in known}
        by_text |= {normal(each.name_zh): each.name for each in known.values() if each.name_zh}
        text = normal(said).lower()
        close = difflib.get_close_matches(text, list(by_text), n=5, cutoff=0.6)
        within = [each for each in by_text if text and text in each]
        named = list(dict.fromkeys(by_text[each] for each in [*close, *within]))[:5]
        return [f"{name} ({known[name].name_zh})" for name in named]

    def explain(
        self,
        indicator: Indicator,
        quarter: int,
        unit_code: str,
        comparison: str | None = None,
        *,
        cumulative: bool = False,
    ) -> Node:
        """The tree of a level, or of a comparison; NotThere where it was not computed.

        Misuse for what the state cannot tell: a quarter that the release is not of, coverage at
        an earlier instant.
        """
        label = periods.quarter_label(quarter)
        self._see_state(indicator, quarter)
        if quarter not in self.rules.computed:
            known = sorted(self.rules.computed)
            span = f"{periods.quarter_label(known[0])} to {periods.quarter_label(known[-1])} are there" if known else "none is there yet"  # fmt: skip
            raise NotThere(f"{label} has not been computed; {span}.")
        if (unit_code, indicator.name) not in self.published.levels(quarter):
            name = self.rules.register.name(unit_code)
            raise NotThere(
                f"{name} has no row of {indicator.name} in {label}: it does not report it, or "
                "did not exist then; name another unit or quarter."
            )
        if comparison is None:
            return self.levels.level(indicator, quarter, unit_code, cumulative)
        if indicator.within_year and comparison == "qoq":
            raise Misuse(
                f"{indicator.name} is cumulative within the year and not compared with the quarter "
                "before; use --comparison yoy."
            )
        if (unit_code, comparison) not in self.published.growth(quarter, indicator.name):
            raise NotThere(
                f"There is no row of {indicator.name} {comparison} in {label}; leave --comparison "
                "out, or name another."
            )
        return self.comparisons.comparison(indicator, quarter, unit_code, comparison)

    def _see_state(self, indicator: Indicator, quarter: int) -> None:
        """Refuse what the state cannot tell."""
        state = self.state
        if state.quarter not in (None, quarter):
            own = periods.quarter_label(state.quarter or 0)
            raise Misuse(
                f"The release {state.release} is of {own}; ask for --quarter {own}, or name a "
                f"release of {periods.quarter_label(quarter)}."
            )
        counted = [term.figure for term in indicator.terms if self.rules.figures[term.figure].counts_forms]  # fmt: skip
        if state.at is not None and state.release is None and counted:
            raise Misuse(
                f"{indicator.name} counts forms due, and those are kept as they stand now only; "
                "leave --as-of out, or name a release."
            )

    def locate(self, submission: str, cell: str, sheet: str | None = None) -> Located:
        """What stands in a cell of a submission; NotThere or Misuse where nothing can be meant."""
        place = parse_place(cell, sheet)
        return locate(self.filed, self.facts, self.declaration, submission, place)
