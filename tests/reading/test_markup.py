"""Markup that Excel and WPS open: their own pages and XML, exports, archives, error pages."""

import base64
import contextlib
import datetime as dt
import time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.cells import CELLS_LIMIT, MarkupError, TooLarge
from flows.reading.markup import is_markup, read_markup

EXCEL_PAGE = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<meta name=Generator content="Microsoft Excel 15">
<style>td {mso-number-format:General;} <!-- table {x:y} --></style>
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet>
<x:Name>城乡&#20302;保</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->
</head>
<body link="#0563C1">
<table border=0 cellpadding=0 cellspacing=0 width=288>
 <col width=72 span=4>
 <tr height=19><td colspan=4 class=xl65>城乡低保情况
  月报表</td></tr>
 <tr height=19><td></td><td>&nbsp;</td><td></td><td></td></tr>
 <tr height=19 style='display:none'>
  <td x:str>指标&lt;名称&gt;</td><td x:str="代码 ">代码</td><td>本月数<br>（人）</td>
  <td>说明<span class=msocomspan1><a class=msocomanchor href="#_msocom_1">[1]</a></span></td></tr>
 <tr height=19><td>人数</td><td x:str="0101">0101</td><td x:num="1234.5678" align=right>1,235</td>
  <td x:num align=right>1,234</td></tr>
 <![if supportMisalignedColumns]>
 <tr height=0 style='display:none'><td width=72></td><td width=72></td></tr>
 <![endif]>
