"""The outbox: a folder for what does not go by mail, a folder a unit, a file a letter."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from flows.naming import stem_of
from flows.sending.letters import Letter

_STAGING = ".sending"


class Outbox:
    """A folder that somebody takes the files from, to carry them on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, letter: Letter) -> None:
        """Write the file where it is not seen yet; it is whole and on the disk then."""
        staged = self._staged(letter.key)
        staged.parent.mkdir(parents=True, exist_ok=True)
        content = letter.text.encode() if letter.file is None else letter.file.read_bytes()
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def deliver(self, letter: Letter) -> None:
        """Put the file into its unit's folder, in one step."""
        place = self._place(letter)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._staged(letter.key).replace(place)

    def has_gone(self, key: str) -> bool:
        """Whether what was prepared has been put in its place: it is not where it was then."""
        return not self._staged(key).exists()

    def forget(self, key: str) -> None:
        """Remove what was prepared and does not go: it is made anew."""
        with contextlib.suppress(OSError):
            self._staged(key).unlink(missing_ok=True)

    def _staged(self, key: str) -> Path:
        return self.folder / _STAGING / hashlib.sha256(key.encode()).hexdigest()[:24]

    def _place(self, letter: Letter) -> Path:
        # What tells letters of one name apart: a file of an old one may still lie there.
        mark = hashlib.sha256(letter.key.encode()).hexdigest()[:6]
        stem = stem_of(letter.subject if letter.file is None else letter.file.name)
        suffix = ".txt" if letter.file is None else letter.file.suffix
        return self.folder / stem_of(letter.unit_name) / f"{stem}-{mark}{suffix}"
