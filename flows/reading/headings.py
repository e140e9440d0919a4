"""The headings of a figure sheet's table, and where they stand."""

from __future__ import annotations

from flows.reading.cells import Grid

NAME, UNIT, CODE, MONTH, CUMULATIVE, NOTE = "name", "unit", "code", "month", "cumulative", "note"
HEADERS = {
    "指标名称": NAME,
    "指标": NAME,
    "计量单位": UNIT,
    "单位": UNIT,
    "代码": CODE,
    "指标代码": CODE,
    "本月数": MONTH,
    "本月": MONTH,
    "本期数": MONTH,
    "本季数": MONTH,
    "本年累计": CUMULATIVE,
    "本年累计数": CUMULATIVE,
    "累计": CUMULATIVE,
    "说明": NOTE,
    "情况说明": NOTE,
    "备注": NOTE,
}
_SPARE = "备注"
"""Taken for 说明 only where there is no 说明 beside it."""


def find_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The header's place in `grid.rows` and the column of each heading, or None."""
    for row in range(len(grid.rows)):
        texts = grid.normal_texts(row)
        if HEADERS.keys().isdisjoint(texts):
            continue
        columns: dict[str, int] = {}
        for column, text in enumerate(texts):
            if text in HEADERS and text != _SPARE:
                columns.setdefault(HEADERS[text], column)
        if _SPARE in texts:
            columns.setdefault(NOTE, texts.index(_SPARE))
        if NAME in columns and MONTH in columns:
            return row, columns
    return None
