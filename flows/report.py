"""The report flow: the quarter's report, after the night."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from flows.errors import Misuse
from flows.recording import flow, home_at, without_traceback
from schemas.declaring import periods


@flow(name="report", persist_result=False)
def report_flow(
    quarter: Annotated[
        str | None, Field(description="As 2023Q1; left out: the last that has numbers")
    ] = None,
    release: Annotated[
        str | None, Field(description="As it was released; left out: as it stands")
    ] = None,
) -> dict[str, Any]:
    """Write a quarter's report: Word, web page, Excel tables, charts."""

    def report() -> dict[str, Any]:
        # What draws and writes is imported where a report is made, not where it is served.
        from flows.quarterly_report.writing import latest_quarter, write_report

        home = home_at(None)
        chosen = latest_quarter(home) if quarter is None else _number(quarter)
        label = periods.quarter_label(chosen)
        written = write_report(home, chosen, release, home.settings.reports / label)
        return {
            "quarter": label,
            "release": release,
            "maturity": written.maturity,
            "folder": str(written.folder),
        }

    return without_traceback(report)


def _number(quarter: str) -> int:
    try:
        return periods.parse_quarter(quarter)
    except ValueError as error:
        raise Misuse(f"{error}.") from error
