"""The published file keeps the contract: tables, comments, coverage, states."""

from decimal import Decimal

from flows.demo.world import World
from flows.warehouse.tables import public_tables
from schemas.declaration import DECLARATION
from tests.homes import OTHER_TOWN, TOWN, Place, changed, fill

JANUARY = 2022 * 12


def test_every_public_table_and_column_carries_a_comment(place: Place) -> None:
    place.night("2022-01-10T23:00")
    tables = place.query(
        "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' "
        "UNION ALL SELECT view_name, comment FROM duckdb_views() "
        "WHERE schema_name = 'main' AND NOT internal"
    )
    assert {name for name, _ in tables} == {table.name for table in public_tables(DECLARATION)}
    assert all(comment for _, comment in tables)
    bare = place.query(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal AND comment IS NULL"
    )
    assert bare == []


def test_columns_and_types_are_as_declared(place: Place) -> None:
    place.night("2022-01-10T23:00")
    for table in public_tables(DECLARATION):
        found = place.query(
            "SELECT column_name, data_type FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index",
            table.name,
        )
        assert found == [(column.name, column.type) for column in table.columns], table.name


def test_no_household_head_anywhere(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    columns = place.query(
        "SELECT table_name FROM duckdb_columns() WHERE column_name = 'household_head'"
    )
    assert columns == []
    tombs = district.returns[TOWN, JANUARY].ledger("living_tombs")
    assert tombs is not None
    heads = {str(row["household_head"]) for row in tombs.rows if row["household_head"]}
    assert heads
    (file,) = (place.folder / "data/warehouse").glob("*.duckdb")
    content = file.read_bytes()
    assert not [head for head in heads if len(head) > 2 and head.encode() in content]


def test_a_ledger_at_a_months_end_and_a_form_as_columns(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-05T23:00")
    tombs = district.returns[TOWN, JANUARY].ledger("living_tombs")
    assert tombs is not None
    assert place.query("SELECT count(*) FROM living_tomb WHERE month = '2022-01-01'") == [
        (len(tombs.rows),)
    ]
    amounts = district.amounts(TOWN, JANUARY)
    assert place.query("SELECT unit_name, orphans, relief_funds FROM social_assistance") == [
        ("濯水镇", amounts["orphans"][0], amounts["relief_funds"][0])
    ]


def test_coverage_on_time_late_held_missing(place: Place, district: World) -> None:
    given = district.returns[TOWN, JANUARY]
    place.send(given.only({"social_assistance"}), "一.xlsx")
    place.send(changed(given.only({"marriage_customs"}), "salon_sessions", value="若干"), "二.xlsx")
    place.night("2022-02-04T23:00")
    state = "SELECT form, state FROM coverage WHERE unit_code = ? ORDER BY 1"
    assert place.query(state, TOWN) == [
        ("marriage_customs", "held"),
        ("social_assistance", "on_time"),
    ]
    place.night("2022-02-05T23:59")
    assert len(place.query(state, TOWN)) == 2
    place.send(given.only({"elderly_care"}), "三.xlsx")
    place.night("2022-02-06T00:01")
    states = dict(place.query(state, TOWN))
    assert states["elderly_care"] == "late"
    assert states["funeral_reform"] == "missing"
    assert states["marriage_customs"] == "held"
    place.send(given.only({"marriage_customs"}), "四.xlsx")
    place.send(changed(given.only({"social_assistance"}), "orphans", value=Decimal(-1)), "五.xlsx")
    place.night("2022-02-08T23:00")
    states = dict(place.query(state, TOWN))
    assert states["marriage_customs"] == "late"
    assert states["social_assistance"] == "on_time"  # a later version that is held changes nothing


def test_only_quarters_that_changed_are_computed_again(place: Place, district: World) -> None:
    fill(place, district, "2022-01", "2022-06", (TOWN, OTHER_TOWN))
    before = dict(
        place.query(
            "SELECT quarter, value FROM quarterly_indicator WHERE unit_code = ? "
            "AND indicator = 'severely_disabled_in_care'",
            TOWN,
        )
    )
    place.send(
        changed(
            district.returns[TOWN, JANUARY + 5], "severely_disabled_in_care", value=Decimal(77)
        ),
        "改.xlsx",
    )
    place.night("2022-07-06T23:00")
    after = dict(
        place.query(
            "SELECT quarter, value FROM quarterly_indicator WHERE unit_code = ? "
            "AND indicator = 'severely_disabled_in_care'",
            TOWN,
        )
    )
    assert after == before | {"2022Q2": Decimal(77)}
