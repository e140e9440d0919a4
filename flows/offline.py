"""Checking workbooks without loading anything: the night's findings, at the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flows.checking.batch import Finding, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.checking.settling import Settled
from flows.errors import Misuse, NotThere
from flows.home import Home
from flows.naming import free_stem, stem_of
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.returning.remarking import Outgoing, outgoing, unidentified
from flows.returning.remarks import Heading
from flows.returning.sending_back import Errand, send_back
from flows.settings import Settings
from flows.warehouse.in_force import load_in_force
from flows.warehouse.queries import load_settled
from flows.warehouse.store import Store, reading
from schemas.declaring.periods import month_label


def workbooks(paths: Sequence[Path], without: Path | None = None) -> list[Path]:
    """The files named, and those in the folders named; NotThere for one that is not there.

    They are in the order in which a night would take them. What is in the folder `without`
    is none of them; Misuse where it is no folder, or itself one of those named.
    """
    found: list[Path] = []
    if without is not None and without.exists():
        if not without.is_dir():
            raise NotThere(f"{without} is a file; name a folder with --return-to.")
        if any(path.is_dir() and path.resolve() == without.resolve() for path in paths):
            raise Misuse(f"{without} is itself checked; name another folder with --return-to.")
    for path in paths:
        if path.is_dir():
            found += (
                each
                for each in path.rglob("*")
                if each.is_file()
                and each.name[0] not in ".~"
                and (without is None or without.resolve() not in each.resolve().parents)
            )
        elif path.is_file():
            found.append(path)
        else:
            raise NotThere(f"There is no file {path}; name workbooks or folders of them.")
    for path in found:
        if not os.access(path, os.R_OK):
            raise NotThere(f"{path} may not be read; give yourself the right to, or leave it out.")
    return sorted(found, key=lambda each: (each.stat().st_mtime_ns, each.name, str(each)))


class _Checked(NamedTuple):
    """A file that was checked: its path, how to read it, what it holds and what was found."""

    name: str
    job: Job
    book: Workbook
    findings: list[Finding]
    outgoing: Outgoing | None


def check_files(
    home: Home, paths: Sequence[Path], previous_from: Path | None, return_to: Path | None = None
) -> list[dict[str, Any]]:
    """One entry a file: its name, state, unit, month and findings.

    Over time it checks against the warehouse `previous_from`, else against the files
    themselves: those of earlier months count as in force for the later ones. In the folder
    `return_to` the files that would be held are written with their findings marked in them;
    NotThere where that cannot be.
    """
    read = list(_read(workbooks(paths, return_to), home.settings))
    returns = [
        Return.of(str(number), number, book)
        for number, (_, _, book) in enumerate(read)
        if book.state == "read" and book.unit is not None and book.month is not None
    ]
    findings: dict[int, list[Finding]] = {}
    going: dict[int, Outgoing] = {}
    if returns:
        batch = build(returns, home.declaration)
        in_force, settled = _before(home, returns, previous_from)
        judge(batch, in_force, home.settings.clock(home.declaration), settled)
        for finding in batch.findings:
            findings.setdefault(returns[finding.at].sequence, []).append(finding)
        back = outgoing(batch, in_force, batch.findings)
        going = {returns[at].sequence: each for at, each in back}
    checked = [
        _Checked(name, job, book, findings.get(number, []), going.get(number))
        for number, (name, job, book) in enumerate(read)
    ]
    places = _send_back(home, checked, return_to) if return_to else {}
    return [_entry(each, places.get(at), home) for at, each in enumerate(checked)]


def _send_back(home: Home, checked: Sequence[_Checked], folder: Path) -> dict[int, Path]:
    """Write what goes back; where each file's is, by its place among them.

    Nothing is written over: what is in the folder may have been filled in.
    """
    taken = {each.stem for each in folder.iterdir()} if folder.exists() else set()
    errands: dict[int, Errand] = {}
    for at, each in enumerate(checked):
        if each.outgoing is not None:
            heading, remarks = each.outgoing.heading, each.outgoing.remarks
        elif each.book.state == "unidentified":
            heading, remarks = Heading("", "", ""), unidentified(each.book)
        else:
            continue
        stem = free_stem(stem_of(each.job.name), taken)
        taken.add(stem)
        errands[at] = Errand(each.job, heading, remarks, folder / stem)
    places: dict[int, Path] = {}
    for at, sent in zip(errands, send_back([*errands.values()], home.settings), strict=True):
        if isinstance(sent, str):
            raise NotThere(f"{sent}; name a folder that can be written with --return-to.")
        places[at] = sent
    return places


def _read(paths: Sequence[Path], settings: Settings) -> Iterator[tuple[str, Job, Workbook]]:
    """Each file by its path with what it holds; the files of a zip stand in its place."""
    with Reader(settings) as reader:
        jobs = [Job(path, path.name) for path in paths]
        for job, book in zip(jobs, reader.read(jobs), strict=True):
            if book.state == "packed":
                for member, held in reader.unpack(job, book):
                    own = Job(job.path, f"{job.name}/{member.name}", None, member.place)
                    yield f"{job.path}/{member.name}", own, held
            else:
                yield str(job.path), job, book


def _before(
    home: Home, returns: Sequence[Return], previous_from: Path | None
) -> tuple[InForce, Settled]:
    """What is in force before the files, and what was said of their queries."""
    if previous_from is not None:
        with reading(previous_from) as connection:
            store = Store(connection, previous_from, home.declaration)
            return load_in_force(store, returns), load_settled(store, returns)
    months = [each.month for each in returns]
    units = sorted({each.unit for each in returns})
    first = min(months) - min(months) % 12 - 12
    return InForce(Layout(home.declaration), units, first, max(months)), Settled()


def _entry(checked: _Checked, returned: Path | None, home: Home) -> dict[str, Any]:
    book = checked.book
    unit = home.declaration.unit_by_code.get(book.unit or "")
    return {
        "file": checked.name,
        "state": book.state,
        "reason": book.reason or None,
        "unit_code": book.unit,
        "unit_name": unit.name if unit else None,
        "month": None if book.month is None else month_label(book.month),
        "returned": None if returned is None else str(returned),
        "findings": [
            {
                "form": each.form,
                "rule": each.rule,
                "level": each.level,
                "sheet": each.sheet,
                "cell": each.cell,
                "figure": each.figure,
                "value": each.value,
                "message": each.message,
                "explanation": each.explanation,
            }
            for each in checked.findings
        ],
    }
