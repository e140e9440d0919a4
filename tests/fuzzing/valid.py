"""Right returns in every format and layout, from a seeded generator."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.declaration import DECLARATION
from schemas.declaring.rules import MICRO
from tests.writing.chosen import ENCODINGS, FORMATS, FORMS, HEADERS, MONTH, TITLES, UNIT
from tests.writing.formats import EXTENSIONS, ONE_SHEET, write
from tests.writing.layouts import COLUMNS, LaidOut, Layout, Line, Table, laid_out

FIGURES = {figure.code: name for name, figure in DECLARATION.figures.items()}


@dataclass(frozen=True)
class Given:
    """A right return: what it says, and the file that says it."""

    form: str
    table: Table
    laid: LaidOut
    format: str
    looks: dict[str, Any]
    content: bytes

    @property
    def name(self) -> str:
        """The file's name, which says nothing of unit and month."""
        return f"报表{EXTENSIONS[self.format]}"

    @property
    def identity(self) -> tuple[str, int]:
        """Whose return it is, and of which month."""
        return UNIT, MONTH

    @property
    def amounts(self) -> dict[str, tuple[int, int | None]]:
        """Each figure's amounts in millionths."""
        return {
            FIGURES[line.code]: (
                int(line.value * MICRO),
                None if line.year_to_date is None else int(line.year_to_date * MICRO),
            )
            for line in self.table.lines
        }


def any_return(rng: random.Random, formats: tuple[str, ...] = FORMATS) -> Given:
    """A right return of any form."""
    form, format = rng.choice(FORMS), rng.choice(formats)
    lines = tuple(
        Line(
            number,
            figure.name_zh,
            figure.unit,
            figure.code,
            _amount(rng, figure.unit),
            _amount(rng, figure.unit) if figure.kind == "flow" else None,
        )
        for number, figure in enumerate(form.lines("township", MONTH), 1)
    )
    table = Table(form.title_zh, form.form_no, "濯水镇", "2022年7月", lines)
    laid = laid_out(table, _layout(rng, format))
    looks = _looks(rng, format)
    return Given(form.name, table, laid, format, looks, write(laid.sheets, format, **looks))


def _amount(rng: random.Random, unit: str) -> Decimal:
    number = Decimal(rng.randrange(10 ** rng.randint(1, 6)))
    return number.scaleb(-1) if unit == "万元" else number


def _layout(rng: random.Random, format: str) -> Layout:
    """Half of the returns plainly, as the bureau gives its forms out."""
    codes = rng.choice(("text", "text", "number", "absent"))
    numbers = rng.choice(("number", "number", "number", "text", "separators", "full_width"))
    if rng.random() < 0.5:
        return Layout(codes=codes, numbers=numbers, yuan=rng.random() < 0.2)
    side = rng.choice(("", "", "", "transposed", "one_row"))
    below = format in ONE_SHEET or rng.random() < 0.5
    order = ("name", *(each for each in COLUMNS if each != "name")) if side else COLUMNS
    return Layout(
        side=side,
        order=order,
        header=rng.choice(HEADERS),
        blocks=rng.choice((1, 1, 2)),
        continued=rng.choice(("", "", "below" if below else "sheet")),
        again=rng.choice(TITLES),
        head_again=rng.random() < 0.5,
        sections=rng.choice(("", "", "一、")),
        unit_once=rng.choice(("", "", "单位")),
        codes=codes,
        numbers=numbers,
        rows_before=rng.randrange(3),
        columns_before=rng.randrange(2),
    )


def _looks(rng: random.Random, format: str) -> dict[str, Any]:
    def either() -> bool:
        return rng.random() < 0.5

    match format:
        case "xlsx" | "xlsm":
            ways: dict[str, Any] = {"shared": either(), "dimension": either()}
            return ways | {
                "references": rng.random() < 0.7,
                "prefix": "" if rng.random() < 0.8 else "x",
                "strict": rng.random() < 0.2,
            }
        case "xlsb":
            return {"shared": either()}
        case "csv" | "tsv":
            return {"encoding": rng.choice(ENCODINGS)}
        case "html":
            return {"numbers": either(), "encoding": rng.choice(("utf-8", "gb18030"))}
    return {}
