"""Hypothesis strategies: a form with any figures, any layout, any format of file."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from flows.demo.layout import month_texts
from schemas.declaration import DECLARATION
from schemas.declaring.model import Figure
from tests.writing.formats import ONE_SHEET
from tests.writing.layouts import COLUMNS, Layout, Line, Table

MONTH = 2022 * 12 + 6
UNIT = "500114112"
UNIT_NAMES = ("濯水镇", "黔江区濯水镇", "濯水镇人民政府")
FORMS = [form for form in DECLARATION.forms if form.lines("township", MONTH)]
ENCODINGS = ("utf-8-sig", "utf-8", "gb18030")
FORMATS = ("xlsx", "xlsm", "xlsb", "xls", "et", "biff", "ods", "csv", "tsv", "html", "xml")
HEADERS = ("one", "two", "split", "three")
TITLES = ("{title}（续表）", "{title}续表", "{title}（续）")


@dataclass(frozen=True)
class Case:
    """A form's figures in a layout and a format."""

    form: str
    table: Table
    layout: Layout
    format: str
    looks: dict[str, Any]


@st.composite
def cases(
    draw: DrawFn,
    formats: tuple[str, ...] = FORMATS,
    layouts: SearchStrategy[Layout] | None = None,
) -> Case:
    """Any table in any mix of layout and format."""
    format = draw(st.sampled_from(formats))
    form = draw(st.sampled_from(FORMS))
    figures = form.lines("township", MONTH)
    table = Table(
        form.title_zh,
        form.form_no,
        draw(st.sampled_from(UNIT_NAMES)),
        draw(st.sampled_from(month_texts(MONTH))),
        tuple(_line(draw, number, figure) for number, figure in enumerate(figures, 1)),
    )
    layout = draw(any_layout() if layouts is None else layouts)
    if format in ONE_SHEET and layout.continued == "sheet":
        layout = replace(layout, continued="below")
    return Case(form.name, table, layout, format, draw(_looks(format)))


def _line(draw: DrawFn, number: int, figure: Figure) -> Line:
    value = draw(_amount(figure))
    total = draw(_amount(figure)) if figure.kind == "flow" else None
    return Line(number, figure.name_zh, figure.unit, figure.code, value, total)


def _amount(figure: Figure) -> SearchStrategy[Decimal]:
    counts = st.integers(-99, 10_000_000)
    if figure.unit != "万元":
        return counts.map(Decimal)
    places = st.sampled_from((0, 1, 2, 4))
    return st.builds(lambda number, rest: Decimal(number).scaleb(-rest), counts, places)


@st.composite
def any_layout(draw: DrawFn) -> Layout:
    """Any layout in which what belongs together stands together."""
    side = draw(st.sampled_from(("", "", "", "transposed", "one_row")))
    header = draw(st.sampled_from(HEADERS))
    blocks = draw(st.integers(1, 2))
    unit_once = draw(st.sampled_from(("", "", "单位", "计量单位")))
    continued = draw(st.sampled_from(("", "", "below", "sheet")))
    again = (*TITLES, "续表") if continued == "below" else TITLES
    return Layout(
        side=side,
        row_label=draw(st.sampled_from(("month", "unit"))),
        order=_order(draw, together=header in ("two", "three"), named_first=blocks > 1, side=side),
        header=header,
        blocks=blocks,
        gap=draw(st.booleans()),
        continued=continued,
        again=draw(st.sampled_from(again)),
        head_again=draw(st.booleans()),
        shifted=draw(st.booleans()),
        sections=draw(st.sampled_from(("", "", "一、", "（一）"))),
        unit_once=unit_once,
        yuan=not unit_once and draw(st.booleans()),
        codes=draw(st.sampled_from(("text", "number", "absent"))),
        numbers=draw(st.sampled_from(("number", "text", "separators", "full_width"))),
        rows_before=draw(st.integers(0, 3)),
        columns_before=draw(st.integers(0, 2)),
        foot=draw(st.booleans()),
    )


def _order(draw: DrawFn, *, together: bool, named_first: bool, side: str) -> tuple[str, ...]:
    """The order of the columns, of which a line's name begins a block beside another."""
    if draw(st.booleans()):
        return ("name", *(each for each in COLUMNS if each != "name")) if side else COLUMNS
    order = draw(st.permutations(COLUMNS))
    amounts = [each for each in order if each in ("month", "cumulative")]
    others = [each for each in order if each not in amounts]
    if together:
        order = others[:]
        at = draw(st.integers(0, len(others)))
        order[at:at] = amounts
    if named_first:
        order = [each for each in order if each not in amounts]
        order += amounts
    if side:
        order = ["name", *(each for each in order if each != "name")]
    return tuple(order)


def _looks(format: str) -> SearchStrategy[dict[str, Any]]:
    """The format's own options."""
    either, encodings = st.booleans(), st.sampled_from(ENCODINGS)
    match format:
        case "xlsx" | "xlsm":
            ways = dict.fromkeys(("shared", "dimension", "references", "strict"), either)
            return st.fixed_dictionaries({**ways, "prefix": st.sampled_from(("", "x"))})
        case "xlsb":
            return st.fixed_dictionaries({"shared": either})
        case "csv" | "tsv":
            return st.fixed_dictionaries({"encoding": encodings})
        case "html":
            encoding = st.sampled_from(("utf-8", "gb18030"))
            return st.fixed_dictionaries({"numbers": either, "encoding": encoding})
    return st.just({})
