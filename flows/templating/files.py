"""The workbooks of a month into a folder; nothing that may have been filled in is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from flows.errors import Misuse, NotThere
from flows.templating.previous import forms_of, read_previous
from flows.templating.workbook import file_name, make_template, to_bytes
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import Unit

_LISTED = 3


class HandedOut(NamedTuple):
    """A unit's workbook that was written."""

    unit: Unit
    file: Path
    forms: tuple[str, ...]


def write_templates(
    connection: duckdb.DuckDBPyConnection | None,
    declaration: Declaration,
    units: Sequence[Unit],
    month: int,
    folder: Path,
) -> list[HandedOut]:
    """Write the workbooks of those units that are asked for anything.

    NotThere where none is; Misuse, before anything is written, where a file of the name has
    other content.
    """
    asked = [unit for unit in dict.fromkeys(units) if forms_of(declaration, unit.code, month)]
    if not asked:
        raise NotThere(f"No form is asked for {periods.month_label(month)}; name another month.")
    previous = read_previous(connection, declaration, month)

    def made(units: Iterable[Unit]) -> dict[Unit, tuple[HandedOut, bytes]]:
        found = {}
        for unit in units:
            template = make_template(declaration, unit, previous[unit.code])
            path = folder / file_name(declaration, unit, month)
            handed_out = HandedOut(unit, path, tuple(template.sheets))
            found[unit] = handed_out, to_bytes(template.workbook)
        return found

    there = {unit for unit in asked if (folder / file_name(declaration, unit, month)).exists()}
    # A refusal is not to wait for the others.
    same = made(unit for unit in asked if unit in there)
    _refuse_others(folder, same.values())
    new = made(unit for unit in asked if unit not in there)
    folder.mkdir(parents=True, exist_ok=True)
    for each, content in new.values():
        if not each.file.exists():  # nor one that has come while they were made
            aside = each.file.with_name(f".{each.file.name}.part")
            aside.write_bytes(content)
            aside.replace(each.file)
    return [(same | new)[unit][0] for unit in asked]


def _refuse_others(folder: Path, made: Iterable[tuple[HandedOut, bytes]]) -> None:
    others = [each.file.name for each, content in made if each.file.read_bytes() != content]
    if others:
        more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        raise Misuse(
            f"{', '.join(others[:_LISTED])}{more} in {folder} would be written over and may have "
            "been filled in; name another folder or move what is there away."
        )
