"""Forms of which nothing is known: not past due yet, or of a release that kept no coverage."""

import datetime as dt
import io
from dataclasses import replace

import docx
import duckdb

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page import page
from flows.quarterly_report.page.coverage import grid
from flows.quarterly_report.page.numbers import Numbers
from flows.quarterly_report.page.overview import overview
from flows.quarterly_report.rows import Release
from flows.quarterly_report.word.document import word
from schemas.declaring.lines import flow
from tests.quarterly_report.conftest import Gathered
from tests.quarterly_report.texts import as_text
from tests.quarterly_report.word.test_document import with_text
from tests.quarterly_report.worlds import district, form, gathered_of, made_of, prose

WORLD = district(
    form("one", "月报表", flow("1", "spent", "支出", "元", "")), report=prose("{支出}。")
)
FACTS = "2022-01..2022-03 A spent 5\n2022-01 B spent 5"


def in_february(connection: duckdb.DuckDBPyConnection) -> None:
    """Nothing but January is past due."""
    connection.execute("UPDATE internal.due_form SET state = NULL WHERE month_start > '2022-01-31'")


def gaps_said(contents: Contents) -> str:
    made = word(contents, with_text("{缺报情况}"))
    return docx.Document(io.BytesIO(made.content)).paragraphs[-1].text


def test_what_is_not_past_due_is_called_so_in_every_file() -> None:
    with gathered_of(WORLD, FACTS, change=in_february) as (contents, numbers):
        made = made_of(contents, numbers)
        assert len(contents.pending) == 4
        assert "尚有4份报表未到报送期" in made.said[1]
        assert gaps_said(contents) == "尚有4份报表未到报送期。"
        own = Numbers(contents)
        states = [[cell.state for cell in row.cells] for row in grid(own).rows]
        assert states == [["on_time", "pending", "pending"]] * 2
        assert overview(own, (), ()).complete == 0
        assert ">·</span>" in made.page


def test_a_release_without_coverage_says_that_nothing_is_known(released: Gathered) -> None:
    contents = replace(released[0], coverage={})
    assert contents.gaps == ()
    assert "没有报表报送情况的记录" in gaps_said(contents)
    made = word(contents, with_text("{状态}"))
    assert "发布时没有报表报送情况的记录" in as_text(made.blocks[0].pieces)
    assert 's missing"><span' not in page(contents)


def test_a_release_before_forms_are_due_says_so() -> None:
    with gathered_of(WORLD, FACTS, change=in_february) as (contents, _):
        release = Release("R", dt.datetime(2022, 4, 1), None, None, None)  # noqa: DTZ001
        made = word(replace(contents, release=release), with_text("{状态}"))
        assert "发布时尚有4份报表未到报送期" in as_text(made.blocks[0].pieces)
