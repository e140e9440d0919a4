"""`uv run python -m tests.crashing`: nights that are killed and refused, with figures."""

import argparse
import json
import os
import shutil
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

from tests.crashing import hurting, running
from tests.crashing.commands import COMMANDS, NIGHTLY
from tests.crashing.disks import may_mount
from tests.crashing.home import make
from tests.crashing.hurting import Case, chains, choose
from tests.crashing.mails import Mails
from tests.crashing.seat import Judged, Seat

_MEMORY = Path("/dev/shm")
"""Where it is there, homes lie in memory: they are thrown away."""
_TOLD = 50


def main() -> int:
    options = _options()
    started = time.monotonic()
    running.load()
    # No TemporaryDirectory: every process that is forked here would remove it when it ends.
    mails: Mails | None = None
    folder = Path(mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        _in_a_child(lambda: make(folder / "base"))
        mounting = may_mount(folder / "may-mount")
        if not mounting:
            print("a disk cannot be mounted here: files limited in size stand in for a full one")
        mails = Mails(folder / "mails")
        first = Seat(folder / "base", folder / "first", mails)
        for command in (NIGHTLY,) if options.night else COMMANDS:
            first.go_through(command)
        first.end()
        steps = {name: each.steps for name, each in first.unhurt.items()}
        cases = choose(options.kills, options.seed, steps, mounting)
        if options.only:
            cases = [
                each for each in cases if options.only in f"{each.kind} {each.step} {each.prepare}"
            ]
        homes = chains(cases)
        if options.every_step:
            homes = [[each] for each in hurting.at_every_step(options.seed, steps)]
        cases = [each for home in homes for each in home]
        told = _sit(first, homes, options.processes, options.seconds)
    finally:
        if mails is not None:
            mails.end()
        shutil.rmtree(folder)
    done = [(case, judged) for case, judged in zip(cases, told, strict=True) if judged is not None]
    return _print(done, len(homes), steps, time.monotonic() - started)


def _sit(
    first: Seat, homes: list[list[Case]], processes: int, seconds: float
) -> list[Judged | None]:
    """Judge the cases in so many seats at once; None for what there was no time for."""
    until, folder = time.monotonic() + seconds, first.folder.parent
    children = []
    for at in range(processes):
        pid = os.fork()
        if not pid:
            code = 1
            try:
                _work(first, at, homes, processes, until)
                code = 0
            finally:
                os._exit(code)
        children.append(pid)
    failed = [pid for pid in children if os.waitpid(pid, 0)[1]]
    if failed:
        raise SystemExit("a seat came to no end")
    told: dict[int, list[Judged]] = {}
    for at in range(processes):
        for line in (folder / f"told-{at}").read_text(encoding="utf-8").splitlines():
            number, every = json.loads(line)
            told[number] = [Judged(**each) for each in every]
    nothing: list[Judged | None] = []
    for number, home in enumerate(homes):
        nothing += told.get(number, [None] * len(home))
    return nothing


def _work(first: Seat, at: int, homes: list[list[Case]], processes: int, until: float) -> None:
    folder, began, hurts = first.folder.parent, time.monotonic(), 0
    seat = Seat(first.base, folder / f"seat-{at}", first.mails, first.unhurt)
    with (folder / f"told-{at}").open("w", encoding="utf-8") as file:
        for number in range(at, len(homes), processes):
            if time.monotonic() > until:
                break
            every = seat.judge(number, homes[number])
            file.write(json.dumps([number, [asdict(each) for each in every]]) + "\n")
            file.flush()
            if any(each.wrong for each in every):
                _say(number, homes[number], every)
            hurts += len(every)
            if number // processes % _TOLD == _TOLD - 1:
                seconds = time.monotonic() - began
                print(f"seat {at}: {hurts} hurts in {seconds:.0f} s", file=sys.stderr)
    seat.end()


def _say(number: int, cases: list[Case], every: list[Judged]) -> None:
    for case, judged in zip(cases, every, strict=True):
        plan = case.hurt.plan
        at = f" effect {plan.at}" if plan else ""
        what = " ".join(filter(None, (judged.step or case.step, case.prepare)))
        room = f" room {case.room}k" if case.room is not None else ""
        room += f" largest {case.hurt.largest}" if case.hurt.largest is not None else ""
        print(f"home {number}: {case.command.name}, {case.kind}{at}{room}: {what}", flush=True)
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crashing", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many runs are hurt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", default="", help="only cases in whose description that stands")
    parser.add_argument("--night", action="store_true", help="hurt nights, and no other command")
    parser.add_argument("--every-step", action="store_true", help="kill at each step of a night")
    parser.add_argument("--seconds", type=float, default=7200, help="begin no home after that")
    return parser.parse_args()


def _print(
    done: list[tuple[Case, Judged]], homes: int, steps: hurting.Steps, seconds: float
) -> int:
    for kind in sorted({case.kind for case, _ in done}):
        own = [judged for case, judged in done if case.kind == kind]
        codes = Counter(each.code for each in own)
        ends = ", ".join(f"{code}: {times}" for code, times in sorted(codes.items()))
        wrong = sum(bool(each.wrong) for each in own)
        hurt = sum(each.hurt for each in own)
        print(f"{kind:20}{len(own):>6} runs,{hurt:>5} hurt, wrong {wrong:>3}; ended with {ends}")
    named = {name for _, _, name in steps["nightly"]}
    killed = {judged.step for case, judged in done if "kill" in case.kind and judged.hurt}
    print(f"named steps of a night: {len(named)}, killed at {len(named & killed)} of them")
    every = [judged for _, judged in done]
    hurt = sum(each.hurt for each in every)
    print(
        f"{hurt} hurts to {homes} homes in {seconds:.0f} s; reads "
        f"{sum(each.reads for each in every):,} "
        f"({sum(each.opened for each in every):,} times opened), reader errors "
        f"{sum(each.reader_errors for each in every)}, strange states "
        f"{sum(each.strange_states for each in every)}"
    )
    print(
        f"mails taken by the server: {sum(each.mails for each in every)}, none twice; on their way "
        f"when a run was killed, and said to be so: {sum(each.uncertain for each in every)}"
    )
    wrong = sum(bool(each.wrong) for each in every)
    print(f"homes that differ from one never hurt, or wrong ends: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
