"""The archive: each receipt is as it was written, and its file is what it says."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from flows.collecting.archive import RECEIPT, Receipt, read_receipt
from flows.verifying.found import Found
from flows.verifying.snapshot import Snapshot


class Archived(NamedTuple):
    """The archive by what is wrong with each file: (code, sentence), None for nothing."""

    receipts: dict[str, Receipt]
    """The receipts that are as they were written, by their files' places."""
    faults: dict[str, tuple[str, str] | None]
    """Every file that has a receipt or is there."""

    @property
    def whole(self) -> dict[str, Receipt]:
        """The receipts of files that are what was received."""
        return {name: each for name, each in self.receipts.items() if self.faults.get(name) is None}


def see_archive(home: Snapshot, found: Found) -> Archived:
    """Read every receipt and every file. What each fault means, the journal decides."""
    folder = home.home.settings.archive
    names = {each.removesuffix(RECEIPT) for each, mode in home.archived.items() if mode}
    archived = Archived({}, {})
    for name in sorted(names):
        archived.faults[name] = _fault(folder, name, home.archived, archived.receipts)
    for name, mode in home.archived.items():
        if not mode:
            found.problem(
                "stray",
                folder / name,
                f"{folder / name} is neither a file nor a receipt; remove it.",
            )
    _modes(home, found)
    found.checked["archived_files"] = len(archived.receipts)
    return archived


def _fault(
    folder: Path, name: str, there: dict[str, int], receipts: dict[str, Receipt]
) -> tuple[str, str] | None:
    path = folder / name
    if not there.get(name + RECEIPT):
        return "receipt_missing", f"{path} has no receipt"
    try:
        receipt, as_written = read_receipt((folder / (name + RECEIPT)).read_bytes())
    except (ValueError, TypeError, KeyError, AttributeError, OSError):
        return "receipt_unreadable", f"The receipt of {path} cannot be read"
    if not as_written or receipt.archived_as != name:
        return "receipt_altered", f"The receipt of {path} is not what was written"
    receipts[name] = receipt
    if not there.get(name):
        return "file_missing", f"The archived file {path} is gone"
    try:
        size, digest = _digest(path)
    except OSError as error:
        return "file_unreadable", f"{path} cannot be read ({error.strerror or error})"
    if size != receipt.size:
        return "file_altered", f"{path} has {size} bytes where {receipt.size} were received"
    if digest != receipt.sha256:
        return "file_altered", f"{path} is not what was received (its SHA-256 is another)"
    return None


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _modes(home: Snapshot, found: Found) -> None:
    """One sentence for all: a restored archive may have lost its modes as a whole."""
    if os.name == "nt":
        return
    folder = home.home.settings.archive
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    open_ones = [name for name, mode in home.archived.items() if mode & writable]
    if open_ones:
        found.problem(
            "writable",
            folder / open_ones[0],
            f"{len(open_ones)} of the files below {folder} can be written ({open_ones[0]} is the "
            f"first); take that right away: find {folder} -type f -exec chmod a-w {{}} +",
        )
