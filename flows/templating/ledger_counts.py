"""What a ledger's rows come to, as formulas: the declared counts, as the night counts them."""

from __future__ import annotations

import datetime as dt

from flows.templating.checks import Counted
from flows.templating.formulas import begins
from flows.templating.ledger_places import Items
from flows.templating.ledger_values import DAY_0, is_value
from flows.templating.typed import NONE, unspaced
from schemas.declaring import periods
from schemas.declaring.model import LedgerCount


def counted(items: Items, count: LedgerCount, month: int) -> Counted:
    """What the rows come to; a ledger with an error in its checks counts nothing."""
    columns = {each.name: each for each in items.ledger.columns}
    kept = []
    for name, values in count.where:
        places = items.elsewhere(items.places(name))
        among = "+".join(is_value(columns[name], places, each) for each in values)
        kept.append(f"({among}+0>0)")
    if count.dated is not None:
        days = items.elsewhere(items.meant_places(count.dated))
        first, last = periods.first_day(month), periods.last_day(month)
        kept += [f"({days}>={_number(first)})", f"({days}<{_number(last) + 1})"]
    if count.overdue is not None:
        days = items.elsewhere(items.meant_places(count.overdue))
        kept += [f"({days}>=1)", f"({days}<{_number(periods.last_day(month))})"]
    # Without a condition every row that is begun counts: its first required cell is filled.
    key = next(
        (each.name for each in items.ledger.kept if each.required), items.ledger.kept[0].name
    )
    keys = unspaced(items.elsewhere(items.places(key)))
    any_row = f'(LEN({keys})>0)*(1-EXACT({keys},"{NONE}"))'
    rows = "*".join(kept) or any_row
    wrong = f"{begins(items.elsewhere(items.down(items.check)), 'error')}>0"
    if count.adds is None:
        return Counted(items.ledger.title_zh, f"SUMPRODUCT({rows}*1)", wrong)
    added = items.elsewhere(items.places(count.adds))
    # An error in a cell is one in its row's check: what follows is then not worked out.
    unknown = f"IF({wrong},TRUE,SUMPRODUCT({rows}*(1-ISNUMBER({added})))>0)"
    return Counted(items.ledger.title_zh, f"SUMPRODUCT({rows}*1,{added})", unknown)


def _number(day: dt.date) -> int:
    return (day - DAY_0).days
