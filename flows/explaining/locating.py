"""What was read at a cell of a submission, and whether it is in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from flows.errors import Misuse, NotThere
from flows.explaining.facts import Fact, Facts
from flows.explaining.feeding import Input
from flows.explaining.filed import Filed
from schemas.declaring.district import Declaration

_CELL = re.compile(r"([A-Z]{1,3})?([1-9]\d{0,6})")


class Place(NamedTuple):
    """A cell as a person names it: E12, a whole row as 12; `sheet` None where it is not said."""

    sheet: str | None
    column: str
    row: int

    def __str__(self) -> str:
        cell = f"{self.column}{self.row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell


def parse_place(text: str, sheet: str | None) -> Place:
    """The place written as 社会救助月报表!E12 or E12; Misuse for what is none."""
    before, mark, cell = text.rpartition("!")
    named = before.strip("'") if mark else None
    match = _CELL.fullmatch(cell.replace("$", "").strip().upper())
    if match is None or (named is not None and not named):
        raise Misuse(f"{text!r} is not a cell; write it as E12 or as 社会救助月报表!E12.")
    if named is not None and sheet is not None and named != sheet:
        raise Misuse(f"--sheet {sheet} and --cell {text} name two sheets; name one.")
    return Place(named or sheet, match[1] or "", int(match[2]))


@dataclass(slots=True)
class Located:
    """What stands in the cell: a figure's value or its 本年累计, a dated total, or a ledger's row.

    `state` is accepted (in force), superseded, held or withdrawn; `superseded_by` the submission
    in force in its place. `row` holds a ledger row's columns that may be kept.
    """

    submission: str
    sheet: str
    place: str
    form: str
    unit_code: str
    month: int
    state: str
    superseded_by: str | None
    value: Decimal | None = None
    figure: str | None = None
    column: str = "value"
    row: dict[str, Any] | None = None
    inputs: list[Input] = field(default_factory=list)
    """The facts in force that it is, or enters."""


def locate(
    filed: Filed, facts: Facts, declaration: Declaration, submission: str, place: Place
) -> Located:
    """What was read there; NotThere for an unknown submission or a cell that holds nothing read."""
    _known(filed, submission)
    found = [
        *_figures(filed, submission, place),
        *_totals(filed, facts, submission, place),
        *_rows(filed, facts, declaration, submission, place),
    ]
    sheets = list(dict.fromkeys(each.sheet for each in found))
    if not found:
        raise NotThere(
            f"{place} of {submission} holds nothing that was read as a figure or a ledger's row; "
            + _what_there_is(filed, submission, place)
        )
    if len(sheets) > 1:
        raise Misuse(
            f"{place} stands on several sheets of {submission} ({', '.join(sheets)}); "
            f"say which, as {sheets[0]}!{place}."
        )
    return found[0]


def _known(filed: Filed, submission: str) -> None:
    if not filed.rows(
        "SELECT 1 FROM main.submission WHERE submission = ?",
        submission,
    ):
        raise NotThere(
            f"There is no submission {submission!r}; `minzheng status` and the table submission "
            "name them."
        )


def _what_there_is(filed: Filed, submission: str, place: Place) -> str:
    rows = filed.rows(
        "SELECT v.sheet, arg_min(v.cell, CAST(regexp_extract(v.cell, '[0-9]+') AS INTEGER)) "
        "FROM internal.reading r "
        "JOIN internal.figure_value v ON v.reading = r.reading "
        "WHERE r.submission = ? AND r.latest AND v.sheet IS NOT NULL GROUP BY ALL ORDER BY 1",
        submission,
    )
    if not rows:
        return "none of its sheets holds figures."
    first = dict(rows)
    if place.sheet not in first:
        return f"its sheets with figures: {', '.join(first)}."
    return f"the first figure there stands in {first[place.sheet]}."


_STATE = (
    "LEFT JOIN main.submission_form f ON f.submission = r.submission AND f.form = r.form "
    "LEFT JOIN internal.tenure t ON t.reading = r.reading AND t.until IS NULL "
)
_OF_READING = (
    "r.form, r.unit_code, r.month, r.reading, f.state, f.superseded_by, t.reading IS NOT NULL"
)


def _state(state: str | None, in_force: bool) -> str:
    return "accepted" if in_force else state if state and state != "accepted" else "superseded"


def _figures(filed: Filed, submission: str, place: Place) -> list[Located]:
    cell = f"{place.column}{place.row}"
    rows = filed.rows(
        f"SELECT {_OF_READING}, v.sheet, v.figure, v.value, v.year_to_date, v.mark, v.cell, "
        "v.cumulative_cell FROM internal.reading r "
        "JOIN internal.figure_value v ON v.reading = r.reading "
        f"{_STATE}"
        "WHERE r.submission = ?1 AND r.latest AND (v.cell = ?2 OR v.cumulative_cell = ?2) "
        "AND (?3 IS NULL OR v.sheet = ?3) ORDER BY v.sheet, v.figure",
        submission,
        cell,
        place.sheet,
    )
    found = []
    for form, unit, month, reading, state, by, in_force, *own in rows:
        sheet, figure, value, year_to_date, mark, at, cumulative_cell = own
        cumulative = at != cell
        found.append(
            Located(
                submission, sheet, cell, form, unit, month, _state(state, in_force), by,
                year_to_date if cumulative else value, figure,
                "year_to_date" if cumulative else "value",
            )
        )  # fmt: skip
        if in_force:
            fact = Fact(
                month, unit, figure, value, year_to_date, mark, form, submission, sheet, at,
                cumulative_cell, reading,
            )  # fmt: skip
            found[-1].inputs.append(Input(fact, cumulative))
    return found


def _totals(filed: Filed, facts: Facts, submission: str, place: Place) -> list[Located]:
    cell = f"{place.column}{place.row}"
    rows = filed.rows(
        "SELECT coalesce(h.sheet, ''), h.form, h.unit_code, h.month, h.figure, h.value, "
        "h.until IS NULL FROM internal.history h "
        "WHERE h.submission = ?1 AND h.cell = ?2 AND (?3 IS NULL OR h.sheet = ?3) "
        "ORDER BY h.since DESC",
        submission,
        cell,
        place.sheet,
    )
    found = []
    for sheet, form, unit, month, figure, value, in_force in rows:
        fact = facts.of((figure,), month // 12).get((unit, figure, month))
        counts = in_force and fact is not None and fact.mark == "history"
        state = "accepted" if counts else "superseded"
        by = fact.submission if fact is not None and not counts else None
        found.append(Located(submission, sheet, cell, form, unit, month, state, by, value, figure))
        if counts and fact is not None:
            found[-1].inputs.append(Input(fact, False))
    return found


def _rows(
    filed: Filed, facts: Facts, declaration: Declaration, submission: str, place: Place
) -> list[Located]:
    found = []
    for ledger in declaration.ledgers:
        state = filed.rows(
            f"SELECT {_OF_READING} FROM internal.reading r "
            f"{_STATE}"
            "WHERE r.submission = ? AND r.form = ? AND r.latest",
            submission,
            ledger.name,
        )
        for form, unit, month, reading, said, by, in_force in state:
            columns = [column.name for column in ledger.kept]
            rows = filed.ledger_rows(ledger.table, columns, (reading,))[reading]
            for row in rows:
                if row["row"] == place.row and place.sheet in (None, row["sheet"]):
                    kept = {name: row[name] for name in columns}
                    found.append(
                        Located(
                            submission, row["sheet"], str(place.row), form, unit, month,
                            _state(said, in_force), by, row=kept, column="row",
                        )
                    )  # fmt: skip
                    if in_force:
                        found[-1].inputs += _counts(facts, declaration, form, unit, month)
    return found


def _counts(
    facts: Facts, declaration: Declaration, form: str, unit_code: str, month: int
) -> Sequence[Input]:
    """The counts in force of a ledger: each of them could take in or leave out any of its rows."""
    names = [
        count.name
        for ledger, count in declaration.counts.values()
        if ledger.name == form and count.figure is None
    ]
    known = facts.of(names, month // 12)
    there = (known.get((unit_code, name, month)) for name in names)
    return [Input(fact, False) for fact in there if fact is not None]
