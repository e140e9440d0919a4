"""The Word document: a template filled, its tags wherever Word has put them, and read back."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement

from flows.errors import Misuse
from flows.quarterly_report.word.document import Word, word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import numeral, template_of
from schemas.report import REPORT
from tests.quarterly_report.conftest import Gathered

DISTRICT = "500114"


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def saved(document: Document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def with_text(*texts: str) -> bytes:
    """A template of a bureau's own: no style of ours, a paragraph a text."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def texts_of(filled: Word) -> list[str]:
    return [each.text for each in opened(filled.content).paragraphs]


@pytest.fixture(scope="module")
def report(provisional: Gathered) -> Word:
    return word(provisional[0], template_of(REPORT))


def test_no_tag_is_left_and_every_number_has_its_row_in_the_annex(report: Word) -> None:
    with zipfile.ZipFile(io.BytesIO(report.content)) as package:
        assert b"{" not in re.sub(rb'"\{[0-9A-F-]+\}"', b"", package.read("word/document.xml"))
    told = numbers_in(report.content)
    assert [each.number for each in told] == list(range(1, len(report.notes) + 1))
    assert [each.annex for each in told] == [note[2:] for note in report.notes]


def test_what_is_missing_stands_at_the_number_and_in_the_annex(report: Word) -> None:
    text = "\n".join(texts_of(report))
    # Of the four: 濯水镇 is held for a query, 阿蓬江镇 for an error, one has sent nothing.
    assert "【暂定稿】" in text
    assert re.search(r"季末保障困难群众\d+余?人（缺报单位同上）〔7〕△", text)
    (people,) = (note for note in report.notes if note.key == "assisted_people/value")
    assert people.units == "1/4，缺金溪镇、濯水镇、蓬东乡"
    assert people.source == "QJMZ01社会救助月报表0111行；2023年3月1份文件"
    # Money paid by the head of few children is withheld with them.
    assert "支出民政保障资金（人数较少，不予公布）（缺金溪镇、濯水镇、蓬东乡）〔6〕△" in text


def test_a_released_report_says_who_signed_and_nothing_is_provisional(released: Gathered) -> None:
    text = "\n".join(texts_of(word(released[0], template_of(REPORT))))
    assert "依据2022年四季度已发布数据（2022Q4）编制" in text
    assert "签发：王五，审定：赵六" in text
    assert "暂定" not in text
    assert "△" not in text
    assert "（缺" not in text


def test_a_tag_is_found_wherever_word_has_parted_it(provisional: Gathered) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("保障")
    for part, bold in (("{困难群", False), ("众保障", True), ("人数}", False), ("，完", True)):
        paragraph.add_run(part).bold = bold
    paragraph._p.insert(2, OxmlElement("w:proofErr"))
    filled = opened(word(provisional[0], saved(document)).content)
    first = filled.paragraphs[1]
    assert re.fullmatch(r"保障\d+人（缺.*）〔1〕△，完", first.text)
    # The number looks like the run that its tag begins in; text keeps its own looks.
    looks = {run.text: run.bold for run in first.runs}
    assert looks["，完"] is True
    assert next(bold for text, bold in looks.items() if re.fullmatch(r"\d+人", text)) is False


def test_tags_in_tables_headers_and_footers_are_filled(provisional: Gathered) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{年份}"
    document.sections[0].header.paragraphs[0].text = "{地区}"
    document.sections[0].footer.paragraphs[0].text = "{报告期}"
    filled = opened(word(provisional[0], saved(document)).content)
    assert filled.tables[0].cell(0, 0).text == "2023年"
    assert filled.sections[0].header.paragraphs[0].text == "黔江区"
    assert filled.sections[0].footer.paragraphs[0].text == "2023年一季度"


def test_a_bureaus_own_styles_stay(provisional: Gathered) -> None:
    document = docx.Document()
    style = document.styles.add_style("注号", WD_STYLE_TYPE.CHARACTER)
    style.font.bold = True
    document.add_paragraph("{宣讲次数}")
    styles = opened(word(provisional[0], saved(document)).content).styles
    assert styles["注号"].font.bold is True
    assert styles["注号"].font.superscript is None
    assert "缺报标记" in {each.name for each in styles}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{困难群众保障}", "near it: 困难群众保障人数"),
        ("{困难群众保障人数|去年}", "use one of 约数、万约数"),
        ("{地区|约数}", "leave out what stands behind the bar"),
        ("共{整改分工}", "needs a paragraph of its own"),
    ],
)
def test_a_tag_that_means_nothing_is_told_in_a_sentence(
    provisional: Gathered, text: str, said: str
) -> None:
    with pytest.raises(Misuse, match=re.escape(text.removeprefix("共"))) as raised:
        word(provisional[0], with_text(text))
    assert said in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"no zip", saved(docx.Document())[:900]])
def test_what_is_no_word_document_is_refused(provisional: Gathered, content: bytes) -> None:
    with pytest.raises(Misuse, match=r"no Word document \(\.docx\)"):
        word(provisional[0], content)


def test_braces_that_are_no_tag_stay(provisional: Gathered) -> None:
    assert texts_of(word(provisional[0], with_text("甲{}乙{", "丙}丁")))[1:] == ["甲{}乙{", "丙}丁"]


def test_a_template_that_says_no_state_says_it_first(provisional: Gathered) -> None:
    made_up = replace(provisional[0], synthetic=True)
    for contents, said in ((provisional[0], "【暂定稿】"), (made_up, "【演示数据】")):
        assert texts_of(word(contents, with_text("{地区}")))[0].startswith(said)


def test_every_aspect_can_be_said(provisional: Gathered) -> None:
    name = "困难群众保障人数"
    aspects = ("约数", "万约数", "累计", "增减", "同比", "环比", "累计同比", "单位", "分单位")
    filled = word(provisional[0], with_text(*(f"{{{name}|{each}}}" for each in aspects)))
    told = {note.key: each.text for note, each in zip(filled.notes, numbers_in(filled.content), strict=True)}  # fmt: skip
    assert set(told) == {f"assisted_people/{each}" for each in ("value", "year_to_date", "yoy", "qoq", "ytd_yoy", "units")}  # fmt: skip


def test_a_rectification_table_has_a_row_for_each_lead_and_department(report: Word) -> None:
    table = opened(report.content).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["责任领导", "责任科室", "整改事项数", "已销号整改事项数", "逾期整改事项数"]
    assert rows[-1][0] == "合计"
    for column in (2, 3, 4):
        assert sum(int(row[column]) for row in rows[1:-1]) == int(rows[-1][column])


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")]
)
def test_sections_are_numbered_in_chinese(number: int, said: str) -> None:
    assert numeral(number) == said
