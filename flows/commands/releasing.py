"""release, revisions, export: a quarter frozen, what has changed since, and its files again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import duckdb

from flows import pipeline
from flows.commands.showing import rows_of, show_json, show_table, who
from flows.errors import NotThere
from flows.home import open_home
from flows.releasing import frozen
from flows.releasing.finding import find_release
from flows.releasing.freezing import released_files
from flows.settings import load_settings
from flows.warehouse.store import reading
from schemas.declaring.periods import quarter_label


def release(
    quarter: int,
    released_by: str | None,
    approved_by: str | None,
    note: str,
    name: str,
    incomplete: bool,
    as_json: bool,
) -> None:
    """Freeze a quarter as it stands."""
    home = open_home(load_settings())
    event = pipeline.release(
        home,
        {
            "quarter": quarter_label(quarter),
            "release": name,
            "released_by": who() if released_by is None else released_by,
            "approved_by": approved_by or "",
            "note": note,
            "incomplete": incomplete,
        },
    )
    with reading(home.settings.warehouse) as connection:
        (result,) = rows_of(
            connection,
            "SELECT release, quarter, as_of, released_by, approved_by, note, gaps, "
            "(SELECT count(*) FROM main.released_indicator i WHERE i.release = r.release) "
            "AS indicators, (SELECT count(*) FROM main.released_growth g "
            "WHERE g.release = r.release) AS comparisons FROM main.release r WHERE release = ?",
            [event["release"]],
        )
    result |= {"folder": home.settings.releases / event["release"], "sha256": event["sha256"]}
    if as_json:
        show_json(result)
        return
    lacking = f", {result['gaps']} forms lacking" if result["gaps"] else ""
    approved = f", approved by {approved_by}" if approved_by else ""
    click.echo(
        f"{result['quarter']} released as {result['release']} by {result['released_by'] or 'nobody named'}"
        f"{approved}{lacking}"
    )
    click.echo(f"{result['indicators']} values, {result['comparisons']} comparisons")
    click.echo(f"frozen in {result['folder']} (sha256 {result['sha256']})")


def revisions(name: str, as_json: bool) -> None:
    """Print what has changed since a release, and what that did to its numbers."""
    home = open_home(load_settings())
    with reading(home.settings.warehouse) as connection:
        name = find_release(connection, name)
        found = _revisions(connection, name)
    if as_json:
        show_json({"release": name, "revisions": found})
        return
    for each in found:
        click.echo(_said(each))
        rows = [
            (
                effect["unit_name"],
                effect["indicator_name"],
                effect["measure"],
                _number(effect["old_number"], effect["old_status"]),
                _number(effect["new_number"], effect["new_status"]),
            )
            for effect in each["effects"]
        ]
        if rows:
            show_table(("  unit", "indicator", "measure", "before", "after"), rows)
    click.echo(f"{len(found)} revisions since release {name}")


def _revisions(connection: duckdb.DuckDBPyConnection, release: str) -> list[dict[str, Any]]:
    found = rows_of(
        connection,
        "SELECT r.step, r.month, r.unit_code, u.name AS unit_name, r.figure, "
        "i.name_zh AS figure_name, r.old_value, r.new_value, r.old_mark, r.new_mark, "
        "r.old_submission, r.new_submission, s.file_name, r.revised_at "
        "FROM main.release_revision r LEFT JOIN main.reporting_unit u ON u.code = r.unit_code "
        "LEFT JOIN main.indicator i ON i.indicator = r.figure "
        "LEFT JOIN main.submission s ON s.submission = r.new_submission "
        "WHERE r.release = ? ORDER BY r.step, r.month, r.unit_code, r.figure",
        [release],
    )
    effects: dict[int, list[dict[str, Any]]] = {}
    for row in rows_of(
        connection,
        "SELECT e.step, e.unit_code, u.name AS unit_name, e.indicator, i.name_zh AS "
        "indicator_name, e.measure, e.old_number, e.new_number, e.old_status, e.new_status "
        "FROM main.release_effect e LEFT JOIN main.reporting_unit u ON u.code = e.unit_code "
        "LEFT JOIN main.indicator i ON i.indicator = e.indicator "
        "WHERE e.release = ? ORDER BY ALL",
        [release],
    ):
        effects.setdefault(row.pop("step"), []).append(row)
    steps: dict[int, dict[str, Any]] = {}
    for row in found:
        step = row.pop("step")
        own = {"step": step, "revised_at": row.pop("revised_at"), "values": []}
        steps.setdefault(step, own)["values"].append(row)
    return [{**each, "effects": effects.get(step, [])} for step, each in steps.items()]


def _said(step: dict[str, Any]) -> str:
    parts = []
    for each in step["values"]:
        if each["figure"] is None:
            parts.append("other forms, formulas or targets")
            continue
        source = f" ({each['new_submission']} {each['file_name']})" if each["file_name"] else ""
        parts.append(
            f"{each['unit_name']} {each['month']:%Y-%m} {each['figure_name'] or each['figure']}: "
            f"{_value(each, 'old')} → {_value(each, 'new')}{source}"
        )
    return f"{step['step']}. {step['revised_at']:%Y-%m-%d %H:%M} UTC " + "; ".join(parts)


def _value(row: dict[str, Any], side: str) -> str:
    mark = row[f"{side}_mark"]
    if mark is None:
        return "none"
    return str(mark) if row[f"{side}_value"] is None else f"{row[f'{side}_value'].normalize():f}"


def _number(number: Any, status: str | None) -> str:
    said = "none" if number is None else f"{number.normalize():f}"
    return said if status in (None, "ok") else f"{said} {status}" if number is not None else status


def export(name: str, out: Path, as_json: bool) -> None:
    """Write the files of a release again, from the warehouse: the bytes that were frozen."""
    home = open_home(load_settings())
    hashed = {
        event["release"]: event["sha256"]
        for event in home.journal.events()
        if event["event"] == "release"
    }
    with reading(home.settings.warehouse) as connection:
        name = find_release(connection, name)
        if name not in hashed:
            raise NotThere(
                f"{home.journal.path} does not name the release {name}; restore it from the backup."
            )
        said, kept = frozen.read(home.settings.releases / name, hashed[name])
        files = released_files(connection, name, kept)
    wrong = [each for each, content in kept.items() if files.get(each) != content]
    if wrong:
        raise NotThere(
            f"{wrong[0]} of the release {name} is not in the warehouse as it was frozen; "
            "run `minzheng rebuild`."
        )
    folder = out / name
    if folder.exists():
        raise NotThere(f"{folder} is there already; name another folder with --out.")
    manifest = (home.settings.releases / name / frozen.MANIFEST).read_bytes()
    frozen.lay_down(folder, manifest, files)
    frozen.settle(folder)
    result = {"release": name, "folder": folder, "sha256": hashed[name], "files": said["files"]}
    if as_json:
        show_json(result)
    else:
        click.echo(f"{name}: {len(files) + 1} files in {folder} (sha256 {hashed[name]})")
