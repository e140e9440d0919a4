"""Packages as other programs write them, and such as none should: marked or copied, never broken."""

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from tests.returning.marked import (
    RED,
    edited,
    list_of,
    opened,
    parts_of,
    read,
    remark,
    returned,
    same_report,
)
from tests.writing.formats import Sheet, write
from tests.writing.zips import DESCRIPTOR, Entry, packed, unpacked, zipped

ROWS: list[list[Any]] = [["标题"], ["指标", "0101", 12.5], [], ["甲", None, "=1+1"]]
SHEET = Sheet("表", ROWS)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ONE, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"


def changed(part: str, *changes: tuple[str, str], content: bytes | None = None) -> bytes:
    """The workbook with texts of one part replaced by others."""
    parts = parts_of(content or write([SHEET], "xlsx"))
    text = parts[part].decode()
    for old, new in changes:
        assert old in text, (old, text)
        text = text.replace(old, new)
    parts[part] = text.encode()
    return zipped(parts)


def fills(content: bytes, *cells: str) -> list[str]:
    sheet = opened(content)["表"]
    return [sheet[each].fill.fgColor.rgb for each in cells]


@pytest.mark.parametrize(
    "looks",
    [
        {"references": False},
        {"prefix": "x"},
        {"prefix": "x", "references": False, "dimension": False},
        {"shared": False},
        {"dimension": False},
    ],
    ids=str,
)
def test_ways_of_writing(looks: dict[str, Any]) -> None:
    before = write([SHEET], "xlsx", **looks)
    back = edited(before, remark("表", "C2"), remark("表", "B3"), remark("表", "F9"))
    assert fills(back, "C2", "B3", "F9", "A1") == [RED, RED, RED, "00000000"]
    values = [[cell.value for cell in row] for row in opened(back)["表"].iter_rows(max_col=3)]
    assert values[:4] == [
        ["标题", None, None],
        ["指标", "0101", 12.5],
        [None, None, None],
        ["甲", None, "=1+1"],
    ]
    assert same_report(read(back), read(before))


def test_strict_markup_becomes_a_copy() -> None:
    marked = returned(write([SHEET], "xlsx", strict=True), remark("表", "C2"))
    assert marked.is_copy
    assert fills(marked.content, "C2") == [RED]


def without(content: bytes, part: str, *others: tuple[str, str]) -> bytes:
    parts = parts_of(content)
    del parts[part]
    for name in ("[Content_Types].xml", BOOK_RELATIONS):
        root = etree.fromstring(parts[name])
        for each in root:
            if (each.get("PartName") or each.get("Target", "")).endswith(part.rpartition("/")[2]):
                root.remove(each)
        parts[name] = etree.tostring(root)
    return zipped(parts)


def test_no_styles() -> None:
    before = without(write([SHEET], "xlsx", shared=False), STYLES)
    assert fills(edited(before, remark("表", "C2")), "C2", "B2") == [RED, "00000000"]


def test_styles_that_are_hardly_any() -> None:
    for styles in (
        "<styleSheet xmlns='{}'/>",
        "<styleSheet xmlns='{}'><cellXfs/><dxfs/></styleSheet>",
    ):
        parts = parts_of(write([SHEET], "xlsx"))
        parts[STYLES] = styles.format(MAIN).encode()
        back = edited(zipped(parts), remark("表", "C2"))
        fill = etree.fromstring(parts_of(back)[STYLES]).find(f"{{{MAIN}}}fills")
        kinds = [each[0].get("patternType") for each in fill]
        assert kinds[:3] == ["none", "gray125", "solid"]


def test_empty_fills_as_wps_writes_them() -> None:
    empty = changed(STYLES, ("</fills>", "<fill/></fills>"))
    back = edited(empty, remark("表", "C2"))
    styles = etree.fromstring(parts_of(back)[STYLES])
    assert len(styles.find("{*}fills")[1]) == 0  # nothing is mended that is not ours
    assert same_report(read(back), read(empty))


