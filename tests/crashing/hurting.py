"""Which hurts there are, and a choice of them: at every step, at any time, on a full disk."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.crashing.commands import COMMANDS, NIGHTLY, Command
from tests.crashing.effects import Plan
from tests.crashing.running import Hurt

_SECONDS = 1.6
"""About as long as a night of this home takes."""
HURTS_A_HOME = 5
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
    """What is wrong with the home: see `spoiling`."""
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
    ("killed at a step", 0.30),
    ("killed at a statement", 0.10),
    ("killed at some time", 0.10),
    ("full disk at a step", 0.14),
    ("full disk at a statement", 0.05),
    ("refused at a step", 0.12),
    ("other commands", 0.12),
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
        chosen.append(_at_some_time(chance, chance.choice(COMMANDS)))
    chance.shuffle(chosen)
    return chosen[:number]


def chains(cases: list[Case]) -> list[list[Case]]:
    """The cases as homes: one case that may be the first alone, and nights that follow it.

    Whoever makes up for a night may be hurt in turn, before any run ends well.
    """
    plain = [each for each in cases if each.follows]
    firsts = [each for each in cases if not each.follows]
    found = [[each] for each in firsts]
    for chain in found:
        if chain[0].room is None and plain:
            chain.append(plain.pop())
    found += [plain[at : at + HURTS_A_HOME] for at in range(0, len(plain), HURTS_A_HOME)]
    return found


def _pools(steps: Steps, chance: random.Random, mounting: bool) -> dict[str, list[Case]]:
    pools: dict[str, list[Case]] = {kind: [] for kind, _ in SHARES}
    for command in COMMANDS:
        for number, operation, name in steps[command.name]:
            for kind, case in _at(command, number, operation, name, chance):
                pools[kind if command is NIGHTLY else "other commands"].append(case)
    pools["killed at some time"] = [_at_some_time(chance, NIGHTLY) for _ in range(1000)]
    for command in (NIGHTLY, *COMMANDS):
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


def _append(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(content)


def _lock(folder: str) -> Callable[[Path], None]:
    return lambda home: (home / folder).chmod(0o555)


READ_ONLY: dict[str, Callable[[Path], None]] = {
    f"{folder} read-only": _lock(folder)
    for folder in (
        "data/raw",
        "data/raw/inbox",
        "data/raw/inbox/濯水镇",
        "data/raw/archive",
        "data/warehouse",
        "data/warehouse/building",
        "data/warehouse/parquet",
        "data/warehouse/parquet/growth",
        "data/raw/returned",
        "data/raw/decisions.jsonl",
    )
}
"""By what is done to the home; undone by `unlock`."""


def unlock(home: Path) -> None:
    """Give the folders back their modes."""
    for path in (home / "data", *(home / "data").rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    (home / "data/raw/decisions.jsonl").chmod(0o644)


def _garbage(home: Path) -> None:
    _append(home / "data/warehouse/building/minzheng.duckdb", b"\x00garbage" * 5000)


def _copied_aside(home: Path) -> Path:
    copy = home / "data/warehouse/building/minzheng.duckdb"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes((home / "data/warehouse/minzheng.duckdb").read_bytes())
    return copy


def _truncated(home: Path) -> None:
    copy = _copied_aside(home)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 3])
    copy.with_name(copy.name + ".wal").write_bytes(b"half a log")


def _flipped(home: Path) -> None:
    copy = _copied_aside(home)
    content = bytearray(copy.read_bytes())
    for at in random.Random(1).sample(range(len(content)), 500):
        content[at] ^= 0xFF
    copy.write_bytes(content)


def _spilled(home: Path) -> None:
    _append(home / "data/warehouse/building/minzheng.duckdb.tmp/duckdb_temp_storage-0.tmp", b"x")


def _parts(home: Path) -> None:
    _append(home / "data/warehouse/parquet/growth/data.parquet.part", b"PAR1half")
    _append(home / "data/raw/returned/2022-04/濯水镇/.四月.xlsx.part", b"PK\x03\x04half")
    _append(home / "data/raw/releases/.2022Q1.part/release.json", b'{"half')


def _stale_lock(home: Path) -> None:
    _append(home / "data/warehouse/.lock", b"1234")


def _half_line(home: Path) -> None:
    _append(home / "data/raw/decisions.jsonl", '{"event": "received", "run": "二'.encode()[:-1])


def _half_receipt(home: Path) -> None:
    """As a night leaves it that was cut off by the power: a file, and half of its receipt."""
    import hashlib

    source = home / "data/raw/inbox/四月.zip"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    file = home / f"data/raw/archive/2022/05/05/{digest}-四月.zip"
    _append(file, source.read_bytes())
    _append(file.with_name(file.name + ".receipt.json"), b'{"submission": "2022')


def _half_file(home: Path) -> None:
    """As above, the other way round: the receipt is whole."""
    import hashlib
    import json

    source = home / "data/raw/inbox/四月.zip"
    content = source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    archived = f"2022/05/05/{digest[:12]}-四月.zip"
    file = home / "data/raw/archive" / archived
    _append(file, content[:100])
    receipt = {
        "submission": f"20220505-{digest[:12]}",
        "archived_as": archived,
        "sha256": digest,
        "size": len(content),
        "received_at": "2022-05-05T15:00:00.000000Z",
        "run": "20220505T150000-4",
        "channel": "folder",
        "sender": "",
        "name": "四月.zip",
        "source": "四月.zip",
        "modified": source.stat().st_mtime,
    }
    _append(file.with_name(file.name + ".receipt.json"), json.dumps(receipt).encode())
    run = {"event": "run", "run": receipt["run"], "kind": "nightly"}
    line = json.dumps(run | {"started_at": receipt["received_at"]}) + "\n"
    _append(home / "data/raw/decisions.jsonl", line.encode())


def _bad_mark(home: Path) -> None:
    (home / "data/warehouse/parquet/.lines").write_bytes(b"\xff\xfe")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "working copy of garbage": _garbage,
    "working copy cut": _truncated,
    "working copy with flipped bits": _flipped,
    "working copy's spilled rows": _spilled,
    "stale parts": _parts,
    "stale lock": _stale_lock,
    "half a line": _half_line,
    "half a receipt": _half_receipt,
    "half a file": _half_file,
    "unreadable mark": _bad_mark,
}
"""What an earlier run may have left, or a disk have done to what was left."""
