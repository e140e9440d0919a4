"""What arrives besides returns: files that are none."""

import datetime as dt

from flows.demo.grid import MADE
from flows.demo.layout import plain_layout
from flows.demo.returns import Return
from flows.demo.workbook import Book

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
NOTE = f"各位同事：本月报表稍后报送，请知悉。\n{MADE}\n".encode()


def junk_files(neighbour: Return, day: dt.date) -> dict[str, Book | bytes]:
    """File name to content: empty, no workbook, no table, nobody's return."""
    return {
        "空文件.xlsx": b"",
        "报告.xlsx": PDF,
        "说明.txt": NOTE,
        # A township of another district: a proper return, but of no unit in the register.
        "外区镇月报.xlsx": Book(neighbour, plain_layout("邻县青石坪镇", neighbour.month, day)),
    }
