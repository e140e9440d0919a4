"""A home with three nights behind it and arrivals waiting: what is hurt, again and again."""

import io
import os
import shutil
import zipfile
from pathlib import Path

from flows.demo.world import World, make_world
from schemas.declaring.periods import first_day, parse_month
from tests.crashing.declaration import DECLARATION, EAST, OFFICE, ZHUOSHUI
from tests.homes import Place, content_of, off_by

SCHEMAS = "tests.crashing"
FIRST, APRIL = parse_month("2022-01"), parse_month("2022-04")
FEBRUARY, MARCH = FIRST + 1, FIRST + 2
NIGHT, NEXT_NIGHT = "2022-05-05T23:00", "2022-05-06T23:00"
HISTORY = "历史.csv"


def make(folder: Path) -> Place:
    """The home: of March one form is held by a query, and one file is nobody's."""
    place = Place(folder, SCHEMAS)
    world = _world()
    for month in range(FIRST, APRIL):
        day = first_day(month + 1)
        for unit in (OFFICE, EAST, ZHUOSHUI):
            given = world.returns[unit, month]
            if (unit, month) == (EAST, MARCH):
                given = off_by(given, "relief_funds", "0.1")
            place.send(given, at=f"{day:%Y-%m}-02T10:00")
        if month == MARCH:
            nobodys = content_of(world.returns[ZHUOSHUI, FEBRUARY], unit_text="某镇")
            place.drop("无名.xlsx", nobodys, at=f"{day:%Y-%m}-02T11:00")
        place.night(f"{day:%Y-%m}-05T23:00")
    _arrive(place, world)
    text = "月份,单位,指标,数值,来源\n2021-12,500114,urban_dibao_recipients,2000,年报\n"
    (folder / HISTORY).write_text(text, encoding="utf-8")
    return place


def _arrive(place: Place, world: World) -> None:
    """What waits for the night, in the order in which it came; months are mixed on purpose."""
    april = {unit: world.returns[unit, APRIL] for unit in (OFFICE, EAST, ZHUOSHUI)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, unit in (("办公室.xlsx", OFFICE), ("城东.xlsx", EAST)):
            file.writestr(zipfile.ZipInfo(name, (2022, 5, 2, 9, 0, 0)), content_of(april[unit]))
    place.drop("四月.zip", packed.getvalue(), at="2022-05-02T09:00")
    held = content_of(off_by(april[ZHUOSHUI], "relief_funds", "5"))
    place.drop("濯水镇/四月.xlsx", held, at="2022-05-02T10:00")
    place.drop("濯水镇/又一份.xlsx", held, at="2022-05-02T10:30")
    earlier = off_by(world.returns[EAST, FEBRUARY], "severely_disabled_in_care", "2")
    place.drop("更正.xlsx", content_of(earlier), at="2022-05-02T11:00")
    in_gbk = os.fsdecode("濯水镇三月更正.xlsx".encode("gb18030"))
    again = off_by(world.returns[ZHUOSHUI, MARCH], "severely_disabled_in_care", "1")
    place.drop(in_gbk, content_of(again), at="2022-05-02T11:00")


def arrive_next(place: Place) -> None:
    """What comes after the night: the held form, put right."""
    place.drop(
        "濯水镇/四月改.xlsx", content_of(_world().returns[ZHUOSHUI, APRIL]), "2022-05-06T10:00"
    )


def seat(base: Path, folder: Path, settings: str) -> Place:
    """A copy of the home to be hurt, with its settings, in the place of the last one."""
    if folder.exists():
        shutil.rmtree(folder)
    place = Place(base, SCHEMAS).copied(folder)
    (folder / "minzheng.toml").write_text(settings, encoding="utf-8")
    return place


def _world() -> World:
    return make_world(DECLARATION, FIRST, APRIL, seed=3)
