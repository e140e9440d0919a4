"""QJMZ11 “一墓一策”台账: every tomb built for the living, and what became of it."""

from schemas.declaring.model import DatedStatus, Ledger, LedgerColumn, LedgerCount
from schemas.declaring.periods import parse_month

LEDGER = Ledger(
    name="living_tombs",
    number="11",
    form_no="QJMZ11",
    title_zh="“一墓一策”台账",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    table="living_tomb",
    columns=(
        LedgerColumn("tomb_no", "编号", "text", "the tomb's number", required=True, unique=True),
        LedgerColumn("village", "所在村（社区）", "text", "village or community", required=True),
        LedgerColumn("household_head", "户主", "text", "head of the household", personal=True),
        LedgerColumn("measure", "处置措施", "text", "what is to be done", required=True),
        LedgerColumn("responsible", "责任人", "text", "who sees to it", required=True),
        LedgerColumn("deadline", "整改时限", "date", "by when", required=True),
        LedgerColumn(
            "status",
            "状态",
            "choice",
            "on the register, or removed",
            required=True,
            values=("在册", "已拆除"),
        ),
        LedgerColumn("removed_on", "拆除日期", "date", "day of removal"),
        LedgerColumn(
            "removed_by",
            "拆除方式",
            "choice",
            "by the owners themselves, or organised",
            values=("自行", "组织"),
        ),
        LedgerColumn("note", "备注", "text", "note"),
    ),
    dated=(DatedStatus(status="已拆除", date="removed_on", both_ways=True, for_the_year=True),),
    counts=(
        LedgerCount(
            "living_tombs.registered", (("status", ("在册",)),), figure="living_tombs_registered"
        ),
        LedgerCount(
            "living_tombs.removed",
            (("status", ("已拆除",)),),
            figure="living_tombs_removed",
            dated="removed_on",
        ),
        LedgerCount(
            "living_tombs.self_removed",
            (("status", ("已拆除",)), ("removed_by", ("自行",))),
            figure="living_tombs_self_removed",
            dated="removed_on",
        ),
    ),
)
