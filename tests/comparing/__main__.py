"""`uv run python -m tests.comparing`: whole random histories, told by SQL and by plain Python."""

import argparse
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.comparing.histories import plan
from tests.comparing.telling import Told, tell

_SHOWN = 20
_TOLD = 50
"""After so many histories it says how far it is."""
_MEMORY = Path("/dev/shm")
"""Where it is there, homes lie in memory: they are thrown away."""


def main() -> int:
    options = _options()
    started = time.monotonic()
    seeds = range(options.seed, options.seed + options.histories)
    told = Told()
    with ProcessPoolExecutor(options.processes) as pool:
        try:
            _gather(told, pool.map(told_alone, seeds))
        except KeyboardInterrupt:  # what was compared so far is told all the same
            pool.shutdown(wait=False, cancel_futures=True)
    _print(told, time.monotonic() - started)
    return 1 if told.differences else 0


def _gather(told: Told, each: Iterable[Told]) -> None:
    for one in each:
        told.add(one)
        for difference in one.differences[:_SHOWN]:
            print(difference, flush=True)
        done = told.counted["histories"]
        if done % _TOLD == 0:
            print(f"{done} histories, {len(told.differences)} disagreements", file=sys.stderr)


def told_alone(seed: int) -> Told:
    """A history in a folder of its own; an error is a difference like any other."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        try:
            return tell(plan(seed), Path(folder))
        except Exception as error:  # whatever goes wrong is what is to be reported
            return Told(differences=[f"seed {seed}: {type(error).__name__}: {error}"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.comparing", description=__doc__)
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _print(told: Told, seconds: float) -> None:
    for name, number in told.counted.items():
        print(f"{name:24}{number:>12,}")
    print("by status: " + _listed(told))
    print(f"disagreements {len(told.differences)}; {seconds:.0f} s")


def _listed(told: Told) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(told.statuses.items()))


if __name__ == "__main__":
    sys.exit(main())
