"""What settles a query, against the rule said plainly: a reason is given for a value."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.demo.world import World, make_world
from flows.reading.results import Answer, Workbook
from schemas.declaration import DECLARATION
from schemas.declaring import general
from schemas.declaring.periods import parse_month
from tests.checking.test_rules import judged, read
from tests.homes import TOWN, changed, only

FIRST = parse_month("2022-01")
FORM, FIGURE, CODE = "mental_rehabilitation", "rehab_stations_operating", "0401"
REASONS = ("新开了两处康复站", "上月漏报一处，已补", "核实无误", "")
Sent = tuple[int, str, tuple[int, str] | None]
"""The value, what stands beside the line, and what the list answers: for which value, what."""


@cache
def world() -> World:
    return make_world(DECLARATION, FIRST, FIRST, seed=11)


@cache
def book(value: int, note: str) -> Workbook:
    """The form alone, with that value; the ledger says something else unless it is right."""
    right = only(world().returns[TOWN, FIRST], FORM)
    return read(changed(right, FIGURE, value=value, note=note))


_RIGHT = int(world().amounts(TOWN, FIRST)[FIGURE][0] or 0)


def sent(each: Sent) -> Workbook:
    value, note, answer = each
    made = book(value, note)
    if answer is None:
        return made
    said = general.ACROSS.say(
        name="精神障碍社区康复站运行数", value=answer[0], ledger="民政设施台账", counted=_RIGHT
    )
    place = FORM, CODE, False, "精神障碍社区康复月报表", "E6"
    own = Answer(*place, str(answer[0]), said, answer[1])
    return Workbook("read", "", made.unit, made.month, made.sheets, made.findings, [own])


def plainly(files: list[Sent], right: int) -> list[bool]:
    """Which of the files are accepted."""
    given: list[tuple[int, str]] = []
    accepted = []
    for value, note, answer in files:
        if value == right:
            accepted.append(True)
            continue
        reason = note if note in REASONS[:2] else ""
        values = [each for each, text in given if text == reason]
        if values and value not in values:
            reason = ""
        if not reason and answer is not None and answer[0] == value and answer[1] in REASONS[:2]:
            reason = answer[1]
        if not reason:
            reason = next((text for each, text in reversed(given) if each == value), "")
        accepted.append(reason != "")
        if reason:
            given.append((value, reason))
    return accepted


_VALUES = st.sampled_from((_RIGHT, 41, 42))
_FILES = st.tuples(
    _VALUES,
    st.sampled_from(REASONS),
    st.none() | st.tuples(_VALUES, st.sampled_from(REASONS)),
)


@given(st.lists(_FILES, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_reason_settles_its_query_for_its_value_only(files: list[Sent]) -> None:
    ledger = read(only(world().returns[TOWN, FIRST], "facilities"))
    batch = judged({FIRST: ledger}, *map(sent, files))
    column = batch.layout.form_column[FORM]
    assert batch.accepted[1:, column].tolist() == plainly(files, _RIGHT)


@pytest.mark.parametrize("form", ["", "elderly_care"])
def test_an_answer_of_another_form_settles_nothing(form: str) -> None:
    ledger = read(only(world().returns[TOWN, FIRST], "facilities"))
    made = sent((41, "", (41, REASONS[0])))
    made.answers = [each._replace(form=form) for each in made.answers]
    batch = judged({FIRST: ledger}, made)
    assert not batch.accepted[1, batch.layout.form_column[FORM]]


def test_an_answer_to_other_numbers_settles_nothing() -> None:
    ledger = read(only(world().returns[TOWN, FIRST], "facilities"))
    made = sent((41, "", (41, REASONS[0])))
    made.answers = [
        each._replace(problem=each.problem.replace(f"为{_RIGHT}；", f"为{_RIGHT + 1}；"))
        for each in made.answers
    ]
    batch = judged({FIRST: ledger}, made)
    assert not batch.accepted[1, batch.layout.form_column[FORM]]
