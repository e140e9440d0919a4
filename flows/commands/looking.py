"""check, status, progress, summary: they look and change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from flows.commands.showing import show_json, show_table
from flows.errors import NotThere
from flows.home import open_home
from flows.settings import load_settings
from schemas.declaring.periods import quarter_label
from schemas.declaring.rules import LEVELS_ZH


def check(
    files: Sequence[Path], previous_from: Path | None, return_to: Path | None, as_json: bool
) -> bool:
    """Print the findings of workbooks; whether there are errors or open queries."""
    from flows.offline import check_files

    home = open_home(load_settings())
    entries = check_files(home, files, previous_from, return_to)
    bad = any(
        entry["state"] != "read"
        or any(
            each["level"] == "error" or (each["level"] == "query" and not each["explanation"])
            for each in entry["findings"]
        )
        for entry in entries
    )
    if as_json:
        show_json(entries)
        return bad
    for entry in entries:
        said = entry["reason"] or f"{entry['unit_name']} {entry['month']}"
        click.echo(f"{entry['file']}: {entry['state']}: {said}")
        for each in entry["findings"]:
            where = f"{each['sheet']}!{each['cell']}" if each["cell"] else each["sheet"] or ""
            click.echo(f"  {where} {LEVELS_ZH[each['level']]} {each['rule']} {each['message']}")
        if entry["returned"]:
            click.echo(f"  marked in {entry['returned']}")
    total = sum(len(entry["findings"]) for entry in entries)
    click.echo(f"{len(entries)} files, {total} findings")
    return bad


def status(month: int | None, as_json: bool) -> None:
    """Print a month's standing and its reminders."""
    from flows.reporting.standing import STATES, latest_month, standing
    from flows.warehouse.coverage import local_day
    from flows.warehouse.store import reading

    home = open_home(load_settings())
    with reading(home.settings.warehouse) as connection:
        clock = home.settings.clock(home.declaration)
        today = local_day(clock, home.declaration.time_zone)
        chosen = month if month is not None else latest_month(connection, today)
        if chosen is None:
            raise NotThere("Nothing is past due yet; name a month with --month.")
        result = standing(connection, home.declaration, chosen, today)
    if as_json:
        show_json(result)
        return
    counts = ", ".join(f"{state} {number}" for state, number in result["counts"].items())
    click.echo(f"{result['month']} (due {result['due_on']}): {counts}")
    rows = [
        (each["unit_name"], *(len(each[state]) for state in STATES)) for each in result["units"]
    ]
    show_table(("unit", *STATES), rows)
    for each in result["held"]:
        where = f" {each['sheet']}!{each['cell']}" if each["cell"] else ""
        click.echo(
            f"held {each['submission']} {each['unit_name']} {each['form']}{where}: "
            f"{each['message']}"
        )
    _show_steps(result["steps"])
    for each in result["files_with_trouble"]:
        click.echo(f"{each['state']} {each['submission']} {each['file_name']}: {each['reason']}")
    if result["reminders"]:
        click.echo("reminders:")
        for each in result["reminders"]:
            click.echo(f"  {each['text']}")


def _show_steps(steps: Sequence[dict[str, Any]]) -> None:
    """The way of each form that was not accepted at once, a line a form."""
    ways: dict[tuple[str, str], list[str]] = {}
    for each in steps:
        said = ", ".join(filter(None, (each["detail"], each["decided_by"])))
        step = f"{each['step']} {each['step_at']:%Y-%m-%d}" + (f" ({said})" if said else "")
        ways.setdefault((each["unit_name"], each["form"]), []).append(step)
    for (unit, form), way in ways.items():
        click.echo(f"way of {unit} {form}: {' → '.join(way)}")


def progress(quarter: int | None, as_json: bool) -> None:
    """Print how far the targets of a quarter are met, the furthest behind first."""
    from flows.reporting.progress import latest_quarter, progress_of, shown, tally
    from flows.warehouse.store import reading

    home = open_home(load_settings())
    with reading(home.settings.warehouse) as connection:
        chosen = latest_quarter(connection) if quarter is None else quarter_label(quarter)
        if chosen is None:
            raise NotThere("No target has a value yet; name a quarter with --quarter.")
        rows = progress_of(connection, chosen)
    if not rows:
        raise NotThere(f"There is no target for {chosen}; send the year's table of targets.")
    counts = tally(rows)
    if as_json:
        show_json({"quarter": chosen, "counts": counts, "targets": rows})
        return
    click.echo(f"{chosen}: {', '.join(f'{state} {number}' for state, number in counts.items())}")
    columns = ("target", "year_target", "value", "completion", "time_progress", "lead")
    table = [
        (
            each["name_zh"],
            each["unit"],
            *(shown(each, column, home.settings.rounding) for column in columns),
            "" if each["units_expected"] is None
            else f"{each['units_reported']}/{each['units_expected']}",
        )
        for each in rows
    ]  # fmt: skip
    show_table(("indicator", "unit", *columns, "units"), table)


def summary(month: int, out: Path | None, as_json: bool) -> None:
    """Write the month's summary workbook."""
    from flows.reporting.summary import write_summary
    from flows.warehouse.store import reading
    from schemas.declaring.periods import month_label

    home = open_home(load_settings())
    folder = home.settings.reports / month_label(month)
    path = out or folder / f"{home.declaration.name_zh}{month_label(month)}汇总表.xlsx"
    with reading(home.settings.warehouse) as connection:
        result = write_summary(connection, home.declaration, month, path)
    if as_json:
        show_json(result)
    else:
        click.echo(
            f"{result['file']}: {result['units']} units, {result['forms']} forms, "
            f"{len(result['gaps'])} forms missing or held"
        )
