"""R reads the published file through the command line."""

from pathlib import Path

from tests.clients.cells import assert_alike, statements
from tests.clients.tools import asked_in_r, command_line, run
from tests.homes import Place
from tests.pages import QUERIES, blocks

WAREHOUSE = "data/warehouse/minzheng.duckdb"


def test_everything_public_is_read_cell_by_cell(few_units: Place, tmp_path: Path) -> None:
    asked = statements(few_units)
    found = asked_in_r(few_units.folder / WAREHOUSE, asked, tmp_path)
    for each, rows in zip(asked, found, strict=True):
        assert_alike(few_units.query(each), rows)


def test_the_script_of_the_page_prints_numbers(few_units: Place, tmp_path: Path) -> None:
    (block,) = blocks(QUERIES, "r")
    page = tmp_path / "page.R"
    page.write_text(block.text + "\nstopifnot(is.numeric(people$assisted_people))\n", "utf-8")
    printed = run(["Rscript", "--vanilla", str(page)], few_units.folder, command_line())
    expected = few_units.query(
        "SELECT month, unit_name, assisted_people FROM social_assistance "
        "WHERE month = DATE '2022-12-01' ORDER BY unit_name"
    )
    for (month, unit, people), line in zip(expected, printed.splitlines()[1:], strict=True):
        assert line.split()[1:] == [str(month), unit, f"{people:.0f}"]