</table>
<div style='mso-element:comment-list'><p>某人：核对</p></div>
</body></html>"""


def rows_of(page: str, encoding: str = "utf-8") -> list[list[object]]:
    content = page.encode(encoding)
    assert is_markup(content)
    (grid,) = read_markup(content)
    assert (grid.top, grid.left) == (0, 0)
    return grid.rows


def test_a_page_that_excel_saved() -> None:
    (grid,) = read_markup(EXCEL_PAGE.encode("gb18030"))
    assert grid.name == "城乡低保"
    assert grid.rows == [
        ["城乡低保情况 月报表", "", "", ""],
        ["", "", "", ""],
        ["指标<名称>", "代码 ", "本月数\n（人）", "说明"],
        ["人数", "0101", 1234.5678, 1234.0],
    ]


def test_a_table_that_a_system_exports() -> None:
    page = """<style>td{}</style><table><thead><tr><th rowspan="2">名称<th colspan="2">人数
    <tr><th>男<th>女</thead><tbody><tr><td sdval="12.5" sdnum="1033;">13<td>7.0<td x:num="9e999">多"""
    assert rows_of(page) == [["名称", "人数", ""], ["", "男", "女"], [12.5, "7.0", "多"]]


def test_rows_within_layout_tables_are_rows() -> None:
    page = """<title>报表
    系统</title><body><h1>月报</h1>单位：某镇<br>日期：7月
    <table><tr><td>左<table><tr><td>甲<td>1<tr><td>乙<td>2</table>下<td>右</tr>
    <tr><td><table><tr><td>丙<td>3</table></td></tr></table>
    <p>说明</p><ul><li>一<li>二</ul><script>var a = "<td>不是</td>";</script>"""
    content = page.encode()
    (grid,) = read_markup(content)
    assert grid.name == "报表 系统"
    assert [[cell for cell in row if cell != ""] for row in grid.rows] == [
        ["月报"], ["单位：某镇"], ["日期：7月"], ["左"], ["甲", "1"], ["乙", "2"], ["下", "右"],
        ["丙", "3"], ["说明"], ["一"], ["二"],
    ]  # fmt: skip


def test_spaces_are_what_a_browser_shows() -> None:
    page = (
        "<table><tr><td> a \n\t b&nbsp;&nbsp;c <b> d</b><td>&nbsp; <td>&nbsp;e<td>　f<td>"
        "<p>g</p><p>h</p><br><td><pre>i\n  j</pre></table>"
    )
    assert rows_of(page) == [["a b  c d", "", " e", "　f", "g\nh", "i\nj"]]


def test_cells_without_rows_and_texts_between_cells() -> None:
    assert rows_of("<table><td>1<td>2</table>") == [["1", "2"]]
    assert rows_of("<body><td>1</td><td>2</td>") == [["1", "2"]]
    assert rows_of("<table><tr>乱<td>1</td>写<td>2</tr></table>") == [
        ["乱", ""], ["写", ""], ["1", "2"],
    ]  # fmt: skip


def test_a_proxys_error_page_is_text_only() -> None:
    page = """<!-- proxy -->
    <!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
    <html><head><title>502 Bad Gateway</title></head>
    <body bgcolor="white"><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>"""
    assert rows_of(page) == [["502 Bad Gateway"], ["nginx"]]


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "<meta charset=gbk>"),
        ("utf-16", "<meta charset=utf-8>"),
        ("utf-16-le", ""),
        ("utf-16-be", ""),
        ("gb18030", ""),
        ("gb18030", "<meta charset='gb2312'>"),
        ("gb18030", "<meta charset=iso-8859-1>"),
        ("utf-8", "<meta charset=x-none>"),
        ("big5hkscs", "<meta http-equiv=x content='text/html; charset=big5'>"),
    ],
)
def test_charsets(encoding: str, meta: str) -> None:
    assert rows_of(f"<html>{meta}<p>報表龍", encoding) == [["報表龍"]]


def archive(*pages: tuple[str, str]) -> bytes:
    parts = [
        f"--x\r\nContent-Location: file:///C:/{place}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Type: text/html; charset="gb2312"\r\n\r\n'.encode()
        + base64.encodebytes(page.encode("gb18030"))
        for place, page in pages
    ]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\nnone\r\n'
    return head + b"\r\n".join(parts) + b"\r\n--x--\r\n"


def test_web_archives() -> None:
    one = archive(("a.htm", "<table><tr><td>报表<td x:num='1'>1</table>"))
    assert is_markup(one)
    assert [grid.rows for grid in read_markup(one)] == [[["报表", 1.0]]]
    names = "".join(
        f'<x:Name>{name}</x:Name>\n<x:WorksheetSource HRef="a.files/{place}"/>'
        for name, place in (("一", "sheet001.htm"), ("二", "sheet002.htm"))
    )
    many = archive(
        ("a.htm", f"<!--[if gte mso 9]>{names}<![endif]--><frameset>"),
        ("a.files/tabstrip.htm", "<table><tr><td>一<td>二</table>"),
        ("a.files/sheet001.htm", "<table><tr><td>1</table>"),
        ("a.files/sheet002.htm", "<table><tr><td>2</table>"),
    )
    assert [(g.name, g.rows) for g in read_markup(many)] == [("一", [["1"]]), ("二", [["2"]])]


spanned = st.lists(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4), st.booleans()), max_size=5),
    min_size=1,
    max_size=7,
)


@given(table=spanned)
def test_spans_are_placed_as_browsers_do(
    table: list[list[tuple[int, int, bool]]],
) -> None:
    taken: set[tuple[int, int]] = set()
    cells: dict[tuple[int, int], str] = {}
    page = "<table>"
    for row, line in enumerate(table):
        page += "<tr>"
        column = 0
        for number, (down, across, filled) in enumerate(line):
            text = f"{row}.{number}" if filled else ""
            page += f"<td rowspan={down} colspan={across}>{text}</td>"
            while (row, column) in taken:
                column += 1
            if text:
                cells[row, column] = text
            for r in range(row, row + down if down else len(table)):
                taken |= {(r, c) for c in range(column, column + across)}
        page += "</tr>"
    height = max((row + 1 for row, _ in cells), default=0)
    width = max((column + 1 for _, column in cells), default=0)
    assert rows_of(page) == [[cells.get((r, c), "") for c in range(width)] for r in range(height)]


HEAD = """<?xml version="1.0"{}?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">"""


def workbook(rows: str, encoding: str = "") -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    return (
        HEAD.format(declared)
        + f'<Worksheet ss:Name="表"><Table>{rows}</Table></Worksheet></Workbook>'
    )


