"""The command line. Heavy imports are inside the commands: help answers at once."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import click

from flows.commands.options import INSTANT, QUARTER, depth_option, json_option, month_option
from flows.errors import FAULT, FOUND, NOT_THERE, Trouble

NOT_FOR_OTHERS = 0o027
"""The rights that no new file gives: others none, the group none to write."""


class _Program(click.Group):
    """Expected trouble is one line and its exit code, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Trouble as trouble:
            click.echo(f"minzheng: {trouble}", err=True)
            context.exit(trouble.exit_code)
        except BrokenPipeError:  # whoever was reading has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            from flows.commands.showing import os_trouble

            click.echo(f"minzheng: {os_trouble(error)}", err=True)
            context.exit(NOT_THERE)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minzheng", message="%(version)s")
def program() -> None:
    """Collect township workbooks, check them, publish the quarter's figures with proof."""


@program.command()
@click.option("--into", default="minzheng-demo", show_default=True, help="The demo's home.")
@click.option("--seed", default=1, show_default=True, help="Another seed, another district.")
@json_option
def demo(into: str, seed: int, as_json: bool) -> None:
    """Make a synthetic district from 2022-01 to 2023-03 and run the nightly job on it."""
    from flows.commands import demonstrating

    demonstrating.demo(Path(into), seed, as_json)


@program.command()
@json_option
def nightly(as_json: bool) -> None:
    """Collect what came in since the last run, check, load, recompute, publish."""
    from flows.commands import running

    running.nightly(as_json)


@program.command()
@month_option("from", required=True, text="The first month.")
@month_option("to", required=True, text="The last month.")
@click.option("--unit", "units", multiple=True, metavar="NAME", help="Only this unit (repeatable).")
@click.option("--form", "forms", multiple=True, metavar="FORM", help="Only this form (repeatable).")
@click.option("--dry-run", is_flag=True, help="Change nothing; print what would change.")
@click.option("--note", default="", help="Why, for the record.")
@json_option
def backfill(
    from_month: int,
    to_month: int,
    units: tuple[str, ...],
    forms: tuple[str, ...],
    dry_run: bool,
    note: str,
    as_json: bool,
) -> None:
    """Run the archived submissions of those months through today's forms and rules."""
    if from_month > to_month:
        raise click.UsageError("The first month lies after the last one; exchange --from and --to.")
    from flows.commands import running

    if dry_run:
        running.dry_run(from_month, to_month, units, forms, as_json)
    else:
        running.backfill(from_month, to_month, units, forms, note, as_json)


@program.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=Path)
@click.option(
    "--previous-from",
    type=Path,
    metavar="WAREHOUSE",
    help="Check over time against this warehouse.",
)
@click.option(
    "--return-to",
    type=Path,
    metavar="DIR",
    help="Write the files that would be held there, with their findings marked in them.",
)
@json_option
def check(
    files: tuple[Path, ...], previous_from: Path | None, return_to: Path | None, as_json: bool
) -> None:
    """Check workbooks (or folders of them) and print findings with their cells."""
    from flows.commands import looking

    if looking.check(files, previous_from, return_to, as_json):
        raise SystemExit(1)


@program.command()
@month_option("month", text="The month; the latest that is past due if left out.")
@json_option
def status(month: int | None, as_json: bool) -> None:
    """Who has reported what, on time, late, held or missing; and the reminders."""
    from flows.commands import looking

    looking.status(month, as_json)


@program.command()
@click.option(
    "--quarter",
    type=QUARTER,
    metavar="2023Q1",
    help="The quarter; the last in which a target has a value if left out.",
)
@json_option
def progress(quarter: int | None, as_json: bool) -> None:
    """How far the targets are met: completion, time progress, lead; the furthest behind first."""
    from flows.commands import looking

    looking.progress(quarter, as_json)


@program.command()
@month_option("month", required=True, text="The month.")
@click.option("--out", type=Path, metavar="FILE", help="Where to write the workbook.")
@json_option
def summary(month: int, out: Path | None, as_json: bool) -> None:
    """Write the month's summary workbook: units down, figures across, totals, who is missing."""
    from flows.commands import looking

    looking.summary(month, out, as_json)


