"""A warehouse file that an earlier version of the program made."""

import pytest

from flows import pipeline
from flows.demo.world import World
from flows.errors import NotThere
from flows.warehouse.store import connect
from tests.homes import TOWN, Place

JANUARY = 2022 * 12


def made_before(place: Place, column: str) -> None:
    """Take a column of main.submission away, as if it had not been declared."""
    with connect(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        connection.execute(f"ALTER TABLE main.submission DROP COLUMN {column}")
        connection.execute("UPDATE internal.applied SET declared = 'else'")


def test_a_column_that_an_older_file_lacks_is_added(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    made_before(place, "member")
    place.send(district.returns[TOWN, JANUARY + 1], at="2022-03-02T10:00")
    place.night("2022-03-04T23:00")
    comment = (
        "SELECT comment FROM duckdb_columns() "
        "WHERE table_name = 'submission' AND column_name = 'member'"
    )
    assert "zip" in place.query(comment)[0][0]
    night = place.tables()
    pipeline.rebuild(place.home("2022-03-05T09:00"))
    assert place.tables() == night


def test_a_file_that_cannot_be_brought_up_to_date_is_to_be_rebuilt(
    place: Place, district: World
) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    night = place.tables()
    made_before(place, "channel")
    with pytest.raises(NotThere, match=r"table submission .* run `minzheng rebuild`"):
        place.night("2022-02-05T23:00")
    pipeline.rebuild(place.home("2022-02-06T09:00"))
    assert place.tables() == night


def test_rows_kept_without_their_sheet_are_to_be_read_again(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, JANUARY])
    place.night("2022-02-04T23:00")
    night = place.tables()
    assert {row[-1] for row in night["living_tomb"]} == {"“一墓一策”台账"}
    with connect(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        connection.execute("DROP VIEW main.living_tomb")
        connection.execute("ALTER TABLE internal.living_tomb DROP COLUMN sheet")
        connection.execute("UPDATE internal.applied SET declared = 'else'")
    with pytest.raises(NotThere, match=r"rows of living_tomb .* run `minzheng rebuild`"):
        place.night("2022-02-05T23:00")
    pipeline.rebuild(place.home("2022-02-06T09:00"))
    assert place.tables() == night
