"""The files of a report: written aside, and put in place when all of them are there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.errors import Misuse

_OLD = ".old"


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their names below the folder; what else is in the folder stays.

    A folder among the names is put in place whole: what an earlier report had in it goes.
    Misuse where one cannot be written, as on Windows while Word has it open: all that was there
    is there again, so that no two files are of different reports.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(".part", ".report.", folder))
    except OSError as error:
        raise Misuse(
            f"{folder} cannot be written ({error.strerror}); name a folder with --out."
        ) from error
    try:
        _write(aside, files)
        _replace(aside, folder, sorted({Path(name).parts[0] for name in files}))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(aside: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, content in files.items():
            path = aside / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        (aside / _OLD).mkdir()
    except OSError as error:
        raise Misuse(
            f"The report cannot be written to {aside.parent} ({error.strerror}); make room there, "
            "or name a folder with --out."
        ) from error


def _replace(aside: Path, folder: Path, names: Sequence[str]) -> None:
    moved: list[tuple[Path, Path]] = []
    place = folder
    try:
        for name in names:
            place = folder / name
            for kind in (Path.is_file, Path.is_dir):
                # What is no report's, a folder called as a file of it, is not thrown away.
                if not place.is_symlink() and kind(place) and not kind(aside / name):
                    raise IsADirectoryError(None, "it is no file or folder of a report")
            old = aside / _OLD / name
            if place.is_symlink() or place.is_dir():
                place.rename(old)
                moved.append((place, old))
                (aside / name).replace(place)
            else:
                if place.exists():
                    shutil.copy2(place, old)  # so that the file is never away
                (aside / name).replace(place)
                moved.append((place, old))
    except OSError as error:
        for place_before, old in moved:
            _put_back(place_before, old)
        raise Misuse(
            f"{place} cannot be replaced ({error.strerror}); close it where it is open, or move it "
            "away, and run the report again."
        ) from error


def _put_back(place: Path, old: Path) -> None:
    """What was there before, or nothing."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    if old.is_symlink() or old.exists():
        old.replace(place)
    else:
        place.unlink(missing_ok=True)
