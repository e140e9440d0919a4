"""Steps by name: what the effect on a path, or the statement, is to the pipeline."""

import re
from pathlib import Path

_PLACES = (
    ("data/raw/inbox", "inbox"),
    ("data/raw/archive", "archive"),
    ("data/raw/returned", "returned"),
    ("data/raw/releases", "release"),
    ("data/raw/decisions.jsonl", "journal"),
    ("data/warehouse/building", "working copy"),
    ("data/warehouse/parquet", "parquet"),
    ("data/warehouse/minzheng.duckdb", "published file"),
    ("data/warehouse", "warehouse folder"),
    ("data/raw/sent.jsonl", "sent"),
    ("data/raw", "raw folder"),
    ("outbox", "outbox"),
)
_DONE = {
    "open": "opened to be written",
    "write": "written",
    "fsync": "synced",
    "sync": "all synced",
    "replace": "put in place",
    "rename": "put in place",
    "unlink": "removed",
    "remove": "removed",
    "mkdir": "folder made",
    "rmdir": "folder removed",
    "chmod": "made read-only",
    "truncate": "cut",
    "sendfile": "copied",
}


def name(home: Path, operation: str, where: str, said: str) -> str:
    """The step in words, as "archive: receipt written" or "sql: INSERT INTO main.finding"."""
    if operation == "sql":
        return "sql: " + re.sub(r"\s*\(.*|'.*|\d+", "", where)[:40].strip()
    if operation.startswith("stage"):
        return f"{operation}: {where}"
    path = Path(where)
    done = _DONE.get(operation, operation)
    if operation == "sync":
        return "archive: all synced"
    if not path.is_relative_to(home):
        return f"scratch: {done}"
    below = path.relative_to(home).as_posix()
    place = next((word for start, word in _PLACES if below.startswith(start)), "home")
    return f"{place}: {_what(place, path, said)}{done}"


def _what(place: str, path: Path, said: str) -> str:
    if place == "archive" and path.suffix:
        return "receipt " if path.name.endswith(".receipt.json") else "file "
    if place in ("journal", "sent") and said:
        return f"{said} line "
    if place == "parquet":
        return "mark " if path.name == ".lines" else f"{path.parent.name or path.name} "
    if place == "release" and path.suffix:
        return f"{path.name} "
    return ""
