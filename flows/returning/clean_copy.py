"""A workbook of any format as a plain .xlsx: the same values at the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from flows.reading import refusals
from flows.reading.opening import Opened, open_sheets
from flows.reading.refusals import RefusedError
from flows.returning.markup import MAIN, OFFICE, legal
from flows.returning.package_parts import zipped
from flows.returning.plain_sheet import HEADER, PLAIN_STYLES, plain_sheet
from flows.returning.relations import SPREADSHEET

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(r"[]:*?/\\", "（）：＊？／＼＼")


class Copy(NamedTuple):
    """The copy, and its sheets' names by those in the original."""

    content: bytes
    names: dict[str, str]


def clean_copy(content: bytes, file_name: str) -> Copy:
    """The sheets of a file that can be read, as a new workbook.

    RefusedError for what is no spreadsheet, or has no such sheet.
    """
    opened = sheets_of(content, file_name)
    if not opened.grids:
        for rule, sheet, blanks in opened.broken:
            raise RefusedError(rule.say(sheet=sheet, **blanks))
        raise RefusedError(refusals.NOTHING_INSIDE.say())
    names = _names([grid.name for grid in opened.grids])
    numbers = range(1, len(names) + 1)
    from_1904 = any(grid.from_1904() for grid in opened.grids)
    files = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(names, from_1904),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": PLAIN_STYLES,
    }
    for number, grid in zip(numbers, opened.grids, strict=True):
        grid.fill_unresolved()  # formulas without a result must not become blanks
        files[f"xl/worksheets/sheet{number}.xml"] = plain_sheet(grid, from_1904)
    packed = zipped({name: text.encode() for name, text in files.items()})
    return Copy(packed, dict(zip((grid.name for grid in opened.grids), names, strict=True)))


def sheets_of(content: bytes, file_name: str) -> Opened:
    """What the reader opens; RefusedError also where one of its parsers breaks down."""
    try:
        return open_sheets(content, file_name)
    except (RefusedError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        raise RefusedError(refusals.ABNORMAL.say()) from error


def _names(given: Sequence[str]) -> list[str]:
    """Names that sheets may have, no two alike."""
    names: list[str] = []
    taken = set()
    for name in given:
        wanted = legal(name).translate(_FORBIDDEN).strip().strip("'") or "Sheet"
        name, number = wanted[:_NAME_LENGTH], 1
        while name.casefold() in taken:
            number += 1
            end = f"（{number}）"
            name = wanted[: _NAME_LENGTH - len(end)] + end
        taken.add(name.casefold())
        names.append(name)
    return names


def _workbook(names: Sequence[str], from_1904: bool) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    counting = '<workbookPr date1904="1"/>' if from_1904 else ""
    return (
        f'{HEADER}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{counting}'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(numbers: Sequence[int]) -> str:
    named = {"workbook": "sheet.main", "styles": "styles"}
    named |= {f"worksheets/sheet{number}": "worksheet" for number in numbers}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for name, kind in named.items()
    )
    return (
        f'{HEADER}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
