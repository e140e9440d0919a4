"""QJMZ04 精神障碍社区康复月报表."""

from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="mental_rehabilitation",
    number="04",
    form_no="QJMZ04",
    title_zh="精神障碍社区康复月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        stock(
            "0401",
            "rehab_stations_operating",
            "精神障碍社区康复站运行数",
            "个",
            "community mental-rehabilitation stations in operation at month end",
            definition_zh="月末投入运行的精神障碍社区康复站数，含试运行的。",
        ),
        stock(
            "0402",
            "rehab_stations_in_preparation",
            "精神障碍社区康复站在建数",
            "个",
            "stations sited or being fitted out at month end",
            definition_zh="月末处于选址、在建或建成待运行阶段的精神障碍社区康复站数，不含试运行的。",
        ),
        flow(
            "0403",
            "rehab_sessions",
            "康复主题活动场次",
            "场次",
            "themed rehabilitation sessions held in the month",
            definition_zh="本月开展精神障碍社区康复主题活动的场次。",
        ),
        stock(
            "0404",
            "patients_surveyed",
            "摸排精神障碍患者人数",
            "人",
            "people with mental disorders found by the survey so far",
            definition_zh="截至月末累计摸排掌握的精神障碍患者人数，同一人只计一次。",
            sensitive=True,
        ),
        stock(
            "0405",
            "patients_in_rehab",
            "在站康复人数",
            "人",
            "people in community rehabilitation at month end",
            definition_zh="月末在精神障碍社区康复站接受社区康复服务的人数。",
            sensitive=True,
        ),
        stock(
            "0406",
            "severely_disabled_in_care",
            "困难重度残疾人社会化照护人数",
            "人",
            "severely disabled people in difficulty in social care at month end",
            definition_zh="月末接受社会化照护服务的困难重度残疾人数。",
        ),
    ),
)
