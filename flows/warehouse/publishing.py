"""The working file into the published one's place, and its Parquet copies."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flows.errors import Trouble
from flows.warehouse import tables
from flows.warehouse.store import Store, connect, quoted
from schemas.declaring.district import Declaration

_REPLACE_TRIES = 40
_REPLACE_PAUSE = 0.25
MARK = ".lines"
"""The file beside the Parquet copies that says how many lines of the journal they hold."""
SUMS = ".sha256"
"""The file beside them with their hashes, as `sha256sum -c` reads it."""
DATA = "data.parquet"


def publish(store: Store, published: Path) -> None:
    """Close the working file, see that it is whole, and put it in the published one's place.

    Where it broke off it can be called again.
    """
    if not store.closed:
        store.connection.execute("CHECKPOINT")
        store.close()
    if not store.path.exists():  # in place already
        return
    with connect(store.path, read_only=True) as check:
        for table in tables.public_tables(store.declaration):
            check.execute(f'SELECT * FROM main."{table.name}" LIMIT 0').fetchall()
    with store.path.open("rb+") as file:
        os.fsync(file.fileno())
    for attempt in range(_REPLACE_TRIES):
        try:
            store.path.replace(published)
            break
        except PermissionError as error:  # Windows: a reader has the file open
            if attempt == _REPLACE_TRIES - 1:
                raise Trouble(
                    f"{published} is open in another program and could not be replaced; "
                    "close it, or the next night publishes."
                ) from error
            time.sleep(_REPLACE_PAUSE)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(published.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_parquet(
    published: Path, folder: Path, declaration: Declaration, only: Collection[str] | None = None
) -> None:
    """The public tables as Parquet, each file swapped in whole.

    With `only`, the other tables are left as they are where they are there. The hashes of all
    are noted beside them.
    """
    sums = read_sums(folder)
    with connect(published, read_only=True) as connection:
        connection.execute("SET threads = 1")  # of each of the two that write

        def write(table: tables.Table) -> None:
            place = folder / table.name
            place.mkdir(parents=True, exist_ok=True)
            part = place / f"{DATA}.part"
            connection.cursor().execute(
                f'COPY (SELECT * FROM main."{table.name}") TO {quoted(str(part))} (FORMAT parquet)'
            )
            sums[f"{table.name}/{DATA}"] = hashlib.sha256(part.read_bytes()).hexdigest()
            part.replace(place / DATA)

        stale = [
            table
            for table in tables.public_tables(declaration)
            if only is None
            or table.name in only
            or f"{table.name}/{DATA}" not in sums
            or not (folder / table.name / DATA).exists()
        ]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, stale))
    _write_sums(folder, sums, declaration)


def read_sums(folder: Path) -> dict[str, str]:
    """The hashes of the Parquet copies as they were written, by their place in the folder."""
    path = folder / SUMS
    if not path.exists():
        return {}
    lines = path.read_bytes().decode(errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _write_sums(folder: Path, sums: dict[str, str], declaration: Declaration) -> None:
    names = sorted(f"{each.name}/{DATA}" for each in tables.public_tables(declaration))
    part = folder / f"{SUMS}.part"
    part.write_bytes("".join(f"{sums[name]}  {name}\n" for name in names).encode())
    part.replace(folder / SUMS)
