"""nightly, backfill, rebuild, serve."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import click

from flows.commands.finding import find_unit
from flows.commands.showing import progress, show_json, show_table
from flows.errors import Unreachable
from flows.home import Home, open_home
from flows.prefect_server import only_service, prefect_configured, server_port
from flows.settings import load_settings


def _home() -> Home:
    return open_home(load_settings())


def nightly(as_json: bool) -> None:
    """Run a night and print what it did."""
    if prefect_configured():
        from flows.nightly import nightly_flow

        result: dict[str, Any] = nightly_flow()
    else:
        from flows import pipeline
        from flows.reporting.night import night_summary

        home = _home()
        outcome = pipeline.nightly(home, progress)
        result = night_summary(outcome, home.settings.warehouse, home.declaration)
    _show_run(result, as_json)


def _show_run(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(result)
    else:
        _print_run(result)
    _say_passed_over(result["passed_over"])


def _say_passed_over(passed_over: Sequence[str]) -> None:
    if passed_over:
        raise Unreachable(
            f"Not all could be taken in or sent back: {'; '.join(passed_over)}. All else is "
            "done; put these right for the next night, which takes in and sends what waits."
        )


def _print_run(result: dict[str, Any]) -> None:
    from flows.reporting.night import COUNTS

    counts = ", ".join(f"{name} {result[name]}" for name in COUNTS)
    click.echo(f"{result['kind']} {result['run']}: {counts}")
    if result["files_with_trouble"]:
        files = result["files_with_trouble"]
        show_table(
            ("file", "state", "reason"),
            [(each["file_name"], each["state"], each["reason"]) for each in files],
        )
    if result["held_forms"]:
        rows = [
            [each["unit_name"], str(each["month"])[:7], each["form"], each["findings"]]
            for each in result["held_forms"]
        ]
        show_table(("unit", "month", "held form", "findings"), rows)
    for said in result["noted"]:
        click.echo(f"note: {said}")
    for each in result["missing"]:
        click.echo(f"missing {each['month']}: {each['unit_name']} ({len(each['forms'])} forms)")


def backfill(
    first: int,
    last: int,
    units: Sequence[str],
    forms: Sequence[str],
    note: str,
    as_json: bool,
) -> None:
    """Judge archived submissions again and print what changed."""
    from schemas.declaring.periods import month_label

    if prefect_configured():
        from flows.backfill import backfill_flow

        result: dict[str, Any] = backfill_flow(
            first_month=month_label(first),
            last_month=month_label(last),
            units=tuple(units),
            forms=tuple(forms),
            note=note,
        )
    else:
        from flows import pipeline
        from flows.reporting.night import night_summary

        home = _home()
        codes = [find_unit(home.declaration, each).code for each in units]
        outcome = pipeline.backfill(home, first, last, codes, forms, note, progress)
        result = night_summary(outcome, home.settings.warehouse, home.declaration)
    _show_run(result, as_json)


def dry_run(
    first: int, last: int, units: Sequence[str], forms: Sequence[str], as_json: bool
) -> None:
    """Print which cells and which published rates a backfill would change."""
    from flows import pipeline

    home = _home()
    codes = [find_unit(home.declaration, each).code for each in units]
    result = pipeline.dry_run(home, first, last, codes, forms)
    if as_json:
        show_json(result)
        return
    click.echo(f"{len(result['cells'])} cells and {len(result['rates'])} rates would change")
    for name in ("cells", "rates"):
        if result[name]:
            show_table(list(result[name][0]), [list(row.values()) for row in result[name]])


def rebuild(as_json: bool) -> None:
    """Build the warehouse again and print how it went."""
    from flows import pipeline

    home = _home()
    outcome = pipeline.rebuild(home, progress)
    result = {"run": outcome.run, "kind": outcome.kind, "warehouse": str(home.settings.warehouse)}
    if as_json:
        show_json(result)
    else:
        click.echo(f"rebuilt {home.settings.warehouse}")
    _say_passed_over(outcome.passed_over)


def serve() -> None:
    """Start the Prefect server, the schedule and the deployments."""
    # All that can be wrong is said before Prefect, which takes seconds to import.
    home = _home()
    home.settings.clock(home.declaration)
    port = server_port()
    with only_service(home) as folder:
        # Nothing of the user's own Prefect, and nothing in a home folder that a service lacks.
        os.environ.setdefault("PREFECT_HOME", str(folder))
        from flows import serve as serving

        serving.serve(home, port)
