"""What goes back to the townships of all that a run has judged: kept in mind, then written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from flows.checking.batch import Batch
from flows.checking.history import InForce
from flows.home import Home
from flows.returning.remarking import Outgoing, outgoing
from flows.returning.sending_back import Errand, send_back, stem_of, told_apart
from flows.warehouse.store import Store
from flows.warehouse.submissions import job_of
from schemas.declaring import periods


class _Letter(NamedTuple):
    """A workbook to send back; `stem` is its place below the folder of returned ones."""

    content: Outgoing
    stem: Path
    at: dt.datetime


class Post:
    """The workbooks that go back, by submission; None for one that no longer has to."""

    def __init__(self) -> None:
        self._letters: dict[str, _Letter | None] = {}

    def take(self, store: Store, batch: Batch, in_force: InForce, clock: dt.datetime) -> None:
        """Keep in mind what goes back of a judged batch, once its verdicts are recorded."""
        for submission, content in outgoing(batch, in_force):
            self._letters[submission] = (
                None if content is None else _Letter(content, _place(store, content), clock)
            )

    def deliver(self, home: Home, store: Store) -> int:
        """Write the workbooks and their rows in `returned`; how many there are."""
        folder = home.settings.returned
        before = {
            str(submission): folder / str(file)
            for submission, file in store.rows("SELECT submission, file FROM main.returned")
        }
        letters = {name: each for name, each in self._letters.items() if each is not None}
        errands = [
            Errand(
                job_of(home.archive.folder, store.connection, name),
                each.content.heading,
                each.content.remarks,
                folder / each.stem,
            )
            for name, each in letters.items()
        ]
        rows = []
        for (name, letter), path in zip(
            letters.items(), send_back(errands, home.settings), strict=True
        ):
            content = letter.content
            month = periods.first_day(content.month)
            file = path.relative_to(folder).as_posix()
            rows.append(
                (name, content.unit, month, letter.at, content.errors, content.queries, file)
            )
        store.connection.execute("BEGIN")
        for name in self._letters:
            store.connection.execute("DELETE FROM main.returned WHERE submission = ?", [name])
        store.insert("main.returned", rows)
        store.connection.execute("COMMIT")
        written = {folder / str(row[-1]) for row in rows}
        for name in self._letters:
            if name in before and before[name] not in written:
                before[name].unlink(missing_ok=True)
        return len(rows)


def _place(store: Store, content: Outgoing) -> Path:
    """Month, unit and the file's own name; a later file of that name is told apart."""
    month, unit = periods.month_label(content.month), stem_of(content.heading.unit)
    names = [
        stem_of(str(name))
        for (name,) in store.rows(
            "SELECT s.file_name FROM internal.arrival a "
            "JOIN main.submission s ON s.submission = a.submission "
            "WHERE a.unit_code = ? AND a.month = ? AND a.sequence <= "
            "(SELECT sequence FROM internal.arrival WHERE submission = ?) ORDER BY a.sequence",
            content.unit,
            content.month,
            content.submission,
        )
    ]
    return Path(month, unit, told_apart(names[-1], names.count(names[-1]) - 1))
