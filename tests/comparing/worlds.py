"""What such a district reports: facts with gaps, zeros, negatives and history, form states."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Unit
from tests.comparing.declarations import DISTRICT, LEDGER_FIGURES, START, declarations
from tests.computing.world import Fact, FormState


@dataclass(frozen=True)
class World:
    """A declaration with everything that was reported under it."""

    declaration: Declaration
    facts: tuple[Fact, ...]
    form_states: tuple[FormState, ...]


@dataclass(frozen=True)
class Habits:
    """How often, in percent, something happens to a value."""

    missing: int
    not_applicable: int
    history: int
    held: int
    zero: int
    negative: int


@st.composite
def worlds(draw: st.DrawFn, what: st.SearchStrategy[str] | None = None, at_least: int = 1) -> World:
    """A declaration and some months, up to ten quarters, of facts and form states.

    `what` draws what happens to the units.
    """
    declaration = draw(declarations(what))
    first = START + 3 * draw(st.integers(-3, 3))
    months = range(first, first + draw(st.integers(at_least, 30)))
    often = st.sampled_from((0, 0, 0, 0, 3, 15, 40))
    habits = Habits(*(draw(often) for _ in range(6)))
    # A world has hundreds of values: one seed for all of them is fast, and what matters
    # (the declaration, the span, the habits) is drawn piece by piece and so shrinks well.
    chance = Random(draw(st.integers(0, 2**32 - 1)))
    states = tuple(_form_states(declaration, months, habits, chance))
    facts = (
        *_unit_facts(declaration, months, habits, chance),
        *_forms_due(states, habits, chance),
        *_district_history(declaration, months, habits, chance),
    )
    return World(declaration, facts, states)


def _form_states(
    declaration: Declaration, months: range, habits: Habits, chance: Random
) -> list[FormState]:
    """A row for every form due; the last month of some worlds is not over yet."""
    over = months[: len(months) - chance.randrange(2)]
    return [
        FormState(month, unit.code, form.name, not _happens(habits.held, chance))
        for month in over
        for unit in declaration.reporting_units(month)
        for form in declaration.due(unit.code, month)
    ]


def _unit_facts(
    declaration: Declaration, months: range, habits: Habits, chance: Random
) -> list[Fact]:
    """What the units report of what they owe, and some history of what they do not."""
    found = []
    to_date: dict[tuple[int, str, str], Decimal] = {}
    for month in months:
        for unit in declaration.reporting_units(month):
            owed = _owed(declaration, unit, month)
            for name, every in _all_figures(declaration, unit).items():
                if (month + 1) % every:
                    continue
                value = _value(habits, chance)
                year = (month // 12, unit.code, name)
                to_date[year] = to_date.get(year, Decimal(0)) + value
                cumulative = name.startswith("cumulative")
                if name not in owed or _happens(habits.history, chance):
                    if _happens(habits.history, chance):
                        found.append(Fact(month, unit.code, name, value, None, "history"))
                elif _happens(habits.not_applicable, chance):
                    found.append(Fact(month, unit.code, name, None, None, "not_applicable"))
                elif not _happens(habits.missing, chance):
                    own = None if cumulative else value
                    both = to_date[year] if name.startswith(("cumulative", "flow")) else None
                    found.append(Fact(month, unit.code, name, own, both))
    return found


def _all_figures(declaration: Declaration, unit: Unit) -> dict[str, int]:
    """The figures that the unit's group reports at one time or other, with their months."""
    group = declaration.group(unit.code)
    found = {
        figure.name: form.months
        for form in declaration.forms
        for figure in form.figures
        if figure.reporter == group
    }
    if group == "bureau":
        found |= dict.fromkeys(LEDGER_FIGURES, 1)
    return found


def _owed(declaration: Declaration, unit: Unit, month: int) -> set[str]:
    group = declaration.group(unit.code) or ""
    found: set[str] = set()
    for form in declaration.due(unit.code, month):
        if isinstance(form, FigureForm):
            found |= {figure.name for figure in form.lines(group, month)}
        else:
            found |= {count.name for count in form.counts}
    return found


def _forms_due(states: tuple[FormState, ...], habits: Habits, chance: Random) -> list[Fact]:
    """How many forms were due and how many came in time, a row a unit and month."""
    due: dict[tuple[int, str], list[FormState]] = {}
    for state in states:
        due.setdefault((state.month, state.unit_code), []).append(state)
    found = []
    for (month, unit_code), forms in due.items():
        in_time = sum(state.accepted and not _happens(habits.held, chance) for state in forms)
        found.append(Fact(month, unit_code, "forms_due", Decimal(len(forms))))
        found.append(Fact(month, unit_code, "forms_on_time", Decimal(in_time)))
    return found


def _district_history(
    declaration: Declaration, months: range, habits: Habits, chance: Random
) -> list[Fact]:
    """District totals from before the forms, and a few from beside them."""
    return [
        Fact(month, DISTRICT, name, _value(habits, chance), None, "history")
        for month in range(months[0] - 6, months[0] + 6)
        for name in declaration.figures
        if _happens(habits.history, chance)
    ]


def _value(habits: Habits, chance: Random) -> Decimal:
    if _happens(habits.zero, chance):
        return Decimal(0)
    amount = Decimal(chance.randrange(1, chance.choice((10, 1000, 10_000_000)))) / chance.choice(
        (1, 1, 10, 100)
    )
    return -amount if _happens(habits.negative, chance) else amount


def _happens(percent: int, chance: Random) -> bool:
    return chance.randrange(100) < percent
