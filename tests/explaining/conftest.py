"""Homes to be explained: the few units', and villages that merge, are split and end."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flows import pipeline
from flows.explaining.explanations import Explanations
from flows.warehouse.store import reading
from tests.explaining.villages import send_year
from tests.homes import Place

NOW = "2023-04-09T23:00"


@contextmanager
def explanations_of(place: Place) -> Iterator[Explanations]:
    home = place.home(NOW)
    with reading(home.settings.warehouse) as connection:
        yield Explanations(connection, home.declaration)


@pytest.fixture
def opened(few_units: Place) -> Iterator[Explanations]:
    with explanations_of(few_units) as explanations:
        yield explanations


@pytest.fixture(scope="session")
def villages(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three villages in 2022, of which two are one from 2023 on; dated totals of 2021.

    The third gives a part to another in February 2023, one more is there in January only.
    """
    place = Place(tmp_path_factory.mktemp("villages"), schemas="tests.explaining.merging")
    for unit, people, funds in (("701", 100, 10), ("702", 40, 3), ("703", 60, 4)):
        send_year(place, unit, 2022, range(1, 13), people, funds)
    send_year(place, "701", 2023, range(1, 4), 110, 12)
    send_year(place, "704", 2023, range(1, 4), 90, 8)
    send_year(place, "705", 2023, range(2, 4), 20, 2)
    send_year(place, "706", 2023, range(1, 2), 5, 1)
    place.night("2023-04-04T23:00")
    path = place.folder / "totals.csv"
    path.write_text(
        "month,unit,figure,value,source\n2021-03,西村,people,38,旧账\n2021-03,南村,people,61,旧账\n2021Q2,南村,funds,12.5,旧账第2页\n",
        encoding="utf-8",
    )
    pipeline.take_history(place.home("2023-04-05T09:00"), path, "分析员")
    return place