@program.command()
@click.option("--quarter", required=True, type=QUARTER, metavar="YYYYQn", help="The last quarter.")
@click.option("--out", type=Path, metavar="DIR", help="The folder to write, a share's own.")
@click.option(
    "--provisional", is_flag=True, help="Share it though forms of it are missing or held."
)
@json_option
def share(quarter: int, out: Path | None, provisional: bool, as_json: bool) -> None:
    """Write the public tables up to a quarter for others, small sensitive counts suppressed."""
    from flows.commands import sharing

    sharing.share(quarter, out, provisional, as_json)


@program.command()
@click.option("--quarter", required=True, type=QUARTER, metavar="YYYYQn", help="The quarter.")
@click.option("--release", metavar="NAME", help="As it was released, whatever has changed since.")
@click.option("--out", type=Path, metavar="DIR", help="The folder to write into.")
@json_option
def report(quarter: int, release: str | None, out: Path | None, as_json: bool) -> None:
    """Write the quarter's report: Word, web page, Excel tables, charts."""
    from flows.commands import reporting

    reporting.report(quarter, release, out, as_json)


@program.command("report-template")
@click.option("--out", type=Path, required=True, metavar="FILE", help="The .docx to write.")
@json_option
def report_template(out: Path, as_json: bool) -> None:
    """Write the report's Word template, to edit its text and styles."""
    from flows.commands import reporting

    reporting.report_template(out, as_json)


