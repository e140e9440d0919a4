"""DuckDB's command line reads the published file, and the page's commands do what they say."""

import csv
from pathlib import Path

import pytest

from tests.clients.cells import assert_alike, statements
from tests.clients.tools import asked_on_the_command_line, command_line, run
from tests.homes import Place
from tests.pages import QUERIES, blocks

WAREHOUSE = "data/warehouse/minzheng.duckdb"
PRINTING, INTO_A_FILE = blocks(QUERIES, "bash")


@pytest.fixture
def folder(few_units: Place, tmp_path: Path) -> Path:
    """A folder as the home is, in which files may be made."""
    (tmp_path / "data").symlink_to(few_units.folder / "data")
    return tmp_path


def test_everything_public_is_read_cell_by_cell(few_units: Place) -> None:
    for each in statements(few_units):
        found = asked_on_the_command_line(few_units.folder / WAREHOUSE, each)
        assert_alike(few_units.query(each), found)


def test_the_command_of_the_page_prints_a_table(folder: Path) -> None:
    printed = run(["bash", "-c", PRINTING.text], folder, command_line())
    assert "城东街道" in printed
    assert printed.count("2022-12-01") == 4


def test_the_command_of_the_page_makes_a_csv(folder: Path, few_units: Place) -> None:
    run(["bash", "-c", INTO_A_FILE.text], folder, command_line())
    with (folder / "coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    due = "SELECT count(*) FROM coverage WHERE month = DATE '2023-03-01'"
    assert [(len(rows),)] == few_units.query(due)
    assert {row["state"] for row in rows} >= {"on_time", "held", "missing"}
