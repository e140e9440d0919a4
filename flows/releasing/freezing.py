"""Freezing a quarter as it stands: what is due, the frozen rows, their way into the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import duckdb

from flows.collecting.journal import Event, read_time
from flows.computing.declared import QUARTERS_BACK
from flows.errors import Misuse, NotThere
from flows.home import Home
from flows.releasing import frozen
from flows.sharing.plan import plan, rows_of_series
from flows.warehouse.coverage import local_day
from flows.warehouse.findings import OPEN
from flows.warehouse.store import Store
from flows.warehouse.tables import CONTRACT_VERSION, RELEASED
from schemas.declaring import periods
from schemas.declaring.district import Declaration

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")
_SHOWN = 3
"""So many gaps are named in the refusal; `minzheng status` has them all."""

_ROWS = {
    "released_indicator": "SELECT * REPLACE ('released' AS maturity) FROM main.quarterly_indicator "
    "WHERE quarter = $quarter",
    "released_growth": "SELECT * FROM main.growth WHERE quarter = $quarter",
    "released_progress": "SELECT * FROM main.progress WHERE quarter = $quarter",
    "released_figure": "SELECT make_date(f.month // 12, f.month % 12 + 1, 1) AS month, "
    "f.unit_code, m.form, f.figure, f.value, f.year_to_date, f.mark, f.submission, "
    "nullif(m.sheet, '') AS sheet, nullif(m.cell, '') AS cell FROM internal.month_value f LEFT JOIN main.monthly_figure m "
    "ON m.month = make_date(f.month // 12, f.month % 12 + 1, 1) AND m.unit_code = f.unit_code "
    "AND m.figure = f.figure WHERE list_contains($months, f.month)",
    "released_coverage": "SELECT * FROM main.coverage "
    "WHERE year(month) = year($last) AND month <= $last",
    "released_finding": OPEN,
    "released_withheld": "SELECT * FROM withheld",
}
_WITHHELD = (
    "CREATE OR REPLACE TEMP TABLE withheld "
    "(unit_code VARCHAR, indicator VARCHAR, year_to_date_only BOOLEAN)"
)


class Gap(NamedTuple):
    """A form due in the quarter that is not accepted; `state` is held or missing."""

    unit_code: str
    form: str
    month: str
    state: str


def feeding_months(quarter: int) -> list[int]:
    """The months whose values the quarter, its year to date or any of its bases are made of."""
    return sorted(
        {
            month
            for back in (0, *QUARTERS_BACK.values())
            for month in range((quarter - back) // 4 * 12, (quarter - back) * 3 + 3)
        }
    )


def gaps(store: Store, quarter: int) -> list[Gap]:
    """The forms due in the quarter that are not accepted."""
    declaration = store.declaration
    months = range(quarter * 3, quarter * 3 + 3)
    states = {
        (month, unit, form): state
        for month, unit, form, state in store.rows(
            "SELECT month, unit_code, form, state FROM internal.due_form "
            "WHERE list_contains(?, month)",
            list(months),
        )
    }
    return [
        Gap(
            unit.code,
            form.name,
            periods.month_label(month),
            "held" if state == "held" else "missing",
        )
        for month in months
        for unit in declaration.reporting_units(month)
        for form in declaration.due(unit.code, month)
        if (state := states.get((month, unit.code, form.name))) not in ("on_time", "late")
    ]


def freeze(home: Home, store: Store, event: Event) -> Event:
    """Lay the quarter's rows down, as they stand; the event with the release's name and hash.

    Misuse where the quarter has not ended, has no figures, is released unchanged already, or
    lacks forms and the event does not say `incomplete` with a note.
    """
    quarter = periods.parse_quarter(event["quarter"])
    label, declaration = event["quarter"], store.declaration
    clock = read_time(event["at"])
    if periods.last_day(quarter * 3 + 2) >= local_day(clock, declaration.time_zone):
        raise Misuse(f"{label} has not ended; release it when its last month is in.")
    if not store.rows("SELECT 1 FROM main.quarterly_indicator WHERE quarter = ? LIMIT 1", label):
        raise NotThere(f"There are no figures of {label}; name a quarter that has some.")
    found = gaps(store, quarter)
    if found and not event["incomplete"]:
        raise Misuse(_refusal(declaration, label, found))
    if found and not event["note"].strip():
        raise Misuse(
            f"{label} lacks {len(found)} forms; say with --note why it is released all the same."
        )
    name = _name(store, event)
    first, last = periods.first_day(quarter * 3), periods.first_day(quarter * 3 + 2)
    wanted = {"quarter": label, "months": feeding_months(quarter), "first": first, "last": last}
    threshold = home.settings.suppress_below
    store.connection.execute(_WITHHELD)
    series = plan(store.connection, declaration, quarter, threshold)
    store.insert("withheld", rows_of_series(series, declaration.district))
    files = {
        f"{table.name}.csv": _file(
            store.connection,
            [column.name for column in table.columns[1:]],
            _ROWS[table.name],
            wanted,
        )
        for table in RELEASED
    }
    said = {
        "release": name,
        "quarter": label,
        "as_of": event["at"],
        "released_by": event["released_by"] or None,
        "approved_by": event["approved_by"] or None,
        "note": event["note"] or None,
        "gaps": [each._asdict() for each in found],
        "contract": CONTRACT_VERSION,
        "suppress_below": threshold,
    }
    manifest = frozen.as_manifest(said, files)
    if not event["release"]:
        _see_changed(home, store, label, files)
    frozen.lay_down(home.settings.releases / name, manifest, files)
    return event | {"release": name, "sha256": frozen.digest(manifest)}


def _see_changed(home: Home, store: Store, label: str, files: Mapping[str, bytes]) -> None:
    """Refuse a release that would say again what the quarter's last one says."""
    last = [
        event
        for event in home.journal.events()
        if event["event"] == "release" and event["quarter"] == label
    ][-1:]
    for event in last:
        _, before = frozen.read(home.settings.releases / event["release"], event["sha256"])
        if before == files:
            raise Misuse(
                f"{label} is released as {event['release']} already, and nothing has changed since; "
                "give a name with --name to release it once more."
            )


