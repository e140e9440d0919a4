"""What stands above and below a table."""

from tests.writing.tables import Layout, Page, Table


def put_head(page: Page, table: Table, layout: Layout, row: int, title: str = "") -> int:
    """Title, unit, period and 表号; the row below them."""
    left, width = layout.columns_before, len(layout.columns)
    page.put(row, left, title or table.title, columns=width)
    page.put(row + 1, left + width - 1, f"表号：{table.form_no}")
    page.put(row + 2, left, f"填报单位：{table.unit_name}")
    page.put(row + 2, left + 2, f"报告期：{table.period_text}")
    return put_measure(page, table, layout, row + 3)


def put_short_head(page: Page, table: Table, layout: Layout, row: int, title: str) -> int:
    """Title and 表号 only; the row below them."""
    page.put(row, layout.columns_before, title)
    page.put(row + 1, layout.columns_before, f"表号：{table.form_no}")
    return put_measure(page, table, layout, row + 2)


def put_measure(page: Page, table: Table, layout: Layout, row: int) -> int:
    """The unit of measure of all lines, where it is stated once; the row below it."""
    if not layout.unit_once:
        return row
    measures = "、".join(dict.fromkeys(line.unit for line in table.lines))
    column = layout.columns_before + len(layout.columns) - 1
    page.put(row, column, f"{layout.unit_once}：{measures}")
    return row + 1


def put_foot(page: Page, layout: Layout) -> None:
    """Who signs, two rows below the table."""
    if layout.foot:
        row, left = page.height + 1, layout.columns_before
        page.put(row, left, "单位负责人：张三")
        page.put(row, left + 2, "填表人：李四")
        page.put(row, left + 4, "报出日期：2022年8月3日")
