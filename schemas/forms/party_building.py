"""QJMZ09 党建工作月报表."""

from schemas.declaring.balances import at_most
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="party_building",
    number="09",
    form_no="QJMZ09",
    title_zh="党建工作月报表",
    reporters=("bureau",),
    due_from=("bureau",),
    valid_from=parse_month("2022-01"),
    figures=(
        flow(
            "0901",
            "study_sessions",
            "理论中心组学习次数",
            "次",
            "study sessions of the theory group held in the month",
            "bureau",
            definition_zh="本月局党组理论学习中心组开展集体学习的次数。",
        ),
        flow(
            "0902",
            "lectures",
            "宣讲次数",
            "次",
            "lectures given to offices in the month",
            "bureau",
            definition_zh="本月面向机关科室开展宣讲的次数。",
        ),
        stock(
            "0903",
            "problem_list_items",
            "问题清单在册数",
            "项",
            "items on the eight problem lists at month end",
            "bureau",
            definition_zh="月末“八张问题清单”在册的问题项数，含已销号的。",
        ),
        stock(
            "0904",
            "problem_list_closed",
            "其中：已销号数",
            "项",
            "of those: closed at month end",
            "bureau",
            definition_zh="月末“八张问题清单”在册问题中，已销号的项数。",
        ),
    ),
    rules=(
        *at_most(
            "B0901",
            "problem_list_closed",
            "problem_list_items",
            ("其中：已销号数", "问题清单在册数"),
        ),
    ),
)
