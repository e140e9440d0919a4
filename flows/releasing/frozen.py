"""The frozen files of a release: plain text, written once, read-only, whole or refused.

They are csv, not Parquet: what a release says must be the same bytes in ten years, whatever
version of a library writes files then.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.errors import NotThere

MANIFEST = "release.json"

Cells = Sequence[str | None]
"""A row as text; None for null. No cell is an empty text."""


def as_csv(names: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """A table as UTF-8 csv (RFC 4180) with its header; null is empty."""
    text = io.StringIO()
    # What holds a character of the line's end is quoted: a sheet's name may hold either.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()


def read_csv(content: bytes) -> tuple[list[str], Iterator[Cells]]:
    """The columns and the rows that `as_csv` wrote."""
    reader = csv.reader(io.StringIO(content.decode(), newline=""))
    return next(reader), ([cell or None for cell in row] for row in reader)


def digest(content: bytes) -> str:
    """The SHA-256 of the bytes."""
    return hashlib.sha256(content).hexdigest()


def as_manifest(said: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """What is said of the release, with the hash of each of its files."""
    hashes = {name: digest(content) for name, content in files.items()}
    text = json.dumps(
        {**said, "files": hashes}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False
    )
    return text.encode() + b"\n"


def lay_down(folder: Path, manifest: bytes, files: Mapping[str, bytes]) -> None:
    """Write the files of a release aside, on the disk before this returns.

    `settle` puts them in place, once the journal names them: until then they are none.
    """
    part = _aside(folder)
    if part.exists():
        for each in part.iterdir():
            each.chmod(0o644)  # Windows removes nothing that is read-only
        shutil.rmtree(part)
    part.mkdir(parents=True)
    write_all(part, {**files, MANIFEST: manifest})
    for place in (part, part.parent):
        if hasattr(os, "O_DIRECTORY"):
            opened = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, read-only and on the disk."""
    for name, content in files.items():
        path = folder / name
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o440)


def settle(folder: Path) -> None:
    """Put a release that the journal names in its place, where that was left undone."""
    if not folder.exists() and _aside(folder).exists():
        _aside(folder).rename(folder)


def read(folder: Path, hashed: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What is said of a release and its files, as they were frozen.

    `hashed` is the hash of its manifest, as in the journal. NotThere where a file is gone or
    is not what was frozen.
    """
    place = folder if folder.exists() else _aside(folder)
    try:
        manifest = (place / MANIFEST).read_bytes()
        said = json.loads(manifest) if digest(manifest) == hashed else {"files": {"": ""}}
        files = {name: (place / name).read_bytes() for name in said["files"]}
    except OSError:
        files, said = {}, {"files": {"": ""}}
    if any(digest(files.get(name, b"")) != wanted for name, wanted in said["files"].items()):
        raise NotThere(
            f"The frozen rows in {folder} are gone or are not what was released; "
            "restore them from the backup."
        )
    return said, files


def names(folder: Path) -> list[str]:
    """The releases that lie in a folder."""
    if not folder.exists():
        return []
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and each.name[0] != ".")


def _aside(folder: Path) -> Path:
    # No release's name begins with a dot.
    return folder.with_name(f".{folder.name}.part")
