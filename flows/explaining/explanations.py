"""The explanations of one open warehouse, asked for by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

import duckdb

from flows.errors import Misuse, NotThere
from flows.explaining.comparisons import Comparisons
from flows.explaining.feeding import Feeding
from flows.explaining.levels import Levels
from flows.explaining.locating import Located, locate, parse_place
from flows.explaining.measures import Measures
from flows.explaining.published import File, Published
from flows.explaining.rules import Indicator, load_rules
from flows.explaining.sources import Sources
from flows.explaining.tree import Node
from flows.home import Home
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.names import normal


class Explanations:
    """What may be asked: a level, a comparison, and what a cell feeds.

    `dated_files` are the files of dated totals, which the warehouse has no rows of. `published`
    takes the place of the present state of the warehouse.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        declaration: Declaration,
        dated_files: Mapping[str, File] | None = None,
        published: Published | None = None,
    ) -> None:
        self.declaration = declaration
        self.published = published or Published(connection, dated_files)
        self.rules = load_rules(connection, declaration.district, self.published.quarters())
        self.measures = Measures(self.rules, self.published)
        self.levels = Levels(self.measures, Sources(declaration, self.rules, self.published))
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
        """The tree of a level, or of a comparison; NotThere where it was not computed."""
        label = periods.quarter_label(quarter)
        if quarter not in self.rules.computed:
            known = sorted(self.rules.computed)
            span = f"{periods.quarter_label(known[0])} to {periods.quarter_label(known[-1])} are there" if known else "none is there yet"  # fmt: skip
            raise NotThere(f"{label} has not been computed; {span}.")
        if (unit_code, indicator.name) not in self.published.levels(quarter):
            unit = self.rules.units[unit_code]
            raise NotThere(
                f"{unit.name} has no row of {indicator.name} in {label}: it does not report it, or "
                "did not exist then; name another unit or quarter."
            )
        if comparison is None:
            return self.levels.level(indicator, quarter, unit_code, cumulative)
        if indicator.within_year and comparison == "qoq":
            raise Misuse(
                f"{indicator.name} is cumulative within the year and not compared with the quarter "
                "before; use --comparison yoy."
            )
        return self.comparisons.comparison(indicator, quarter, unit_code, comparison)

    def locate(self, submission: str, cell: str, sheet: str | None = None) -> Located:
        """What stands in a cell of a submission; NotThere or Misuse where nothing can be meant."""
        return locate(self.published, self.declaration, submission, parse_place(cell, sheet))


def dated_files(home: Home) -> dict[str, File]:
    """The files of dated totals, by submission, from the journal and their receipts."""
    return {file.submission: file for file in _dated_files(home)}


def _dated_files(home: Home) -> Iterator[File]:
    for event in home.journal.events():
        if event["event"] == "history":
            receipt = home.archive.receipt(event["file"])
            yield File(
                receipt.submission, receipt.received_at, receipt.name, receipt.archived_as, None
            )
