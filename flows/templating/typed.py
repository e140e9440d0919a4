"""What stands in a cell, as formulas: blank, not applicable, one of some texts.

They take what the reader takes. A cell with an error makes none of those on texts true.
"""

from __future__ import annotations

from collections.abc import Iterable

from flows.reading.values import NOT_APPLICABLE_MARKS

DASH = "—"
MARKS = (DASH, *sorted(NOT_APPLICABLE_MARKS - {DASH}), "／")
"""What says that there is nothing to fill in, the one to be written first."""
NONE = "无"
WIDE_BLANK = "\u3000"


def literal(text: str) -> str:
    """A text in a formula."""
    return '"' + text.replace('"', '""') + '"'


def trimmed(place: str) -> str:
    """The text of a cell without blanks around it."""
    return f'TRIM(SUBSTITUTE({place},"{WIDE_BLANK}"," "))'


def unspaced(place: str) -> str:
    """The text of a cell, or of each of several, without any blanks."""
    return f'SUBSTITUTE(SUBSTITUTE({place}," ",""),"{WIDE_BLANK}","")'


def is_blank(place: str) -> str:
    """The condition that nothing but blanks stands in a cell."""
    return f"LEN({trimmed(place)})=0"


def is_one_of(text: str, among: Iterable[str] | str) -> str:
    """The condition that a text is one of others, which may stand in cells."""
    listed = among if isinstance(among, str) else "{" + ",".join(map(literal, among)) + "}"
    # Neither MATCH nor COUNTIF: they take ? and * for any text.
    return f"IFERROR(SUMPRODUCT(--EXACT({text},{listed})),0)>0"


def is_away(place: str) -> str:
    """The condition that a cell says that there is nothing to fill in."""
    return is_one_of(trimmed(place), MARKS)


def is_any_mark(place: str) -> str:
    """The same of a cell without blanks, for validations and colours: they take no lists."""
    return f"OR({','.join(f'{place}={literal(each)}' for each in MARKS)})"


def is_number(place: str) -> str:
    """The condition that a cell holds a number; LibreOffice takes TRUE for one."""
    return f"AND(ISNUMBER({place}),NOT(ISLOGICAL({place})))"


def meant(place: str) -> str:
    """The number that a cell means, also where it stands there as a text; a dash for none, or ''.

    Where the office suite does not know full-width digits, those mean nothing. More than seven
    functions within each other do not survive in an .xls.
    """
    read = f'VALUE(ASC(SUBSTITUTE({place},"{WIDE_BLANK}"," ")))'
    text = f'IF({trimmed(place)}="{NONE}",0,IFERROR({read},""))'
    return f"IF(ISNUMBER({place}),{place},IF({is_away(place)},{literal(DASH)},{text}))"
