"""Another district's package takes the place of ours by setting; flows/ is the same."""

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from flows import pipeline
from tests.homes import Place
from tests.second_district.declaration import FORM

LIBRARIES = {"900001": "东馆", "900002": "临江市西馆"}
VALUES = {
    # quarter: library: readers, loans, loans to children, spending, and the last three since January
    "2023年一季度": {"900001": (100, 300, 120, "1.5"), "900002": (50, 100, 40, "0.5")},
    "2023年第2季度": {"900001": (110, 330, 100, "2.5"), "900002": (50, 150, 60, "1.0")},
    "2024Q1": {"900001": (120, 330, 130, "1.8"), "900002": (60, 70, 20, "0.7")},
}


def workbook(
    unit: str, period: str, values: tuple[object, ...], since: dict[str, Decimal]
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["B2"] = FORM.title_zh
    sheet["B3"] = f"填报单位：{LIBRARIES[unit]}　报告期：{period}"
    sheet.append([])
    sheet.append([None, "指标名称", "计量单位", "代码", "本季数", "本年累计", "说明"])
    for figure, value in zip(FORM.figures, values, strict=True):
        total = since.get(figure.name, Decimal(0)) + Decimal(str(value))
        since[figure.name] = total
        cumulative = float(total) if figure.kind == "flow" else None
        number = float(str(value))
        sheet.append([None, figure.name_zh, figure.unit, int(figure.code), number, cumulative])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def libraries(tmp_path: Path) -> Place:
    place = Place(tmp_path, schemas="tests.second_district")
    since: dict[tuple[str, str], dict[str, Decimal]] = {}
    for period, reported in VALUES.items():
        for unit, values in reported.items():
            content = workbook(unit, period, values, since.setdefault((unit, period[:4]), {}))
            place.drop(f"{unit}-{period}.xlsx", content)
    place.night("2024-04-10T23:00")
    return place


def test_quarterly_figures_of_something_else_run_through_the_same_flows(libraries: Place) -> None:
    assert libraries.query("SELECT level, message FROM finding") == []
    rows = libraries.query(
        "SELECT quarter, value, year_to_date, units_reported FROM quarterly_indicator "
        "WHERE unit_code = '900' AND indicator = 'loans' AND value IS NOT NULL ORDER BY 1"
    )
    # 300 + 100; 330 + 150 and 400 + 480; 330 + 70
    assert rows == [("2023Q1", 400, 400, 2), ("2023Q2", 480, 880, 2), ("2024Q1", 400, 400, 2)]


def test_growth_and_ratio(libraries: Place) -> None:
    assert libraries.query(
        "SELECT rate, status FROM growth WHERE unit_code = '900' AND indicator = 'loans' "
        "AND quarter = '2023Q2' AND comparison = 'qoq'"
    ) == [(Decimal(20), "ok")]
    assert libraries.query(
        "SELECT rate, status, contribution FROM growth WHERE unit_code = '900001' "
        "AND indicator = 'loans' AND quarter = '2024Q1' AND comparison = 'yoy'"
    ) == [(Decimal(10), "ok", None)]
    # (330 + 70) / (120 + 60)
    assert libraries.query(
        "SELECT value FROM quarterly_indicator WHERE unit_code = '900' "
        "AND indicator = 'loans_per_reader' AND quarter = '2024Q1'"
    ) == [(Decimal("2.2222222222"),)]


def test_coverage_is_by_the_quarter(libraries: Place) -> None:
    rows = libraries.query(
        "SELECT strftime(month, '%Y-%m'), state, count(*) FROM coverage GROUP BY ALL ORDER BY 1"
    )
    assert rows == [
        ("2023-03", "late", 2),
        ("2023-06", "late", 2),
        ("2023-09", "missing", 2),
        ("2023-12", "missing", 2),
        ("2024-03", "on_time", 2),
    ]


def test_its_own_rules_hold_a_form_at_its_cell(tmp_path: Path) -> None:
    place = Place(tmp_path, schemas="tests.second_district")
    place.drop("坏.xlsx", workbook("900001", "2023Q1", (100, 300, 320, "1.5"), {}))
    place.night("2023-04-10T23:00")
    assert place.query("SELECT rule, level, cell FROM finding ORDER BY 1, 3") == [
        ("B2101", "error", "E8")
    ]
    assert place.query("SELECT state FROM submission_form") == [("held",)]


def test_rebuild(libraries: Place) -> None:
    before = libraries.tables()
    pipeline.rebuild(libraries.home("2024-04-11T00:00"))
    assert libraries.tables() == before
