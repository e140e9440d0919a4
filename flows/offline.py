"""Checking workbooks without loading anything: the night's findings, at the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.checking.batch import Finding, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.errors import NotThere
from flows.home import Home
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.worker import Job
from flows.settings import Settings
from flows.warehouse.in_force import load_in_force
from flows.warehouse.store import Store, reading
from schemas.declaring.periods import month_label


def workbooks(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named; NotThere for one that is not there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each for each in path.rglob("*") if each.is_file() and each.name[0] not in ".~"
            )
        elif path.is_file():
            found.append(path)
        else:
            raise NotThere(f"There is no file {path}; name workbooks or folders of them.")
    for path in found:
        if not os.access(path, os.R_OK):
            raise NotThere(f"{path} may not be read; give yourself the right to, or leave it out.")
    return found


def check_files(
    home: Home, paths: Sequence[Path], previous_from: Path | None
) -> list[dict[str, Any]]:
    """One entry a file: its name, state, unit, month and findings.

    Over time it checks against the warehouse `previous_from`, else against the files
    themselves: those of earlier months count as in force for the later ones.
    """
    read = list(_read(paths, home.settings))
    returns = [
        Return.of(str(number), number, book)
        for number, (_, book) in enumerate(read)
        if book.state == "read" and book.unit is not None and book.month is not None
    ]
    findings: dict[str, list[Finding]] = {}
    if returns:
        batch = build(returns, home.declaration)
        judge(
            batch,
            _in_force(home, returns, previous_from),
            home.settings.clock(home.declaration),
        )
        for finding in batch.findings:
            findings.setdefault(returns[finding.at].submission, []).append(finding)
    return [
        _entry(name, book, findings.get(str(number), []), home)
        for number, (name, book) in enumerate(read)
    ]


def _read(paths: Sequence[Path], settings: Settings) -> Iterator[tuple[str, Workbook]]:
    """Each file by its path with what it holds; the files of a zip stand in its place."""
    with Reader(settings) as reader:
        jobs = [Job(path, path.name) for path in paths]
        for job, book in zip(jobs, reader.read(jobs), strict=True):
            if book.state == "packed":
                for member, held in reader.unpack(job, book):
                    yield f"{job.path}/{member.name}", held
            else:
                yield str(job.path), book


def _in_force(home: Home, returns: Sequence[Return], previous_from: Path | None) -> InForce:
    if previous_from is not None:
        with reading(previous_from) as connection:
            return load_in_force(Store(connection, previous_from, home.declaration), returns)
    months = [each.month for each in returns]
    units = sorted({each.unit for each in returns})
    first = min(months) - min(months) % 12 - 12
    return InForce(Layout(home.declaration), units, first, max(months))


def _entry(name: str, book: Workbook, findings: list[Finding], home: Home) -> dict[str, Any]:
    unit = home.declaration.unit_by_code.get(book.unit or "")
    return {
        "file": name,
        "state": book.state,
        "reason": book.reason or None,
        "unit_code": book.unit,
        "unit_name": unit.name if unit else None,
        "month": None if book.month is None else month_label(book.month),
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
            for each in findings
        ],
    }
