"""Cells without a result in binary records: BIFF5, BIFF8 and BIFF12."""

import io
import struct

import pytest
import python_calamine
import xlwt

from flows.reading.untold import Untold
from tests.reading.untold import (
    EOF,
    NAME,
    TEXT,
    bof,
    brt,
    formula,
    record,
    seen,
    special,
    wide_text,
    xls,
    xls_stream,
    xlsb,
)


def test_formulas_that_xlwt_writes_have_no_result() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet(NAME)
    sheet.write(0, 0, 7)
    sheet.write(12, 4, xlwt.Formula("SUM(E6:E12)"))
    sheet.row(3).set_cell_error(2, "#REF!")
    book.add_sheet("Other").write(1, 1, xlwt.Formula("1+1"))
    book.save(into := io.BytesIO())
    content = into.getvalue()
    formulas = Untold(content)
    assert formulas.unresolved(NAME) == {(3, 2): "#REF!", (12, 4): "="}
    assert formulas.unresolved("Other") == {(1, 1): "="}
    assert {seen(content, NAME, place) for place in formulas.unresolved(NAME)} == {""}


SHARED = record(0x04BC, bytes(10))
CHART = bof(0x0020) + formula(8, 8, special(3)) + EOF


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (formula(1, 2, struct.pack("<d", 3.5)), {}),
        (formula(1, 2, special(1, 1)), {}),
        (formula(1, 2, special(2, 0x17)), {(1, 2): "#REF!"}),
        (formula(1, 2, special(2, 0x2A), 0x0406), {(1, 2): "#N/A"}),
        (formula(1, 2, special(3), 0x0206), {(1, 2): "="}),
        (formula(1, 2, special(0)) + TEXT, {}),
        (formula(1, 2, special(0)) + SHARED + TEXT, {}),
        (formula(1, 2, special(0)) + record(0x0221, bytes(14)) + TEXT, {}),
        (formula(1, 2, special(0)) + SHARED, {(1, 2): "="}),
        (formula(1, 2, special(0)) + record(0x0207, b"\x00\x00\x00"), {(1, 2): "="}),
        (formula(1, 2, special(0)) + formula(1, 3, special(0)) + TEXT, {(1, 2): "="}),
        (record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 0x07, 1)), {(1, 2): "#DIV/0!"}),
        (record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 1, 0)), {}),
        (CHART + formula(1, 2, special(3)), {(1, 2): "="}),
    ],
)
@pytest.mark.parametrize("version", [0x0500, 0x0600])
def test_results_in_binary_records(
    cells: bytes, found: dict[tuple[int, int], str], version: int
) -> None:
    content = xls(xls_stream(cells, version))
    assert Untold(content).unresolved(NAME) == found
    as_read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[0]
    assert Untold(content).unresolved(as_read) == found


def test_what_stands_before_the_break_in_a_stream_is_found() -> None:
    stream = xls_stream(formula(1, 2, special(2, 0x17)))[: -len(EOF)] + b"\x06\x00\xff"
    assert Untold(xls(stream)).unresolved(NAME) == {(1, 2): "#REF!"}


def test_a_chain_of_sectors_that_leads_in_a_circle_ends() -> None:
    content = bytearray(xls(xls_stream(formula(1, 2, special(2, 0x17)))))
    table = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    struct.pack_into("<128I", content, table, *[0] * 128)
    struct.pack_into("<III", content, 60, 0, 1, 0)
    struct.pack_into("<I", content, 72, 0xFFFFFF)
    Untold(bytes(content)).unresolved(NAME)


def test_results_in_an_xlsb() -> None:
    def cell(column: int, value: bytes) -> bytes:
        return struct.pack("<II", column, 0) + value

    tokens = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + bytes(4)
    row = brt(0x00, struct.pack("<I", 6) + bytes(13))
    cells = [
        row,
        brt(0x03, cell(0, b"\x17")),
        brt(0x05, cell(1, struct.pack("<d", 2))),
        brt(0x08, cell(2, wide_text("有") + tokens)),
        brt(0x08, cell(3, wide_text("") + tokens)),
        brt(0x08, cell(4, wide_text("长" * 90) + tokens)),
        brt(0x09, cell(5, struct.pack("<d", 0) + tokens)),
        brt(0x0B, cell(300, b"\x07" + tokens)),
    ]
    content = xlsb(cells)
    found = Untold(content).unresolved(NAME)
    assert found == {(6, 0): "#REF!", (6, 3): "=", (6, 300): "#DIV/0!"}
    assert Untold(content).unresolved("没有") == {}
