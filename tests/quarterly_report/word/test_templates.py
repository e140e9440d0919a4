"""Templates as Word and WPS save them: what they wrap around tags, and what they leave out."""

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from flows.errors import Misuse
from flows.quarterly_report.comparing import compare
from flows.quarterly_report.page.prose import prose_html
from flows.quarterly_report.word.document import Word, word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import template_of
from schemas.report import REPORT
from tests.quarterly_report.conftest import Gathered
from tests.quarterly_report.word.test_document import opened, saved, with_text

W = nsdecls("w")
TAG = "{困难群众保障人数}"
RUN = "<w:r><w:t>{}</w:t></w:r>"
NUMBER = r"\d+人（缺金溪镇、濯水镇、蓬东乡）〔1〕△"
BOX = (
    '<w:r xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" {w} '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{p}'
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
    "<v:textbox><w:txbxContent>{p}</w:txbxContent></v:textbox></v:shape></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)


def with_xml(*elements: str) -> Document:
    """A document of one paragraph, its text followed by the elements."""
    document = docx.Document()
    paragraph = document.add_paragraph("保障")
    for each in elements:
        paragraph._p.append(parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {W}", each)))
    return document


def filled(gathered: Gathered, template: bytes) -> tuple[Word, Document]:
    """The template filled; its numbers are those of the database."""
    contents, tables = gathered
    made = word(contents, template)
    assert compare(contents, tables, numbers_in(made.content), made.notes, {}) == len(made.notes)
    return made, opened(made.content)


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
        f'<w:ins w:id="1" w:author="a">{RUN}</w:ins>',
        f'<w:hyperlink w:anchor="a">{RUN}</w:hyperlink>',
        f'<w:smartTag w:element="a"><w:smartTagPr/>{RUN}</w:smartTag>',
        f'<w:fldSimple w:instr="TITLE">{RUN}</w:fldSimple>',
        f'<w:ins w:id="1" w:author="a"><w:sdt><w:sdtContent>{RUN}</w:sdtContent></w:sdt></w:ins>',
        '<w:r><w:footnoteReference w:id="2"/><w:t>{}</w:t></w:r>',
    ],
)
def test_a_tag_in_whatever_word_wraps_around_it_is_filled(
    provisional: Gathered, wrapped: str
) -> None:
    made, document = filled(provisional, saved(with_xml(wrapped.replace("{}", TAG))))
    assert re.fullmatch(f"保障{NUMBER}", document.paragraphs[1].text)
    assert len(made.notes) == 1


def test_marks_and_deletions_within_a_tag_do_not_part_it(provisional: Gathered) -> None:
    document = with_xml(
        RUN.format("{困难群众"),
        '<w:commentRangeStart w:id="0"/>',
        '<w:del w:id="1" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>',
        '<w:ins w:id="2" w:author="a"><w:r><w:t>保障人</w:t></w:r></w:ins>',
        '<w:commentRangeEnd w:id="0"/>',
        RUN.format("数}"),
    )
    _, document = filled(provisional, saved(document))
    assert re.fullmatch(f"保障{NUMBER}", document.paragraphs[1].text)


def test_a_tag_that_cannot_be_filled_is_told(provisional: Gathered) -> None:
    parted = with_xml(
        RUN.format("{困难群众"), '<w:r><w:sym w:char="F0"/></w:r>', RUN.format("保障人数}")
    )
    header = docx.Document()
    header.sections[0].header.paragraphs[0].text = TAG
    annex = docx.Document()
    annex.sections[0].footer.paragraphs[0].text = "{数据说明}"
    inside = with_text("见{缺报情况}")
    for template, said in (
        (saved(parted), "a tag where none can be filled"),
        (saved(header), "in a header or footer"),
        (saved(annex), "in a header or footer"),
        (inside, "a paragraph of its own"),
        (_with_footnote(), "a tag in a footnote"),
    ):
        with pytest.raises(Misuse, match=said):
            word(provisional[0], template)


def _with_footnote() -> bytes:
    """A template with a tag in a footnote."""
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    )
    kind = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    notes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{RUN.format(TAG)}</w:p></w:footnote></w:footnotes>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(with_text("文"))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode("latin-1")
            if name == "word/_rels/document.xml.rels":
                part = part.replace("</Relationships>", relation)
            if name == "[Content_Types].xml":
                part = part.replace("</Types>", kind)
            new.writestr(name, part.encode("latin-1"))
        new.writestr("word/footnotes.xml", notes)
    return made.getvalue()


def test_a_text_box_says_its_number_once_wherever_it_is_anchored(provisional: Gathered) -> None:
    box = BOX.format(w=W, p=f"<w:p>{RUN.format(TAG)}</w:p>")
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph._p.append(parse_xml(box))
    paragraph.add_run("低保{低保人数}")
    made, _ = filled(provisional, saved(document))
    assert [note.key for note in made.notes] == ["dibao_recipients/value", "assisted_people/value"]


