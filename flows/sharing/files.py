"""The folder `share/`: the shared tables as Parquet, swapped in whole."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.errors import Misuse
from flows.sharing.shareable import Shareable
from flows.warehouse.store import quoted


def write_share(shared: Shareable, folder: Path) -> dict[str, int]:
    """Write a file a table, `<table>.parquet`; the number of rows by table.

    The same tables give the same bytes. What was in the folder goes; Misuse where that is
    more than Parquet files.
    """
    folder = folder.absolute()
    if folder.is_dir() and any(each.suffix != ".parquet" for each in folder.iterdir()):
        raise Misuse(
            f"{folder} holds other files than a share's; name a folder of its own with --out."
        )
    if folder.exists() and not folder.is_dir():
        raise Misuse(f"{folder} is a file; name a folder with --out.")
    part, old = (folder.with_name(f".{folder.name}.{word}") for word in ("part", "old"))
    for each in (part, old):
        shutil.rmtree(each, ignore_errors=True)
    part.mkdir(parents=True)
    rows = {}
    shared.connection.execute("SET threads = 1")  # rows in one order, groups of one size
    for table in shared.tables:
        copied = shared.connection.execute(
            f'COPY (SELECT * FROM main."{table.name}" ORDER BY ALL) '
            f"TO {quoted(str(part / f'{table.name}.parquet'))} (FORMAT parquet)"
        ).fetchone()
        rows[table.name] = 0 if copied is None else int(copied[0])
    if folder.exists():
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
    return rows
