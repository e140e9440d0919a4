"""QJMZ12 整改清单: each point of the congress's review, followed until it is closed."""

from schemas.declaring.model import DatedStatus, Ledger, LedgerColumn, LedgerCount
from schemas.declaring.periods import parse_month

LEDGER = Ledger(
    name="rectification",
    number="12",
    form_no="QJMZ12",
    title_zh="整改清单",
    reporters=("bureau",),
    due_from=("bureau",),
    valid_from=parse_month("2022-01"),
    table="rectification_item",
    columns=(
        LedgerColumn(
            "item_no", "事项编号", "text", "the item's number", required=True, unique=True
        ),
        LedgerColumn(
            "opinion",
            "审议意见",
            "choice",
            "the opinion of the congress it answers",
            required=True,
            values=("党建引领", "重点民生", "社会治理", "政策宣传"),
        ),
        LedgerColumn("problem", "问题", "text", "the problem", required=True),
        LedgerColumn("measure", "整改措施", "text", "what is done about it", required=True),
        LedgerColumn("lead", "责任领导", "text", "who leads", required=True),
        LedgerColumn("department", "责任科室", "text", "which department", required=True),
        LedgerColumn("deadline", "整改时限", "date", "by when", required=True),
        LedgerColumn(
            "status",
            "状态",
            "choice",
            "how far it is",
            required=True,
            values=("未启动", "整改中", "已完成", "已销号"),
        ),
        LedgerColumn("closed_on", "销号日期", "date", "day on which it was closed"),
        LedgerColumn("evidence", "佐证材料", "text", "evidence"),
    ),
    dated=(DatedStatus(status="已销号", date="closed_on"),),
    counts=(
        LedgerCount("rectification_items", (), name_zh="整改事项数"),
        LedgerCount(
            "rectification_items_closed", (("status", ("已销号",)),), name_zh="已销号整改事项数"
        ),
        LedgerCount(
            "rectification_items_overdue",
            (("status", ("未启动", "整改中")),),
            overdue="deadline",
            name_zh="逾期整改事项数",
        ),
    ),
)
