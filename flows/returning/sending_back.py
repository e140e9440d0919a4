"""Writing the workbooks that go back, each marked in a worker within its limits."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from flows.reading import packed
from flows.reading.pool import work_on
from flows.reading.worker import Job
from flows.returning.marking import mark
from flows.returning.remarks import Heading, Remark
from flows.settings import Settings

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
_LONGEST = 150
"""Bytes of a file name's stem: file systems take 255 with its ending."""


class Errand(NamedTuple):
    """A file to mark and where to put it; `stem` is the new file's path without its ending."""

    job: Job
    heading: Heading
    remarks: tuple[Remark, ...]
    stem: Path


def send_back(errands: Sequence[Errand], settings: Settings) -> Iterator[Path]:
    """Write the marked workbooks; the path of each.

    Where marking a file costs its worker, the list of problems goes back alone.
    """
    for errand, path in zip(errands, work_on(_write, errands, settings), strict=True):
        yield path or _write_list(errand)


def _write(errand: Errand) -> Path:
    content = packed.read_file(errand.job.path)
    if errand.job.member:
        content = packed.member(content, errand.job.member)
    return _put(errand, content)


def _write_list(errand: Errand) -> Path:
    """The list of problems in a workbook of its own."""
    empty = io.BytesIO()
    Workbook().save(empty)
    nowhere = tuple(each._replace(cell="") for each in errand.remarks)
    return _put(errand._replace(remarks=nowhere), empty.getvalue())


def _put(errand: Errand, content: bytes) -> Path:
    name = errand.job.name.rpartition("/")[2]
    heading = errand.heading._replace(file_name=name)
    marked = mark(content, name, errand.remarks, heading)
    path = errand.stem.with_name(errand.stem.name + marked.suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(marked.content)
    part.replace(path)
    return path


def stem_of(file_name: str) -> str:
    """The name of the returned file without its ending, as a file system takes it."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    stem = _UNSAFE.sub("_", Path(name).stem).strip(" .") or "报表"
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    return stem


def told_apart(stem: str, before: int) -> str:
    """The stem of a file that `before` others of its name came before: 月报, 月报（2）."""
    return f"{stem}（{before + 1}）" if before else stem
