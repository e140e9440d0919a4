"""What is asked of a ledger as a whole, live: rows that nothing checks, rows that are gone."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from flows.templating.formulas import PREFIXES
from flows.templating.ledger_places import NOTICE_ROW, Items
from flows.templating.typed import literal


def unchecked(items: Items) -> str:
    """How many rows have something in them and no check: they were inserted."""
    filled = "+".join(f"(LEN({items.places(each.name)})>0)" for each in items.ledger.columns)
    return f"IFERROR(SUMPRODUCT((({filled})>0)*ISBLANK({items.down(items.check)})),0)"


def notice(items: Items, sent: tuple[str, int] | None) -> str:
    """What is asked of the whole ledger; `sent` says when it last had how many rows."""
    count = f"{get_column_letter(items.wrong)}{NOTICE_ROW}"
    query = PREFIXES["query"]
    inserted = (
        f"{literal(f'{query}：有')}&{count}&{literal('行没有自动审核（插入的行），请逐行核对。')}"
    )
    empty = literal("")
    if sent is not None:
        period, rows = sent
        none = f"SUMPRODUCT(--(LEN({items.down(items.check)})>0))=0"
        said = f"{query}：{period}报过{rows}行，本表现在一行也没有。"
        empty = f'IF({none},{literal(said)},"")'
    return f"IF({count}>0,{inserted},{empty})"