@program.command()
@month_option("month", required=True, text="The month to be reported.")
@click.option("--unit", "units", multiple=True, metavar="NAME", help="Only this unit (repeatable).")
@click.option("--out", type=Path, required=True, metavar="DIR", help="The folder to write into.")
@json_option
def templates(month: int, units: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Write a workbook a unit to fill in, with earlier months beside the cells and live checks."""
    from flows.commands import handing_out

    handing_out.templates(month, units, out, as_json)


@program.command()
@click.argument("indicator")
@click.option(
    "--quarter", required=True, type=QUARTER, metavar="YYYYQn", help="The quarter, as 2023Q1."
)
@click.option("--unit", metavar="NAME", help="The unit; the district if left out.")
@click.option(
    "--comparison",
    type=click.Choice(["yoy", "qoq", "ytd_yoy", "two_year"]),
    help="Explain this growth instead of the level.",
)
@click.option("--year-to-date", is_flag=True, help="The level from January on.")
@click.option("--release", metavar="NAME", help="The number as it was released.")
@click.option(
    "--as-of",
    type=INSTANT,
    metavar="TIME",
    help="The number as it stood then, in UTC, as 2023-01-08T01:00.",
)
@depth_option
@json_option
def explain(
    indicator: str,
    quarter: int,
    unit: str | None,
    comparison: str | None,
    year_to_date: bool,
    release: str | None,
    as_of: dt.datetime | None,
    depth: int | None,
    as_json: bool,
) -> None:
    """Follow a number to its formula, months, files and cells, and work it out again from them."""
    from flows.commands import explaining

    if not explaining.explain(
        indicator, quarter, unit, comparison, year_to_date, release, as_of, depth, as_json
    ):
        raise SystemExit(1)


@program.command()
@click.argument("submission")
@click.option(
    "--cell", required=True, help="The cell, as 社会救助月报表!E12 or E12; a ledger's row."
)
@click.option("--sheet", help="The sheet, where the cell does not name it.")
@depth_option
@json_option
def feeds(submission: str, cell: str, sheet: str | None, depth: int | None, as_json: bool) -> None:
    """Name every published number that depends on a cell of a submission."""
    from flows.commands import explaining

    explaining.feeds(submission, cell, sheet, depth, as_json)


@program.command()
@click.argument("submission")
@click.option("--unit", required=True, metavar="NAME", help="Whose file it is.")
@month_option("month", required=True, text="Which month's it is.")
@click.option("--reason", required=True, help="How that is known, for the record.")
@json_option
def assign(submission: str, unit: str, month: int, reason: str, as_json: bool) -> None:
    """Say whose and which month an unidentified file is; it is then checked like any other."""
    from flows.commands import deciding

    deciding.assign(submission, unit, month, reason, as_json)


@program.command()
@click.argument("submission")
@click.option("--form", required=True, help="The form to accept: its name, number or title.")
@click.option("--reason", required=True, help="Why, for the record.")
@json_option
def accept(submission: str, form: str, reason: str, as_json: bool) -> None:
    """Accept a form that only queries hold; errors cannot be accepted."""
    from flows.commands import deciding

    deciding.accept(submission, form, reason, as_json)


@program.command()
@click.argument("submission")
@click.option("--form", required=True, help="The form to take back: its name, number or title.")
@click.option("--reason", required=True, help="Why, for the record.")
@json_option
def withdraw(submission: str, form: str, reason: str, as_json: bool) -> None:
    """Take back an accepted form; the version before it is in force again."""
    from flows.commands import deciding

    deciding.withdraw(submission, form, reason, as_json)


@program.command()
@click.argument("file", type=Path)
@json_option
def history(file: Path, as_json: bool) -> None:
    """Take in dated totals from before the forms began (month or quarter, unit, figure, value, source)."""
    from flows.commands import deciding

    deciding.history(file, as_json)


@program.command()
@click.argument("quarter", type=QUARTER)
@click.option("--released-by", metavar="NAME", help="Who releases it; the user, if left out.")
@click.option("--approved-by", metavar="NAME", help="Who has approved it.")
@click.option("--note", default="", help="What is to be known of it; its report says it.")
@click.option("--name", default="", help="Its name; the quarter's, if left out.")
@click.option("--incomplete", is_flag=True, help="Though forms are missing or held; needs a note.")
@json_option
def release(
    quarter: int,
    released_by: str | None,
    approved_by: str | None,
    note: str,
    name: str,
    incomplete: bool,
    as_json: bool,
) -> None:
    """Freeze a quarter as of now, with who signed it."""
    from flows.commands import releasing

    releasing.release(quarter, released_by, approved_by, note, name, incomplete, as_json)


@program.command()
@click.argument("release")
@json_option
def revisions(release: str, as_json: bool) -> None:
    """What has changed since a release, and what each change did to its numbers."""
    from flows.commands import releasing

    releasing.revisions(release, as_json)


@program.command()
@click.argument("release")
@click.option("--out", type=Path, required=True, metavar="DIR", help="The folder to write into.")
@json_option
def export(release: str, out: Path, as_json: bool) -> None:
    """Write a release's rows as csv, the very bytes that were frozen."""
    from flows.commands import releasing

    releasing.export(release, out, as_json)


@program.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Build the warehouse again from the archive alone."""
    from flows.commands import running

    running.rebuild(as_json)


@program.command()
@click.option("--quick", is_flag=True, help="Do not replay the journal to compare every table.")
@json_option
def verify(quick: bool, as_json: bool) -> None:
    """Say what is wrong in journal, archive, releases, warehouse and copies; change nothing."""
    from flows.commands import verifying

    if not verifying.verify(quick, as_json):
        raise SystemExit(FOUND)


@program.command()
def serve() -> None:
    """Start the Prefect server with its pages, the nightly schedule and the backfill."""
    from flows.commands import running

    running.serve()


def main() -> None:
    """Run the program; what it writes is not for everybody on the machine."""
    os.umask(os.umask(0o077) | NOT_FOR_OTHERS)
    try:
        program(prog_name="minzheng")
    except Exception as error:
        # The last resort: a fault of the program is told from trouble by its exit code.
        if os.environ.get("MINZHENG_TRACEBACK"):
            raise
        click.echo(
            f"minzheng: a fault of the program ({type(error).__name__}: {error}); "
            "set MINZHENG_TRACEBACK=1 to see where, and report it.",
            err=True,
        )
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