def test_no_cell_at_all() -> None:
    parts = parts_of(write([Sheet("表", [])], "xlsx"))
    for data in ("<sheetData/>", "<sheetData></sheetData>", "<sheetData> </sheetData>"):
        parts[ONE] = f'<worksheet xmlns="{MAIN}">{data}<extLst/></worksheet>'.encode()
        assert fills(edited(zipped(parts), remark("表", "C2")), "C2") == [RED]


def test_targets_from_the_root_and_parts_with_odd_names() -> None:
    parts = parts_of(write([SHEET], "xlsx"))
    parts["xl/Blätter/Tabelle 甲.xml"] = parts.pop(ONE)
    relations = parts[BOOK_RELATIONS].decode()
    parts[BOOK_RELATIONS] = relations.replace(
        'Target="worksheets/sheet1.xml"', 'Target="/xl/Blätter/Tabelle 甲.xml"'
    ).encode()
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = types.replace(
        "/xl/worksheets/sheet1.xml", "/xl/Blätter/Tabelle 甲.xml"
    ).encode()
    back = edited(zipped(parts), remark("表", "C2"))
    assert fills(back, "C2") == [RED]


def test_names_prints_and_views_still_mean_their_sheets() -> None:
    before = changed(
        BOOK,
        ("<sheets>", '<bookViews><workbookView activeTab="1" firstSheet="1"/></bookViews><sheets>'),
        (
            "</sheets>",
            "</sheets><definedNames>"
            '<definedName name="_xlnm.Print_Area" localSheetId="1">第二!$A$1:$B$2</definedName>'
            '<definedName name="全部">表!$A$1</definedName></definedNames>',
        ),
        content=write([SHEET, Sheet("第二", [["b"]])], "xlsx"),
    )
    back = edited(edited(before, remark("表", "C2")), remark("表", "C2"))
    book = opened(back)
    assert book.sheetnames == ["问题清单", "表", "第二"]
    assert book.active.title == "问题清单"
    assert book["第二"].print_area == "'第二'!$A$1:$B$2"
    assert book["表"].print_area == ""
    assert book.defined_names["全部"].value == "表!$A$1"


def test_extensions_and_alternatives_stay_in_their_places() -> None:
    alternative = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
    )
    tail = f'<pageMargins left="1"/>{alternative}<extLst><ext uri="u"><a xmlns="b"/></ext></extLst>'
    before = changed(ONE, ("</worksheet>", f"{tail}</worksheet>"))
    names = [etree.QName(each).localname for each in etree.fromstring(
        parts_of(edited(before, remark("表", "C2")))[ONE]
    )]  # fmt: skip
    assert names[-4:] == ["pageMargins", "legacyDrawing", "AlternateContent", "extLst"]


VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_x0000_s2049" type="#_x0000_t201">'
    "<v:textbox><div>一<br>二</div></v:textbox></v:shape></xml>"
)


def with_drawing(vml: str, element: str = "legacyDrawing") -> bytes:
    """The workbook with a drawing of buttons, which is not well-formed."""
    parts = parts_of(changed(ONE, ("</worksheet>", f'<{element} r:id="rId7"/></worksheet>')))
    parts["xl/drawings/vmlDrawing1.vml"] = vml.encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId7" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        "</Relationships>"
    ).encode()
    types = parts["[Content_Types].xml"].decode()
    vml_type = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    parts["[Content_Types].xml"] = types.replace(
        "<Override", f'<Default Extension="VML" ContentType="{vml_type}"/><Override', 1
    ).encode()
    return zipped(parts)


def test_a_drawing_of_buttons_gets_our_boxes_as_well() -> None:
    back = parts_of(edited(with_drawing(VML), remark("表", "C2"), remark("表", "C3")))
    drawing = back["xl/drawings/vmlDrawing1.vml"].decode()
    assert VML.removesuffix("</xml>") in drawing
    assert [f'"_x0000_s{each}"' in drawing for each in (2050, 2051, 2052)] == [True, True, False]
    assert drawing.count("_x0000_t202") == 3  # the type, which was not there, and two of it
    assert "xl/drawings/vmlDrawing2.vml" not in back


def test_a_drawing_of_the_page_header_is_none_of_comments() -> None:
    back = edited(with_drawing(VML, "legacyDrawingHF"), remark("表", "C2"))
    parts = parts_of(back)
    assert parts["xl/drawings/vmlDrawing1.vml"].decode() == VML
    assert b"<x:Row>1</x:Row><x:Column>2</x:Column>" in parts["xl/drawings/vmlDrawing2.vml"]


