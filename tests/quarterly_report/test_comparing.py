"""A number that is not the database's, in any of the files, stops the report."""

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest

from flows.quarterly_report.comparing import Disagreement, compare
from flows.quarterly_report.standing_numbers import SUPPRESSED, standing_numbers
from flows.quarterly_report.word.document import Word, word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import template_of
from schemas.report import REPORT
from tests.quarterly_report.conftest import Gathered

DISTRICT = "500114"


@pytest.fixture(scope="module")
def document(provisional: Gathered) -> Word:
    return word(provisional[0], template_of(REPORT))


def changed(content: bytes, change: Callable[[str], str]) -> bytes:
    """The document with its text changed, as by a fault of whoever wrote it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                text = part.decode()
                assert change(text) != text
                part = change(text).encode()
            new.writestr(name, part)
    return made.getvalue()


def test_the_finished_document_says_what_the_database_has(
    provisional: Gathered, released: Gathered
) -> None:
    for contents, tables in (provisional, released):
        made = word(contents, template_of(REPORT))
        number = compare(contents, tables, numbers_in(made.content), made.notes, {})
        assert number == len(made.notes) > 40


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("study_sessions/value", r"(\d+)次"),
        ("assisted_people/value", r"(\d+)余?人"),
        ("assisted_people/yoy", r"(\d+)人$"),
        ("charter_revision_rate/value", r"(\d+)\.\d%"),
        ("rectification/整改事项数", r"(\d+)项"),
    ],
)
def test_a_changed_number_of_the_text_stops_the_report(
    provisional: Gathered, document: Word, key: str, pattern: str
) -> None:
    contents, tables = provisional
    number = next(note.number for note in document.notes if note.key == key)
    told = next(each for each in numbers_in(document.content) if each.number == number)
    match = re.search(pattern, told.text)
    assert match is not None
    at = match.start(1)
    other = told.text[:at] + str(int(match[1]) * 3 + 1000) + told.text[match.end(1) :]

    def change(text: str) -> str:
        place = text.index(f'w:name="ref_{number}"')
        return text[:place] + text[place:].replace(told.text, other, 1)

    wrong = numbers_in(changed(document.content, change))
    with pytest.raises(Disagreement, match="The report was not written") as raised:
        compare(contents, tables, wrong, document.notes, {})
    assert other in str(raised.value)


def test_direction_and_status_are_compared_too(provisional: Gathered, document: Word) -> None:
    contents, tables = provisional
    told = numbers_in(document.content)
    (change,) = (note for note in document.notes if note.name == "困难群众保障人数（增减）")
    said = told[change.number - 1].text
    assert any(each in said for each in ("增加", "减少")), said
    for was, becomes in (
        ("减少", "增加"),
        ("增加", "减少"),
        ("比上年同期", "由正转负，比上年同期"),
    ):
        if was in said:
            other = [
                each._replace(text=each.text.replace(was, becomes)) if each.text == said else each
                for each in told
            ]
            with pytest.raises(Disagreement, match=becomes):
                compare(contents, tables, other, document.notes, {})


def test_files_with_keys_are_compared_with_what_is_printed_of_the_database(
    provisional: Gathered, document: Word
) -> None:
    contents, tables = provisional
    standing = standing_numbers(tables, DISTRICT, "2023Q1", "half_up").printed
    told = numbers_in(document.content)
    right = {
        key: "—" if number is None else "＊" if number == SUPPRESSED else f"{number:,}"
        for key, number in standing.items()
    }
    assert "＊" in right.values()
    number = compare(contents, tables, told, document.notes, {"index.html": right})
    assert number == len(told) + len(right)
    value = next(key for key, text in right.items() if text not in ("—", "＊", "0", "0.0"))
    hidden = next(key for key, text in right.items() if text == "＊")
    for key, wrong in ((value, "—"), (value, "＊"), (value, "0"), (value, "x"), (hidden, "3")):
        with pytest.raises(Disagreement, match=re.escape(key)):
            compare(contents, tables, told, document.notes, {"index.html": right | {key: wrong}})
    with pytest.raises(Disagreement, match="which is not there"):
        compare(
            contents, tables, told, document.notes, {"tables.xlsx": {"no/such/one": Decimal(1)}}
        )
