"""A form of several versions is checked line by line by the version of its month."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flows.checking.batch import Batch, Layout, Return, build
from flows.checking.history import InForce
from flows.checking.judge import judge
from flows.reading.cells import Grid
from flows.reading.workbook import interpret
from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.balances import at_most, between, carried_forward, sum_of
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import month_zh, parse_month
from schemas.declaring.versions import with_old_version

JANUARY = parse_month("2021-01")
FORM = FigureForm(
    name="aid",
    number="01",
    form_no="QJMZ01",
    title_zh="救助月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=JANUARY,
    figures=(
        flow("0101", "food", "食品", "万元", ""),
        flow("0102", "clothes", "衣物", "万元", ""),
        flow("0103", "other", "其他", "万元", ""),
        flow("0104", "total", "合计", "万元", ""),
    ),
    rules=(
        *sum_of("B0101", "total", ("food", "clothes", "other"), "合计", "各项"),
        *at_most("B0102", "other", "food", ("其他", "食品")),
    ),
)
Amounts = Mapping[str, tuple[str, str]]
"""本月数 and 本年累计 by figure, as written."""


def declared(form: FigureForm) -> Declaration:
    return replace(TODAY, forms=(form,), ledgers=(), indicators=())


def checked(
    form: FigureForm, *months: Amounts, units: str | None = None, start: int = JANUARY
) -> Batch:
    """The returns of January, February, … with those lines, judged together.

    `units` are written in place of those asked for, `start` is another month than January.
    """
    declaration, returns = declared(form), []
    for number, amounts in enumerate(months):
        month = start + number
        rows: list[list[object]] = [
            [form.title_zh, "", "", "", ""],
            [f"填报单位：城东街道　报告期：{month_zh(month)}", "", "", "", ""],
            ["代码", "指标名称", "计量单位", "本月数", "本年累计"],
        ]
        for line in form.lines("township", month):
            written = (Decimal(each) for each in amounts[line.name])
            unit = line.asked_in if units is None else units
            rows.append([line.code, line.name_zh, unit, *map(float, written)])
        book = interpret([Grid("表", 0, 0, rows)], "x.xlsx", declaration)
        assert book.unit is not None
        returns.append(Return.of(str(number), number, book))
    batch = build(returns, declaration)
    units_here = sorted({each.unit for each in returns})
    in_force = InForce(Layout(declaration), units_here, JANUARY - 12, JANUARY + 12)
    judge(batch, in_force, dt.datetime.fromisoformat("2023-01-01T00:00"))
    return batch


def brief(batch: Batch) -> list[tuple[int, str, str, str | None]]:
    return [(each.at, each.rule, each.level, each.figure) for each in batch.findings]


def same(value: str) -> tuple[str, str]:
    return value, value


def test_a_sum_holds_over_the_lines_that_there_were() -> None:
    form = with_old_version(FORM, JANUARY, absent=("other",))
    right = {"food": same("1.1"), "clothes": same("2.2"), "total": same("3.3")}
    batch = checked(form, right)
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)
    assert brief(checked(form, right | {"total": same("3.4")})) == [(0, "B0101R", "query", "total")]
    assert brief(checked(form, right | {"total": same("4.4")})) == [(0, "B0101", "error", "total")]


def test_a_line_that_ended_within_the_year_is_in_the_totals_year_to_date() -> None:
    ended = FORM.figures[2]
    kept = tuple(each for each in FORM.figures if each.name != "other")
    form = with_old_version(replace(FORM, figures=kept), JANUARY, ended=(ended,))
    first = {
        "food": same("1.1"), "clothes": same("2.2"), "other": same("0.5"), "total": same("3.8"),
    }  # fmt: skip
    later = {"food": ("1.2", "2.3"), "clothes": ("2", "4.2"), "total": ("3.2", "7.0")}
    batch = checked(form, first, later)
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)
    wrong = later | {"total": ("9", "12.8")}
    assert brief(checked(form, first, wrong)) == [(1, "B0101", "error", "total")]


def test_a_rule_whose_line_was_not_there_is_not_asked() -> None:
    form = with_old_version(FORM, JANUARY, absent=("food",))
    batch = checked(form, {"clothes": same("2.2"), "other": same("9"), "total": same("11.2")})
    assert (brief(batch), int(batch.unverifiable.sum())) == ([], 0)


def test_a_total_beside_parts_in_another_unit_is_rounded() -> None:
    form = with_old_version(FORM, JANUARY + 11, asked_in={"food": "元"})
    first = {
        "food": same("11499"),
        "clothes": same("2.2"),
        "other": same("0"),
        "total": same("3.3"),
    }
    # 1.1499 and 1.1489: 2.2988 + 4.4 since January, where the rounded months come to 6.6.
    second = {
        "food": ("11489", "22988"), "clothes": ("2.2", "4.4"), "other": ("0", "0"),
        "total": ("3.3", "6.6"),
    }  # fmt: skip
    assert brief(checked(form, first, second)) == []
    wrong = checked(form, first | {"total": same("3.4")})
    (finding,) = wrong.findings
    assert (finding.rule, finding.level) == ("B0101R", "query")
    assert "合计”本月数为3.4万元，各项之和为3.3499万元，相差0.0501万元" in finding.message


def test_a_total_in_元_beside_parts_in_万元() -> None:
    form = with_old_version(FORM, JANUARY + 11, asked_in={"total": "元"})
    parts = {"food": same("1.1"), "clothes": same("2.2"), "other": same("0.5")}
    assert brief(checked(form, parts | {"total": same("38499.99")})) == []
    (finding,) = checked(form, parts | {"total": same("48000")}).findings
    assert (finding.rule, finding.value) == ("B0101", "48000")
    assert "为48000元，各项之和为38000元，相差10000元" in finding.message


def test_the_first_month_in_万元_within_a_year_cannot_but_be_rounded() -> None:
    form = with_old_version(FORM, JANUARY, asked_in=dict.fromkeys(FORM.latest, "元"))
    first = {
        "food": same("11423.45"), "clothes": same("20000"), "other": same("0"),
        "total": same("31423.45"),
    }  # fmt: skip
    later: dict[str, Any] = {
        "food": ("1.1", "2.2"), "clothes": ("2", "4"), "other": ("0", "0"), "total": ("3.1", "6.2"),
    }  # fmt: skip
    assert brief(checked(form, first, later)) == []
    # 1.142345 + 1.1 is 2.2 or 2.3, not 2.4.
    off = later | {"food": ("1.1", "2.4"), "total": ("3.1", "6.4")}
    assert brief(checked(form, first, off)) == [
        (1, "T01", "error", "food"),
        (1, "T01", "error", "total"),
    ]


def test_decimals_are_those_of_the_months_version() -> None:
    whole = with_old_version(FORM, JANUARY, places={"food": 0})
    fine = with_old_version(FORM, JANUARY, places={"food": 3})
    amounts = {"food": same("1.5"), "clothes": same("1"), "other": same("0"), "total": same("2.5")}
    month, year_to_date = checked(whole, amounts).findings
    for finding in (month, year_to_date):
        assert (finding.rule, finding.figure) == ("V04", "food")
        assert "应为整数" in finding.message
    fractions = amounts | {"food": same("1.525"), "total": same("2.5")}
    assert "V04" not in {rule for _, rule, *_ in brief(checked(fine, fractions))}


def test_a_blank_unit_is_that_of_the_form() -> None:
    form = with_old_version(FORM, JANUARY, asked_in=dict.fromkeys(FORM.latest, "元"))
    amounts = {
        "food": same("11000"), "clothes": same("1000"), "other": same("0"), "total": same("12000"),
    }  # fmt: skip
    batch = checked(form, amounts, units="")
    assert brief(batch) == []
    column = batch.layout.column["total"]
    assert batch.value.micro[0, column] == 1_200_000
    assert {rule for _, rule, *_ in brief(checked(form, amounts, units="万元"))} == {"S05"}


def read_as(form: FigureForm, month: int, names: Mapping[str, str]) -> list[str]:
    """The rules of what is found in a form of zeros where those lines carry those names."""
    rows: list[list[object]] = [
        [form.title_zh, "", "", "", ""],
        [f"填报单位：城东街道　报告期：{month_zh(month)}", "", "", "", ""],
        ["代码", "指标名称", "计量单位", "本月数", "本年累计"],
    ]
    for line in form.lines("township", month):
        rows.append([line.code, names.get(line.name, line.name_zh), line.asked_in, 0.0, 0.0])
    return [each.rule for each in interpret([Grid("表", 0, 0, rows)], "x", declared(form)).findings]


def test_a_lines_own_name_of_other_months_does_not_contradict_its_code() -> None:
    form = with_old_version(FORM, JANUARY + 11, names={"other": "杂项"})
    assert read_as(form, JANUARY + 12, {"other": "杂项"}) == []
    assert read_as(form, JANUARY, {"other": "其他"}) == []
    swapped = with_old_version(FORM, JANUARY + 11, names={"other": "衣物", "clothes": "其他"})
    assert read_as(swapped, JANUARY, {"other": "其他"}) == ["S04"]


def test_a_rule_of_an_old_version_has_the_code_of_todays() -> None:
    then = sum_of("B0101", "total", ("food", "clothes"), "合计", "旧式两项")
    form = with_old_version(
        FORM, JANUARY, absent=("other",), rules=then, without=[each.rule.code for each in then]
    )
    first = {"food": same("1.1"), "clothes": same("2.2"), "total": same("3.3")}
    later = {
        "food": ("1.1", "2.2"), "clothes": ("2.2", "4.4"), "other": same("1"),
        "total": ("9", "12.3"),
    }  # fmt: skip
    (finding,) = checked(form, first, later).findings
    assert (finding.at, finding.rule, finding.level) == (1, "B0101", "error")
    assert "各项之和为4.3" in finding.message
    (finding,) = checked(form, first | {"total": same("9")}).findings
    assert (finding.at, finding.rule) == (0, "B0101")
    assert "旧式两项之和为3.3" in finding.message


IN_YUAN = dict.fromkeys(FORM.latest, "元")


def test_parts_and_total_in_元_are_not_off_by_rounding() -> None:
    form = with_old_version(FORM, JANUARY + 11, asked_in=IN_YUAN)
    lines = {"food": same("10000"), "clothes": same("20000"), "other": same("0")}
    batch = checked(form, lines | {"total": same("31400")})
    assert brief(batch) == [(0, "B0101", "error", "total")]
    beside = with_old_version(FORM, JANUARY + 11, asked_in={"food": "元", "total": "元"})
    lines = {"food": same("10000"), "clothes": same("2"), "other": same("0")}
    assert brief(checked(beside, lines | {"total": same("30999")})) == []
    assert brief(checked(beside, lines | {"total": same("31001")})) == [
        (0, "B0101", "error", "total")
    ]


def test_a_part_that_is_not_asked_is_not_rounded() -> None:
    form = with_old_version(FORM, JANUARY, absent=("other",), asked_in={"total": "元"})
    lines = {"food": same("1.1"), "clothes": same("2.2")}
    assert brief(checked(form, lines | {"total": same("33999")})) == []
    assert brief(checked(form, lines | {"total": same("34400")})) == [
        (0, "B0101", "error", "total")
    ]


def after_half_a_year(total: str) -> list[dict[str, tuple[str, str]]]:
    """Food in 元 until June and in 万元 since: 0.0499 are lost of it in each total until then."""
    found = []
    for month in range(1, 8):
        food = 11_489 + month, sum(11_489 + each for each in range(1, month + 1))
        cells = {
            "food": (str(food[0]), str(food[1])) if month < 7 else ("1.1", "8.0"),
            "clothes": ("2.2", str(Decimal("2.2") * month)),
            "other": ("0", "0"),
            "total": ("3.3", str(Decimal("3.3") * month)),
        }
        found.append(cells)
    found[-1]["total"] = ("3.3", total)
    return found


def test_a_year_to_date_has_the_rounding_of_its_months() -> None:
    form = with_old_version(FORM, JANUARY + 5, asked_in={"food": "元"})
    assert brief(checked(form, *after_half_a_year("23.1"))) == []
    wrong = brief(checked(form, *after_half_a_year("22.9")))
    assert (6, "B0101C", "error", "total") in wrong


def test_a_query_in_万元_early_in_the_year_holds_no_later_month_in_元() -> None:
    later = replace(FORM, figures=tuple(replace(e, asked_in="元", places=2) for e in FORM.figures))
    form = with_old_version(later, JANUARY, asked_in=dict.fromkeys(FORM.latest, "万元"))
    first = {
        "food": same("1.1"), "clothes": same("2.2"), "other": same("0"), "total": same("3.4"),
    }  # fmt: skip
    second = {
        "food": ("12000", "23000"), "clothes": ("21000", "43000"), "other": ("0", "0"),
        "total": ("33000", "67000"),
    }  # fmt: skip
    assert [each[:3] for each in brief(checked(form, first, second))] == [
        (0, "B0101R", "query"),
        (1, "B0101CR", "query"),
    ]


def test_one_in_元_is_at_most_what_another_is_rounded_to() -> None:
    form = with_old_version(
        replace(FORM, rules=FORM.rules[4:]), JANUARY + 11, asked_in={"food": "元"}
    )

    def off(food: str) -> list[tuple[int, str, str, str | None]]:
        cells = {"clothes": same("0"), "other": same("1.1"), "total": same("2.2")}
        return brief(checked(form, cells | {"food": same(food)}))

    assert off("10500") == []
    assert off("10499") == [(0, "B0102", "error", "other")]


def test_a_line_between_others_in_another_unit() -> None:
    rules = between("B0103", "total", ("food", "clothes"), "合计", "两项")
    form = with_old_version(replace(FORM, rules=rules), JANUARY + 11, asked_in={"food": "元"})

    def off(total: str, food: str, clothes: str) -> list[tuple[int, str, str, str | None]]:
        cells = {"food": same(food), "clothes": same(clothes), "other": same("0")}
        return brief(checked(form, cells | {"total": same(total)}))

    assert off("1.1", "11499", "1") == off("2.2", "11500", "1") == []
    assert off("1.1", "11501", "1") == off("2.2", "11499", "1") == [(0, "B0103", "error", "total")]
    assert off("1.1", "0", "1.2") == [(0, "B0103", "error", "total")]


def test_what_began_within_the_year_is_no_bound_of_a_year_to_date() -> None:
    rules = at_most("B0104C", "other", "food", ("其他", "食品"), cumulative=True)
    shared = replace(FORM, rules=(*FORM.rules[:4], *rules))
    first = {"clothes": same("1"), "other": same("3"), "total": same("4")}
    later = {
        "food": ("2", "2"), "clothes": ("1", "2"), "other": ("1", "4"), "total": ("4", "8"),
    }  # fmt: skip
    form = with_old_version(shared, JANUARY, absent=("food",))
    assert brief(checked(form, first, later)) == []
    # The form began then itself, and all of it with it.
    late = with_old_version(replace(shared, valid_from=JANUARY + 11), JANUARY + 10, first=JANUARY)
    cells = {"food": same("2"), "clothes": same("1"), "other": same("3"), "total": same("6")}
    assert brief(checked(late, cells)) == [(0, "B0104C", "error", "other")]
    parts = {"food": ("1", "2.1"), "clothes": ("1.2", "3.2"), "other": ("0", "0.5")}
    form = with_old_version(replace(FORM, rules=FORM.rules[:4]), JANUARY, absent=("total",))
    before = {"food": same("1.1"), "clothes": same("2"), "other": same("0.5")}
    assert brief(checked(form, before, parts | {"total": same("2.2")})) == []
    assert brief(checked(form, before, parts | {"total": same("9")})) == [
        (1, "B0101", "error", "total")
    ]


def alike(month: str, year_to_date: str, food: str | None = None) -> dict[str, tuple[str, str]]:
    """One amount in all lines, with another 本年累计 of food."""
    return dict.fromkeys(FORM.latest, (month, year_to_date)) | {
        "food": (month, year_to_date if food is None else food)
    }


def over_time(batch: Batch) -> list[tuple[int, str, str, str | None]]:
    return [each for each in brief(batch) if each[1] in ("T01", "T02", "T0101")]


def test_a_year_to_date_in_元_after_months_in_元_is_exact() -> None:
    shared = replace(FORM, rules=())
    wrong = [alike("10000", "10000"), alike("11000", "21000"), alike("12000", "33000", "33900")]
    begun = replace(shared, valid_from=JANUARY + 12)
    form = with_old_version(begun, JANUARY + 11, first=JANUARY + 1, asked_in=IN_YUAN)
    found = over_time(checked(form, *wrong, start=JANUARY + 1))
    assert found == [(2, "T01", "error", "food")]
    now = replace(
        shared, figures=tuple(replace(each, asked_in="元", places=2) for each in FORM.figures)
    )
    form = with_old_version(now, JANUARY, asked_in=dict.fromkeys(FORM.latest, "万元"))
    after = [alike("1", "1"), *wrong[1:]]
    assert over_time(checked(form, *after)) == [(2, "T01", "error", "food")]
    # What February is based on was rounded in January.
    after = [alike("1", "1"), alike("11000", "21000", "21900")]
    assert over_time(checked(form, *after)) == [(1, "T02", "query", "food")]


def test_a_year_to_date_written_in_元_is_exact_where_万元_are_asked() -> None:
    form = with_old_version(replace(FORM, rules=()), JANUARY, asked_in=IN_YUAN)
    months = [alike("11423", "11423"), alike("11000", "22423", "23323")]
    assert over_time(checked(form, *months, units="元")) == [(1, "T01", "error", "food")]


def test_stocks_carried_forward_across_a_change_of_unit() -> None:
    form = replace(
        FORM,
        figures=(
            stock("0101", "fund", "结存", "万元", ""),
            flow("0102", "received", "收入", "万元", ""),
            flow("0103", "paid", "支出", "万元", ""),
        ),
        rules=(),
        carried=(
            carried_forward("T0101", ("fund",), ("received",), ("paid",), ("结存", "收", "支")),
        ),
    )
    form = with_old_version(form, JANUARY, asked_in=dict.fromkeys(form.latest, "元"))
    first = {"fund": same("101234.56"), "received": same("12000"), "paid": same("12000")}
    flows = {"received": ("1.2", "2.4"), "paid": ("1.2", "2.4")}
    assert over_time(checked(form, first, flows | {"fund": same("10.1")})) == []
    assert over_time(checked(form, first, flows | {"fund": same("10.3")})) == [
        (1, "T0101", "query", "fund")
    ]
