"""Small districts of one's own, their reports written and compared as `minzheng report` does."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from flows.computing.rounding import Standard
from flows.quarterly_report.comparing import compare
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.gathering import gathered
from flows.quarterly_report.items import report_of
from flows.quarterly_report.page import page
from flows.quarterly_report.page.prose import prose_html
from flows.quarterly_report.page.reading_back import numbers_on
from flows.quarterly_report.tables import tables
from flows.quarterly_report.tables.reading_back import numbers_in as numbers_in_tables
from flows.quarterly_report.word.document import Word, word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import template_of
from flows.warehouse.store import connect
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Indicator, Unit
from schemas.declaring.periods import parse_month, parse_quarter
from schemas.declaring.reporting import Programme, Report
from tests.quarterly_report.texts import as_text
from tests.sharing.worlds import Warehouses

UNITS = (Unit("1", "某区", "区"), Unit("A", "甲镇", "镇"), Unit("B", "乙镇", "镇"))


class Made(NamedTuple):
    """A report that was made and compared."""

    contents: Contents
    word: Word
    page: str
    tables: bytes

    @property
    def said(self) -> list[str]:
        """The texts, without note numbers."""
        return [as_text(block.pieces) for block in self.word.blocks]


def form(name: str, title: str, *figures: Figure) -> FigureForm:
    """A monthly form of the townships."""
    group = ("township",)
    first = parse_month("2020-01")
    return FigureForm(name, name, name, title, group, group, valid_from=first, figures=figures)


def prose(*paragraphs: str) -> Report:
    """A report that says those paragraphs."""
    return Report("情况", (), (Programme("all", "各项", ("one",), (), paragraphs),))


def district(
    *forms: FigureForm,
    units: tuple[Unit, ...] = UNITS,
    indicators: tuple[Indicator, ...] = (),
    report: Report | None = None,
) -> Declaration:
    """A district of two townships."""
    return Declaration(
        "1",
        "某区",
        units,
        {"township": ("镇",)},
        forms,
        (),
        indicators,
        lambda month: dt.date(month // 12, month % 12 + 1, 28),
        lambda unit: (unit.name,),
        report=report,
    )


@contextmanager
def gathered_of(
    declaration: Declaration,
    facts: str,
    quarter: str = "2022Q1",
    *,
    standard: Standard = "half_up",
    change: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None,
) -> Iterator[tuple[Contents, duckdb.DuckDBPyConnection]]:
    """What the quarter's report is made from; `change` may alter the warehouse first."""
    with TemporaryDirectory() as folder:
        path = Warehouses(Path(folder)).of(declaration, facts)
        with connect(path) as connection:
            connection.execute(
                "INSERT INTO main.run (run, kind, started_at, finished_at) "
                "VALUES ('r', 'nightly', '2022-04-05 18:00', '2022-04-05 18:01')"
            )
            change(connection)
        number = parse_quarter(quarter)
        with gathered(path, declaration, number, None, threshold=5, standard=standard) as found:
            yield found


def made_of(contents: Contents, numbers: duckdb.DuckDBPyConnection) -> Made:
    """The report, all but its charts, compared with the numbers."""
    document = word(contents, template_of(report_of(contents.declaration)))
    html, workbook = page(contents, prose_html(contents, document.blocks)), tables(contents)
    told = {"page": numbers_on(html), "tables": numbers_in_tables(workbook, contents)}
    compare(contents, numbers, numbers_in(document.content), document.notes, told)
    return Made(contents, document, html, workbook)


def made(
    declaration: Declaration, facts: str, quarter: str = "2022Q1", standard: Standard = "half_up"
) -> Made:
    """The report of what was reported."""
    with gathered_of(declaration, facts, quarter, standard=standard) as found:
        return made_of(*found)
