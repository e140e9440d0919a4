"""The picture of the tables: nothing over anything else, every key and reference in it."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from flows.documenting.drawing import schema_picture
from flows.documenting.entities import entities, mermaid
from flows.documenting.placing import WIDTH, Box, Plan, plan
from flows.warehouse.tables import public_tables
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from tests.second_district.declaration import DECLARATION as LIBRARIES

SVG = "{http://www.w3.org/2000/svg}"
MONOSPACE = 0.61
"""The width of a letter in the fonts that the picture asks for, by its size."""


@pytest.fixture(params=[DECLARATION, LIBRARIES], ids=["district", "libraries"])
def declaration(request: pytest.FixtureRequest) -> Declaration:
    assert isinstance(request.param, Declaration)
    return request.param


@pytest.fixture
def places(declaration: Declaration) -> Plan:
    return plan(entities(declaration))


def apart(one: Box, other: Box) -> bool:
    return (
        one.left + WIDTH < other.left
        or other.left + WIDTH < one.left
        or one.top + one.height < other.top
        or other.top + other.height < one.top
    )


def inside(box: Box, x: int, y: int) -> bool:
    return box.left < x < box.left + WIDTH and box.top < y < box.top + box.height


def test_every_table_is_in_one_box(declaration: Declaration, places: Plan) -> None:
    shown = [name for box in places.boxes for name in box.entity.members]
    assert sorted(shown) == sorted(table.name for table in public_tables(declaration))


def test_no_box_is_over_another_or_outside(places: Plan) -> None:
    assert all(apart(one, other) for one, other in combinations(places.boxes, 2))
    for box in places.boxes:
        assert box.left > 0
        assert box.left + WIDTH < places.width
        assert box.top + box.height < places.height


def test_every_reference_hangs_on_the_trunk_of_the_table_it_is_to(places: Plan) -> None:
    wanted = sorted(to.table for box in places.boxes for to in box.entity.refers)
    drawn = sorted(
        name for name, trunks in places.trunks.items() for each in trunks for _ in each.stubs
    )
    assert drawn == wanted
    for name, trunks in places.trunks.items():
        assert [each.head.entity.title for each in trunks if each.head] == [name]
        assert len(trunks) == 1 or name in places.rails


def test_lines_run_between_the_boxes_and_never_on_one_another(places: Plan) -> None:
    columns = [trunk.at for trunks in places.trunks.values() for trunk in trunks]
    assert len(set(columns)) == len(columns)
    heights = [rail.at for rail in places.rails.values()]
    assert len(set(heights)) == len(heights)
    assert all(height < box.top for height in heights for box in places.boxes)
    for trunks in places.trunks.values():
        for trunk in trunks:
            assert not any(box.left <= trunk.at <= box.left + WIDTH for box in places.boxes)
            for stub in trunk.stubs:
                y = (stub.first + stub.last) // 2
                between = range(trunk.at, stub.left)
                assert not any(inside(box, x, y) for x in between for box in places.boxes)


def test_texts_stay_in_their_boxes(declaration: Declaration, places: Plan) -> None:
    root = ElementTree.fromstring(schema_picture(declaration))
    lines: dict[tuple[float, int], list[tuple[float, float]]] = {}
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        wide = len(text.text or "") * 12 * MONOSPACE
        wide *= {"tag": 9 / 12, "kind": 10 / 12, "title": 13 / 12}.get(
            text.attrib.get("class", ""), 1
        )
        first = x - wide if text.attrib.get("text-anchor") == "end" else x
        for box in places.boxes:
            if inside(box, int(x), int(y)):
                assert box.left < first
                assert first + wide < box.left + WIDTH, text.text
                lines.setdefault((round(y / 3), box.left), []).append((first, first + wide))
    for spans in lines.values():
        spans.sort()
        assert all(end < begin for (_, end), (begin, _) in pairwise(spans))


def test_the_same_declaration_gives_the_same_picture(declaration: Declaration) -> None:
    assert schema_picture(declaration) == schema_picture(declaration)


def test_mermaid_says_every_key_and_reference(declaration: Declaration) -> None:
    text = mermaid(declaration)
    boxes = entities(declaration)
    assert text.count(" PK") == sum(column.key for each in boxes.values() for column in each.shown)
    lines = re.findall(r'^    (\w+) }o--(?:\|\||o\|) (\w+) : "[\w, ]+"$', text, re.MULTILINE)
    wanted = [
        (each.title.replace(" ", "_"), to.table) for each in boxes.values() for to in each.refers
    ]
    assert lines == wanted


def test_the_key_of_growth_refers_as_a_whole() -> None:
    text = mermaid(DECLARATION)
    assert 'growth }o--|| quarterly_indicator : "quarter, unit_code, indicator"' in text
    assert 'submission }o--o| reporting_unit : "unit_code"' in text
