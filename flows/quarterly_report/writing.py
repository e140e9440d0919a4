"""The whole report: contents gathered, files made, compared with the database, put in place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flows.errors import NotThere
from flows.home import Home
from flows.quarterly_report.charts import charts
from flows.quarterly_report.comparing import compare
from flows.quarterly_report.files import put_in_place
from flows.quarterly_report.gathering import gathered
from flows.quarterly_report.items import report_of
from flows.quarterly_report.packaging import settled
from flows.quarterly_report.page import page
from flows.quarterly_report.page.prose import prose_html
from flows.quarterly_report.page.reading_back import numbers_on
from flows.quarterly_report.tables import tables
from flows.quarterly_report.tables.reading_back import numbers_in as numbers_in_tables
from flows.quarterly_report.word.document import word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import template_of
from flows.warehouse.store import reading
from schemas.declaring import periods

DOCUMENT, PAGE, TABLES, CHARTS = "report.docx", "index.html", "tables.xlsx", "charts"


class Written(NamedTuple):
    """A report that was written: its folder, how settled it is, and how much was compared.

    `sizes` are bytes by file, `lacking` how many forms were missing or held.
    """

    folder: Path
    maturity: str
    lacking: int
    numbers: int
    sizes: dict[str, int]


def write_report(home: Home, quarter: int, release: str | None, folder: Path) -> Written:
    """Write a quarter's report into a folder, of a release where one is named.

    The same warehouse, or the same release, gives the same bytes. NotThere where the quarter or
    the template is not, Misuse where the template cannot be filled, Disagreement where a
    finished file says another number than the warehouse.
    """
    settings = home.settings
    with gathered(
        settings.warehouse,
        home.declaration,
        quarter,
        release,
        threshold=settings.suppress_below,
        standard=settings.rounding,
        synthetic=home.synthetic,
    ) as (contents, shared):
        document = word(contents, template(home))
        files = {
            DOCUMENT: settled(document.content),
            PAGE: page(contents, prose_html(contents, document.blocks)).encode(),
            TABLES: tables(contents),
        }
        files |= {f"{CHARTS}/{name}": content for name, content in charts(contents).items()}
        compared = compare(
            contents,
            shared,
            numbers_in(files[DOCUMENT]),
            document.notes,
            {
                PAGE: numbers_on(files[PAGE].decode()),
                TABLES: numbers_in_tables(files[TABLES], contents),
            },
        )
    put_in_place(folder, files)
    sizes = {name: len(content) for name, content in files.items()}
    return Written(folder, contents.maturity, len(contents.gaps), compared, sizes)


def latest_quarter(home: Home) -> int:
    """The last quarter that the warehouse has numbers of; NotThere where it has none."""
    with reading(home.settings.warehouse) as connection:
        row = connection.execute("SELECT max(quarter) FROM main.quarterly_indicator").fetchone()
    if row is None or row[0] is None:
        raise NotThere("The warehouse has no quarter yet; run `minzheng nightly` first.")
    return periods.parse_quarter(row[0])


def template(home: Home) -> bytes:
    """The template that the settings name, else the program's own."""
    named = home.settings.report_template
    if not named:
        return template_of(report_of(home.declaration))
    path = home.settings.home / named
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotThere(
            f"The report's template {path} cannot be read ({error.strerror}); correct the "
            "setting report_template, or leave it out."
        ) from error
