"""The files of the benchmark: returns as units send them, made once and kept."""

import json
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from flows.demo.arrivals import make_arrivals, write_arrival
from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring import periods

FIRST_YEAR = 2022
_SEED = 11
_MARK = "made.json"


@dataclass(frozen=True)
class Size:
    """How many years of how many townships; the bureau's office and its targets come on top."""

    years: int
    units: int

    @property
    def night(self) -> str:
        """The clock of the night that takes all of it in."""
        return f"{FIRST_YEAR + self.years}-01-20T23:00"

    @property
    def night_after(self) -> str:
        return f"{FIRST_YEAR + self.years}-01-21T23:00"


def the_files(folder: Path, size: Size) -> list[Path]:
    """The workbooks of that size below `folder`, made where they are not there yet."""
    place = folder / f"{size.years}-years-{size.units}-units"
    mark = place / _MARK
    if not mark.exists():
        _make(place, size)
    made = json.loads(mark.read_text(encoding="utf-8"))
    found = sorted(place.rglob("*.xlsx"))
    if len(found) != made["files"]:
        raise SystemExit(f"{place} has {len(found)} of {made['files']} files; remove it.")
    return found


def _make(place: Path, size: Size) -> None:
    if place.exists():
        shutil.rmtree(place)
    world = _world(size)
    arrivals = make_arrivals(world, _SEED, mistakes=False, habits=True)
    folders = [place / f"{each.day:%Y-%m-%d}" for each in arrivals]
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        written = set(pool.map(write_arrival, arrivals, folders, chunksize=16))
    (place / _MARK).write_text(json.dumps({"files": len(written)}), encoding="utf-8")


def _world(size: Size) -> World:
    first = periods.month_number(FIRST_YEAR, 1)
    last = periods.month_number(FIRST_YEAR + size.years - 1, 12)
    world = make_world(DECLARATION, first, last, _SEED)
    groups = {unit.code: DECLARATION.group(unit.code) for unit in DECLARATION.reporting_units(last)}
    townships = [code for code, group in groups.items() if group == "township"][: size.units]
    if len(townships) < size.units:
        raise SystemExit(f"There are {len(townships)} townships; give at most as many --units.")
    kept = {*townships, *(code for code, group in groups.items() if group == "bureau")}
    returns = {key: made for key, made in world.returns.items() if key[0] in kept}
    return replace(world, returns=returns)
