"""Which hurts there are, and a choice of them: at every step, at any time, on a full disk."""

import random
from dataclasses import dataclass, replace

from tests.crashing.commands import COMMANDS, NIGHTLY, Command
from tests.crashing.damage import DAMAGE, READ_ONLY
from tests.crashing.effects import Plan
from tests.crashing.running import Hurt

_SECONDS = 1.6
"""About as long as a night of this home takes."""
HURTS_A_HOME = 8
_STARTING = 2.0
"""As long as a fresh interpreter imports."""


@dataclass(frozen=True)
class Case:
    """A command and what is done to it."""

    kind: str
    """What the report counts it as."""
    command: Command
    hurt: Hurt
    step: str = ""
    """The step's name, for a hurt at one."""
    prepare: str = ""
    """What is wrong with the home: see `damage`."""
    room: int | None = None
    """The home lies on a disk of its own with so many free kilobytes."""

    @property
    def follows(self) -> bool:
        """Whether it can be done to a night that makes up for another one."""
        return self.command is NIGHTLY and not self.prepare and self.room is None


Steps = dict[str, list[tuple[int, str, str]]]
"""By command: number, operation and name of each effect of an unhurt run."""

_REFUSABLE = ("open", "mkdir", "rmdir", "replace", "rename", "unlink", "remove", "chmod")
_FILLING = ("open", "write", "mkdir", "sendfile", "fsync")
SHARES = (
    ("killed at a step", 0.33),
    ("killed at a statement", 0.10),
    ("killed at some time", 0.10),
    ("full disk at a step", 0.14),
    ("full disk at a statement", 0.05),
    ("refused at a step", 0.12),
    ("other commands", 0.09),
    ("files limited in size", 0.02),
    ("a full disk", 0.02),
    ("folders that are read-only", 0.015),
    ("leftovers and damage", 0.015),
)


def choose(number: int, seed: int, steps: Steps, mounting: bool) -> list[Case]:
    """So many cases, of each kind its share; every kind's own are taken in turn, then anew."""
    chance = random.Random(seed)
    pools = _pools(steps, chance, mounting)
    chosen: list[Case] = []
    spare = 0
    for kind, share in SHARES:
        wanted = max(1, round(number * share)) + spare
        pool = pools[kind]
        chance.shuffle(pool)
        chosen += pool[:wanted]
        spare = max(0, wanted - len(pool))
    while len(chosen) < number:
        chosen.append(_at_some_time(chance, NIGHTLY))
    chance.shuffle(chosen)
    return chosen[:number]


def at_every_step(seed: int, steps: Steps) -> list[Case]:
    """A kill at each named step of a night, before or after it, in a home of its own."""
    chance = random.Random(seed)
    first: dict[str, tuple[int, str]] = {}
    for number, operation, name in steps[NIGHTLY.name]:
        first.setdefault(name, (number, operation))
    kills = (
        case
        for name, (number, operation) in first.items()
        for kind, case in _at(NIGHTLY, number, operation, name, chance)[:1]
    )
    return list(kills)


def chains(cases: list[Case]) -> list[list[Case]]:
    """The cases as homes: one case that may be the first alone, and nights that follow it.

    Whoever makes up for a night may be hurt in turn, before any run ends well.
    """
    plain = [each for each in cases if each.follows]
    firsts = [each for each in cases if not each.follows]
    found = [[each] for each in firsts]
    for chain in found:
        if chain[0].room is None:
            chain += plain[: HURTS_A_HOME - 1]
            del plain[: HURTS_A_HOME - 1]
    found += [plain[at : at + HURTS_A_HOME] for at in range(0, len(plain), HURTS_A_HOME)]
    return found


def _pools(steps: Steps, chance: random.Random, mounting: bool) -> dict[str, list[Case]]:
    pools: dict[str, list[Case]] = {kind: [] for kind, _ in SHARES}
    commands = [command for command in COMMANDS if command.name in steps]
    for command in commands:
        for number, operation, name in steps[command.name]:
            for kind, case in _at(command, number, operation, name, chance):
                pools[kind if command is NIGHTLY else "other commands"].append(case)
    pools["killed at some time"] = [_at_some_time(chance, NIGHTLY) for _ in range(1000)]
    for command in (NIGHTLY, *commands):
        for _ in range(20):
            limit = round(2 ** chance.uniform(6, 24))
            case = Case("file size", command, Hurt(largest=limit))
            pools["files limited in size"].append(case)
            if mounting:
                room = round(2 ** chance.uniform(2, 14.5))
                pools["a full disk"].append(Case("full disk", command, Hurt(), room=room))
    for prepare in READ_ONLY:
        case = Case("read-only", NIGHTLY, Hurt(bound=True), prepare=prepare)
        pools["folders that are read-only"].append(case)
    for prepare in DAMAGE:
        pools["leftovers and damage"].append(Case("damage", NIGHTLY, Hurt(), prepare=prepare))
    return pools


def _at(
    command: Command, number: int, operation: str, name: str, chance: random.Random
) -> list[tuple[str, Case]]:
    """The hurts at one effect."""
    plan = Plan("", number, group=chance.random() < 0.7)
    when = chance.choice(("before", "after"))
    statement = operation == "sql"
    suffix = "statement" if statement else "step"
    found = [(f"killed at a {suffix}", replace(plan, when=when))]
    full = replace(plan, how="full", lasting=chance.random() < 0.5)
    if operation == "write":
        found.append(("killed at a step", replace(plan, when="half")))
        found.append(("full disk at a step", replace(full, when="half")))
    if statement or operation in _FILLING:
        found.append((f"full disk at a {suffix}", full))
    if operation in _REFUSABLE:
        found.append(("refused at a step", replace(plan, how="refused")))
    return [
        (kind, Case(f"{each.how} {each.when}", command, Hurt(plan=each), name))
        for kind, each in found
    ]


def _at_some_time(chance: random.Random, command: Command) -> Case:
    anew = chance.random() < 0.25
    seconds = chance.uniform(0, _SECONDS) + anew * _STARTING
    return Case("kill at some time", command, Hurt(kill_after=seconds, anew=anew))
