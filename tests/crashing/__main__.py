"""`uv run python -m tests.crashing`: nights that are killed and refused, with figures."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

from tests.crashing import hurting, running
from tests.crashing.home import make
from tests.crashing.hurting import Case, choose
from tests.crashing.seat import Judged, Seat, steps_of

_MEMORY = Path("/dev/shm")
"""Where it is there, homes lie in memory: they are thrown away."""
_TOLD = 50


def main() -> int:
    options = _options()
    started = time.monotonic()
    running.load()
    # No TemporaryDirectory: every process that is forked here would remove it when it ends.
    folder = Path(mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        _in_a_child(lambda: make(folder / "base"))
        mounting = _may_mount(folder)
        if not mounting:
            print("a disk cannot be mounted here: files limited in size stand in for a full one")
        first = Seat(folder / "base", folder / "first")
        steps = steps_of(first)
        first.end()
        cases = choose(options.kills, options.seed, steps, mounting)
        if options.only:
            cases = [
                each for each in cases if options.only in f"{each.kind} {each.step} {each.prepare}"
            ]
        told = _sit(folder, cases, options.processes)
    finally:
        shutil.rmtree(folder)
    return _print(cases, told, steps, time.monotonic() - started)


def _sit(folder: Path, cases: list[Case], processes: int) -> dict[int, Judged]:
    """Judge the cases in so many seats at once."""
    began = time.monotonic()
    children = []
    for at in range(processes):
        pid = os.fork()
        if not pid:
            code = 1
            try:
                _work(folder, at, cases, processes, began)
                code = 0
            finally:
                os._exit(code)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    told = {}
    for at in range(processes):
        for line in (folder / f"told-{at}").read_text(encoding="utf-8").splitlines():
            number, judged = json.loads(line)
            told[number] = Judged(**judged)
    return told


def _work(folder: Path, at: int, cases: list[Case], processes: int, began: float) -> None:
    seat = Seat(folder / "base", folder / f"seat-{at}")
    with (folder / f"told-{at}").open("w", encoding="utf-8") as file:
        for number in range(at, len(cases), processes):
            case = cases[number]
            judged = seat.judge(number, case)
            file.write(json.dumps([number, asdict(judged)]) + "\n")
            file.flush()
            if judged.wrong:
                _say(number, case, judged)
            if number % _TOLD == _TOLD - 1:
                seconds = time.monotonic() - began
                print(f"{number + 1} of {len(cases)} in {seconds:.0f} s", file=sys.stderr)
    seat.end()


def _say(number: int, case: Case, judged: Judged) -> None:
    plan = case.hurt.plan
    at = f" effect {plan.at}" if plan else ""
    what = " ".join(filter(None, (case.step, case.prepare)))
    room = f" room {case.room}k" if case.room is not None else ""
    room += f" largest {case.hurt.largest}" if case.hurt.largest is not None else ""
    print(f"case {number}: {case.command.name}, {case.kind}{at}{room}: {what}", flush=True)
    for each in judged.wrong[:8]:
        print(f"    {each}", flush=True)


def _in_a_child(work: object) -> None:
    """Make something in a process of its own: this one must not have threads."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            assert callable(work)
            work()
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("the home could not be made")


def _may_mount(folder: Path) -> bool:
    place = folder / "may-mount"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode == 0:
        subprocess.run(["umount", str(place)], check=True)
    return mounted.returncode == 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crashing", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many runs are hurt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", default="", help="only cases in whose description that stands")
    parser.add_argument("--steps", action="store_true", help="list the named steps as well")
    return parser.parse_args()


def _print(cases: list[Case], told: dict[int, Judged], steps: hurting.Steps, seconds: float) -> int:
    kinds = Counter(case.kind for case in cases)
    for kind, number in sorted(kinds.items()):
        own = [told[at] for at, case in enumerate(cases) if case.kind == kind and at in told]
        codes = Counter(each.code for each in own)
        ends = ", ".join(f"{code}: {times}" for code, times in sorted(codes.items()))
        wrong = sum(bool(each.wrong) for each in own)
        hurt = sum(each.hurt for each in own)
        print(f"{kind:20}{number:>6} runs,{hurt:>5} hurt, wrong {wrong:>4}; ended with {ends}")
    names = {name for _, _, name in steps["nightly"]}
    killed = {
        case.step
        for at, case in enumerate(cases)
        if case.command.name == "nightly" and case.kind.startswith("kill") and told[at].hurt
    }
    print(f"named steps of a night: {len(names)}, killed at {len(names & killed)} of them")
    every = list(told.values())
    hurt = sum(each.hurt for each in every)
    print(
        f"{hurt} hurts in {seconds:.0f} s; reads {sum(each.reads for each in every):,} "
        f"({sum(each.opened for each in every):,} times opened), reader errors "
        f"{sum(each.reader_errors for each in every)}, strange states "
        f"{sum(each.strange_states for each in every)}"
    )
    wrong = sum(bool(each.wrong) for each in every)
    print(f"homes that differ from one never hurt, or wrong ends: {wrong}")
    return 1 if wrong or len(told) < len(cases) else 0


if __name__ == "__main__":
    sys.exit(main())
