"""The files of a report: written aside, and put in place when all of them are there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from flows.errors import Misuse


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their names below the folder; what else is in the folder stays.

    A folder among the names is put in place whole: what an earlier report had in it goes.
    Misuse where one cannot be written, as on Windows while Word has it open.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(".part", ".report.", folder))
    except OSError as error:
        raise Misuse(
            f"{folder} cannot be written ({error.strerror}); name a folder with --out."
        ) from error
    try:
        for name, content in files.items():
            path = aside / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        old = aside / ".old"
        old.mkdir()
        for each in sorted(aside.iterdir()):
            if each != old:
                _replace(each, folder / each.name, old)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _replace(new: Path, place: Path, old: Path) -> None:
    try:
        if place.is_dir() and not place.is_symlink():
            place.replace(old / place.name)
        new.replace(place)
    except OSError as error:
        raise Misuse(
            f"{place} cannot be replaced ({error.strerror}); close it where it is open, and run "
            "the report again."
        ) from error
