"""Forms, figures, ledgers, units and indicators as declarations.

From these come reading, checking, the warehouse's tables and comments, and the
generated docs. Months are the integers of `periods`; `None` as an end means open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

from schemas.declaring import periods, versions
from schemas.declaring.names import normal, normal_line
from schemas.declaring.rules import CarriedForward, FrameRule

Kind = Literal["stock", "flow"]
Frequency = Literal["month", "quarter", "as_sent"]
ColumnType = Literal["text", "choice", "date", "count", "decimal"]
MONTHS: dict[Frequency, int] = {"month": 1, "quarter": 3, "as_sent": 1}


@cache
def _line_names(*names: str) -> frozenset[str]:
    return frozenset(map(normal_line, names))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked for: one line of a form, or one version of it.

    `unit` is the unit of its values, the same in every version; `asked_in` is the one
    that the form asks for, where that is another (元 for 万元), and `places` how many
    decimals a cell may have in it. `reporter` names the group of unit kinds that fills
    it in. `redefined` lists the months from which the definition differs from before,
    so that periods across them do not compare; another code or another `asked_in` is no
    other definition. `cumulative_only` says that only 本年累计 is asked; the month is
    its difference.
    """

    name: str
    code: str
    name_zh: str
    unit: str
    kind: Kind
    definition: str
    reporter: str = "township"
    places: int = 0
    aliases: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None
    redefined: tuple[int, ...] = ()
    cumulative_only: bool = False
    asked_in: str = ""

    def __post_init__(self) -> None:
        # Filled in here, as reading asks for it at every line.
        object.__setattr__(self, "asked_in", self.asked_in or self.unit)

    @property
    def kept_places(self) -> int:
        """How many decimals a value may have in `unit`."""
        return self.places + (0 if self.asked_in == self.unit else versions.DIVIDED_PLACES)

    def asked(self, month: int) -> bool:
        """Whether this version is the one asked for the month, as long as its form is."""
        return (self.valid_from is None or self.valid_from <= month) and (
            self.valid_to is None or month <= self.valid_to
        )

    @property
    def names(self) -> frozenset[str]:
        """The normal forms of every name the line may carry."""
        return _line_names(self.name_zh, *self.aliases)


@dataclass(frozen=True, slots=True)
class Form:
    """What figure forms and ledgers have in common.

    `reporters` are the groups that may send the form, `due_from` those of them that
    owe it every period.
    """

    name: str
    number: str
    form_no: str
    title_zh: str
    reporters: tuple[str, ...]
    due_from: tuple[str, ...]
    frequency: Frequency = "month"
    valid_from: int = 0
    valid_to: int | None = None

    @property
    def months(self) -> int:
        """How many months one period of the form covers."""
        return MONTHS[self.frequency]

    def in_force(self, month: int) -> bool:
        """Whether the form is asked for the period that ends with the month."""
        if not self.valid_from <= month or (self.valid_to is not None and month > self.valid_to):
            return False
        return (month + 1) % self.months == 0


@dataclass(frozen=True, slots=True)
class FigureForm(Form):
    """A form of figures, one a row.

    A figure may stand in `figures` several times, with versions of its line for
    different months. ValueError names all that does not go together in them.
    """

    figures: tuple[Figure, ...] = ()
    rules: tuple[FrameRule, ...] = ()
    carried: tuple[CarriedForward, ...] = ()

    def __post_init__(self) -> None:
        versions.check(self)

    @property
    def latest(self) -> dict[str, Figure]:
        """The latest version of each figure by name, in the order of the form."""
        return versions.latest(self.figures)

    def lines(self, reporter: str, month: int) -> tuple[Figure, ...]:
        """The lines a unit of that group fills in for that month."""
        return tuple(
            each for each in self.figures if each.reporter == reporter and each.asked(month)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a form that one group of reporters fills in for one month."""

    figures: tuple[Figure, ...]
    by_code: dict[str, Figure]
    by_name: dict[str, Figure]
    """By the normal form of every name the line may carry."""
    ever_named: dict[str, frozenset[str]]
    """By figure, the names that its line carries in any version."""
    names_of_any: frozenset[str]
    """The names of all lines of all forms: one of another line contradicts a code."""
    divided: frozenset[str]
    """The figures that are asked in 元 and kept in 万元."""


@dataclass(frozen=True, slots=True, eq=False)
class LedgerColumn:
    """A column of a ledger. `personal` columns never leave the archived file."""

    name: str
    name_zh: str
    type: ColumnType
    definition: str
    required: bool = False
    values: tuple[str, ...] = ()
    unique: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class DatedStatus:
    """A status that goes with a date: the one without the other is an error.

    With `both_ways` a date without the status is an error too.
    """

    status: str
    date: str
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class LedgerCount:
    """A number that is found by counting (or summing) a ledger's rows at month end.

    `where` lists (column, accepted values); `adds` names a count column to sum
    instead of counting rows; `dated` counts only rows whose date column lies in the
    month, `overdue` only rows whose date lies before the month's end. `figure` is the
    reported figure it is compared with; None for one that only indicators use.
    """

    name: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    figure: str | None = None
    adds: str | None = None
    dated: str | None = None
    overdue: str | None = None


@dataclass(frozen=True, slots=True)
class Ledger(Form):
    """A form of rows, one an item; `table` is its public table in the warehouse."""

    table: str = ""
    columns: tuple[LedgerColumn, ...] = ()
    dated: tuple[DatedStatus, ...] = ()
    counts: tuple[LedgerCount, ...] = ()
    yearly: bool = False
    """Each file replaces the rows of its whole year."""
    kept: tuple[LedgerColumn, ...] = field(init=False)
    """The columns that may be kept outside the archived file."""

    def __post_init__(self) -> None:
        kept = tuple(each for each in self.columns if not each.personal)
        object.__setattr__(self, "kept", kept)


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit; `valid_to` is its last day, `successor` the code it went into."""

    code: str
    name: str
    kind: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successor: str | None = None

    def exists(self, month: int) -> bool:
        """Whether the unit exists at the month's end."""
        end = periods.last_day(month)
        return (self.valid_from is None or self.valid_from <= end) and (
            self.valid_to is None or end <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Indicator:
    """A derived indicator; `formula` is written with figures, indicators and ytd()."""

    name: str
    name_zh: str
    unit: str
    kind: Literal["stock", "flow", "ratio"]
    formula: str
    definition: str
    within_year: bool = False
    """Cumulative within the year by definition: no comparison with the quarter before."""


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

    def __post_init__(self) -> None:
        forms: dict[str, list[str]] = {}
        for form in self.forms:
            for name in form.latest:
                forms.setdefault(name, []).append(form.name)
        twice = [f"{name} ({', '.join(of)})" for name, of in forms.items() if len(of) > 1]
        if twice:
            raise ValueError(f"figures that stand in several forms: {'; '.join(twice)}")

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

    @cached_property
    def counts(self) -> dict[str, tuple[Ledger, LedgerCount]]:
        """Every number counted from a ledger, by its name."""
        return {count.name: (ledger, count) for ledger in self.ledgers for count in ledger.counts}
