"""`uv run python -m tests.fuzzing`: mutated files and cases without end, with figures."""

import argparse
import faulthandler
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, seed, settings

from tests.fuzzing.finds import keep
from tests.fuzzing.oracle import OUTCOMES
from tests.fuzzing.running import BATCH, SECONDS, Figures, run
from tests.writing.chosen import Case, cases
from tests.writing.round_trip import check_round_trip


def main() -> int:
    options = _options()
    with TemporaryDirectory(prefix="minzheng-fuzzing-") as scratch:
        folder = Path(scratch)
        figures = run(options.files, options.seed, folder, options.processes, _alarm)
        faulthandler.cancel_dump_traceback_later()
        _print_files(figures)
        if options.keep is not None:
            for number, file, _ in figures.problems:
                keep(number, file, options.keep)
        failed = _run_cases(options.cases, options.seed, folder) if options.cases else 0
    return 1 if figures.problems or failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for the files that went wrong")
    return parser.parse_args()


def _alarm() -> None:
    """End everything, with a traceback, should the pool not come back with a batch."""
    faulthandler.dump_traceback_later(SECONDS * (BATCH + 10), exit=True)


def _print_files(figures: Figures) -> None:
    kinds = sorted({kind for kind, _ in figures.outcomes})
    print(f"{'mutated':12}" + "".join(f"{outcome:>22}" for outcome in OUTCOMES))
    for kind in kinds:
        row = (f"{figures.outcomes[kind, outcome]:>22}" for outcome in OUTCOMES)
        print(f"{kind:12}" + "".join(row))
    for number, file, judged in figures.problems:
        print(f"file {number}: {file.given.format}, {file.kind}: {file.name}")
        for problem in judged.problems[:3]:
            print(f"    {problem[:300]}")
    print(
        f"{figures.files} files in {figures.seconds:.1f} s; "
        f"slowest batch of {BATCH}: {figures.slowest:.1f} s"
    )
    given_up = figures.last_resort
    often = ", ".join(f"{name} {times}" for name, times in given_up.most_common(12) if times)
    print(f"given up without a known reason: {given_up.total()} ({often})")
    print(f"crashes {figures.crashes}, hangs {figures.hangs}, wrong values {figures.wrong}")


def _run_cases(number: int, start: int, folder: Path) -> int:
    """The round trip of so many cases; how many went wrong before it was given up."""
    count, started = 0, time.monotonic()

    def body(case: Case) -> None:
        nonlocal count
        count += 1
        check_round_trip(case, folder)

    many = settings(
        max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    failed = 0
    try:
        seed(start)(many(given(case=cases())(body)))()
    except Exception as error:  # whatever a case raises is what is to be reported
        failed = 1
        for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
            print(f"a case went wrong: {each}")
            print("\n".join(getattr(each, "__notes__", ())))
    print(f"{count} cases in {time.monotonic() - started:.1f} s; wrong {failed}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
