"""One LibreOffice that tests work as a person would: open, type, look, store.

soffice runs without a window, with a profile of its own; `uno_worker.py`, run by the system's
Python, talks to it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

from flows.reading.cells import column_letters

SYSTEM_PYTHON = "/usr/bin/python3"
_WORKER = Path(__file__).with_name("uno_worker.py")


@cache
def why_absent() -> str:
    """Why LibreOffice cannot be worked here; '' where it can."""
    if shutil.which("soffice") is None:
        return "soffice is not installed (apt-get install libreoffice-calc-nogui)"
    try:
        asked = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True)
    except OSError:
        return f"there is no {SYSTEM_PYTHON}"
    return "" if asked.returncode == 0 else "python3-uno is not installed"


class Office:
    """A running LibreOffice; `folder` takes its profile."""

    def __init__(self, folder: Path) -> None:
        pipe = f"minzheng-{os.getpid()}"
        self._soffice = subprocess.Popen(
            [
                "soffice", "--headless", "--norestore", "--nologo", "--nodefault",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self._worker = subprocess.Popen(
            [SYSTEM_PYTHON, str(_WORKER), pipe],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.folder = folder

    def ask(self, do: str, **told: Any) -> Any:
        """What the worker answers; AssertionError with its traceback where it failed."""
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self._worker.stdin.flush()
        line = self._worker.stdout.readline()
        assert line, "the worker of LibreOffice has ended"
        answer = json.loads(line)
        assert "trouble" not in answer, answer["trouble"]
        return answer["answer"]

    def open(self, path: Path) -> Document:
        """A file, worked out anew."""
        return Document(self, self.ask("open", path=str(path.resolve())))

    def stop(self) -> None:
        """End LibreOffice and the worker."""
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.close()
        self._worker.wait(20)
        self._worker.stdout.close()
        with contextlib.suppress(ProcessLookupError):
            # soffice is a script: what it started ends with its group.
            os.killpg(self._soffice.pid, 15)
        self._soffice.wait(20)


class Document:
    """An open workbook."""

    def __init__(self, office: Office, number: int) -> None:
        self._office, self._number = office, number

    def _ask(self, do: str, **told: Any) -> Any:
        return self._office.ask(do, document=self._number, **told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sheets(self) -> dict[str, bool]:
        """The sheets' names in order, and whether each is shown."""
        return dict(self._ask("sheets"))

    def fill(self, sheet: str, cells: Mapping[str, str]) -> list[str]:
        """Type into cells, '' to clear one; the cells that are locked, which stay as they are."""
        return list(self._ask("fill", sheet=sheet, cells=dict(cells)))

    def set(self, sheet: str, cell: str, typed: str) -> None:
        """Type into a cell that is not locked."""
        assert not self.fill(sheet, {cell: typed}), f"{sheet}!{cell} is locked"

    def insert(self, sheet: str, row: int) -> None:
        """Insert a row, to be open and locked as the one above it."""
        self._ask("insert", sheet=sheet, row=row)

    def text(self, sheet: str, cell: str) -> str:
        """What a cell shows."""
        return str(self._ask("text", sheet=sheet, place=cell))

    def texts(self, sheet: str, area: str) -> list[list[str]]:
        """What the cells of an area show, row by row."""
        return [list(row) for row in self._ask("texts", sheet=sheet, area=area)]

    def values(self, sheet: str, area: str) -> list[list[str | float]]:
        """What the cells of an area hold, row by row: faster than what they show."""
        return [list(row) for row in self._ask("values", sheet=sheet, area=area)]

    def formula(self, sheet: str, cell: str) -> str:
        """The formula of a cell, or what was typed into it."""
        return str(self._ask("formula", sheet=sheet, place=cell))

    def store(self, path: Path) -> Path:
        """Store a copy in the format of the name: .xlsx, .xls, .ods, .pdf or .html."""
        self._ask("store", path=str(path.resolve()), kind=path.suffix[1:])
        return path

    def colours(self, sheet: str) -> dict[str, str]:
        """The colours behind the cells as shown, conditional ones too, by cell: 'F8CBAD'."""
        path = self.store(self._office.folder / f"{self._number}.html")
        shown = [name for name, visible in self.sheets().items() if visible]
        page = _Page()
        page.feed(path.read_text(encoding="utf-8", errors="replace"))
        return page.tables[shown.index(sheet)]

    def close(self) -> None:
        """Close it without storing."""
        self._ask("close")


class _Page(HTMLParser):
    """The tables of a page, each as the colours behind its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict[str, str]] = []
        self._row = self._column = 0
        self._taken: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append({})
            self._row, self._taken = 0, set()
        elif tag == "tr":
            self._row, self._column = self._row + 1, 0
        elif tag == "td":
            while (self._row, self._column) in self._taken:
                self._column += 1
            for down in range(int(told.get("rowspan", 1))):
                for right in range(int(told.get("colspan", 1))):
                    place = self._row + down, self._column + right
                    self._taken.add(place)
                    if colour := told.get("bgcolor"):
                        letters = column_letters(place[1])
                        self.tables[-1][f"{letters}{place[0]}"] = colour.lstrip("#").upper()
