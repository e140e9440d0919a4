"""QJMZ05 婚俗改革月报表."""

from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="marriage_customs",
    number="05",
    form_no="QJMZ05",
    title_zh="婚俗改革月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        flow(
            "0501",
            "home_harmony_sessions",
            "“家和五送”活动场次",
            "场次",
            "sessions of the home-harmony programme held in the month",
            definition_zh="本月开展“家和五送”活动的场次。",
        ),
        flow(
            "0502",
            "salon_sessions",
            "小组及沙龙活动场次",
            "场次",
            "small-group and salon sessions held in the month",
            definition_zh="本月开展婚俗改革小组活动和沙龙活动的场次合计。",
        ),
        stock(
            "0503",
            "custom_reform_bases",
            "婚俗改革基地数",
            "个",
            "marriage-customs reform bases at month end",
            definition_zh="月末投入运行的婚俗改革基地数，含试运行的。",
        ),
    ),
)
