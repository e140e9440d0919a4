"""The finished files compared with the database and so with each other; a difference stops the report.

Each file is read from its finished bytes, the database is asked anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import duckdb

from flows.errors import FAULT, Trouble
from flows.quarterly_report.claims import comparison_fits, value_fits
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.ledger_rows import counted
from flows.quarterly_report.notes import Note
from flows.quarterly_report.rows import Item
from flows.quarterly_report.standing_numbers import SUPPRESSED, Standing, standing_numbers
from flows.quarterly_report.word.reading_back import Told
from schemas.declaring import periods

_SHOWN = 3
_COMPARISONS = ("yoy", "qoq", "ytd_yoy")


class Disagreement(Trouble):
    """A number of a finished file is not the database's: nothing of the report is kept."""

    exit_code = FAULT


def compare(
    contents: Contents,
    tables: duckdb.DuckDBPyConnection,
    told: Sequence[Told],
    notes: Sequence[Note],
    files: Mapping[str, Mapping[str, Decimal | str]],
) -> int:
    """How many numbers were compared; Disagreement names the first that differ.

    `told` are the document's numbers with the `notes` they were written from; `files` maps a
    file's name to its numbers by indicator/unit/measure, as printed.
    """
    standing = standing_numbers(tables, contents.district, contents.label, contents.standard)
    before = standing_numbers(
        tables,
        contents.district,
        periods.quarter_label(contents.quarter - 1),
        contents.standard,
    )
    wrong = list(_in_prose(contents, standing, before, told, notes))
    number = len(told)
    for name, numbers in files.items():
        wrong += _in_numbers(name, numbers, standing)
        number += len(numbers)
    if wrong:
        more = f", and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise Disagreement(
            f"The report was not written, since it says other numbers than the warehouse: "
            f"{'; '.join(wrong[:_SHOWN])}{more}. This is a fault of the program; report it."
        )
    return number


def _in_numbers(
    name: str, numbers: Mapping[str, Decimal | str], standing: Standing
) -> Iterator[str]:
    """What differs in a file of which every number has its key."""
    for key, text in numbers.items():
        said = _read(text)
        if key not in standing.printed:
            # Of an indicator that was not asked yet — is what there is.
            if said is not None:
                yield f"{name} has {key} ({text}), which is not there"
            continue
        known = standing.printed[key]
        if said != known:
            yield f"{name} says {text} of {key}, which is {known}"


def _read(text: Decimal | str) -> Decimal | str | None:
    if isinstance(text, Decimal):
        return text
    plain = text.strip().replace(",", "").replace("−", "-").removeprefix("+").removesuffix("%")
    if plain in ("", "—"):
        return None
    if plain == "＊":
        return SUPPRESSED
    try:
        return Decimal(plain)
    except ArithmeticError:
        return f"no number ({text})"


def _in_prose(
    contents: Contents,
    standing: Standing,
    before: Standing,
    told: Sequence[Told],
    notes: Sequence[Note],
) -> Iterator[str]:
    if [each.number for each in told] != [note.number for note in notes]:
        yield f"the document has {len(told)} numbers and {len(notes)} notes"
        return
    for each, note in zip(told, notes, strict=True):
        name, _, aspect = note.key.partition("/")
        item = contents.items.get(name)
        if item is None:
            if not _rows_fit(contents, each, aspect):
                yield f"the document says {each.text} of {aspect}"
        elif not _item_fits(contents, item, aspect, each, standing, before):
            yield f"the document says {each.text} ({each.annex[2]}) of {note.key}"


def _item_fits(
    contents: Contents,
    item: Item,
    aspect: str,
    told: Told,
    standing: Standing,
    before: Standing,
) -> bool:
    if not told.annex[0].startswith(item.name_zh.removeprefix("其中：")):
        return False
    key = f"{item.name}/{contents.district}/"
    if aspect in _COMPARISONS:
        measures = {
            name: standing.printed.get(f"{key}{aspect}.{name}")
            for name in ("change", "rate", "matched_rate", "matched_change")
        }
        status = standing.status.get(f"{key}{aspect}", "base_missing")
        return comparison_fits(told.text, status, measures, _before(before, f"{key}{aspect}"))
    measure = "year_to_date" if aspect == "year_to_date" else "value"
    if aspect == "units":
        return _units_fit(contents, item, told.text, standing)
    exact, printed = standing.exact.get(key + measure), standing.printed.get(key + measure)
    return value_fits(told.text, item.unit, exact, printed) and value_fits(
        told.annex[2] if printed != SUPPRESSED else told.text, item.unit, exact, printed
    )


def _before(before: Standing, key: str) -> Decimal | None:
    """The printed rate, or change in points, of a quarter earlier."""
    measure = "change" if before.status.get(key) == "points" else "rate"
    known = before.printed.get(f"{key}.{measure}")
    return known if isinstance(known, Decimal) else None


def _units_fit(contents: Contents, item: Item, text: str, standing: Standing) -> bool:
    """Whether the units that have any are named, and no others; each with its number or none."""
    names, numbers = [], []
    for unit in contents.units:
        key = f"{item.name}/{unit}/value"
        known, printed = standing.exact.get(key), standing.printed.get(key)
        if known is not None and known > 0:
            names.append(contents.unit_name(unit))
            numbers.append(f"{names[-1]}{printed}{item.unit}")
    if not names:
        return text in ("暂无", "暂缺") or text.startswith("另有")
    said = text.rpartition("（另有")[0] or text
    # Of several that end alike the ending is said once, at the last.
    short = [
        "、".join(name.removesuffix(ending) for name in names) + ending
        for ending in ("街道", "镇", "乡")
        if len(names) > 1 and all(name.endswith(ending) for name in names)
    ]
    return said in ("、".join(names), "、".join(numbers), *short)


def _rows_fit(contents: Contents, told: Told, name: str) -> bool:
    """Whether a ledger's count is what the warehouse counted; listings have no number of it."""
    for count, (ledger, declared) in contents.declaration.counts.items():
        if declared.name_zh == name:
            months = [
                month.value
                for (_, figure, number), month in contents.months.items()
                if figure == count and number == contents.last_month and month.value is not None
            ]
            if declared.dated is not None or not months:
                # The months count what is dated in each, and an old release kept none of them.
                rows = contents.ledgers.get(ledger.name, ())
                own = f"{counted(rows, declared, contents.quarter)}{declared.unit}"
                return told.text in ("暂缺", own)
            return told.text == f"{sum(months):.0f}{declared.unit}"
    return True
