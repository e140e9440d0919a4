"""The Parquet copies against the published warehouse: the same rows, the bytes that were written."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from flows.verifying.found import REBUILD, Found
from flows.verifying.rows import difference, shape
from flows.verifying.snapshot import Snapshot
from flows.warehouse.publishing import DATA, MARK, SUMS, read_sums
from flows.warehouse.store import first_line, quoted
from flows.warehouse.tables import Table, public_tables

_AGAIN = "delete it, and the next night writes it again"


def see_parquet(
    home: Snapshot, connection: duckdb.DuckDBPyConnection, lines: int, found: Found
) -> None:
    """Compare each table with its copy. `lines` is how much of the journal the warehouse holds."""
    copies, real = home.settings.parquet, home.home.settings.parquet
    if _behind(copies, real, lines, found):
        return
    sums = read_sums(copies)
    if not sums:
        found.notice(
            "parquet_unsummed",
            real / SUMS,
            f"The Parquet copies in {real} were written without their hashes; only their rows are "
            "compared until the next night writes them again.",
        )
    tables = {each.name: each for each in public_tables(home.home.declaration)}
    for table in tables.values():
        _see(copies, real, table, sums, connection, found)
        found.checked["parquet_tables"] += 1
    known = {*(f"{name}/{DATA}" for name in tables), MARK, SUMS}
    there = (each.relative_to(copies) for each in sorted(copies.rglob("*")))
    for place in there:
        if (copies / place).is_dir():
            if place.as_posix() not in tables:
                path = real / place
                found.problem("stray", path, f"{path} is of no table that there is; remove it.")
        elif place.as_posix() not in known and place.parts[0] in {*tables, place.as_posix()}:
            path = real / place
            found.problem("stray", path, f"{path} is no copy of a table; remove it.")


def _behind(copies: Path, real: Path, lines: int, found: Found) -> bool:
    """Whether the copies are of an earlier night, which the next one makes up for."""
    mark = copies / MARK
    said = mark.read_bytes().decode(errors="replace") if mark.exists() else "0"
    if said == str(lines):
        return False
    if said.isdecimal() and int(said) < lines:
        found.notice(
            "parquet_behind",
            real,
            f"The Parquet copies in {real} are of an earlier night; the next one writes them anew.",
        )
        return True
    found.problem(
        "parquet_mark",
        real / MARK,
        f"{real / MARK} is not what the last night wrote; delete it, and the next night writes "
        "all Parquet copies anew.",
    )
    return False


def _see(
    copies: Path,
    real: Path,
    table: Table,
    sums: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    found: Found,
) -> None:
    place = f"{table.name}/{DATA}"
    copy, path = copies / place, real / place
    if not copy.is_file():
        found.problem("parquet_missing", path, f"{path} is gone; the next night writes it again.")
        return
    as_written = sums.get(place) == hashlib.sha256(copy.read_bytes()).hexdigest()
    if sums and not as_written:  # what it is now no reader of Parquet needs to find out
        found.problem("parquet_altered", path, f"{path} is not what was written; {_AGAIN}.")
        return
    try:
        said = _differing(connection, table, f"read_parquet({quoted(str(copy))})")
    except duckdb.Error as error:
        if as_written:  # then it is the warehouse that cannot be read
            raise
        said = first_line(error)
    if said and as_written:
        found.problem(
            "table_altered",
            table.name,
            f"The table {table.name} of the warehouse is not what was published, which its Parquet "
            f"copy is ({said}); {REBUILD}.",
        )
    elif said:
        found.problem(
            "parquet_altered", path, f"{path} is not the table {table.name} ({said}); {_AGAIN}."
        )


def _differing(connection: duckdb.DuckDBPyConnection, table: Table, copy: str) -> str | None:
    """What differs between a table and its copy, in words; None for nothing."""
    own = f'main."{table.name}"'
    if shape(connection, copy) != shape(connection, own):
        return "one has other columns"
    differs = difference(connection, table, own, copy)
    return None if differs is None else differs.say("the table", "its copy")
