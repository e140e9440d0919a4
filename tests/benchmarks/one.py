"""One measurement, in a process of its own: `python -m tests.benchmarks.one WHAT PATH …`.

Paths are read from the file that is named. Prints a line of JSON. Imports are done
before the clock starts.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def calamine(listed: str) -> dict[str, Any]:
    """Every cell of every sheet, and nothing done with it."""
    from python_calamine import CalamineWorkbook

    files = _files(listed)
    begun = time.perf_counter()
    cells = 0
    for path in files:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python()
            cells += len(rows) * len(rows[0]) if rows else 0
    return {"seconds": time.perf_counter() - begun, "cells": cells}


def reading(listed: str) -> dict[str, Any]:
    """What the night does with calamine's cells in two workers, and nothing but that."""
    from flows.reading.pool import read_files
    from flows.reading.worker import Job
    from flows.settings import Settings

    jobs = [Job(path, path.name) for path in _files(listed)]
    settings = Settings(home=Path(listed).parent, processes=2)
    begun = time.perf_counter()
    forms = sum(len(book.sheets) for book in read_files(jobs, settings))
    return {"seconds": time.perf_counter() - begun, "forms": forms}


def night(home: str, now: str) -> dict[str, Any]:
    """What `minzheng nightly` runs, with two worker processes."""
    from dataclasses import asdict

    import pandas as pd
    import pandera.pandas as pa

    from flows import pipeline
    from flows.home import open_home
    from flows.settings import Settings

    pa.DataFrameSchema({"a": pa.Column(int)}).validate(pd.DataFrame({"a": [1]}))  # imports more
    settings = Settings(home=Path(home), now=now, settle_seconds=0, processes=2)
    begun = time.perf_counter()
    outcome = pipeline.nightly(open_home(settings))
    seconds = time.perf_counter() - begun
    counted = asdict(outcome)
    return {"seconds": seconds, "own_bytes": _own_peak()} | {
        name: counted[name] for name in ("received", "accepted", "held", "revised")
    }


def usual(listed: str, database: str) -> dict[str, Any]:
    """What such a script does: pandas for each file, pandera for each sheet, an INSERT a file."""
    from tests.benchmarks.usual_script import load

    files = _files(listed)
    load(files[:2], Path(database).with_suffix(".warm"))  # pandera's first check costs a second
    begun = time.perf_counter()
    rows = load(files, Path(database))
    return {"seconds": time.perf_counter() - begun, "files": len(files), "rows": rows}


def _files(listed: str) -> list[Path]:
    return [Path(line) for line in Path(listed).read_text(encoding="utf-8").splitlines()]


def _own_peak() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


_ALL: dict[str, Callable[..., dict[str, Any]]] = {
    "calamine": calamine,
    "reading": reading,
    "night": night,
    "usual": usual,
}

if __name__ == "__main__":
    print(json.dumps(_ALL[sys.argv[1]](*sys.argv[2:])))
