"""The demo: a synthetic district, fifteen months of arrivals, a night after each due day."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from flows import pipeline
from flows.commands.showing import show_json
from flows.computing.rounding import rounded
from flows.demo.arrivals import Arrival, make_arrivals, write_arrival
from flows.demo.world import make_world
from flows.errors import Misuse
from flows.home import SYNTHETIC, open_home
from flows.reporting.progress import progress_of, shown, tally
from flows.reporting.standing import standing
from flows.reporting.summary import write_summary
from flows.settings import Settings, load_settings
from flows.warehouse.store import reading
from schemas.declaring.periods import first_day, parse_month, parse_quarter

FIRST, LAST = "2022-01", "2023-03"
_QUARTER = "2023Q1"
_MARK_TEXT = "Every figure, name and file below this folder is made up (演示数据).\n"
_DAYS = (5, 14)
"""The nights that are run: on the due day, and nine days later for what came late."""


def demo(into: Path, seed: int, as_json: bool) -> None:
    """Make the district in `into` and run its nights; an earlier demo there is replaced."""
    into = into.resolve()
    if into.exists() and any(into.iterdir()):
        if not (into / SYNTHETIC).exists():
            raise Misuse(f"{into} holds something else; name an empty folder with --into.")
        _remove(into)
    into.mkdir(parents=True, exist_ok=True)
    (into / SYNTHETIC).write_text(_MARK_TEXT, encoding="utf-8")
    settings = replace(load_settings(), home=into, settle_seconds=0.0, now="")
    declaration = settings.declaration()
    click.echo("making 30 townships and the bureau's office, 2022-01 to 2023-03 …", err=True)
    world = make_world(declaration, parse_month(FIRST), parse_month(LAST), seed)
    arrivals = make_arrivals(world, seed)
    waiting = into / "arrivals"
    _write(arrivals, waiting)
    nights = _nights()
    with click.progressbar(nights, label="running the nights", file=sys.stderr) as bar:
        for night in bar:
            _deliver(arrivals, waiting, settings.inbox, night)
            outcome = pipeline.nightly(open_home(replace(settings, now=f"{night}T23:30")))
    shutil.rmtree(waiting, ignore_errors=True)
    result = _result(settings, len(arrivals))
    result["last_run"] = outcome.run
    result["report"] = _report(settings)
    _show(result, as_json)


def _nights() -> list[dt.date]:
    months = range(parse_month(FIRST), parse_month(LAST) + 1)
    return [first_day(month + 1).replace(day=day) for month in months for day in _DAYS]


def _remove(folder: Path) -> None:
    # Archived files are read-only; their folders are not.
    shutil.rmtree(folder)


def _write(arrivals: list[Arrival], folder: Path) -> None:
    folders = [folder / str(number) for number in range(len(arrivals))]
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        list(pool.map(write_arrival, arrivals, folders, chunksize=16))


def _deliver(arrivals: list[Arrival], waiting: Path, inbox: Path, night: dt.date) -> None:
    for number, arrival in enumerate(arrivals):
        source = waiting / str(number) / arrival.file_name
        if arrival.day <= night and source.exists():
            target = inbox / f"{arrival.day:%Y-%m-%d}" / str(number)
            target.mkdir(parents=True, exist_ok=True)
            source.rename(target / arrival.file_name)


def _result(settings: Settings, files: int) -> dict[str, Any]:
    declaration = settings.declaration()
    month = parse_month(LAST)
    with reading(settings.warehouse) as connection:
        stands = standing(connection, declaration, month, _nights()[-1])
        path = settings.home / "data" / "reports" / LAST / f"{declaration.name_zh}{LAST}汇总表.xlsx"
        write_summary(connection, declaration, month, path)
        rates = connection.execute(
            "SELECT i.name_zh, g.value, g.rate, g.status, g.matched_units, g.matched_rate "
            "FROM main.growth g "
            "JOIN main.indicator i ON i.indicator = g.indicator "
            "WHERE g.quarter = ? AND g.unit_code = ? AND g.comparison = 'yoy' "
            "AND g.indicator IN ('assisted_people', 'relief_funds', 'living_tombs_removed') "
            "ORDER BY g.indicator",
            [_QUARTER, declaration.district],
        ).fetchall()
        targets = progress_of(connection, _QUARTER)
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM main.monthly_figure), (SELECT count(*) FROM main.growth), "
            "(SELECT count(*) FROM main.returned)"
        ).fetchone()
    return {
        "home": str(settings.home),
        "warehouse": str(settings.warehouse),
        "summary": str(path),
        "returned": str(settings.returned),
        "returned_workbooks": counted[2] if counted else 0,
        "files": files,
        "values_in_force": counted[0] if counted else 0,
        "comparisons": counted[1] if counted else 0,
        "coverage": stands["counts"],
        f"yoy_{_QUARTER}": [
            {
                "indicator": name,
                "value": value,
                "rate": rate,
                "status": status,
                "matched_units": units,
                "matched_rate": matched,
            }
            for name, value, rate, status, units, matched in rates
        ],
        f"targets_{_QUARTER}": {"counts": tally(targets), "targets": targets},
    }


def _report(settings: Settings) -> str:
    """Write the last quarter's report; the page to open."""
    from flows.quarterly_report.writing import PAGE, write_report

    home = open_home(settings)
    click.echo(f"writing the report of {_QUARTER}", err=True)
    written = write_report(home, parse_quarter(_QUARTER), None, settings.reports / _QUARTER)
    return str(written.folder / PAGE)


def _percent(rate: Decimal) -> str:
    shown = rounded(rate, 1)
    return f"{shown:+}%" if shown else "0.0%"


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(result)
        return
    click.echo(f"home:      {result['home']} (synthetic)")
    click.echo(f"warehouse: {result['warehouse']}")
    click.echo(f"report:    {result['report']}")
    click.echo(f"summary:   {result['summary']}")
    click.echo(f"returned:  {result['returned']} ({result['returned_workbooks']} workbooks)")
    click.echo(
        f"{result['files']} files, {result['values_in_force']} values in force, "
        f"{result['comparisons']} comparisons"
    )
    for each in result[f"yoy_{_QUARTER}"]:
        value = f"{rounded(each['value'], 1):,}"
        if each["rate"] is not None:
            said = f"{_percent(each['rate'])} year on year"
        else:
            said = (
                f"{each['status']}; the {each['matched_units']} units present in both years: "
                f"{_percent(each['matched_rate'])}"
            )
        click.echo(f"  {_QUARTER} {each['indicator']}: {value} ({said})")
    counts, targets = (
        result[f"targets_{_QUARTER}"]["counts"],
        result[f"targets_{_QUARTER}"]["targets"],
    )
    click.echo(
        f"  {_QUARTER} targets: {counts['met']} met or ahead of the year, {counts['behind']} behind"
    )
    if counts["behind"]:
        last = targets[0]
        click.echo(
            f"    furthest behind: {last['name_zh']}, {shown(last, 'lead')} points "
            f"({last['units_reported']} of {last['units_expected']} units are in it)"
        )
