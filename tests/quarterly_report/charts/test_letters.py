"""The font that comes along shows all that is declared; what it lacks is a 〓."""

import itertools

from fontTools.ttLib import TTFont

from flows.quarterly_report.charts.letters import FAMILY, FONT, characters, drawable, ems, wrapped
from schemas.declaration import DECLARATION


def test_every_declared_name_can_be_shown() -> None:
    names = [each.name_zh for each in DECLARATION.figures.values()]
    names += [each.unit for each in DECLARATION.figures.values()]
    names += [text for each in DECLARATION.indicators for text in (each.name_zh, each.unit)]
    names += [each.title_zh for each in DECLARATION.all_forms]
    names += [name for unit in DECLARATION.units for name in (unit.name, unit.kind)]
    assert DECLARATION.report is not None
    names += [each.title_zh for each in DECLARATION.report.programmes]
    assert len(names) > 200
    assert [each for each in names if drawable(each) != each] == []


def test_the_whole_of_gb_2312_can_be_shown() -> None:
    pairs = itertools.product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    texts = {bytes(pair).decode("gb2312", "ignore") for pair in pairs} - {""}
    assert len(texts) == 6763
    assert texts <= characters()


def test_a_character_that_is_lacking_is_a_sign_and_no_box() -> None:
    assert drawable("甲\U0002b740乙\n丙\u0e01") == "甲〓乙\n丙〓"


def test_the_font_is_small_and_under_a_name_of_its_own() -> None:
    assert FONT.stat().st_size < 3_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in FONT.with_name("OFL.txt").read_text()
    font = TTFont(FONT)
    assert font["name"].getDebugName(1) == FAMILY
    named = " ".join(str(font["name"].getDebugName(number)) for number in (1, 3, 4, 6))
    assert "Noto" not in named
    assert "Source" not in named


def test_widths_are_the_font_s() -> None:
    assert ems("中文") == 2
    assert 0.5 < ems("1") < 0.6
    assert wrapped("一二三四五，六", 5) == ["一二三四五，", "六"]
