"""report, report-template: the quarter's report, and the Word file that it is made from."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.showing import show_json
from flows.errors import Misuse
from flows.home import open_home
from flows.settings import load_settings


def report(quarter: int, release: str | None, out: Path | None, as_json: bool) -> None:
    """Write a quarter's report and print where it is and how settled it is."""
    from flows.quarterly_report.writing import write_report
    from schemas.declaring.periods import quarter_label

    label = quarter_label(quarter)
    home = open_home(load_settings())
    written = write_report(home, quarter, release, out or home.settings.reports / label)
    result = {
        "quarter": label,
        "release": release,
        "maturity": written.maturity,
        "forms_lacking": written.lacking,
        "numbers_compared": written.numbers,
        "folder": str(written.folder),
        "files": written.sizes,
    }
    if as_json:
        show_json(result)
        return
    state = f"released as {release}" if release else written.maturity
    lacking = f", {written.lacking} forms missing or held" if written.lacking else ""
    click.echo(f"{label}: {state}{lacking}")
    for name in dict.fromkeys(each.split("/")[0] for each in written.sizes):
        size = sum(n for each, n in written.sizes.items() if each.split("/")[0] == name)
        click.echo(f"  {written.folder / name} ({size / 1000:,.0f} kB)")
    click.echo(f"{written.numbers} numbers in them are those of the warehouse")


def report_template(out: Path, as_json: bool) -> None:
    """Write the program's own template, to be edited and named in the settings."""
    from flows.quarterly_report.items import report_of
    from flows.quarterly_report.word.template import template_of

    home = open_home(load_settings())
    if out.exists():
        raise Misuse(f"{out} is there already; name another file with --out.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(template_of(report_of(home.declaration)))
    if as_json:
        show_json({"file": str(out)})
        return
    click.echo(f"{out}; name it in the setting report_template when it says what it should")
