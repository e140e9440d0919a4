"""Writing the workbooks that go back, each marked in a worker within its limits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flows.reading import packed
from flows.reading.pool import work_on
from flows.reading.worker import Job
from flows.returning.marking import mark
from flows.returning.remarks import Heading, Remark
from flows.settings import Settings


class Errand(NamedTuple):
    """A file to mark and where to put it; `stem` is the new file's path without its ending."""

    job: Job
    heading: Heading
    remarks: tuple[Remark, ...]
    stem: Path


def send_back(errands: Sequence[Errand], settings: Settings) -> Iterator[Path | str]:
    """Write the marked workbooks: the path of each, or a sentence that says why it is not there.

    Where marking a file costs its worker, the list of problems goes back alone.
    """
    for errand, sent in zip(errands, work_on(_write, errands, settings), strict=True):
        yield _put(errand, _list_alone(errand)) if sent is None else sent


def _write(errand: Errand) -> Path | str:
    content = packed.read_file(errand.job.path)
    if errand.job.member:
        content = packed.member(content, errand.job.member)
    return _put(errand, content)


def _list_alone(errand: Errand) -> bytes:
    """An empty workbook, for the list of problems alone."""
    from openpyxl import Workbook  # it takes long to import, and is seldom needed

    empty = io.BytesIO()
    Workbook().save(empty)
    return empty.getvalue()


def _put(errand: Errand, content: bytes) -> Path | str:
    name = errand.job.name.rpartition("/")[2]
    heading = errand.heading._replace(file_name=name)
    marked = mark(content, name, errand.remarks, heading)
    path = errand.stem.with_name(errand.stem.name + marked.suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(marked.content)
        part.replace(path)
    except OSError as error:
        return f"{path} could not be written ({error.strerror or error})"
    return path
