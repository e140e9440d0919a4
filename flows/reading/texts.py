"""Files of plain text: their encoding, and tables of delimited values as Excel shows them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from flows.reading.cells import Grid, Rows

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_END_OF_FILE = "\x1a"
"""DOS programs, FoxPro among them, end a text with it."""
SHEET_NAME_LONGEST = 31
_SAMPLE = 2**18
_DELIMITERS = "\t,;|"
_WIDE_COMMA = "，"
_SEP = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n?|\n|\Z)', re.IGNORECASE)
_QUOTED = re.compile(r'(?:(?<=[\t,;|，\r\n])|\A)"[^"]*(?:""[^"]*)*(?:"|\Z)')
_PADDING = re.compile(r"\t(?=[,;|])")
"""Systems put a tab behind a value so that Excel takes it for a text."""
_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# The longest that fits a C long everywhere; the default of 128 KiB is an error for long notes.
csv.field_size_limit(2**31 - 1)


def decode(content: bytes) -> str | None:
    """The text of a file by its BOM, as UTF-8 or as GB18030; None where it is no text."""
    text = decode_bom(content)
    if text is None:
        text = decode_strictly(content, "utf-8")
    if text is None:
        text = decode_strictly(content, "gb18030")
    if text is None:
        return None
    text = text.removesuffix(_END_OF_FILE)
    return None if _NO_TEXT.search(text) else text


def decode_bom(content: bytes) -> str | None:
    """The text behind a BOM; None where there is no BOM or it does not tell the truth."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return decode_strictly(content[len(bom) :], encoding)
    return None


def decode_strictly(content: bytes, encoding: str) -> str | None:
    """The text in an encoding; None where a byte is none of it."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_delimited(text: str, name: str) -> Grid:
    """The table in a text, from A1 on; all cells are texts, a cell of blanks only is ''.

    `name` is the file's stem: the sheet's name is what Excel makes of it. The delimiter
    is a comma, tab, semicolon or bar, whichever makes the most cells, or what a first line `sep=` names. Blank lines are rows, as in Excel. Raises TooLarge.
    """
    start, delimiter = 0, ""
    told = _SEP.match(text)
    if told:
        start, delimiter = told.end(), told[1]
    rows = Rows(name[:SHEET_NAME_LONGEST])
    lines = io.StringIO(text, newline="")
    lines.seek(start)
    for record in csv.reader(lines, delimiter=delimiter or find_delimiter(text)):
        rows.add([_cell(field) for field in record])
    return rows.grid()


def find_delimiter(text: str) -> str:
    """The character that parts the text into the most cells.

    A comma between digits is one of a number where something else parts the cells too. The
    full-width comma is one of prose: it is taken only where nothing else parts a line and
    most lines have equally many. A comma where nothing parts anything.
    """
    sample = _PADDING.sub("", _QUOTED.sub('""', text[:_SAMPLE]))
    counts = {delimiter: sample.count(delimiter) for delimiter in _DELIMITERS}
    if any(count for delimiter, count in counts.items() if delimiter != ","):
        counts[","] -= len(_IN_NUMBER.findall(sample))
    best = max(counts, key=lambda delimiter: counts[delimiter])
    if counts[best]:
        return best
    lines = [line for line in re.split(r"[\r\n]+", sample) if not line.isspace()]
    count, _ = _alike(lines, _WIDE_COMMA)
    return _WIDE_COMMA if count > 1 and count * 2 > len(lines) else ","


_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")


def _alike(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have the most common number of delimiters, and that number."""
    counts = Counter(line.count(delimiter) for line in lines)
    del counts[0]
    return max(((lines, number) for number, lines in counts.items()), default=(0, 0))


def _cell(field: str) -> str:
    if not field or field.isspace():
        return ""
    formula = _AS_FORMULA.fullmatch(field)
    if formula:
        return formula[1].replace('""', '"')
    return field.replace("\r\n", "\n") if "\r" in field else field
