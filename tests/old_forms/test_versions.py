"""Versions of a form as they are declared: what a helper makes of them, and mistakes."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.balances import sum_of
from schemas.declaring.frames import sometimes_asked
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import Figure, FigureForm
from schemas.declaring.periods import parse_month
from schemas.declaring.versions import with_old_version

LAST = parse_month("2021-12")
FORM = FigureForm(
    name="aid",
    number="01",
    form_no="01",
    title_zh="救助",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        stock("0101", "people", "人数", "人", "people"),
        flow("0102", "paid", "支出", "万元", "paid"),
        flow("0103", "other", "其他支出", "万元", "other"),
        flow("0104", "total", "合计", "万元", "total"),
    ),
    rules=sum_of("B0101", "total", ("paid", "other"), "合计", "两项"),
)
YEAR = parse_month("2021-01")


def spans(form: FigureForm, name: str) -> list[tuple[str, str, int, int | None, int | None]]:
    return [
        (each.code, each.asked_in, each.places, each.valid_from, each.valid_to)
        for each in form.figures
        if each.name == name
    ]


def test_an_old_version_beside_the_present_one() -> None:
    ended = stock("0104", "gone", "已停指标", "个", "asked only then")
    form = with_old_version(
        FORM,
        LAST,
        first=YEAR,
        codes={"paid": "0101", "people": "0102"},
        asked_in={"paid": "元"},
        absent=("other", "total"),
        ended=(ended,),
    )
    assert form.valid_from == YEAR
    assert spans(form, "paid") == [
        ("0101", "元", 2, YEAR, LAST),
        ("0102", "万元", 1, LAST + 1, None),
    ]
    assert spans(form, "other") == [("0103", "万元", 1, LAST + 1, None)]
    assert spans(form, "gone") == [("0104", "个", 0, YEAR, LAST)]
    assert [each.name for each in form.lines("township", LAST)] == ["people", "paid", "gone"]
    assert [each.name for each in form.lines("township", LAST + 1)] == [
        each.name for each in FORM.figures
    ]
    assert form.latest["paid"] == dataclasses.replace(FORM.figures[1], valid_from=LAST + 1)
    assert {each.unit for each in form.figures if each.name == "paid"} == {"万元"}
    assert sometimes_asked(form) == ("other", "total", "gone")
    assert [each.redefined for each in form.figures] == [()] * len(form.figures)


def test_versions_before_versions_and_one_in_the_middle() -> None:
    newer = with_old_version(FORM, LAST, first=YEAR, codes={"paid": "0109"}, absent=("other",))
    older = with_old_version(
        newer, YEAR - 1, first=YEAR - 12, codes={"paid": "0108"}, definitions={"total": "else"}
    )
    assert older.valid_from == YEAR - 12
    assert [each[0] for each in spans(older, "paid")] == ["0108", "0109", "0102"]
    assert spans(older, "other") == [("0103", "万元", 1, LAST + 1, None)]
    total = [each for each in older.figures if each.name == "total"]
    assert [(each.valid_from, each.valid_to, each.redefined) for each in total] == [
        (YEAR - 12, YEAR - 1, ()),
        (YEAR, None, (YEAR,)),
    ]
    early = dataclasses.replace(FORM, valid_from=YEAR)
    middle = with_old_version(early, YEAR + 5, first=YEAR + 3, codes={"paid": "0107"})
    assert [each[3:] for each in spans(middle, "paid")] == [
        (None, YEAR + 2),
        (YEAR + 3, YEAR + 5),
        (YEAR + 6, None),
    ]


def test_a_line_keeps_its_chinese_definition_unless_its_old_one_is_given() -> None:
    lines = tuple(dataclasses.replace(each, definition_zh="今。") for each in FORM.figures)
    form = with_old_version(
        dataclasses.replace(FORM, figures=lines),
        LAST,
        first=YEAR,
        codes={"paid": "0109"},
        definitions_zh={"total": "昔。"},
    )
    said = {(each.name, each.asked(LAST)): each.definition_zh for each in form.figures}
    assert [text for key, text in said.items() if key != ("total", True)] == ["今。"] * 5
    assert said["total", True] == "昔。"
    assert [each.redefined for each in form.figures] == [()] * len(form.figures)


def test_rules_of_one_version() -> None:
    then = sum_of("B0191", "total", ("paid",), "合计", "一项")
    without = tuple(each.rule.code for each in FORM.rules)
    form = with_old_version(FORM, LAST, first=YEAR, absent=("other",), rules=then, without=without)
    held = {each.rule.code: (each.valid_from, each.valid_to) for each in form.rules}
    assert held["B0101"] == (LAST + 1, None)
    assert held["B0191CR"] == (YEAR, LAST)


def held(form: FigureForm) -> list[tuple[int | None, int | None]]:
    """The months of each rule with the code B0101."""
    return [(each.valid_from, each.valid_to) for each in form.rules if each.rule.code == "B0101"]


def test_a_rule_left_out_of_several_versions_lapses_for_their_months_alone() -> None:
    newer = with_old_version(FORM, LAST, first=LAST, without=("B0101",))
    older = with_old_version(newer, LAST - 1, first=YEAR, without=("B0101",))
    assert held(older) == [(LAST + 1, None)]
    early = dataclasses.replace(FORM, valid_from=YEAR)
    middle = with_old_version(early, YEAR + 5, first=YEAR + 3, without=("B0101",))
    assert held(middle) == [(None, YEAR + 2), (YEAR + 6, None)]
    both = with_old_version(middle, YEAR + 1, first=YEAR + 1, without=("B0101",))
    assert held(both) == [(None, YEAR), (YEAR + 2, YEAR + 2), (YEAR + 6, None)]


def test_an_old_version_from_before_the_form_until_within_it() -> None:
    form = with_old_version(
        FORM, LAST + 2, first=YEAR, asked_in={"paid": "元"}, names={"people": "人口"}
    )
    assert spans(form, "paid") == [
        ("0102", "元", 2, YEAR, LAST + 2),
        ("0102", "万元", 1, LAST + 3, None),
    ]
    for month in (YEAR, LAST + 1):
        assert {each.name for each in form.lines("township", month)} == set(form.latest)
    stated = dataclasses.replace(FORM.figures[3], valid_from=FORM.valid_from)
    form = with_old_version(
        dataclasses.replace(FORM, figures=(*FORM.figures[:3], stated)),
        LAST + 2,
        first=YEAR,
        codes={"paid": "0109"},
    )
    assert spans(form, "total") == [("0104", "万元", 1, YEAR, None)]


def test_an_old_万元_before_a_present_元_has_one_decimal() -> None:
    paid = dataclasses.replace(FORM.figures[1], asked_in="元", places=2)
    now = dataclasses.replace(FORM, figures=(FORM.figures[0], paid, *FORM.figures[2:]))
    form = with_old_version(now, LAST, first=YEAR, asked_in={"paid": "万元"})
    assert [each[1:3] for each in spans(form, "paid")] == [("万元", 1), ("元", 2)]
    fine = with_old_version(now, LAST, first=YEAR, asked_in={"paid": "万元"}, places={"paid": 2})
    assert spans(fine, "paid")[0][1:3] == ("万元", 2)


def laid(**differs: Any) -> Callable[[], object]:
    return lambda: with_old_version(FORM, LAST, **{"first": YEAR, **differs})


def with_lines(*figures: Figure) -> Callable[[], object]:
    return lambda: dataclasses.replace(FORM, figures=(*FORM.figures, *figures))


PEOPLE, PAID, *_ = FORM.figures
MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("nobody is no line of it after 2021-12", laid(codes={"nobody": "0105"})),
    ("nobody is no line of it", laid(absent=("nobody",))),
    ("paid is both absent", laid(absent=("paid",), codes={"paid": "0109"})),
    ("people is among the lines that ended", laid(ended=(PEOPLE,))),
    ("B0999 is none of its rules", laid(without=("B0999",))),
    ("lasts from 2022-01 to 2021-12", laid(first=None)),
    (
        "people and paid both have the code 0101 for 2021-01 to 2021-12",
        laid(codes={"paid": "0101"}),
    ),
    ("are both called 人数 for 2021-01 to 2021-12", laid(names={"paid": "人数"})),
    ("people is asked in 元 and kept in 人", laid(asked_in={"people": "元"})),
    ("asked in 元 with more than 2 decimals", laid(asked_in={"paid": "元"}, places={"paid": 3})),
    ("people is declared twice for the beginning to now", with_lines(PEOPLE)),
    (
        "paid is declared twice for 2022-03 to now",
        with_lines(dataclasses.replace(PAID, valid_from=parse_month("2022-03"), code="0109")),
    ),
    (
        "differ in unit",
        with_lines(dataclasses.replace(PAID, unit="元", asked_in="元", valid_to=0)),
    ),
    (
        "two rules have the code B0101 for 2021-01 to 2021-12",
        laid(rules=sum_of("B0101", "total", ("paid",), "合计", "一项")),
    ),
    ("differ in kind", with_lines(dataclasses.replace(PAID, kind="stock", valid_to=0))),
    (
        "x is asked until a month before it begins",
        with_lines(dataclasses.replace(PEOPLE, name="x", code="9", valid_from=9, valid_to=8)),
    ),
]


@pytest.mark.parametrize(("message", "declare"), MISTAKES, ids=[each for each, _ in MISTAKES])
def test_a_mistake_is_said_in_one_error(message: str, declare: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"the form aid: ") as error:
        declare()
    assert message in str(error.value)


def test_every_mistake_is_in_the_one_error() -> None:
    with pytest.raises(ValueError, match="nobody") as error:
        with_old_version(FORM, LAST, first=YEAR, absent=("nobody",), without=("B0999",))
    assert str(error.value).count(";") == 1


def test_a_figure_is_a_line_of_one_form() -> None:
    other = dataclasses.replace(TODAY.forms[0], name="other")
    with pytest.raises(ValueError, match=r"several forms: urban_dibao_households \(social"):
        dataclasses.replace(TODAY, forms=(*TODAY.forms, other))
