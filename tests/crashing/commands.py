"""The commands that are hurt, as they are typed, and what of each stands in the journal."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.crashing.home import HISTORY, NIGHT


@dataclass(frozen=True)
class Command:
    """`arguments` are those of the home that it is given in."""

    name: str
    arguments: Callable[[Path], list[str]]
    now: str = NIGHT

    def recorded(self, home: Path) -> bool:
        """Whether the journal has it, so that the next night makes up for what was left."""
        return any(self._is_own(event) for event in events(home))

    def _is_own(self, event: dict[str, str]) -> bool:
        if self.name in ("nightly", "backfill", "rebuild"):
            now = "2022-05-05T15:00"  # the clock's UTC
            return event["event"] == "run" and event["kind"] == self.name and now in str(event)
        return event["event"] == self.name


def events(home: Path) -> list[dict[str, str]]:
    """The lines of the journal that are whole."""
    *lines, _ = (home / "data/raw/decisions.jsonl").read_bytes().split(b"\n")
    return [json.loads(line) for line in lines]


def _submission(home: Path, name: str) -> str:
    """The submission of a file in the archive, as its receipt has it."""
    for path in (home / "data/raw/archive").rglob("*.receipt.json"):
        receipt = json.loads(path.read_bytes())
        if receipt["name"] == name:
            return str(receipt["submission"])
    raise KeyError(name)


NIGHTLY = Command("nightly", lambda _: ["nightly", "--json"])
_HELD, _NOBODYS = "城东街道2022-03月报.xlsx", "无名.xlsx"
_FORM = ["--form", "social_assistance", "--reason", "已核实"]
COMMANDS = (
    NIGHTLY,
    Command("backfill", lambda _: ["backfill", "--from", "2022-01", "--to", "2022-04"]),
    Command("accept", lambda home: ["accept", _submission(home, _HELD), *_FORM]),
    Command(
        "withdraw", lambda home: ["withdraw", _submission(home, "城东街道2022-02月报.xlsx"), *_FORM]
    ),
    Command(
        "assign",
        lambda home: [
            "assign",
            _submission(home, _NOBODYS),
            *("--unit", "濯水镇", "--month", "2022-02", "--reason", "来电"),
        ],
    ),
    Command(
        "release",
        lambda _: [
            *("release", "2022Q1", "--incomplete", "--note", "三月待核"),
            *("--released-by", "王五", "--approved-by", "赵六"),
        ],
    ),
    Command("history", lambda home: ["history", str(home / HISTORY)]),
    Command("rebuild", lambda _: ["rebuild"]),
)
