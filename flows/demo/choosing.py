"""Who gets what wrong in which month, so that the rules meant to find it can see it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from flows.demo import mistakes
from flows.demo.chance import stream
from flows.demo.planted import Planted
from flows.demo.returns import Return
from flows.demo.spoiling import Spoiled
from flows.demo.world import World

Mistake = Callable[[Return, Return | None], Spoiled | None]
OFTEN, MISSING = 0.09, 0.008
"""How often a return is spoiled, and how often it never comes."""
MISTAKES: tuple[Mistake, ...] = (
    mistakes.wrong_sum,
    mistakes.rounding,
    mistakes.fraction,
    mistakes.text,
    mistakes.blank,
    mistakes.negative,
    mistakes.unit_of_measure,
    mistakes.written_in_yuan,
    mistakes.of_which,
    mistakes.households,
    mistakes.year_to_date,
    mistakes.slip_of_unit,
    mistakes.copied,
    mistakes.formula,
    mistakes.ledger_mismatch,
    mistakes.number_twice,
    mistakes.ledger_blank,
    mistakes.no_date,
    mistakes.misreport,
)
REASONS = {
    "rounding": "各分项按元汇总后四舍五入，与合计相差0.1万元",
    "ledger_mismatch": "本月28日新开1个，设施台账下月补登",
}
"""What true reason there is for a query; for the others there is none."""
HISTORY = {"copied": 6, "slip_of_unit": 6}
"""Accepted months in a row before which the rule looks at nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to one return: it never comes, comes spoiled, or comes as it is."""

    missing: bool = False
    spoiled: Return | None = None
    planted: tuple[Planted, ...] = ()


def choose(world: World, seed: int) -> dict[tuple[str, int], Plan]:
    """The plans for the returns with which something is wrong, by (unit code, month)."""
    plans: dict[tuple[str, int], Plan] = {}
    fixed = _last_month(world, seed)
    # How many months in a row each form of a unit has been accepted.
    streak: dict[tuple[str, str], int] = {}
    for unit, month in world.returns:
        plan = _plan(world, seed, unit, month, fixed.get((unit, month)), streak)
        plans[unit, month] = plan
        held = {each.form for each in plan.planted if each.holds and each.outcome == "never"}
        for sheet in world.returns[unit, month].sheets:
            good = not plan.missing and sheet.form not in held
            streak[unit, sheet.form] = streak.get((unit, sheet.form), 0) + 1 if good else 0
    return {key: plan for key, plan in plans.items() if plan != Plan()}


def _last_month(world: World, seed: int) -> dict[tuple[str, int], str]:
    """What is still open when the last month is looked at: a bit of everything."""
    month = world.last_month
    # Units that hold a figure form of the townships; the bureau's office is never missing.
    units = [
        unit
        for unit, each in world.returns
        if each == month and world.returns[unit, each].figure_sheet(mistakes.RELIEF)
    ]
    wanted = ("missing", "wrong_sum never", "copied never", "text corrected", "rounding explained")
    chosen = stream(seed, "last month").sample(units, min(len(wanted), len(units)))
    return {(unit, month): what for unit, what in zip(chosen, wanted, strict=False)}


def _plan(
    world: World,
    seed: int,
    unit: str,
    month: int,
    fixed: str | None,
    streak: dict[tuple[str, str], int],
) -> Plan:
    random = stream(seed, "mistake", unit, month)
    truth, before = world.returns[unit, month], world.returns.get((unit, month - 1))
    township = truth.figure_sheet(mistakes.RELIEF) is not None
    missing = random.random() < MISSING and township
    if fixed == "missing" or (fixed is None and missing):
        return Plan(missing=True)
    spoils = random.random() < OFTEN
    if fixed is None and not spoils:
        return Plan()
    name, _, outcome = (fixed or "").partition(" ")
    # Most fit most months; one that does not is passed over for the next.
    for mistake in random.sample(MISTAKES, len(MISTAKES)):
        if name not in ("", mistake.__name__):
            continue
        spoiled = mistake(truth, before)
        if spoiled is not None and _can_be_seen(spoiled[1], unit, month, streak):
            return _with_outcome(*spoiled, outcome or _outcome(spoiled[1], random))
    return Plan()


def _can_be_seen(
    planted: Planted, unit: str, month: int, streak: dict[tuple[str, str], int]
) -> bool:
    needed = HISTORY.get(planted.mistake, 0)
    if planted.mistake == "year_to_date" and month % 12:
        needed = 1
    return streak.get((unit, planted.form), 0) >= needed


def _outcome(planted: Planted, random: Random) -> str:
    if planted.level == "none":
        return "corrected"
    if planted.level == "notice":
        return "never"
    if planted.mistake in REASONS and random.random() < 0.6:
        return "explained"
    return "corrected" if random.random() < 0.7 else "never"


def _with_outcome(content: Return, planted: Planted, outcome: str) -> Plan:
    if outcome == "explained":
        spoiled, planted = mistakes.explained(content, planted, REASONS[planted.mistake])
        return Plan(spoiled=spoiled, planted=(planted,))
    kept = replace(planted, outcome="corrected" if outcome == "corrected" else "never")
    return Plan(spoiled=content, planted=(kept,))
