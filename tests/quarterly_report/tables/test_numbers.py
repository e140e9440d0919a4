"""What stands in the cells is the database's, rounded once."""

import io
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from openpyxl import load_workbook

from flows.computing.rounding import Standard
from flows.quarterly_report.tables import tables
from flows.quarterly_report.tables.reading_back import numbers_in
from tests.quarterly_report.conftest import Gathered

_MODES = {"half_up": ROUND_HALF_UP, "gb8170": ROUND_HALF_EVEN}
_PLACES = "CASE WHEN i.unit IN ('%', '万元') OR i.kind = 'ratio' THEN 1 ELSE 0 END"


def _expected(gathered: Gathered, standard: Standard) -> dict[str, Decimal | str]:
    """All numbers that the workbook shows, asked of the shared tables and rounded here."""
    contents, database = gathered
    found: dict[str, Decimal | str] = {}

    def put(key: str, number: Decimal | None, places: int, suppressed: bool) -> None:
        if number is None:
            found[key] = "＊" if suppressed else "—"
        else:
            exact = Decimal(1).scaleb(-places)
            found[key] = number.quantize(exact, _MODES[standard])

    for indicator, unit, places, suppressed, value, to_date in database.execute(
        f"SELECT indicator, unit_code, {_PLACES}, suppressed, value, year_to_date "
        "FROM quarterly_indicator JOIN indicator i USING (indicator) WHERE quarter = ?",
        [contents.label],
    ).fetchall():
        put(f"{indicator}/{unit}/value", value, places, suppressed)
        if unit == contents.district:
            put(f"{indicator}/{unit}/year_to_date", to_date, places, suppressed)
    for (
        indicator,
        unit,
        comparison,
        unit_zh,
        places,
        status,
        change,
        rate,
        matched,
    ) in database.execute(
        f"SELECT indicator, unit_code, comparison, i.unit, {_PLACES}, status, change, rate, "
        "matched_rate FROM growth JOIN indicator i USING (indicator) WHERE quarter = ?",
        [contents.label],
    ).fetchall():
        key, suppressed = f"{indicator}/{unit}/{comparison}", status == "suppressed"
        if unit == contents.district and comparison != "two_year":
            put(f"{key}.change", change, places, suppressed)
            put(f"{key}.rate", rate, 1, suppressed)
            if comparison == "yoy":
                put(f"{key}.matched_rate", matched, 1, suppressed)
        elif unit != contents.district and comparison == "yoy":
            if unit_zh == "%":
                put(f"{key}.change", change, 1, suppressed)
            else:
                put(f"{key}.rate", rate, 1, suppressed)
    if database.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'progress'").fetchone():
        for indicator, places, suppressed, target, completion, lead in database.execute(
            f"SELECT indicator, {_PLACES}, suppressed, coalesce(target, year_target), completion, "
            "lead FROM progress JOIN indicator i USING (indicator) WHERE quarter = ?",
            [contents.label],
        ).fetchall():
            key = f"{indicator}/{contents.district}"
            put(f"{key}/target", target, places, suppressed)
            put(f"{key}/completion", completion, 1, suppressed)
            put(f"{key}/lead", lead, 1, suppressed)
    return found


def test_every_number_is_there_as_the_database_has_it(
    provisional: Gathered, workbook: bytes
) -> None:
    expected = _expected(provisional, "half_up")
    assert numbers_in(workbook, provisional[0]) == expected
    assert len(expected) > 1000
    assert {each for each in expected.values() if isinstance(each, str)} == {"＊", "—"}


def test_a_release_s_numbers_are_its_own(released: Gathered, released_workbook: bytes) -> None:
    expected = _expected(released, "half_up")
    assert numbers_in(released_workbook, released[0]) == expected
    assert any(key.endswith("/lead") for key in expected)


def test_the_other_rounding_standard(provisional: Gathered) -> None:
    even = replace(provisional[0], standard="gb8170")
    # Not its own workbook is asked, but what it says of half units.
    level = even.levels[even.quarter, even.district, "relief_per_assisted_person"]
    levels = {
        **even.levels,
        (even.quarter, even.district, "relief_per_assisted_person"): level._replace(
            value=Decimal("0.25"), year_to_date=Decimal("0.35"), suppressed=False
        ),
    }
    for standard, value in (("gb8170", "0.2"), ("half_up", "0.3")):
        told = replace(even, levels=levels, standard=standard)  # type: ignore[arg-type]
        found = numbers_in(tables(told), told)
        key = f"relief_per_assisted_person/{even.district}"
        assert found[f"{key}/value"] == Decimal(value)
        assert found[f"{key}/year_to_date"] == Decimal("0.4")


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "said"),
    [
        ("主要指标", "C5", 12345, "another"),
        ("主要指标", "A5", "没有的指标", "is no indicator"),
        ("目标进度", "A4", "没有的指标", "is no indicator"),
    ],
)
def test_what_does_not_fit_is_named(
    released: Gathered, released_workbook: bytes, sheet: str, cell: str, value: object, said: str
) -> None:
    book = load_workbook(io.BytesIO(released_workbook))
    book[sheet][cell] = value
    changed = io.BytesIO()
    book.save(changed)
    with pytest.raises(ValueError, match=said):
        numbers_in(changed.getvalue(), released[0])


def test_a_changed_number_is_read_as_changed(released: Gathered, released_workbook: bytes) -> None:
    book = load_workbook(io.BytesIO(released_workbook))
    sheet = book["主要指标"]
    sheet["D5"] = 12345
    changed = io.BytesIO()
    book.save(changed)
    before = numbers_in(released_workbook, released[0])
    after = numbers_in(changed.getvalue(), released[0])
    (key,) = (each for each in before if before[each] != after[each])
    assert key.endswith("/year_to_date")
    assert after[key] == 12345
