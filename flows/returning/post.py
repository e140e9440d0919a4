"""What goes back to the townships of all that a run has judged: kept in mind, then written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flows.checking.batch import Batch, Finding, Return
from flows.checking.history import InForce
from flows.errors import NotThere
from flows.home import Home
from flows.naming import free_stem, stem_of
from flows.returning.remarking import Outgoing, outgoing
from flows.returning.remarks import Heading, Remark
from flows.returning.sending_back import Errand, send_back
from flows.warehouse.in_force import Key
from flows.warehouse.store import Store, reading
from flows.warehouse.submissions import job_of
from schemas.declaring import periods


class _Letter(NamedTuple):
    """A workbook to send back; `stem` is its place below the folder of returned ones."""

    content: Outgoing
    stem: Path
    at: dt.datetime

    def text(self) -> str:
        """The letter as JSON, from which `_read_letter` makes it again."""
        return json.dumps([self.content, str(self.stem), self.at.isoformat()], ensure_ascii=False)


def _read_letter(text: str) -> _Letter:
    (submission, unit, month, heading, remarks, errors, queries), stem, at = json.loads(text)
    told = Heading(*heading), tuple(Remark(*each) for each in remarks)
    content = Outgoing(submission, unit, month, *told, errors, queries)
    return _Letter(content, Path(stem), dt.datetime.fromisoformat(at))


def _owed(store: Store) -> list[_Letter]:
    """What earlier runs could not write."""
    rows = store.rows("SELECT letter FROM internal.owed ORDER BY rowid")
    return [_read_letter(str(letter)) for (letter,) in rows]


class Post:
    """The workbooks that go back, in the order in which they were judged."""

    def __init__(self) -> None:
        self._letters: list[_Letter] = []
        self.refused: list[str] = []
        """A sentence for each workbook that could not be written."""

    def take(
        self,
        store: Store,
        batch: Batch,
        in_force: InForce,
        clock: dt.datetime,
        again: Collection[Key] | None = None,
    ) -> None:
        """Keep in mind what goes back of a judged batch, once its verdicts are recorded.

        Of the forms `again`, which a backfill has judged once more, only what holds up a form
        still goes back, and only where it is not what went back before.
        """
        returns = batch.returns
        chosen = dict(enumerate(returns))
        if again is not None:
            waiting = _held_up(store, again)
            chosen = {at: each for at, each in chosen.items() if each.submission in waiting}
        for at, content in outgoing(batch, in_force, _recorded(store, chosen)):
            submission = returns[at].submission
            if again is None or self._digest(store, submission) != content.digest:
                stem = self._place(store, content)
                self._letters.append(_Letter(content, stem, clock))

    def _digest(self, store: Store, submission: str) -> str:
        """What was remarked when the submission last went back, as a hash; '' if it never did."""
        for each in reversed([*_owed(store), *self._letters]):
            if each.content.submission == submission:
                return each.content.digest
        row = store.rows("SELECT digest FROM internal.remarked WHERE submission = ?", submission)
        return str(row[-1][0]) if row else ""

    def _place(self, store: Store, content: Outgoing) -> Path:
        """Month, unit and the file's own name, told apart from others; the same as before."""
        taken = {
            str(submission): Path(str(file)).with_suffix("")
            for submission, file in store.rows(
                "SELECT submission, file FROM main.returned WHERE unit_code = ? AND month = ?",
                content.unit,
                periods.first_day(content.month),
            )
        }
        taken |= {
            each.content.submission: each.stem
            for each in (*_owed(store), *self._letters)
            if (each.content.unit, each.content.month) == (content.unit, content.month)
        }
        if content.submission in taken:
            return taken[content.submission]
        name = store.scalar(
            "SELECT file_name FROM main.submission WHERE submission = ?", content.submission
        )
        folder = Path(periods.month_label(content.month), stem_of(content.heading.unit))
        return folder / free_stem(stem_of(str(name)), {each.name for each in taken.values()})

    def deliver(self, home: Home, store: Store) -> int:
        """Write the workbooks and their rows in `returned`; how many there are.

        What an earlier run could not write is tried again.
        """
        folder = home.settings.returned
        every = [*_owed(store), *self._letters]
        last = {each.content.submission: each for each in every}
        errands = [
            Errand(
                job_of(home.archive.folder, store.connection, name),
                each.content.heading,
                each.content.remarks,
                folder / each.stem,
            )
            for name, each in last.items()
        ]
        written: dict[str, str] = {}
        self.refused = []
        for name, sent in zip(last, send_back(errands, home.settings), strict=True):
            if isinstance(sent, Path):
                written[name] = sent.relative_to(folder).as_posix()
            else:
                self.refused.append(sent)
        letters = [each for each in every if each.content.submission in written]
        store.connection.execute("BEGIN")
        store.connection.execute("DELETE FROM internal.owed")
        store.insert(
            "internal.owed",
            [
                (each.content.submission, each.text())
                for each in every
                if each.content.submission not in written
            ],
        )
        store.insert("main.returned", [_row(each, written) for each in letters])
        store.insert(
            "internal.remarked",
            [(each.content.submission, each.content.digest) for each in letters],
        )
        store.connection.execute("COMMIT")
        store.changed |= bool(written)
        return len(written)


def gone_back(home: Home) -> set[str]:
    """The workbooks that have gone back by the published warehouse, none where it has none."""
    try:
        with reading(home.settings.warehouse) as connection:
            return {
                file for (file,) in connection.execute("SELECT file FROM main.returned").fetchall()
            }
    except NotThere:
        return set()


def clear_away(home: Home, files: Iterable[str]) -> None:
    """Remove returned workbooks that no warehouse knows of any more."""
    for file in files:
        (home.settings.returned / file).unlink(missing_ok=True)


def _row(letter: _Letter, written: dict[str, str]) -> tuple[object, ...]:
    content = letter.content
    return (
        content.submission,
        content.unit,
        periods.first_day(content.month),
        letter.at,
        content.errors,
        content.queries,
        written[content.submission],
    )


def _held_up(store: Store, again: Collection[Key]) -> set[str]:
    """The submissions with the last version of one of those forms, where that is held."""
    last = store.rows(
        "SELECT unit_code, form, month, arg_max(submission, sequence), arg_max(accepted, sequence) "
        "FROM internal.reading WHERE latest AND NOT withdrawn GROUP BY ALL"
    )
    return {
        str(submission)
        for unit, form, month, submission, accepted in last
        if not accepted and (str(unit), str(form), int(str(month))) in again
    }


def _recorded(store: Store, returns: dict[int, Return]) -> Iterator[Finding]:
    """The findings of those returns as they are recorded.

    A backfill of some forms judges the others in the same files as well, for nothing.
    """
    at = {each.submission: place for place, each in returns.items()}
    held = store.rows(
        "SELECT DISTINCT submission FROM main.finding "
        "WHERE level = 'error' OR (level = 'query' AND explanation IS NULL)"
    )
    wanted = sorted(str(submission) for (submission,) in held if submission in at)
    for submission, *row in _findings(store, wanted):
        yield Finding(at[str(submission)], *row)  # type: ignore[arg-type]  # columns in its order


def _findings(store: Store, submissions: Sequence[str]) -> list[tuple[object, ...]]:
    if not submissions:
        return []
    return store.rows(
        "SELECT submission, form, rule, level, sheet, cell, figure, value, message, explanation "
        "FROM main.finding WHERE list_contains(?, submission) ORDER BY rowid",
        list(submissions),
    )
