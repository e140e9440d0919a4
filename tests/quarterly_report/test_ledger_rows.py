"""What is said of ledgers: that have not come, that are empty, and that hold whatever was typed."""

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page import page
from flows.quarterly_report.page.prose import prose_html
from flows.quarterly_report.page.reading_back import numbers_on
from flows.quarterly_report.tables import tables
from flows.quarterly_report.word.document import Word, word
from flows.quarterly_report.word.reading_back import numbers_in
from tests.quarterly_report.conftest import Gathered
from tests.quarterly_report.texts import as_text
from tests.quarterly_report.word.test_document import with_text

TEMPLATE = with_text("{整改事项数}，{运行的康复站}。", "{整改分工}")


def without(contents: Contents, ledger: str, *, state: str | None) -> Contents:
    """The contents without the rows of a ledger's last month, its forms all in that state."""
    due = {
        key: each if state is None else each._replace(state=state)
        for key, each in contents.coverage.items()
        if state is not None or key[1:] != (contents.last_month, ledger)
    }
    counts = {count for count, (of, _) in contents.declaration.counts.items() if of.name == ledger}
    months = {key: each for key, each in contents.months.items() if key[1] not in counts}
    return replace(contents, ledgers=contents.ledgers | {ledger: ()}, coverage=due, months=months)


def said(made: Word) -> str:
    return as_text(made.blocks[0].pieces)


def total(made: Word) -> tuple[str | int, ...]:
    (table,) = (block.table for block in made.blocks if block.table is not None)
    return table.rows[-1]


@pytest.mark.parametrize("state", ["missing", None])
def test_a_ledger_that_has_not_come_is_no_empty_one(
    provisional: Gathered, state: str | None
) -> None:
    contents = without(provisional[0], "rectification", state=state)
    made = word(contents, TEMPLATE)
    assert said(made).startswith("暂缺")
    assert total(made)[2:] == ("暂缺",) * 3
    assert str(total(made)[0]).startswith("合计（缺" if state else "合计")
    assert not made.notes[0].units.startswith("应报单位均已报送")


def test_an_empty_ledger_counts_nothing(provisional: Gathered) -> None:
    contents = without(provisional[0], "rectification", state="on_time")
    made = word(contents, TEMPLATE)
    assert said(made).startswith("0项，")
    assert total(made) == ("合计", "", 0, 0, 0)
    assert made.notes[0].units == "应报单位均已报送"
    listing = word(without(provisional[0], "facilities", state=None), TEMPLATE)
    assert "，暂缺" in said(listing)


def facility(**values: Any) -> dict[str, Any]:
    row = {"unit_code": "500114101", "submission": "s", "sheet": "S", "row": 3, "village": None}
    row |= {"kind": "精神障碍康复站", "status": "运行", "name": "站", "in_use": None}
    return row | values


def test_whatever_was_typed_into_a_ledger_stands_in_all_files(provisional: Gathered) -> None:
    names = ("{低保人数}", "一\x0b二\x00三\ufffe", "<b>&\n换行", "长" * 3000, None)
    rows = tuple(facility(name=name) for name in names)
    contents = replace(provisional[0], ledgers=provisional[0].ledgers | {"facilities": rows})
    made = word(contents, TEMPLATE)
    text = docx.Document(io.BytesIO(made.content)).paragraphs[1].text
    for each in ("{低保人数}、", "一二三、", "<b>&\n换行、", "长" * 3000):
        assert each in text
    assert "None" not in text
    assert len(numbers_in(made.content)) == 2
    html = page(contents, prose_html(contents, made.blocks))
    assert "&lt;b&gt;&amp;" in html
    assert numbers_on(html) == numbers_on(page(contents))
    assert b"\x0b" not in html.encode()


def test_whatever_a_file_is_called_stands_in_all_files(provisional: Gathered) -> None:
    odd = "名\x00\x0b\x1b</script>{低保人数}\ufffe.xlsx"
    files = {name: each._replace(file_name=odd) for name, each in provisional[0].files.items()}
    since = provisional[0].since
    assert since is not None
    revised = tuple(each._replace(file_name=odd) for each in since.revisions)
    contents = replace(provisional[0], files=files, since=replace(since, revisions=revised))
    html = page(contents)
    assert numbers_on(html) == numbers_on(page(provisional[0]))
    assert "</script>{" not in html
    assert tables(contents)
    note = replace(
        contents,
        release=None,
        findings=tuple(each._replace(message=odd, sheet=odd) for each in contents.findings),
    )
    assert numbers_on(page(note)) == numbers_on(html)


def test_a_table_says_what_lacks_where_only_some_has_come(provisional: Gathered) -> None:
    made = word(without(provisional[0], "rectification", state="held"), TEMPLATE)
    document = docx.Document(io.BytesIO(made.content))
    cells = [
        each for each in document.element.body.iter(qn("w:t")) if "合计（缺" in (each.text or "")
    ]
    assert len(cells) == 1
