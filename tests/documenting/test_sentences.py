"""Everything that a township may read: a whole sentence that says what to do."""

import re

import pytest

from flows.documenting.sentences import EXAMPLES, filled_in
from flows.reading.refusals import REFUSALS
from schemas.declaration import DECLARATION
from schemas.declaring.rules import inner_quotes

SENTENCES = list(filled_in(DECLARATION))
ONLY_SAID = {"N01", "N02", "N03", "duplicate"}
"""Nothing is asked of a clerk where something was taken as it was meant."""


@pytest.mark.parametrize(("code", "level", "sentence"), SENTENCES)
def test_a_sentence_says_what_to_do(code: str, level: str, sentence: str) -> None:
    assert sentence.endswith("。")
    assert not re.search(r"[{}]|None|  ", sentence)
    assert sentence.count("“") == sentence.count("”")
    assert code in ONLY_SAID or re.search("请|必须", sentence)
    assert sentence.count("。") == 1


def test_every_refusal_and_blank_is_in_the_catalogue() -> None:
    said = {sentence for state, level, sentence in SENTENCES if not level}
    assert len(said) == len(REFUSALS)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("“拆除“活人墓”数”为空", "“拆除‘活人墓’数”为空"),
        ("“甲”、“乙”", "“甲”、“乙”"),
        ("填的是“三”人”", "填的是“三”人”"),
        ("“一“二“三”二”一”", "“一‘二‘三’二’一”"),
    ],
)
def test_quotes_within_quotes(text: str, right: str) -> None:
    assert inner_quotes(text) == right
