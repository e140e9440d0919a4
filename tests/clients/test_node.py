"""Node reads the published file, also while nights publish the next one."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from tests.clients.cells import assert_alike, statements
from tests.clients.clients import Reader, published_state
from tests.clients.conftest import FIRST, Nights
from tests.clients.reader import QUERIES as STATE
from tests.clients.tools import asked_in_node, asked_on_the_command_line, node, node_folder, run
from tests.homes import Place
from tests.pages import QUERIES, blocks

WAREHOUSE = "data/warehouse/minzheng.duckdb"


def test_everything_public_is_read_cell_by_cell(few_units: Place, tmp_path: Path) -> None:
    asked = statements(few_units)
    found = asked_in_node(few_units.folder / WAREHOUSE, asked, tmp_path)
    for each, rows in zip(asked, found, strict=True):
        assert_alike(few_units.query(each), rows)


def test_the_script_of_the_page_prints_the_values(few_units: Place, tmp_path: Path) -> None:
    (block,) = blocks(QUERIES, "js")
    (tmp_path / "node_modules").symlink_to(node_folder() / "node_modules")
    (tmp_path / "page.mjs").write_text(block.text, encoding="utf-8")
    printed = run(["node", str(tmp_path / "page.mjs")], few_units.folder)
    expected = few_units.query(
        "SELECT month, unit_name, assisted_people FROM social_assistance "
        "WHERE month = DATE '2022-12-01' ORDER BY unit_name"
    )
    assert [tuple(line.split(" ")) for line in printed.splitlines()] == [
        tuple(map(str, row)) for row in expected
    ]


def test_node_and_the_command_line_see_whole_nights_while_others_are_published(
    nights_in: Callable[[Path], Nights], tmp_path: Path
) -> None:
    nights = nights_in(tmp_path / "home")
    nights.run(FIRST, FIRST + 1)
    listed, stop = tmp_path / "state.json", tmp_path / "stop"
    listed.write_text(json.dumps(STATE), encoding="utf-8")
    states = [published_state(nights.warehouse)]
    # All at once, as each command opens the file anew.
    columns = [[f"c{at}_{n}" for n in range(len(texts))] for at, texts in enumerate(states[0])]
    joined = ", ".join(
        f"({query}) q{at}({', '.join(columns[at])})" for at, query in enumerate(STATE)
    )

    def by_command() -> list[list[str]]:
        (row,) = asked_on_the_command_line(nights.warehouse, f"SELECT * FROM {joined}")
        texts = iter("None" if value is None else value for value in row)
        return [[next(texts) for _ in names] for names in columns]

    def until_stopped() -> list[list[list[str]]]:
        found, last = [], False
        while not last:
            last = stop.exists()  # once more after that, as the last night is there by then
            found.append(by_command())
        return found

    first = by_command()
    # `stop` is the readers' last argument, the statements come before it.
    readers = {
        what: Reader.start(node(), what, nights.warehouse, listed, stop)
        for what in ("opening", "holding")
    }
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(until_stopped)
        try:
            for month in (FIRST + 2, FIRST + 3):
                nights.run(month)
                states.append(published_state(nights.warehouse))
            for each in readers.values():
                each.wait_for_more()
        finally:
            stop.touch()
    seen = {what: [read["state"] for read in each.finish()] for what, each in readers.items()}
    assert all(before != after for before, after in pairwise(states))
    assert seen["holding"] == [states[0]] * len(seen["holding"])
    for reads in (seen["opening"], [first, *asking.result()]):
        order = [states.index(each) for each in reads]
        assert order == sorted(order)
        assert order[0] == 0
        assert order[-1] == len(states) - 1
