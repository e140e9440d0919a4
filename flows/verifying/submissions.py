"""The table of submissions against the archive: a row for each receipt, and what it says."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from flows.collecting.archive import Receipt
from flows.verifying.archived import Archived
from flows.verifying.found import REBUILD, Found
from flows.verifying.snapshot import Snapshot

_COLUMNS = "submission, received_at, channel, sender, file_name, sha256, size, run"


def see_submissions(
    home: Snapshot,
    connection: duckdb.DuckDBPyConnection,
    named: Collection[str],
    archived: Archived,
    found: Found,
) -> None:
    """Compare the rows with the receipts; `named` are the files in the lines that are held.

    Files that are damaged have been said, and are left out here.
    """
    warehouse, with_row = home.home.settings.warehouse, set()
    rows = connection.execute(
        f"SELECT archived_as, coalesce(member, ''), {_COLUMNS} FROM main.submission "
        "ORDER BY submission"
    ).fetchall()
    for archived_as, member, submission, *said in rows:
        with_row.add(archived_as)
        where = f"submission {submission}"
        if archived_as not in named:
            found.problem(
                "submission_unnamed",
                where,
                f"The warehouse has a submission {submission}, of whose file {archived_as} no "
                f"line of the journal tells; {REBUILD}.",
            )
        elif (receipt := archived.receipts.get(archived_as)) is not None:
            wrong = _differing(receipt, bool(member), submission, said)
            if wrong:
                found.problem(
                    "submission_differs",
                    where,
                    f"The {wrong[0]} of submission {submission} in the warehouse is not that of "
                    f"its receipt; {REBUILD}.",
                )
    for name in sorted(set(named) - with_row):
        if name in archived.receipts:
            found.problem(
                "submission_missing",
                home.home.settings.archive / name,
                f"The archived file {name} has no row in submission of {warehouse}; {REBUILD}.",
            )
    found.checked["submissions"] = len(rows)


def _differing(receipt: Receipt, member: bool, submission: str, said: list[object]) -> list[str]:
    """What a row says otherwise than the receipt. A zip's file has its own bytes and name."""
    received_at, channel, sender, name, sha256, size, run = said
    pairs: dict[str, tuple[object, object]] = {
        "received_at": (received_at, receipt.received_at),
        "channel": (channel, receipt.channel),
        "sender": (sender, receipt.sender),
        "run": (run, receipt.run or None),
    }
    if not member:
        pairs |= {
            "submission": (submission, receipt.submission),
            "file_name": (name, receipt.name),
            "sha256": (sha256, receipt.sha256),
            "size": (size, receipt.size),
        }
    else:
        pairs |= {
            "submission": (submission.partition(".")[0], receipt.submission),
            "file_name": (str(name)[: len(receipt.name) + 1], f"{receipt.name}/"),
        }
    return [column for column, (one, other) in pairs.items() if one != other]


def see_sources(connection: duckdb.DuckDBPyConnection, found: Found) -> None:
    """Say which values in force come from no submission."""
    rows = connection.execute(
        "SELECT strftime(month, '%Y-%m'), unit_code, figure, submission FROM main.monthly_figure m "
        "WHERE NOT EXISTS (SELECT 1 FROM main.submission s WHERE s.submission = m.submission) "
        "ORDER BY ALL"
    ).fetchall()
    for month, unit, figure, submission in rows[:1]:
        found.problem(
            "value_without_source",
            "monthly_figure",
            f"{len(rows)} values of monthly_figure come from submissions that are not there "
            f"({figure} of {unit} in {month} from {submission} is the first); {REBUILD}.",
        )
    row = connection.execute("SELECT count(*) FROM main.monthly_figure").fetchone()
    found.checked["values_in_force"] = row[0] if row else 0
