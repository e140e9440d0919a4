"""Every figure and indicator is defined in Chinese, which changes nothing of what is computed."""

import dataclasses
import re
from collections import Counter

from flows.warehouse.working import declared_digest
from schemas.declaration import DECLARATION

SENTENCE = re.compile(r"[\u4e00-\u9fff，、（）“”]+。")
LINES = (*(each for form in DECLARATION.forms for each in form.figures), *DECLARATION.indicators)


def test_every_figure_and_indicator_has_a_chinese_definition_of_its_own() -> None:
    said = {each.name: each.definition_zh for each in LINES}
    assert {name: text for name, text in said.items() if not SENTENCE.fullmatch(text)} == {}
    assert [text for text, times in Counter(said.values()).items() if times > 1] == []


def test_another_wording_is_no_other_declaration() -> None:
    *others, last = DECLARATION.forms
    figures = tuple(dataclasses.replace(each, definition_zh="别的。") for each in last.figures)
    indicators = tuple(
        dataclasses.replace(each, definition_zh="另外。") for each in DECLARATION.indicators
    )
    reworded = dataclasses.replace(
        DECLARATION,
        forms=(*others, dataclasses.replace(last, figures=figures)),
        indicators=indicators,
    )
    assert declared_digest(reworded) == declared_digest(DECLARATION)
