"""QJMZ07 基层治理月报表."""

from schemas.declaring.balances import at_most
from schemas.declaring.lines import stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="community_governance",
    number="07",
    form_no="QJMZ07",
    title_zh="基层治理月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        stock(
            "0701",
            "villages",
            "村（社区）总数",
            "个",
            "villages and communities at month end",
            definition_zh="月末辖区内村和社区的合计数。",
        ),
        stock(
            "0702",
            "charters_due",
            "应修订村规民约（居民公约）的村（社区）数",
            "个",
            "villages and communities asked to revise their charter",
            definition_zh="月末按要求应修订村规民约（居民公约）的村（社区）数，含已完成修订的。",
        ),
        stock(
            "0703",
            "charters_revised",
            "已修订并公示的村（社区）数",
            "个",
            "of those: revised approved and posted at month end",
            definition_zh="月末应修订村规民约（居民公约）的村（社区）中，已完成修订、经审议通过并公示的村（社区）数。",
        ),
        stock(
            "0704",
            "complexes_operating",
            "社区综合服务体运行数",
            "个",
            "community service complexes in operation at month end",
            definition_zh="月末投入运行的社区综合服务体数，含试运行的。",
        ),
        stock(
            "0705",
            "complexes_planned",
            "社区综合服务体在建和计划数",
            "个",
            "complexes under construction or on the plan at month end",
            definition_zh="月末在建和列入计划的社区综合服务体数，含选址和建成待运行的，不含试运行的。",
        ),
    ),
    rules=(
        *at_most(
            "B0701",
            "charters_revised",
            "charters_due",
            ("已修订并公示的村（社区）数", "应修订村规民约（居民公约）的村（社区）数"),
        ),
        *at_most(
            "B0702",
            "charters_due",
            "villages",
            ("应修订村规民约（居民公约）的村（社区）数", "村（社区）总数"),
        ),
    ),
)