def test_other_prefixes_in_a_drawing() -> None:
    odd = VML.replace("v:", "ns0:").replace("xmlns:v=", "xmlns:ns0=").replace("<br>", "<br/>")
    drawing = parts_of(edited(with_drawing(odd), remark("表", "C2")))["xl/drawings/vmlDrawing1.vml"]
    shapes = [
        each
        for each in etree.fromstring(drawing)
        if each.tag == "{urn:schemas-microsoft-com:vml}shape"
    ]
    assert len(shapes) == 2


def test_text_in_utf_16() -> None:
    parts = parts_of(write([SHEET], "xlsx"))
    text = parts[ONE].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[ONE] = text.encode("utf-16")
    assert fills(edited(zipped(parts), remark("表", "C2")), "C2") == [RED]


def with_dtd(content: bytes) -> bytes:
    return changed(ONE, ("<worksheet", "<!DOCTYPE worksheet [<!ENTITY a 'b'>]><worksheet"))


def twice(content: bytes) -> bytes:
    entries = unpacked(content)
    return packed([*entries, entries[-1]])


def of_no_known_type(content: bytes) -> bytes:
    return changed("[Content_Types].xml", ("sheet.main+xml", "another+xml"))


@pytest.mark.parametrize("spoil", [with_dtd, twice, of_no_known_type])
def test_what_cannot_be_changed_safely_becomes_a_copy(spoil: Callable[[bytes], bytes]) -> None:
    before = spoil(write([SHEET], "xlsx"))
    marked = returned(before, remark("表", "C2"))
    assert marked.is_copy
    assert fills(marked.content, "C2") == [RED]
    assert "副本" in "".join(
        str(cell.value) for row in opened(marked.content)["问题清单"]["A1:A8"] for cell in row
    )


def test_entries_with_their_sizes_behind_them() -> None:
    late = packed(
        Entry(each.name, each.content, flags=each.flags | DESCRIPTOR)
        for each in unpacked(write([SHEET], "xlsx"))
    )
    back = edited(late, remark("表", "C2"))
    assert fills(back, "C2") == [RED]


def test_the_order_of_calculation_stays() -> None:
    parts = parts_of(write([SHEET], "xlsx"))
    chain = f'<calcChain xmlns="{MAIN}"><c r="C4" i="1"/></calcChain>'.encode()
    parts["xl/calcChain.xml"] = chain
    relation = f'<Relationship Id="rId9" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
    parts[BOOK_RELATIONS] = parts[BOOK_RELATIONS].replace(
        b"</Relationships>", f"{relation}</Relationships>".encode()
    )
    once = edited(zipped(parts), remark("表", "C2"))
    assert parts_of(once)["xl/calcChain.xml"] == chain
    # A formula that a clerk put into the list goes with it, and so must its place in the order.
    name = next(each for each in parts_of(once) if "sheet2" in each)
    filled = changed(name, ("</sheetData>", '<row r="99"><c r="A99"><f>1+1</f></c></row></sheetData>'),
                     content=once)  # fmt: skip
    assert "xl/calcChain.xml" not in parts_of(edited(filled, remark("表", "C2")))


def test_a_foreign_sheet_of_the_lists_name_stays() -> None:
    foreign = Sheet("问题清单", [["本所发现的问题"], ["序号", "问题", "说明"], [1, "漏报", "已补"]])
    before = write([foreign, SHEET], "xlsx")
    back = edited(edited(before, remark("表", "C2")), remark("表", "C2"))
    book = opened(back)
    assert book.sheetnames == ["问题清单（2）", "问题清单", "表"]
    assert book["问题清单"]["B3"].value == "漏报"
    assert len(list_of(back, "问题清单（2）")) == 1


def test_entries_are_dated_the_same() -> None:
    import io

    back = edited(write([SHEET], "xlsx"), remark("表", "C2"))
    with zipfile.ZipFile(io.BytesIO(back)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2022, 1, 1, 0, 0, 0)}
