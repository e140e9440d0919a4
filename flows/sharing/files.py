"""The folder `share/`: the shared tables as Parquet, swapped in whole."""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from flows.errors import Misuse
from flows.sharing.shareable import Shareable
from flows.warehouse.store import quoted

_ASIDE = ".part"


def write_share(shared: Shareable, folder: Path) -> dict[str, int]:
    """Write a file a table, `<table>.parquet`; the number of rows by table.

    The same tables give the same bytes. An earlier share in the folder goes; Misuse where
    anything else is there, and where the folder cannot be written.
    """
    folder = folder.resolve()  # of a link, the folder that it leads to
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _put_back(folder)
        _see_own(folder, {f"{table.name}.parquet" for table in shared.tables})
        aside = Path(tempfile.mkdtemp(_ASIDE, f".{folder.name}.", folder.parent))
    except OSError as error:
        raise Misuse(
            f"{folder} cannot be written ({error.strerror}); name a folder with --out."
        ) from error
    new, old = aside / "new", aside / "old"
    try:
        new.mkdir()
        rows = _write(shared, new)
        if folder.exists():
            folder.replace(old)
        new.replace(folder)
    finally:
        if old.exists() and not folder.exists():
            old.replace(folder)
        shutil.rmtree(aside, ignore_errors=True)
    return rows


def _put_back(folder: Path) -> None:
    """Put the share back that a run had moved aside when it was killed."""
    if not folder.exists():
        for old in sorted(folder.parent.glob(f".{glob.escape(folder.name)}.*{_ASIDE}/old")):
            old.replace(folder)
            return


def _see_own(folder: Path, names: Collection[str]) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Misuse(f"{folder} is a file; name a folder with --out.")
    for each in sorted(folder.iterdir()):
        if each.name not in names or each.is_symlink() or not each.is_file():
            raise Misuse(
                f"{folder} holds {each.name}, which is no file of a share; "
                "name a folder of its own with --out."
            )


def _write(shared: Shareable, folder: Path) -> dict[str, int]:
    rows = {}
    shared.connection.execute("SET threads = 1")  # rows in one order, groups of one size
    for table in shared.tables:
        copied = shared.connection.execute(
            f'COPY (SELECT * FROM main."{table.name}" ORDER BY ALL) '
            f"TO {quoted(str(folder / f'{table.name}.parquet'))} (FORMAT parquet)"
        ).fetchone()
        rows[table.name] = 0 if copied is None else int(copied[0])
    return rows
