"""What is told of findings and of a release's note: no sentence holds a small count of persons."""

from dataclasses import replace

import pytest

from flows.quarterly_report.rows import Finding
from flows.quarterly_report.sayable import Sayable
from schemas.declaration import DECLARATION
from schemas.declaring import general
from schemas.declaring.rules import FrameRule

SAYABLE = Sayable(DECLARATION)
FOUND = Finding(
    "500114001", 24276, "social_assistance", "V01", "error", "表", "D9", "temporary_aid_cases", ""
)


def rule(code: str) -> FrameRule:
    form = DECLARATION.form_of["assisted_people"]
    return next(each for each in form.rules if each.rule.code == code)


def told(message: str, value: str | None = None, **of: str | None) -> Finding:
    return SAYABLE.finding(replace_finding(message, **of), value)


def replace_finding(message: str, **of: str | None) -> Finding:
    return FOUND._replace(message=message, **of)


def test_a_sum_that_few_children_are_part_of_is_not_told() -> None:
    sums = next(
        each
        for each in DECLARATION.form_of["assisted_people"].rules
        if each.figure == "assisted_people" and "orphans" in each.inputs
    )
    said = sums.rule.say(**{name: "103" for name, _ in sums.said})
    found = told(said, "100", figure="assisted_people", rule=sums.rule.code)
    assert (found.message, found.rule) == (None, "")
    # Of several on a cell the first gives the code.
    found = told("“困难群众保障人数”另有一处。" + said, "100", figure="assisted_people", rule="P05")
    assert (found.message, found.rule) == (None, "")


def test_a_rule_of_other_figures_is_told() -> None:
    own = rule("B0104")
    said = own.rule.say(**{name: "314" for name, _ in own.said})
    finding = replace_finding(said, figure="monitored_people_helped", rule="B0104")
    assert SAYABLE.finding(finding, "314") == finding


@pytest.mark.parametrize(
    ("form", "kept"), [("social_assistance", False), ("elderly_care", True)]
)  # fmt: skip
def test_that_all_flows_are_last_months_is_told_of_no_form_with_few_persons_in_them(
    form: str, *, kept: bool
) -> None:
    found = told(general.COPIED.say(), "3", form=form, rule=general.COPIED.code)
    assert (found.message is not None) == kept


def test_a_finding_on_few_persons_is_without_its_rule() -> None:
    found = told("“孤儿人数”为3，比上月变动-20。", "3", figure="orphans", rule="P05")
    assert (found.message, found.rule, found.cell) == (None, "", "D9")


def test_what_stands_in_a_ledgers_cell_is_not_told() -> None:
    said = general.LEDGER_DATE.say(row=6, column="整改时限", text="张某某")
    found = told(said, "张某某", form="living_tombs", figure=None, rule="L03")
    assert found.message == said.replace("张某某", "…")
    said = general.LEDGER_DATE.say(row=6, column="整改时限", text="“张”某某")
    found = told(said, "“张”某某", form="living_tombs", figure=None, rule="L03")
    assert found.message is None


def test_what_names_a_line_is_told_unless_it_holds_a_number() -> None:
    for line, shown in (("孤儿三人", "…"), ("孤儿", "孤儿")):
        said = general.UNKNOWN_LINE.say(line=line)
        found = told(said, line, figure=None, rule="S01")
        assert found.message == general.UNKNOWN_LINE.say(line=shown)
    said = general.UNKNOWN_LINE.say(line="食堂3个")
    assert told(said, "食堂3个", form="elderly_care", figure=None).message == said


def test_a_note_that_names_few_persons_is_not_told() -> None:
    assert SAYABLE.note("三份报表未通过审核") == "三份报表未通过审核"
    assert SAYABLE.note("某镇孤儿人数3人待核") is None
    assert SAYABLE.note(None) is None


def test_a_name_is_known_between_quotes_too() -> None:
    form = DECLARATION.form_of["five_child_attendance"]
    figures = tuple(
        replace(each, name_zh="“五童行动”人次") if each.name == "five_child_attendance" else each
        for each in form.figures
    )
    forms = tuple(
        replace(form, figures=figures) if each is form else each for each in DECLARATION.forms
    )
    sayable = Sayable(replace(DECLARATION, forms=forms, report=None))
    said = general.TARGET_NEGATIVE.say(row=2, name="“五童行动”人次", column="全年目标", value="-3")
    found = FOUND._replace(form="targets", figure=None, message=said)
    assert sayable.finding(found, "-3").message is None
