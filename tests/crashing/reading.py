"""A reader that never stops reading: `reading.py`, told on standard input of which home.

It imports nothing of the project. For each home it tells the states that it saw, one after the
other, and whatever went wrong.
"""

import json
import select
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

_TABLES = (
    "(SELECT * EXCLUDE (run) FROM submission)",
    "submission_form",
    "finding",
    "monthly_figure",
    "facility",
    "coverage",
    "revision",
    "decision",
    "quarterly_indicator",
    "growth",
    "release",
    "released_indicator",
    "figures_as_of(TIMESTAMP '2022-04-10')",
)
_ONE_THREAD = {"threads": "1"}
_PAUSE_SECONDS = 0.2
_OWN = TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)


def state(warehouse: Path) -> str:
    """What all of the tables say, as one text."""
    with duckdb.connect(str(warehouse), read_only=True, config=_ONE_THREAD) as connection:
        return " ".join(_said(connection, each) for each in _TABLES)


def copy(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """What a Parquet copy says, which is opened once.

    DuckDB itself opens a file again between planning and reading it: it may then find the next
    one there, and says so with an error.
    """
    own = Path(_OWN.name) / "copy.parquet"
    own.write_bytes(path.read_bytes())
    source = f"read_parquet('{own}')"
    if path.parent.name == "submission":
        source = f"(SELECT * EXCLUDE (run) FROM {source})"
    return f"{path.parent.name} {_said(connection, source)}"


def _said(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    row = connection.execute(f"SELECT count(*), sum(hash(t)) FROM {source} t").fetchone()
    assert row is not None
    return f"{row[0]}:{int(row[1] or 0) % 2**64:x}"


def watch(home: Path) -> dict[str, object]:
    """Read the home's file and its copies until another line comes in."""
    warehouse, parquet = home / "data/warehouse/minzheng.duckdb", home / "data/warehouse/parquet"
    opened, reads, errors = 0, 0, []
    states: list[str] = []
    copies: dict[str, None] = {}
    memory = duckdb.connect(config=_ONE_THREAD)
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            told = state(warehouse)
            opened, reads = opened + 1, reads + len(_TABLES)
            if told not in states[-1:]:
                states.append(told)
            for path in parquet.glob("*/data.parquet"):
                if path.parent.name != "run":
                    copies[copy(memory, path)] = None
                    reads += 1
        except (duckdb.Error, OSError) as error:
            errors.append(f"{type(error).__name__}: {error}")
        time.sleep(_PAUSE_SECONDS)
    memory.close()
    return {
        "opened": opened,
        "reads": reads,
        "errors": errors,
        "states": states,
        "copies": list(copies),
    }


def main() -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            print(json.dumps({}), flush=True)
        elif line.startswith("look "):
            home = Path(line[5:].strip())
            told = state(home / "data/warehouse/minzheng.duckdb")
            with duckdb.connect(config=_ONE_THREAD) as memory:
                found = sorted((home / "data/warehouse/parquet").glob("*/data.parquet"))
                copies = [copy(memory, path) for path in found if path.parent.name != "run"]
            print(json.dumps({"state": told, "copies": copies}), flush=True)
        else:
            print(json.dumps(watch(Path(line.strip()))), flush=True)


if __name__ == "__main__":
    main()
