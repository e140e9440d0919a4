"""QJMZ13 目标任务表: the year's targets, sent by the bureau when set or changed."""

from schemas.declaring.model import Ledger, LedgerColumn, Targets
from schemas.declaring.periods import parse_month

LEDGER = Ledger(
    name="targets",
    number="13",
    form_no="QJMZ13",
    title_zh="目标任务表",
    reporters=("bureau",),
    due_from=(),
    frequency="as_sent",
    valid_from=parse_month("2022-01"),
    table="target_row",
    yearly=True,
    targets=Targets(
        indicator="indicator_name",
        year="year",
        by_quarter=("target_q1", "target_q2", "target_q3", "target_q4"),
    ),
    columns=(
        LedgerColumn(
            "indicator_name",
            "指标名称",
            "text",
            "the indicator's Chinese name, or its code",
            required=True,
            unique=True,
        ),
        LedgerColumn("year", "年度", "count", "the year", required=True),
        LedgerColumn("target_q1", "一季度目标", "decimal", "by the end of March"),
        LedgerColumn("target_q2", "上半年目标", "decimal", "by the end of June"),
        LedgerColumn("target_q3", "前三季度目标", "decimal", "by the end of September"),
        LedgerColumn("target_q4", "全年目标", "decimal", "by the end of the year", required=True),
        LedgerColumn("note", "备注", "text", "note"),
    ),
)