def test_text_in_links_and_controls_without_tags_stays_in_both_files(
    provisional: Gathered,
) -> None:
    link = f'<w:hyperlink w:anchor="a">{RUN.format("见附表")}</w:hyperlink>'
    made, document = filled(provisional, saved(with_xml(RUN.format(TAG), link)))
    assert document.paragraphs[1].text.endswith("△见附表")
    assert len(document.paragraphs[1].hyperlinks) == 2
    assert "见附表" in prose_html(provisional[0], made.blocks)


def test_wide_braces_and_bars_are_tags_too(provisional: Gathered) -> None:
    made, _ = filled(provisional, with_text("｛困难群众保障人数｝，{困难群众保障人数｜同比｝"))
    assert [note.key for note in made.notes] == ["assisted_people/value", "assisted_people/yoy"]


def test_every_kind_of_header_and_footer_is_filled(provisional: Gathered) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    places = ("first_page_header", "even_page_header", "first_page_footer", "even_page_footer")
    for each in places:
        getattr(section, each).paragraphs[0].text = "{年份}"
    _, document = filled(provisional, saved(document))
    said = {getattr(document.sections[0], each).paragraphs[0].text for each in places}
    assert said == {"2023年"}


def test_a_document_with_no_table_style_and_no_page_is_filled(provisional: Gathered) -> None:
    # Word keeps the style of tables only in documents that have one.
    document = docx.Document(io.BytesIO(with_text(TAG, "{整改分工}", "{缺报情况}")))
    for style in list(document.styles.element.findall(qn("w:style"))):
        document.styles.element.remove(style)
    body = document.element.body
    body.remove(body.sectPr)
    _, document = filled(provisional, saved(document))
    grid = document.tables[0].style
    assert grid is not None
    assert grid.element.find(f".//{qn('w:tblBorders')}") is not None


def test_styles_are_found_by_name_whatever_their_ids(provisional: Gathered) -> None:
    # Word gives styles with Chinese names ids of its own when it saves.
    document = docx.Document(io.BytesIO(template_of(REPORT)))
    document.styles["注号"].element.set(qn("w:styleId"), "a7")
    _, document = filled(provisional, saved(document))
    marks = [
        run for run in document.element.body.iter(qn("w:rStyle")) if run.get(qn("w:val")) == "a7"
    ]
    assert len(marks) > 40


@pytest.mark.parametrize("tag", ["{整改分工}", "{数据说明}", "{缺报情况}", "{状态}"])
def test_a_table_in_a_cell_leaves_it_its_paragraph(provisional: Gathered, tag: str) -> None:
    document = docx.Document(io.BytesIO(with_text(TAG)))
    document.add_table(1, 1).cell(0, 0).text = tag
    _, document = filled(provisional, saved(document))
    # A cell that ends with no paragraph is a damaged file to Word.
    assert {cell[-1].tag for cell in document.element.body.iter(qn("w:tc"))} == {qn("w:p")}


def test_a_table_in_the_last_paragraph_of_a_section_keeps_its_page(provisional: Gathered) -> None:
    document = docx.Document(io.BytesIO(with_text(TAG, "{整改分工}", "{整改分工}")))
    properties = document.paragraphs[-1]._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:sectPr {W}><w:pgSz w:w="16838" w:h="11906"/></w:sectPr>'))
    document.add_paragraph("完")
    _, document = filled(provisional, saved(document))
    assert len(document.sections) == 2
    tables = [each for each in document.element.body if each.tag == qn("w:tbl")]
    assert {each.getnext().tag for each in tables} == {qn("w:p")}


def test_an_annex_before_the_text_leaves_the_page_its_text(provisional: Gathered) -> None:
    made, _ = filled(provisional, with_text("{缺报情况}", f"保障{TAG}", "{状态}"))
    assert [block.kind for block in made.blocks] == ["text", "state"]
    made, _ = filled(provisional, with_text(f"保障{TAG}", "{数据说明}", "附件2", "{缺报情况}"))
    assert [block.kind for block in made.blocks] == ["text"]


def test_an_earlier_report_can_be_made_a_template(provisional: Gathered) -> None:
    before = docx.Document(io.BytesIO(word(provisional[0], template_of(REPORT)).content))
    before.add_paragraph(TAG)
    made, _ = filled(provisional, saved(before))
    assert len(made.notes) == 1


def test_a_broken_file_is_no_template(provisional: Gathered) -> None:
    whole = with_text(TAG)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w:document" if name == "word/document.xml" else old.read(name))
    broken = bytearray(whole)
    broken[3000:3100] = bytes(100)
    for template in (made.getvalue(), bytes(broken), whole[:2000], b""):
        with pytest.raises(Misuse, match="no Word document"):
            word(provisional[0], template)
