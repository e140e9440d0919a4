"""Names that a district may give its figures and units, which tags and tables have to tell apart."""

from dataclasses import replace

import pytest

from flows.errors import Misuse
from flows.quarterly_report.word.document import word
from schemas.declaring.lines import stock
from schemas.declaring.model import Indicator, Unit
from tests.quarterly_report.word.test_document import with_text
from tests.quarterly_report.worlds import UNITS, Made, district, form, made, prose

FACTS = "2022-03 A first 5\n2022-03 B first 6\n2022-03 A second 7\n2022-03 B second 8"


def of_names(first: str, second: str, title: str = "月报表") -> Made:
    figures = (stock("1", "first", first, "人", ""), stock("2", "second", second, "人", ""))
    return made(district(form("one", title, *figures)), FACTS)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("在{册}数", "总|数", "在（册）数11人，总／数15人"),
        ("地区", "状态", "地区11人，状态15人"),
        ("second", "总数", "second11人，总数15人"),
        ("=1+1", "总\t数\x0b 二", "=1+111人，总 数 二15人"),
    ],
)
def test_a_figure_of_any_name_is_said(first: str, second: str, said: str) -> None:
    found = of_names(first, second)
    assert f"本季度，{said}。" in found.said
    assert found.said[0] == "某区2022年一季度统计情况报告"


def test_a_form_called_as_its_figure_is_read_back_right() -> None:
    assert of_names("在册数", "总数", "在册数月报表").contents.programmes[0][0].title_zh == "在册数"


def test_figures_of_one_name_in_two_forms_are_told_apart() -> None:
    world = district(
        form("one", "低保月报表", stock("1", "first", "其中：女", "人", "")),
        form("two", "特困月报表", stock("1", "second", "其中：女", "人", "")),
        indicators=(
            Indicator("share", "", "%", "ratio", "100 * first / second", ""),
            Indicator("other", "", "%", "ratio", "100 * second / first", ""),
        ),
    )
    found = made(world, FACTS)
    assert "本季度，其中：女（低保）11人。" in found.said
    assert "本季度，其中：女（特困）15人。" in found.said
    assert [note.name for note in found.word.notes] == ["女（低保）", "女（特困）"]
    assert {found.contents.items[each].name_zh for each in ("share", "other")} == {"share", "other"}
    with pytest.raises(Misuse, match="near it: 其中:女"):
        word(found.contents, with_text("{其中：女}"))


@pytest.mark.parametrize(
    ("name", "other", "said"),
    [
        ("甲镇（新区）", "乙镇", "甲镇（新区）、乙镇；甲镇（新区）5人、乙镇6人。"),
        ("甲镇", "甲镇", "甲镇（A）、甲镇（B）；甲镇（A）5人、甲镇（B）6人。"),
        ("甲\x0b镇", "乙镇", "甲、乙镇；甲镇5人、乙镇6人。"),
    ],
)
def test_units_of_any_name_are_named(name: str, other: str, said: str) -> None:
    world = district(
        form("one", "月报表", stock("1", "first", "人数", "人", "")),
        units=(UNITS[0], replace(UNITS[1], name=name), Unit("B", other, "镇")),
        report=prose("{人数|单位}；{人数|分单位}。"),
    )
    facts = "\n".join(line for line in FACTS.splitlines() if "first" in line)
    assert said in made(world, facts).said
