"""A planned history in a real home: everything but the reading of bytes is the program's own."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from unittest import mock

from flows import dated_totals
from flows.collecting.archive import Archive, Receipt
from flows.collecting.journal import Event as Line
from flows.collecting.journal import Journal, write_time
from flows.dated_totals import Total as DatedTotal
from flows.errors import NotThere
from flows.home import Home
from flows.reading.results import Answer, FormSheet, Found, Workbook
from flows.reading.worker import Job
from flows.releasing import effects, frozen
from flows.releasing.freezing import freeze
from flows.replay import apply_journal
from flows.settings import Settings
from flows.warehouse.store import Store
from flows.warehouse.working import open_working
from schemas.declaring import periods
from schemas.declaring.rules import MICRO
from tests.comparing.histories import Plan
from tests.comparing.sending import Written
from tests.plain.events import Accept, Event, File, Night, Release, Totals, Withdraw


class ReadAlready:
    """A reader of files whose content is known beforehand."""

    def __init__(self) -> None:
        self.books: dict[Path, Workbook] = {}

    def read(self, jobs: Sequence[Job]) -> Iterator[Workbook]:
        """What each file holds."""
        return (self.books[job.path] for job in jobs)


class Happening:
    """A home in which the events of a plan happen one after the other."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        settings = Settings(home=folder)
        archive = Archive(settings.archive, plan.declaration.time_zone)
        self.plan = plan
        self.home = Home(settings, plan.declaration, Journal(settings.journal), archive)
        self.reader = ReadAlready()
        self.totals: dict[str, list[DatedTotal]] = {}
        self.store = self._new()

    def _new(self) -> Store:
        store = open_working(self.home.settings.warehouse, self.plan.declaration, anew=True)
        store.connection.execute("SET threads = 1")  # tables of some hundred rows
        return store

    def happen(self, event: Event) -> bool:
        """Let an event happen; False for the release of a quarter that has no figures."""
        journal = self.home.journal
        if isinstance(event, Night):
            run = f"run-{len(journal.events())}"
            at = write_time(event.clock)
            journal.append({"event": "run", "run": run, "kind": "nightly", "started_at": at})
            files = [self._store(file, run).archived_as for file in event.files]
            journal.append({"event": "received", "run": run, "files": files})
            journal.append({"event": "finished", "run": run, "finished_at": at})
        elif isinstance(event, Release):
            line = self._release(event)
            if line is None:
                return False
            journal.append(line)
            frozen.settle(self.home.settings.releases / event.release)
        else:
            journal.append(self._decision(event))
        self._apply(self.store)
        return True

    def _apply(self, store: Store) -> None:
        with (
            mock.patch.object(effects, "_MOST", self.plan.most),
            mock.patch.object(dated_totals, "read_totals", self._totals_of),
        ):
            apply_journal(self.home, store, self.reader)  # type: ignore[arg-type]

    def rebuilt(self) -> Store:
        """A warehouse made anew from the same archive and journal."""
        self.store.close()
        self.store = self._new()
        self._apply(self.store)
        return self.store

    def _store(self, file: File, run: str) -> Receipt:
        receipt = self._archive(file.content, file.received_at, run)
        file.submission = receipt.submission
        self.reader.books[self.home.archive.path(receipt)] = book(file)
        return receipt

    def _archive(self, content: str, received_at: dt.datetime, run: str) -> Receipt:
        return self.home.archive.store(
            content.encode(),
            received_at=received_at,
            run=run,
            channel="folder",
            sender="",
            name="file.xlsx",
            source="file.xlsx",
            modified=0,
        )

    def _totals_of(self, path: Path, *_: object, **__: object) -> list[DatedTotal]:
        return self.totals[path.name]

    def _decision(self, event: Event) -> Line:
        at = write_time(event.clock)
        if isinstance(event, Totals):
            receipt = self._archive(f"totals {len(self.totals)}", event.clock, "")
            event.submission = receipt.submission
            self.totals[self.home.archive.path(receipt).name] = [
                DatedTotal(
                    each.month, each.months, each.unit, each.form, each.figure, each.value,
                    "年报", each.sheet, each.cell,
                )
                for each in event.totals
            ]  # fmt: skip
            return {"event": "history", "file": receipt.archived_as, "by": "", "at": at}
        assert isinstance(event, (Accept, Withdraw))
        return {
            "event": "accept" if isinstance(event, Accept) else "withdraw",
            "submission": event.file.submission,
            "form": event.form,
            "reason": "核实",
            "by": "",
            "at": at,
        }

    def _release(self, event: Release) -> Line | None:
        line = {
            "event": "release",
            "quarter": periods.quarter_label(event.quarter),
            "release": event.release,
            "released_by": event.released_by or "",
            "approved_by": event.approved_by or "",
            "note": event.note or "",
            "incomplete": True,
            "at": write_time(event.clock),
        }
        try:
            line = freeze(self.home, self.store, line)
        except NotThere:
            return None
        return line


def book(file: File) -> Workbook:
    """What the reader would have made of the file."""
    found = Workbook("read", unit=file.unit, month=file.month)
    for sent in file.forms:
        assert isinstance(sent, Written)
        found.sheets.append(_sheet(sent))
        if sent.fault == "error":
            found.findings.append(
                Found(sent.form, "V02", "error", None, sent.form, "A1", None, "wrong")
            )
        if sent.question:
            found.findings.append(
                Found(sent.form, "X09", "query", None, sent.form, "A2", None, sent.question)
            )
        if sent.answer:
            found.answers.append(
                Answer(sent.form, "", False, sent.form, "A2", "", sent.question, sent.answer)
            )
    return found


def _sheet(sent: Written) -> FormSheet:
    if sent.fault == "broken":
        sheet = FormSheet(sent.form, sent.form, broken=True)
    elif sent.figures:
        sheet = _figures(sent)
    else:
        rows = tuple(range(5, 5 + len(sent.items)))
        sheet = FormSheet(
            sent.form, sent.form, rows=rows, cells=(sent.items,), columns={"state": "B"}
        )
    sheet.sign()
    return sheet


def _figures(sent: Written) -> FormSheet:
    filled = list(sent.figures.values())
    return FormSheet(
        sent.form,
        sent.form,
        rows=tuple(int(each.cell[1:]) for each in filled),
        figures=tuple(sent.figures),
        values=tuple(_micro(each.value) for each in filled),
        years_to_date=tuple(_micro(each.year_to_date) for each in filled),
        applicable=tuple(each.mark == "reported" for each in filled),
        converted=(False,) * len(filled),
        # What seems implausible of random values is all explained, each version by its own.
        reasons=tuple(f"reason {sent.version} {at}" for at in range(len(filled))),
        column="E",
        cumulative_column="F",
    )


def _micro(value: Decimal | None) -> int | None:
    return None if value is None else int(value * MICRO)
