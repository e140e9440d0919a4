"""What a home holds, in such a way that two can be compared, and whether it is sound in itself."""

import hashlib
import json
import os
import pickle
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crashing.commands import events

_RECEIPT = ".receipt.json"
_OF_A_RUN = {
    # A run's number counts those before it that were interrupted.
    "submission": "(SELECT * REPLACE (split_part(run, '-', 1) AS run) FROM {})",
}


@dataclass
class Facts:
    """The digests of a home's tables and files, and what is wrong with it."""

    tables: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def differences(self, other: "Facts") -> list[str]:
        """What differs from another home, and what is wrong with this one."""
        found = list(self.wrong)
        for kind in ("tables", "files"):
            own, theirs = getattr(self, kind), getattr(other, kind)
            for name in sorted(own.keys() | theirs.keys()):
                if own.get(name) != theirs.get(name):
                    found.append(f"{name}: {own.get(name)}, not {theirs.get(name)}")
        return found


def facts(home: Path) -> Facts:
    """The facts of a home; told by a process of its own, as the caller must have no threads."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        try:
            told: Any = _facts(home)
        except BaseException as error:  # told to the caller
            told = Facts(wrong=[f"{type(error).__name__}: {error}"])
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(told, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found: Facts = pickle.load(pipe)
    os.waitpid(pid, 0)
    return found


def _facts(home: Path) -> Facts:
    found = Facts()
    _tables(home, found)
    raw = home / "data/raw"
    _journal_and_archive(home, found)
    for folder in ("returned", "releases"):
        for path in _files(raw / folder):
            if path.parent.name.endswith(".part"):  # a release that no journal names is none
                continue
            found.files[f"{folder}/{path.relative_to(raw / folder)}"] = _digest(path)
    for path in _files(home / "outbox"):
        if ".sending" in path.parts:
            found.wrong.append(f"left on its way to the outbox: {path.name}")
        found.files[f"outbox/{path.relative_to(home / 'outbox')}"] = _digest(path)
    for path in _files(raw / "inbox"):
        found.wrong.append(f"left in the inbox: {path.name!r}")
    for path in (home / "data/warehouse/building").iterdir():
        found.wrong.append(f"left of the working copy: {path.name}")
    for path in _files(home / "data"):
        if path.suffix in (".part", ".tmp", ".wal") and not path.parent.name.endswith(".part"):
            found.wrong.append(f"left behind: {path.relative_to(home)}")
    return found


def _tables(home: Path, found: Facts) -> None:
    import duckdb

    from flows.warehouse.tables import public_tables
    from tests.crashing.declaration import DECLARATION

    warehouse, parquet = home / "data/warehouse/minzheng.duckdb", home / "data/warehouse/parquet"
    with duckdb.connect(str(warehouse), read_only=True, config={"threads": 1}) as connection:
        for table in public_tables(DECLARATION):
            copy = f"read_parquet('{parquet / table.name / 'data.parquet'}')"
            told = _rows(connection, f'main."{table.name}"')
            if told != _rows(connection, copy):
                found.wrong.append(f"the Parquet copy of {table.name} is of another state")
            if table.name != "run":
                source = _OF_A_RUN.get(table.name, "{}").format(f'main."{table.name}"')
                found.tables[table.name] = _rows(connection, source)
        stray = connection.execute(
            "SELECT count(*) FROM submission WHERE run IS NOT NULL "
            "AND run NOT IN (SELECT run FROM run)"
        ).fetchone()
        if stray != (0,):
            found.wrong.append(f"submissions of runs that are not in the table: {stray}")
        late = connection.execute(
            "SELECT count(*) FROM submission s JOIN run r USING (run) "
            "WHERE s.received_at > r.started_at OR r.finished_at < r.started_at"
        ).fetchone()
        if late != (0,):
            found.wrong.append(f"received after their run's clock: {late}")


def _rows(connection: Any, source: str) -> str:
    """How many rows, and a sum of their hashes, which knows no order."""
    row = connection.execute(f"SELECT count(*), sum(hash(t)) FROM {source} t").fetchone()
    return f"{row[0]} rows, {int(row[1] or 0) % 2**64:016x}"


def _journal_and_archive(home: Path, found: Facts) -> None:
    archive = home / "data/raw/archive"
    named: Counter[str] = Counter()
    for event in events(home):
        named.update(event.get("files", []) if event["event"] == "received" else [])
        named.update([event["file"]] if event["event"] == "history" else [])
    for name, times in named.items():
        if times > 1:
            found.wrong.append(f"{name} is named {times} times in the journal")
    there = {path.relative_to(archive).as_posix() for path in _files(archive)}
    wanted = {each for name in named for each in (name, name + _RECEIPT)}
    for name in sorted(there ^ wanted):
        found.wrong.append(f"in the archive or the journal alone: {name}")
    for name in sorted(there & set(named)):
        path = archive / name
        receipt = json.loads((archive / (name + _RECEIPT)).read_bytes())
        if receipt["sha256"] != hashlib.sha256(path.read_bytes()).hexdigest():
            found.wrong.append(f"{name} is not what its receipt says")
        if path.stat().st_mode & 0o222:
            found.wrong.append(f"{name} can be written")
        receipt["run"] = receipt["run"].split("-")[0]
        del receipt["receipt_sha256"]  # it is of the run's number too
        if receipt["channel"] == "history":
            receipt["source"] = receipt["modified"] = ""  # of the home's own folder and copy
        found.files[f"archive/{name}"] = json.dumps(receipt, sort_keys=True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
