"""Homes to be explained: three units of the synthetic district, and villages that merge."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flows import pipeline
from flows.demo.world import World
from flows.explaining.explanations import Explanations
from flows.warehouse.store import reading
from schemas.declaring.periods import first_day, parse_month
from tests.explaining.villages import send_year
from tests.homes import OTHER_TOWN, TOWN, Place, changed

BUREAU = "500114000"
NOW = "2023-04-09T23:00"
HELD, ABSENT = parse_month("2023-03"), parse_month("2022-05")


@contextmanager
def explanations_of(place: Place, now: str = NOW) -> Iterator[Explanations]:
    home = place.home(now)
    with reading(home.settings.warehouse) as connection:
        yield Explanations(connection, home.declaration)


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory, district: World) -> Place:
    """Two townships in three quarters, and the office in the last of them.

    濯水镇 corrects January 2022; the other township sends nothing for May 2022 and is held in
    March 2023; both have dated totals of 2021.
    """
    place = Place(tmp_path_factory.mktemp("towns"))
    first, last = parse_month("2022-01"), parse_month("2023-03")
    months = [*range(first, first + 6), *range(last - 2, last + 1)]
    for unit in (TOWN, OTHER_TOWN, BUREAU):
        for month in months[-3:] if unit == BUREAU else months:
            given = district.returns[unit, month]
            if unit == OTHER_TOWN and month == ABSENT:
                continue
            if unit == OTHER_TOWN and month == HELD:
                given = changed(given, "orphans", value=-1)
            place.send(given, at=f"{first_day(month + 1):%Y-%m}-02T10:00")
    place.night("2023-04-08T23:00")
    again = changed(district.returns[TOWN, first], "orphans", note="已核对")
    place.send(again, "更正.xlsx", at="2023-04-09T10:00")
    place.night(NOW)
    path = place.folder / "totals.csv"
    lines = [
        "quarter,unit,figure,value,source",
        "2021Q2,濯水镇,orphans,7,2021年年报第3页",
        "2021Q2,濯水镇,relief_funds,198.5,2021年年报第4页",
        "2021Q1,500114,relief_funds,5800,2021年公报",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pipeline.take_history(place.home("2023-04-10T09:00"), path, "分析员")
    return place


@pytest.fixture
def opened(towns: Place) -> Iterator[Explanations]:
    with explanations_of(towns) as explanations:
        yield explanations


@pytest.fixture(scope="session")
def villages(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three villages in 2022, of which two are one from 2023 on; dated totals of 2021."""
    place = Place(tmp_path_factory.mktemp("villages"), schemas="tests.explaining.merging")
    for unit, people, funds in (("701", 100, 10), ("702", 40, 3), ("703", 60, 4)):
        send_year(place, unit, 2022, range(1, 13), people, funds)
    send_year(place, "701", 2023, range(1, 4), 110, 12)
    send_year(place, "704", 2023, range(1, 4), 90, 8)
    place.night("2023-04-04T23:00")
    path = place.folder / "totals.csv"
    path.write_text(
        "month,unit,figure,value,source\n2021-03,西村,people,38,旧账\n2021-03,南村,people,61,旧账\n",
        encoding="utf-8",
    )
    pipeline.take_history(place.home("2023-04-05T09:00"), path, "分析员")
    return place