def test_every_type_of_an_xml_spreadsheet() -> None:
    rows = """<Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1">
    <Data ss:Type="String">名称</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>
    <Cell><Data ss:Type="Number">1.5E2</Data></Cell></Row>
    <Row><Cell ss:Index="4"><Data ss:Type="DateTime">2022-07-31T00:00:00.000</Data></Cell>
    <Cell><Data ss:Type="DateTime">2022-07-31T08:30:00.000</Data></Cell></Row>
    <Row ss:Span="1"/>
    <Row><Cell ss:Formula="=R[-1]C"><Data ss:Type="Error">#REF!</Data></Cell>
    <Cell ss:Formula="=SUM(R1C)"/><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell>
    <ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>粗</B>细&#10;行</ss:Data>
    </Cell></Row>"""
    (grid,) = read_markup(workbook(rows).encode())
    assert (grid.name, grid.top, grid.left) == ("表", 1, 0)
    assert grid.rows == [
        ["", "名称", "", 150.0, ""],
        ["", "", "", dt.date(2022, 7, 31), dt.datetime.fromisoformat("2022-07-31T08:30")],
        ["", "", "", "", ""],
        ["", "", "", "", ""],
        ["#REF!", "=SUM(R1C)", True, "粗细\n行", ""],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb2312", "gb18030"])
def test_encodings_of_an_xml_spreadsheet(encoding: str) -> None:
    page = workbook("<Row><Cell><Data>报表</Data></Cell></Row>", encoding.removesuffix("-sig"))
    assert rows_of(page, encoding) == [["报表"]]


placed = st.dictionaries(
    st.tuples(st.integers(0, 60), st.integers(0, 40)),
    st.one_of(st.floats(-1e9, 1e9), st.text("甲<&>乙\"'", min_size=1)),
    min_size=1,
    max_size=20,
)


@given(cells=placed, always=st.booleans())
def test_indices_of_an_xml_spreadsheet(
    cells: dict[tuple[int, int], float | str], always: bool
) -> None:
    page, after = "", 0
    for row in sorted({row for row, _ in cells}):
        page += f'<Row ss:Index="{row + 1}">' if always or row != after else "<Row>"
        after, next_column = row + 1, 0
        for column in sorted(column for r, column in cells if r == row):
            value = cells[row, column]
            index = f' ss:Index="{column + 1}"' if always or column != next_column else ""
            kind = "String" if isinstance(value, str) else "Number"
            page += f'<Cell{index}><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'
            next_column = column + 1
        page += "</Row>"
    (grid,) = read_markup(workbook(page).encode())
    found = {
        (grid.top + row, grid.left + column): cell
        for row, line in enumerate(grid.rows)
        for column, cell in enumerate(line)
        if cell != ""
    }
    assert found == cells


BOMB = """<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>
&b;&c;</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    "page",
    [
        BOMB,
        "<?xml version='1.0'?><office><a/></office>",
        HEAD.format(""),
        HEAD.format("") + "</Workbook>",
        workbook("<Row><Cell></Row>"),
        workbook('<Row ss:Index="x"/>'),
        workbook("<Row>" * 5000),
        "<html>" + "<div>" * 5000,
        "<html>" + "<table><tr><td>" * 5000,
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\nnothing\n',
    ],
)
def test_broken_markup(page: str) -> None:
    assert is_markup(page.encode())
    with pytest.raises(MarkupError):
        read_markup(page.encode())


CELL = "<Cell><Data>a</Data></Cell>"


@pytest.mark.parametrize(
    "page",
    [
        workbook(f'<Row>{CELL}</Row><Row ss:Index="999999999">{CELL}</Row>'),
        workbook(f'<Row>{CELL}<Cell ss:Index="999999999"><Data>a</Data></Cell></Row>'),
        "<table><tr>" + "<td colspan=1000>a" * 3000,
        "<table><tr><td>" + "<td>" * 3000 + "a" + "<tr><td>a" * 1000,
        "<table><tr>" + "<td rowspan=9000>" * 9000 + "<tr><td>" * 9000,
    ],
)
def test_too_many_cells_are_given_up(page: str) -> None:
    start = time.perf_counter()
    with pytest.raises(TooLarge) as caught:
        read_markup(page.encode())
    assert caught.value.rows * caught.value.columns > CELLS_LIMIT
    assert time.perf_counter() - start < 20


def test_a_cell_far_away_is_a_small_sheet() -> None:
    page = workbook(f'<Row ss:Index="1048576"><Cell ss:Index="16384">{CELL[6:-7]}</Cell></Row>')
    (grid,) = read_markup(page.encode())
    assert grid.address(0, 0) == "XFD1048576"
    assert grid.rows == [["a"]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n<table>\n",
        b"<<a>>",
        b"PK\x03\x04",
        b"<tablet>",
        "标题：<html>".encode(),
        b"<!--",
    ],
)
def test_what_is_no_markup(content: bytes) -> None:
    assert not is_markup(content)


@given(st.binary(max_size=200), st.sampled_from([b"<html>", b"<?xml ", b"MIME-Version: 1\n", b""]))
def test_any_bytes_are_read_or_refused(content: bytes, before: bytes) -> None:
    try:
        grids = read_markup(before + content)
    except MarkupError:
        return
    assert all(len(row) == len(grid.rows[0]) for grid in grids for row in grid.rows)


@pytest.mark.parametrize(
    "part", ["<", "&", "<!-- -", "</b>", "<tr>", "<br>", " &nbsp;", "<p a='", "<div></p>", "<?a "]
)
def test_time_grows_with_the_length_only(part: str) -> None:
    page = ("<html>" + part * 200_000).encode()
    start = time.perf_counter()
    with contextlib.suppress(MarkupError):
        read_markup(page)
    assert time.perf_counter() - start < 10
