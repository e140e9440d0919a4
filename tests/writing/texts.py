"""Sheets as plain text, as a web page and as SpreadsheetML 2003."""

import csv
import datetime as dt
import io
from html import escape

from tests.writing.sheets import Cell, Merge, Sheet, shown

_PAGE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"\n'
    'xmlns:x="urn:schemas-microsoft-com:office:excel"\nxmlns="http://www.w3.org/TR/REC-html40">\n'
)
_STYLE = (
    "<style>\n<!--table\n\t{mso-displayed-decimal-separator:'\\.';}\n"
    '.xl24\n\t{mso-number-format:"\\@";}\n-->\n</style>\n'
)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def separated(sheet: Sheet, delimiter: str, encoding: str = "utf-8-sig") -> bytes:
    """The sheet as values with a delimiter between them."""
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(map(shown, row) for row in sheet.rows)
    return content.getvalue().encode(encoding)


def html(sheet: Sheet, numbers: bool = True, encoding: str = "utf-8") -> bytes:
    """The sheet as Excel saves it for the web; with `numbers` x:num marks them."""
    starts, covered = sheet.starts, sheet.covered
    width = max((len(row) for row in sheet.rows), default=0)
    rows = []
    for at, row in enumerate(sheet.rows):
        padded = row + [None] * (width - len(row))
        cells = "\n".join(
            _td(cell, starts.get((at, column)), numbers)
            for column, cell in enumerate(padded)
            if (at, column) not in covered
        )
        rows.append(f" <tr height=19 style='height:14.25pt'>\n{cells}\n </tr>\n")
    charset = {"gb18030": "gb2312"}.get(encoding, encoding)
    page = (
        f"{_PAGE}<head>\n<meta http-equiv=Content-Type content='text/html; charset={charset}'>\n"
        "<meta name=ProgId content=Excel.Sheet>\n<!--[if gte mso 9]><xml>\n"
        " <x:ExcelWorkbook>\n  <x:ExcelWorksheets>\n   <x:ExcelWorksheet>\n"
        f"    <x:Name>{escape(sheet.name)}</x:Name>\n"
        "   </x:ExcelWorksheet>\n  </x:ExcelWorksheets>\n </x:ExcelWorkbook>\n"
        f"</xml><![endif]-->\n{_STYLE}</head>\n<body link=blue vlink=purple>\n"
        "<table border=0 cellpadding=0 cellspacing=0 style='border-collapse:collapse'>\n"
        f" <col width=72 span={max(width, 1)}>\n{''.join(rows)}</table>\n</body>\n</html>\n"
    )
    return page.encode(encoding)


def _td(cell: Cell, area: Merge | None, numbers: bool) -> str:
    spans = ""
    if area is not None:
        spans += f" colspan={area.columns}" if area.columns > 1 else ""
        spans += f" rowspan={area.rows}" if area.rows > 1 else ""
    if cell is None:
        return f"  <td{spans}></td>"
    text = escape(shown(cell), quote=False)
    if isinstance(cell, str):
        mark = " class=xl24" if cell[:1].isdigit() else ""
        mark += " x:str" if numbers else ""
    elif isinstance(cell, dt.date):
        mark = ""
    else:
        mark = f' align=right x:num="{shown(cell)}"' if numbers else " align=right"
    return f"  <td{spans}{mark}>{text}</td>"


def spreadsheetml(sheets: list[Sheet]) -> bytes:
    """The sheets as an XML table of Excel 2002/2003."""
    pages = "".join(
        f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>{_rows(sheet)}</Table></Worksheet>\n'
        for sheet in sheets
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{_SPREADSHEET}" xmlns:ss="{_SPREADSHEET}">\n'
        '<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>\n'
        f"{pages}</Workbook>\n"
    ).encode()


def _rows(sheet: Sheet) -> str:
    """Rows and cells; those behind empty ones say their number, as Excel writes them."""
    starts, rows, last = sheet.starts, [], -1
    for at, row in enumerate(sheet.rows):
        cells, next_column = [], 0
        for column, cell in enumerate(row):
            area = starts.get((at, column))
            if cell is None and area is None:
                continue
            place = f' ss:Index="{column + 1}"' if column != next_column else ""
            cells.append(_xml_cell(cell, area, place))
            next_column = column + (area.columns if area else 1)
        if cells:
            place = f' ss:Index="{at + 1}"' if at != last + 1 else ""
            rows.append(f"<Row{place}>{''.join(cells)}</Row>\n")
            last = at
    return "".join(rows)


def _xml_cell(cell: Cell, area: Merge | None, place: str) -> str:
    if area is not None:
        place += f' ss:MergeAcross="{area.columns - 1}"' if area.columns > 1 else ""
        place += f' ss:MergeDown="{area.rows - 1}"' if area.rows > 1 else ""
    if cell is None:
        return f"<Cell{place}/>"
    if isinstance(cell, str):
        return f'<Cell{place}><Data ss:Type="String">{escape(cell)}</Data></Cell>'
    if isinstance(cell, dt.date):
        day = f"{cell.isoformat()}T00:00:00.000"
        return f'<Cell{place} ss:StyleID="d"><Data ss:Type="DateTime">{day}</Data></Cell>'
    return f'<Cell{place}><Data ss:Type="Number">{shown(cell)}</Data></Cell>'
