"""A world in which every status of growth occurs, and a report that says each of them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.gathering import gathered
from flows.warehouse.store import connect
from schemas.declaring.district import Declaration
from schemas.declaring.lines import stock
from schemas.declaring.model import FigureForm, Indicator, Unit
from schemas.declaring.periods import parse_month, parse_quarter
from schemas.declaring.reporting import Programme, Report
from tests.sharing.worlds import Warehouses

_NAMES = {
    "rising": "上升数",
    "falling": "下降数",
    "same": "不变数",
    "hardly": "微增数",
    "both_zero": "两期为零数",
    "base_zero": "由零起数",
    "value_missing": "未报数",
    "base_missing": "新报数",
    "incomplete": "缺报数",
    "not_comparable": "改口径数",
    "few": "少数人数",
    "turning": "转向数",
    "plus": "加数",
    "minus": "减数",
    "part": "部分数",
    "whole": "全部数",
    "top": "分子数",
    "bottom": "分母数",
    "gained": "新增数",
    "lost": "退出数",
}
_LINES = tuple(
    replace(
        stock(str(at), name, name_zh, "人", ""),
        sensitive=name == "few",
        redefined=(parse_month("2022-01"),) if name == "not_comparable" else (),
    )
    for at, (name, name_zh) in enumerate(_NAMES.items(), 101)
)
_INDICATORS = (
    Indicator("turned_negative", "由正变负数", "人", "stock", "plus - minus", ""),
    Indicator("turned_positive", "由负变正数", "人", "stock", "minus - plus", ""),
    Indicator("base_negative", "上年为负数", "人", "stock", "gained - lost", ""),
    Indicator("points", "部分占比", "%", "ratio", "100 * part / whole", ""),
    Indicator("undefined", "平均数", "人", "ratio", "top / bottom", ""),
)
SAID = (*_NAMES.values(), *(each.name_zh for each in _INDICATORS))
STATUS_REPORT = Report(
    "{地区}{报告期}情况",
    (),
    (
        Programme(
            "all",
            "各种情形",
            ("all",),
            ("rising", "incomplete", "few"),
            tuple(f"{name}{{{name}}}，{{{name}|增减}}，{{{name}|同比}}。" for name in SAID),
        ),
    ),
)
STATUSES = Declaration(
    "1",
    "某区",
    (Unit("1", "某区", "区"), Unit("A", "甲镇", "镇"), Unit("B", "乙镇", "镇")),
    {"township": ("镇",)},
    (
        FigureForm(
            "all",
            "01",
            "C01",
            "月报",
            ("township",),
            ("township",),
            valid_from=parse_month("2020-01"),
            figures=_LINES,
        ),
    ),
    (),
    _INDICATORS,
    lambda month: dt.date(month // 12, month % 12 + 1, 28),
    lambda unit: (unit.name,),
    report=STATUS_REPORT,
)
_VALUES = {
    # By figure: 甲镇 and 乙镇 in the first quarters of 2021 and of 2022; None is not reported.
    "rising": (100, 100, 150, 100),
    "falling": (100, 100, 80, 100),
    "same": (50, 50, 40, 60),
    "hardly": (50_000, 50_000, 50_010, 50_000),
    "both_zero": (0, 0, 0, 0),
    "base_zero": (0, 0, 7, 0),
    "value_missing": (5, 5, None, None),
    "base_missing": (None, None, 5, 5),
    "incomplete": (100, 100, 90, None),
    "not_comparable": (10, 10, 20, 20),
    "few": (20, 20, 3, 0),
    "turning": (100, 100, 90, 100),
    "plus": (10, 10, 1, 1),
    "minus": (4, 4, 3, 3),
    "part": (10, 10, 12, 12),
    "whole": (50, 50, 50, 50),
    "top": (8, 8, 9, 9),
    "bottom": (0, 0, 3, 3),
    "gained": (1, 1, 2, 2),
    "lost": (6, 6, 4, 4),
}
_QUARTER_BEFORE = {"turning": (80, 80, 100, 100)}
"""A year and a quarter before, and a quarter before: what falls now was rising."""


def facts() -> str:
    """What was reported, a line a value."""
    lines = []
    for months, values in (
        (("2021-03", "2022-03"), _VALUES),
        (("2020-12", "2021-12"), _QUARTER_BEFORE),
    ):
        for figure, (then_a, then_b, now_a, now_b) in values.items():
            cells = ((0, "A", then_a), (0, "B", then_b), (1, "A", now_a), (1, "B", now_b))
            lines += [
                f"{months[at]} {unit} {figure} {value}"
                for at, unit, value in cells
                if value is not None
            ]
    return "\n".join(lines)


@contextmanager
def status_contents(folder: Path) -> Iterator[tuple[Contents, duckdb.DuckDBPyConnection]]:
    """The first quarter of 2022 of that world, with its tables after suppression."""
    warehouse = Warehouses(folder).of(STATUSES, facts())
    with connect(warehouse) as connection:
        connection.execute(
            "INSERT INTO main.run (run, kind, started_at, finished_at) VALUES "
            "('r', 'nightly', '2022-04-05 18:00', '2022-04-05 18:01')"
        )
    with gathered(warehouse, STATUSES, parse_quarter("2022Q1"), None, threshold=5) as (
        contents,
        tables,
    ):
        yield contents, tables