def _refusal(declaration: Declaration, label: str, found: Sequence[Gap]) -> str:
    names = {unit.code: unit.name for unit in declaration.units}
    shown = ", ".join(
        f"{names[each.unit_code]} {each.month} {each.form} {each.state}" for each in found[:_SHOWN]
    )
    more = f" and {len(found) - _SHOWN} more" * (len(found) > _SHOWN)
    return (
        f"{label} lacks {len(found)} form{'s' * (len(found) > 1)} that {'are' if len(found) > 1 else 'is'} "
        f"due ({shown}{more}); see `minzheng status`, or release with --incomplete and a --note "
        "that says why."
    )


def _name(store: Store, event: Event) -> str:
    """The name asked for, else the quarter's, with a number from the second release on."""
    taken = {str(name).casefold() for (name,) in store.rows("SELECT release FROM main.release")}
    asked = event["release"]
    if asked:
        if not _NAME.fullmatch(asked):
            raise Misuse(f"{asked!r} cannot name a release; use letters, digits, . _ and -.")
        if asked.casefold() in taken:
            raise Misuse(f"There is a release {asked} already; give another name.")
        return str(asked)
    name, number = str(event["quarter"]), 1
    while name.casefold() in taken:
        number += 1
        name = f"{event['quarter']}-{number}"
    return name


def take_release(home: Home, store: Store, event: Event) -> None:
    """Put the frozen rows of a release into the tables, whatever has changed since."""
    folder = home.settings.releases / event["release"]
    said, files = frozen.read(folder, event["sha256"])
    quarter = periods.parse_quarter(said["quarter"])
    store.insert(
        "main.release",
        [
            (
                said["release"],
                said["quarter"],
                periods.first_day(quarter * 3),
                read_time(said["as_of"]),
                said["released_by"],
                said["approved_by"],
                said["note"],
                len(said["gaps"]),
                said.get("suppress_below"),
            )
        ],
    )
    for table in RELEASED:
        # A table or a column that was not there yet when this was frozen stays empty.
        if (content := files.get(f"{table.name}.csv")) is not None:
            columns, rows = frozen.read_csv(content)
            store.insert(
                f"main.{table.name} (release, {', '.join(columns)})",
                ([said["release"], *row] for row in rows),
            )


def released_files(
    connection: duckdb.DuckDBPyConnection, release: str, frozen_files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files of a release, written from a warehouse, with the columns they were frozen with."""
    return {
        f"{table.name}.csv": _file(
            connection,
            frozen.read_csv(content)[0],
            f"SELECT * EXCLUDE (release) FROM main.{table.name} WHERE release = $release",
            {"release": release},
        )
        for table in RELEASED
        if (content := frozen_files.get(f"{table.name}.csv")) is not None
    }


def _file(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    query: str,
    wanted: Mapping[str, object],
) -> bytes:
    """The query's rows as text in a fixed order. A decimal keeps all its places."""
    named = ", ".join(columns)
    texts = ", ".join(f"CAST({name} AS VARCHAR)" for name in columns)
    rows = connection.execute(
        f"SELECT {texts} FROM ({query}) ORDER BY {named}",
        {name: value for name, value in wanted.items() if f"${name}" in query},
    ).fetchall()
    return frozen.as_csv(columns, rows)
