"""Every blank of the report to the congress has its place in the declared prose."""

import re

import pytest

from schemas.declaration import DECLARATION
from schemas.declaring.reporting import PERIOD_TAGS, TAG_ASPECTS
from schemas.report import REPORT

TEXT = "\n".join(text for each in REPORT.programmes for text in each.paragraphs)
# Programme and tags, blank by blank.
BLANKS = {
    1: ("party_building", ["理论中心组学习次数"]),
    2: ("party_building", ["宣讲次数"]),
    3: ("social_assistance", ["民政保障资金支出合计"]),
    4: ("social_assistance", ["困难群众保障人数|万约数"]),
    5: ("social_assistance", ["困难群众保障人数|增减"]),
    6: ("social_assistance", ["困难群众保障人数|同比"]),
    7: ("elderly_care", ["“六送六进”活动场次|约数"]),
    8: ("elderly_care", ["“六送六进”惠及老年人次|万约数"]),
    9: ("elderly_care", ["运营中的爱心食堂数", "运营中的爱心食堂数|单位"]),
    10: ("elderly_care", ["助浴快车服务老年人次"]),
    11: ("elderly_care", ["定期走访空巢留守老年人数|约数"]),
    12: ("elderly_care", ["社工站数"]),
    13: ("elderly_care", ["老年人服务志愿者人数|约数"]),
    14: ("elderly_care", ["互助养老点入住老年人数", "互助养老点入住情况"]),
    15: ("child_protection", ["未成年人保护中心核定编制数"]),
    16: ("child_protection", ["“五童行动”服务活动场次|约数"]),
    17: ("child_protection", ["服务未成年人次|万约数"]),
    18: ("mental_rehabilitation", ["康复主题活动场次", "运行的康复站", "在建的康复站"]),
    19: ("marriage_customs", ["“家和五送”活动场次|约数"]),
    20: ("marriage_customs", ["小组及沙龙活动场次"]),
    21: ("funeral_reform", ["月份"]),
    22: ("funeral_reform", ["其中：自行拆除数|累计"]),
    23: ("community_governance", ["应修订村规民约（居民公约）的村（社区）数", "村规民约修订完成率"]),
    24: ("community_governance", ["本季度下达计划的服务体"]),
    25: ("policy_outreach", ["发放民政政策宣传手册数|约数"]),
    26: ("policy_outreach", ["年份", "业务培训会议次数"]),
    27: ("rectification", ["整改事项数", "已销号整改事项数", "逾期整改事项数", "整改分工"]),
}  # fmt: skip


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_is_filled_in_its_programme(blank: int) -> None:
    programme, tags = BLANKS[blank]
    (own,) = (each for each in REPORT.programmes if each.name == programme)
    for tag in tags:
        assert f"{{{tag}}}" in "".join(own.paragraphs)


def test_every_tag_of_the_prose_means_something() -> None:
    names = {each.name_zh for each in DECLARATION.figures.values()}
    names |= {each.name_zh for each in DECLARATION.indicators}
    others = {count.name_zh for _, count in DECLARATION.counts.values()} | set(PERIOD_TAGS)
    others |= {each.name for lists in (REPORT.listings, REPORT.breakdowns) for each in lists}
    for tag in re.findall(r"\{([^}]+)\}", TEXT + REPORT.title_zh + "".join(REPORT.opening)):
        name, _, aspect = tag.partition("|")
        assert (name in names and aspect in TAG_ASPECTS) or (name in others and not aspect), tag


def test_every_form_belongs_to_one_programme_and_headlines_are_of_it() -> None:
    forms = [form for each in REPORT.programmes for form in each.forms]
    assert len(forms) == len(set(forms))
    assert set(forms) >= {form.name for form in DECLARATION.forms}
    for each in REPORT.programmes:
        assert set(each.headline) <= set(DECLARATION.figures) | {i.name for i in DECLARATION.indicators}  # fmt: skip
