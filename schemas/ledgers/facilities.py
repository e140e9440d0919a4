"""QJMZ10 民政设施台账: what is planned, built and run, one row a facility."""

from schemas.declaring.model import Ledger, LedgerColumn, LedgerCount
from schemas.declaring.periods import parse_month

KINDS = (
    "爱心食堂",
    "互助养老点",
    "社工站",
    "精神障碍康复站",
    "未成年人保护示范点",
    "五童友好社区",
    "婚俗改革基地",
    "社区综合服务体",
    "公益性安葬设施",
    "未成年人保护中心",
    "康复指导中心",
    "婚姻家庭指导中心",
    "婚恋交友基地",
)
STAGES = ("选址", "在建", "建成", "试运行", "运行", "停用")
OPERATING = ("试运行", "运行")
PLANNED = ("选址", "在建", "建成")


def _rows(figure: str, kind: str, stages: tuple[str, ...]) -> LedgerCount:
    return LedgerCount(
        f"facilities.{figure}", (("kind", (kind,)), ("status", stages)), figure=figure
    )


LEDGER = Ledger(
    name="facilities",
    number="10",
    form_no="QJMZ10",
    title_zh="民政设施台账",
    reporters=("township", "bureau"),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    table="facility",
    columns=(
        LedgerColumn("name", "设施名称", "text", "the facility's name", required=True),
        LedgerColumn("kind", "设施类别", "choice", "what it is", required=True, values=KINDS),
        LedgerColumn("village", "所在村（社区）", "text", "village or community", required=True),
        LedgerColumn(
            "status", "状态", "choice", "the stage it is at", required=True, values=STAGES
        ),
        LedgerColumn("planned_on", "计划下达日期", "date", "day on which the plan was issued"),
        LedgerColumn("opened_on", "投用日期", "date", "day on which it opened"),
        LedgerColumn("capacity", "容量", "count", "places"),
        LedgerColumn("in_use", "在用", "count", "places in use"),
        LedgerColumn("note", "备注", "text", "note"),
    ),
    counts=(
        _rows("canteens_operating", "爱心食堂", OPERATING),
        _rows("mutual_aid_points", "互助养老点", OPERATING),
        _rows("social_work_stations", "社工站", OPERATING),
        _rows("rehab_stations_operating", "精神障碍康复站", OPERATING),
        _rows("protection_demo_sites", "未成年人保护示范点", OPERATING),
        _rows("child_friendly_communities", "五童友好社区", OPERATING),
        _rows("custom_reform_bases", "婚俗改革基地", OPERATING),
        _rows("complexes_operating", "社区综合服务体", OPERATING),
        _rows("rehab_stations_in_preparation", "精神障碍康复站", PLANNED),
        _rows("complexes_planned", "社区综合服务体", PLANNED),
        _rows("burial_sites_planned", "公益性安葬设施", (*PLANNED, *OPERATING)),
        LedgerCount(
            "facilities.mutual_aid_residents",
            (("kind", ("互助养老点",)), ("status", OPERATING)),
            figure="mutual_aid_residents",
            adds="in_use",
        ),
    ),
)
