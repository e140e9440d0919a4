"""`uv run python -m tests.benchmarks`: the night against calamine alone and the usual script."""

import argparse
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.files import Size, the_files
from tests.benchmarks.processes import ROOT, measured
from tests.benchmarks.table import goals, table


def main() -> None:
    options = _options()
    size = Size(options.years, options.units)
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    _say(f"files of {size.years} years and {size.units} townships below {folder} …")
    files = the_files(folder, size)
    # Nothing is deleted before all is measured: for half a minute after many files were
    # deleted, ext4 makes new ones several times slower, because it passes over their inodes.
    with TemporaryDirectory(dir=folder, prefix="scratch-", ignore_cleanup_errors=True) as scratch:
        result = _measure(files, size, Path(scratch), options.repeat, options.sample)
    print(json.dumps(result, indent=1) if options.json else table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--units", type=int, default=30, help="townships, at most 30")
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / ".cache" / "benchmarks",
        help="where the files are made, once, and the homes, for as long as it runs",
    )
    parser.add_argument("--repeat", type=int, default=3, help="rounds; medians are reported")
    parser.add_argument("--sample", type=int, default=120, help="files for the usual script")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _measure(
    files: list[Path], size: Size, scratch: Path, rounds: int, sample: int
) -> dict[str, Any]:
    """In each round calamine, reading, the night, calamine, nothing new, the usual script."""
    every = _list(scratch / "every.txt", files)
    some = _list(scratch / "some.txt", files[:: max(1, len(files) // sample)][:sample])
    calamine, reading, nights, empty, usual = [], [], [], [], []
    for number in range(1, rounds + 1):
        home = scratch / f"home-{number}"
        _fill(home, files)
        calamine.append(measured("calamine", every))
        _say(f"round {number}: calamine alone {calamine[-1]['seconds']:.2f} s")
        reading.append(measured("reading", every))
        _say(f"round {number}: reading alone {reading[-1]['seconds']:.2f} s")
        nights.append(measured("night", home, size.night))
        _say(f"round {number}: the night {nights[-1]['seconds']:.2f} s")
        calamine.append(measured("calamine", every))
        _say(f"round {number}: calamine alone {calamine[-1]['seconds']:.2f} s")
        empty += [measured("night", home, size.night_after) for _ in range(3)]
        _say(f"round {number}: nothing new {empty[-1]['seconds']:.2f} s")
        usual.append(measured("usual", some, scratch / "usual.duckdb"))
        _say(f"round {number}: the usual script, {sample} files {usual[-1]['seconds']:.2f} s")
    if any(each["received"] != len(files) for each in nights):
        raise SystemExit(f"The night took {nights} files of {len(files)}.")
    figures = {
        "calamine_seconds": median(each["seconds"] for each in calamine),
        "reading_seconds": median(each["seconds"] for each in reading),
        "night_seconds": median(each["seconds"] for each in nights),
        "night_peak_bytes": max(each["peak_bytes"] for each in nights),
        "usual_seconds": median(each["seconds"] / each["files"] for each in usual) * len(files),
        "nothing_new_seconds": median(each["seconds"] for each in empty),
        "calamine_processor_seconds": median(each["processor_seconds"] for each in calamine),
        "night_processor_seconds": median(each["processor_seconds"] for each in nights),
    }
    return {
        "machine": _machine(),
        "files": len(files),
        "file_bytes": sum(each.stat().st_size for each in files),
        "rounds": rounds,
        "sample": usual[-1]["files"],
        "forms_accepted": nights[-1]["accepted"],
        "forms_held": nights[-1]["held"],
        "all_seconds": {
            name: [round(each["seconds"], 3) for each in taken]
            for name, taken in (
                ("calamine", calamine),
                ("reading", reading),
                ("night", nights),
                ("usual_sample", usual),
                ("nothing_new", empty),
            )
        },
        "load_average_after": [round(each, 2) for each in os.getloadavg()],
        **figures,
        "goals": goals(figures),
    }


def _list(path: Path, files: list[Path]) -> Path:
    path.write_text("".join(f"{each}\n" for each in files), encoding="utf-8")
    return path


def _fill(home: Path, files: list[Path]) -> None:
    """Copies of all files in the inbox, with their times; what was written before is on disk."""
    inbox = home / "data" / "raw" / "inbox"
    for each in files:
        place = inbox / each.parent.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy2(each, place / each.name)
    os.sync()


def _machine() -> dict[str, Any]:
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        lines = described.read_text(encoding="utf-8").splitlines()
        model = next((each.split(":")[1].strip() for each in lines if "model name" in each), model)
    return {
        "cores": os.cpu_count(),
        "processor": model,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
