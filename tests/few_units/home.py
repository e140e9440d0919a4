"""A home of the few units: fifteen months with a correction, a query, an error, a gap, decisions."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from flows import pipeline
from flows.demo.returns import Return
from flows.demo.world import World, make_world
from schemas.declaring.periods import first_day, parse_month
from tests.few_units.declaration import DECLARATION
from tests.homes import Place, off_by

FIRST, LAST = parse_month("2022-01"), parse_month("2023-03")
CORRECTED, QUERIED, WRONG, MISSING = "500114001", "500114112", "500114110", "500114246"
ACCEPTED = ("500114246", parse_month("2022-05"))
RELEASED = parse_month("2022-12")
REVISED = "severely_disabled_in_care"
"""The figure of the released month that is corrected later, by 2."""
NIGHTS = (FIRST, ACCEPTED[1], RELEASED, LAST)


def signed(quarter: str, **other: Any) -> dict[str, Any]:
    """What is asked for of a release of the quarter."""
    who = {"released_by": "王五", "approved_by": "赵六"}
    return {"quarter": quarter, "release": "", "note": "", "incomplete": False, **who, **other}


def shared_home(root: Path) -> Place:
    """The home, made once for all test processes; nobody changes it."""
    with FileLock(root / "few-units.lock"):
        folder = root / "few-units"
        if not folder.exists():
            part = root / "few-units.part"
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(folder)
    return Place(folder, "tests.few_units")


def make(folder: Path) -> Place:
    """All that came; most months come late, together with a later one."""
    place = Place(folder, "tests.few_units")
    world = make_world(DECLARATION, FIRST, LAST, seed=3)
    folder.mkdir(parents=True)
    pipeline.take_history(place.home("2022-01-31T09:00"), _history(folder), "analyst")
    for month in range(FIRST, LAST + 1):
        after = f"{first_day(month + 1):%Y-%m}"
        for given in _sent(world, month):
            place.send(given, at=f"{after}-02T10:00")
        if month in NIGHTS:
            place.night(f"{after}-05T23:00")
        if month == FIRST:
            place.send(world.returns[CORRECTED, month], "更正.xlsx", at=f"{after}-11T10:00")
            place.send(world.targets[2022], "2022年目标任务表.xlsx", at=f"{after}-11T10:00")
            place.night(f"{after}-14T23:00")
        if month == ACCEPTED[1]:
            _accept(place, f"{after}-06T09:00")
        if month == RELEASED:
            pipeline.release(place.home(f"{after}-08T09:00"), signed("2022Q4"))
    place.send(
        off_by(world.returns[CORRECTED, RELEASED], REVISED, "2"),
        "再次更正.xlsx",
        at="2023-04-06T10:00",
    )
    place.night("2023-04-06T23:00")
    return place


def _sent(world: World, month: int) -> Iterator[Return]:
    for (unit, its_month), given in world.returns.items():
        if its_month != month:
            continue
        if (unit, month) == (CORRECTED, FIRST):
            given = off_by(given, "severely_disabled_in_care", "1")
        elif (unit, month) == (QUERIED, LAST) or (unit, month) == ACCEPTED:
            given = off_by(given, "relief_funds", "0.1")
        elif (unit, month) == (WRONG, LAST):
            given = off_by(given, "relief_funds", "5")
        elif (unit, month) == (MISSING, LAST):
            continue
        yield given


def _accept(place: Place, now: str) -> None:
    unit, month = ACCEPTED
    ((submission, form),) = place.query(
        "SELECT submission, form FROM submission_form JOIN submission USING (submission) "
        "WHERE unit_code = ? AND month = ? AND submission_form.state = 'held'",
        unit,
        first_day(month),
    )
    event = {"event": "accept", "submission": submission, "form": form, "reason": "已核实"}
    pipeline.decide(place.home(now), event | {"by": "analyst"})


def _history(folder: Path) -> Path:
    path = folder / "历史.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("月份", "单位", "指标", "数值", "来源"))
        rows.writerow(("2021-12", "500114", "urban_dibao_recipients", 2000, "2021年年报"))
        rows.writerow(("2021-12", "城东街道", "urban_dibao_recipients", 900, "2021年年报"))
    return path
