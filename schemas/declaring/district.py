"""All that a district declares, and what is looked up in it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from schemas.declaring import splits
from schemas.declaring.model import (
    Figure,
    FigureForm,
    Indicator,
    Ledger,
    LedgerCount,
    Lines,
    Split,
    Unit,
)
from schemas.declaring.names import normal
from schemas.declaring.reporting import Report


@dataclass(frozen=True, eq=False)
class Declaration:
    """All that a district asks, and of whom."""

    district: str
    name_zh: str
    units: tuple[Unit, ...]
    reporters: dict[str, tuple[str, ...]]
    """Group of reporters to the kinds of unit in it."""
    forms: tuple[FigureForm, ...]
    ledgers: tuple[Ledger, ...]
    indicators: tuple[Indicator, ...]
    due_on: Callable[[int], dt.date]
    """The last day on which a form of that month comes in time."""
    unit_names: Callable[[Unit], tuple[str, ...]]
    """Every way in which a unit may be named."""
    time_zone: str = "Asia/Shanghai"
    splits: tuple[Split, ...] = ()
    """Units that were parted: their values before and after are not of one area."""
    report: Report | None = None
    """What the quarter's report says; None for one with a section a form."""

    def __post_init__(self) -> None:
        forms: dict[str, list[str]] = {}
        for form in self.forms:
            for name in form.latest:
                forms.setdefault(name, []).append(form.name)
        twice = [f"{name} ({', '.join(of)})" for name, of in forms.items() if len(of) > 1]
        if twice:
            raise ValueError(f"figures that stand in several forms: {'; '.join(twice)}")
        for figure in self.figures.values():
            harmless = [
                n for n in figure.tells_of if n not in self.figures or not self.figures[n].sensitive
            ]
            if harmless:
                raise ValueError(
                    f"{figure.name} tells of {', '.join(harmless)}, which is no sensitive figure"
                )
            if figure.sensitive and figure.tells_of:
                raise ValueError(
                    f"{figure.name} is sensitive itself and tells of others; it can be one of both"
                )
        splits.check(self.splits, self.unit_by_code, self.district)

    @cached_property
    def all_forms(self) -> tuple[FigureForm | Ledger, ...]:
        """Figure forms, then ledgers."""
        return (*self.forms, *self.ledgers)

    @cached_property
    def by_name(self) -> dict[str, FigureForm | Ledger]:
        """Forms by name."""
        return {form.name: form for form in self.all_forms}

    @cached_property
    def form_by_title(self) -> dict[str, FigureForm | Ledger]:
        """Forms by the normal form of their Chinese title."""
        return {normal(form.title_zh): form for form in self.all_forms}

    @cached_property
    def _lines(self) -> dict[tuple[str, str, int], Lines]:
        return {}

    def lines(self, form: FigureForm, group: str, month: int) -> Lines:
        """The form's lines for a group of reporters and a month."""
        key = form.name, group, month
        if key not in self._lines:
            self._lines[key] = self._lines_of(form.lines(group, month))
        return self._lines[key]

    def _lines_of(self, figures: tuple[Figure, ...]) -> Lines:
        """The same lines for all months that ask the same: what is known of them stays known."""
        if figures not in self._by_figures:
            self._by_figures[figures] = Lines(
                figures,
                {figure.code: figure for figure in figures},
                {name: figure for figure in figures for name in figure.names},
                self._ever_named,
                self._names_of_any,
                frozenset(each.name for each in figures if each.asked_in != each.unit),
            )
        return self._by_figures[figures]

    @cached_property
    def _by_figures(self) -> dict[tuple[Figure, ...], Lines]:
        return {}

    @cached_property
    def _ever_named(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for form in self.forms:
            for figure in form.figures:
                found[figure.name] = found.get(figure.name, frozenset()) | figure.names
        return found

    @cached_property
    def _names_of_any(self) -> frozenset[str]:
        return frozenset().union(*self._ever_named.values())

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Figures by name, the latest version of each."""
        return {name: figure for form in self.forms for name, figure in form.latest.items()}

    @cached_property
    def _versions(self) -> dict[str, tuple[Figure, ...]]:
        found: dict[str, tuple[Figure, ...]] = {}
        for form in self.forms:
            for figure in form.figures:
                found[figure.name] = (*found.get(figure.name, ()), figure)
        return found

    def version(self, name: str, month: int) -> Figure:
        """The version of a figure that is asked for the month; where none is, the latest."""
        for figure in self._versions[name]:
            if figure.asked(month):
                return figure
        return self.figures[name]

    @cached_property
    def form_of(self) -> dict[str, FigureForm]:
        """A figure's form, by the figure's name."""
        return {figure.name: form for form in self.forms for figure in form.figures}

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Units by code, the district itself among them."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def group_of_kind(self) -> dict[str, str]:
        """The group of reporters that a kind of unit belongs to."""
        return {kind: group for group, kinds in self.reporters.items() for kind in kinds}

    @cached_property
    def units_by_name(self) -> dict[str, tuple[Unit, ...]]:
        """Units by the normal form of every name they go by."""
        found: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units:
            if unit.kind in self.group_of_kind:
                for name in self.spellings(unit.code):
                    found[name] = (*found.get(name, ()), unit)
        return found

    def spellings(self, unit_code: str) -> frozenset[str]:
        """The normal form of every name that a unit goes by, and its code."""
        return self._spellings[unit_code]

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        return {
            unit.code: frozenset(map(normal, (*self.unit_names(unit), unit.code)))
            for unit in self.units
        }

    def group(self, unit_code: str) -> str | None:
        """The group of reporters a unit belongs to; None for the district itself."""
        unit = self.unit_by_code.get(unit_code)
        return None if unit is None else self.group_of_kind.get(unit.kind)

    @cached_property
    def _reporting(self) -> dict[int, tuple[Unit, ...]]:
        return {}

    def successors(self, unit: Unit) -> Iterator[Unit]:
        """The unit that it went into, the one that this went into, and so on."""
        seen = {unit.code}
        while unit.successor is not None and unit.successor not in seen:
            seen.add(unit.successor)
            unit = self.unit_by_code[unit.successor]
            yield unit

    def reporting_units(self, month: int) -> tuple[Unit, ...]:
        """The units that report for that month."""
        if month not in self._reporting:
            reporting = (each for each in self.units if each.kind in self.group_of_kind)
            self._reporting[month] = tuple(each for each in reporting if each.exists(month))
        return self._reporting[month]

    @cached_property
    def _spelled(self) -> dict[int, dict[str, str]]:
        return {}

    def spelled(self, month: int) -> dict[str, str]:
        """The codes of the units that report for that month, by full name and by code."""
        if month not in self._spelled:
            self._spelled[month] = {
                name: unit.code
                for unit in self.reporting_units(month)
                for name in (normal(unit.name), unit.code)
            }
        return self._spelled[month]

    def find_units(self, text: str, month: int | None) -> tuple[Unit, ...]:
        """The units that a name means, exact after normalisation."""
        found = self.units_by_name.get(normal(text), ())
        return found if month is None else tuple(each for each in found if each.exists(month))

    @cached_property
    def _due(self) -> dict[tuple[str | None, int], tuple[FigureForm | Ledger, ...]]:
        return {}

    def due(self, unit_code: str, month: int) -> tuple[FigureForm | Ledger, ...]:
        """The forms that a unit owes for a month."""
        group = self.group(unit_code)
        if (group, month) not in self._due:
            self._due[group, month] = tuple(
                form
                for form in self.all_forms
                if group in form.due_from
                and form.in_force(month)
                and (isinstance(form, Ledger) or form.lines(group or "", month))
            )
        return self._due[group, month]

    def form_version(self, form: FigureForm | Ledger, unit_code: str, month: int) -> str:
        """A short hash of what the form asks of the unit for the month; equal means the same."""
        asked: list[object]
        if isinstance(form, Ledger):
            asked = [
                (each.name_zh, each.type, each.required, each.values, each.unique)
                for each in form.columns
            ]
        else:
            asked = [
                (
                    each.code,
                    each.name_zh,
                    each.asked_in,
                    each.kind,
                    each.places,
                    each.cumulative_only,
                )
                for each in self.lines(form, self.group(unit_code) or "", month).figures
            ]
        return hashlib.sha256(repr((form.form_no, asked)).encode()).hexdigest()[:12]

    @cached_property
    def counts(self) -> dict[str, tuple[Ledger, LedgerCount]]:
        """Every number counted from a ledger, by its name."""
        return {count.name: (ledger, count) for ledger in self.ledgers for count in ledger.counts}
