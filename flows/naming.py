"""Names of files that go out, as every file system takes them, told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\ud800-\udfff]")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Windows takes such a name for a device."""
_LONGEST = 150
"""Bytes: file systems take 255, with the ending and what tells files apart."""


def plain(name: str) -> str:
    """The name without what a file system refuses; '' where nothing is left."""
    return _UNSAFE.sub("_", name).strip(" .")


def shown(text: str) -> str:
    """The text with � in place of letters that show nothing but may change what others show.

    Control and direction characters, line breaks, halves of pairs.
    """
    return "".join(
        "\ufffd" if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") else each
        for each in text
    )


def stem_of(file_name: str) -> str:
    """The name of a file, without folders and its ending, as a file system takes it."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    stem = plain(PurePosixPath(name).stem) or "报表"
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    return stem


def free_stem(stem: str, taken: Collection[str]) -> str:
    """The first of 月报, 月报（2）, 月报（3） … that is not taken, in capitals or not."""
    names = {each.casefold() for each in taken}
    found, number = stem, 1
    while found.casefold() in names:
        number += 1
        found = f"{stem}（{number}）"
    return found
