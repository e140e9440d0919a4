"""Plain texts: encodings, delimiters, and addresses as Excel shows them."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.cells import CELLS_LIMIT, TooLarge
from flows.reading.texts import decode, find_delimiter, read_delimited

CHINESE = "指标名称,代码,本月数\r\n期末集中供养人数,101,1203\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16", "utf-16-le-bom", "utf-16-be"]
)
def test_every_encoding_that_clerks_save_in(encoding: str) -> None:
    if encoding == "utf-16-le-bom":
        content = b"\xff\xfe" + CHINESE.encode("utf-16-le")
    elif encoding == "utf-16-be":
        content = b"\xfe\xff" + CHINESE.encode("utf-16-be")
    else:
        content = CHINESE.encode(encoding)
    assert decode(content) == CHINESE


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(32),
        b"\x89PNG\r\n\x1a\n",
        b"a,b\x00c",
        b"a,b\x01c",
        b"a\x1ab",
        b"\x80\x80\x80",
        b"\xff\xfea",
    ],
)
def test_what_is_no_text(content: bytes) -> None:
    assert decode(content) is None


def test_a_text_may_have_page_breaks_and_the_end_mark_of_dos() -> None:
    assert decode(b"a\tb\r\n\x0cc\td\r\n\x1a") == "a\tb\r\n\x0cc\td\r\n"


def test_blank_lines_are_rows_and_the_sep_line_is_none() -> None:
    grid = read_delimited("sep=;\r\n报表\r\n\r\n名称;数\r\n甲;1\r\n", "表")
    assert grid.rows == [["报表", ""], ["", ""], ["名称", "数"], ["甲", "1"]]
    assert grid.address(3, 1) == "B4"
    assert read_delimited('"SEP=|"\na|1,2\n', "表").rows == [["a", "1,2"]]


def test_what_excel_makes_of_fields() -> None:
    text = 'a,b\n="0101","两\r\n行"\n"=""0102""","5""寸"\n \t,　\n'
    assert read_delimited(text, "表").rows == [
        ["a", "b"],
        ["0101", "两\n行"],
        ["0102", '5"寸'],
    ]


def test_a_sheet_has_the_name_that_excel_gives_it() -> None:
    assert read_delimited("a", "月" * 40).name == "月" * 31


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("名称\t数\n甲\t1,234\n乙\t1,234,567\n", "\t"),
        ("名称;数;累计\n甲;1,5;2,5\n乙;3;4,0\n", ";"),
        ("名称|数\n甲|1\n", "|"),
        ("标题；某镇，七月\n名称,数,注\n甲,1,a;b\n乙,2,\n", ","),
        ("地区\t,2025年\t,2024年\t\n甲\t,1\t,2\t\n乙\t,3\t,4\t\n", ","),
        ('名称,注\n甲,"a;b;c;d"\n乙,"a;b;c;d"\n', ","),
        ("名称，数\n甲，1\n乙，2\n", "，"),
        ("兹有某镇，人员若干，请查收。\n特此说明。\n此致，敬礼，某镇\n", ","),
        ("只有一行字", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_in_the_text(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def trimmed(table: list[list[str]]) -> list[list[str]]:
    while table and not any(table[-1]):
        table = table[:-1]
    width = max((at + 1 for row in table for at, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in table]


contents = st.text("甲乙数0123456789.-ab,;|\t\n\"' ，", max_size=8).filter(
    lambda text: not text.isspace() and not text.lower().startswith("sep=")
)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(contents, min_size=width, max_size=width), min_size=1)
)


@given(
    table=tables,
    delimiter=st.sampled_from(",\t;|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_reads_back_as_it_was_written(
    table: list[list[str]], delimiter: str, encoding: str, end: str
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        table
    )
    text = decode(file.getvalue().encode(encoding))
    assert text is not None
    assert read_delimited(text, "表").rows == trimmed(table)


plain = st.one_of(
    st.text("甲乙丙镇村户", max_size=5),
    st.decimals(min_value=0, max_value=10**7, places=2).map(str),
)


@given(
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(plain, min_size=width, max_size=width), min_size=1)
    ),
    delimiter=st.sampled_from(",\t;|"),
)
def test_a_table_without_quotes_reads_back(table: list[list[str]], delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\r\n" for row in table)
    assert read_delimited(text, "表").rows == trimmed(table)


def test_too_many_cells_are_given_up() -> None:
    with pytest.raises(TooLarge) as caught:
        read_delimited("a,b\n" * (CELLS_LIMIT // 2 + 1), "大")
    assert (caught.value.rows, caught.value.columns) == (CELLS_LIMIT // 2 + 1, 2)
    assert caught.value.sheet == "大"
    wide = "a" + "," * 3000 + "b\n"
    with pytest.raises(TooLarge):
        read_delimited(wide + "a\n" * 1000, "宽")


def test_blank_rows_and_columns_at_the_end_are_none_of_the_sheet() -> None:
    text = "a,b" + "," * 16381 + "\n" + ("," * 16382 + "\n") * 200
    assert read_delimited(text, "表").rows == [["a", "b"]]


@pytest.mark.parametrize("part", ["\t", '"', ',"', '="a', '"a', "\n", "，", '"",', '\t"'])
def test_time_grows_with_the_length_only(part: str) -> None:
    start = time.perf_counter()
    assert len(read_delimited(part * 500_000, "表").rows) <= 1
    assert time.perf_counter() - start < 10
