"""The versions of forms in the order in which they arrived, and which of them is in force."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tests.plain.events import File, Sent

Key = tuple[str, str, int]
"""Unit, form, month."""


@dataclass(eq=False)
class Version:
    """A form of a file that was judged."""

    file: File
    sent: Sent
    accepted: bool
    asked: bool = False
    """Only queries hold it, or held it until the analyst let it through."""
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """Whether it may be in force."""
        return self.accepted and not self.withdrawn


class Versions:
    """All versions of all forms."""

    def __init__(self) -> None:
        self.of: dict[Key, list[Version]] = {}
        self.last_content: dict[tuple[str, int], str] = {}
        self.order: dict[str, int] = {}

    def take(self, file: File) -> Iterator[tuple[Version | None, Version]]:
        """Judge a file; each version that comes into force, behind the one that it replaces.

        The very bytes that came last from that unit for that month are a duplicate.
        """
        self.order[file.submission] = len(self.order) + 1
        duplicate = self.last_content.get((file.unit, file.month)) == file.content
        self.last_content[file.unit, file.month] = file.content
        if duplicate:
            return
        for sent in file.forms:
            key = file.unit, sent.form, file.month
            before = self.in_force(key)
            earlier = self.of.setdefault(key, [])
            # A reason that was given settles the same query in later files too.
            settled = any(
                each.sent.answer and each.sent.question == sent.question and not each.withdrawn
                for each in earlier
            )
            asked = sent.verdict == "asked" and not settled
            version = Version(file, sent, sent.verdict != "held" and not asked, asked)
            earlier.append(version)
            if version.accepted:
                yield before, version

    def decide(
        self, file: File, form: str, *, withdraw: bool
    ) -> tuple[Version | None, Version | None]:
        """Accept or withdraw a form; what was in force and what is."""
        key = file.unit, form, file.month
        (version,) = (each for each in self.of[key] if each.file is file)
        before = self.in_force(key)
        if withdraw:
            version.withdrawn = True
        elif version.asked:
            version.accepted = True
        return before, self.in_force(key)

    def in_force(self, key: Key) -> Version | None:
        """The last accepted one, by arrival."""
        found = None
        for each in self.of.get(key, []):
            if each.counts:
                found = each
        return found

    def all_in_force(self) -> Iterator[tuple[Key, Version]]:
        """Everything in force."""
        for key in self.of:
            version = self.in_force(key)
            if version is not None:
                yield key, version


def revisions(
    before: Version | None, after: Version | None, clock: dt.datetime
) -> Iterator[tuple[object, ...]]:
    """The rows of `revision` where one version has replaced another, or is no more."""
    if before is None or before is after:
        return
    old, new = before.sent.figures, after.sent.figures if after else {}
    for figure in sorted({*old, *new}):
        was, now = old.get(figure), new.get(figure)
        if was is None or now is None or (was.value, was.mark) != (now.value, now.mark):
            yield (
                before.file.month,
                before.file.unit,
                figure,
                was.value if was else None,
                now.value if now else None,
                before.file.submission,
                after.file.submission if after else None,
                clock,
            )
