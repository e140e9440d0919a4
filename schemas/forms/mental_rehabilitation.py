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
        ),
        stock(
            "0402",
            "rehab_stations_in_preparation",
            "精神障碍社区康复站在建数",
            "个",
            "stations sited or being fitted out at month end",
        ),
        flow(
            "0403",
            "rehab_sessions",
            "康复主题活动场次",
            "场次",
            "themed rehabilitation sessions held in the month",
        ),
        stock(
            "0404",
            "patients_surveyed",
            "摸排精神障碍患者人数",
            "人",
            "people with mental disorders found by the survey so far",
            sensitive=True,
        ),
        stock(
            "0405",
            "patients_in_rehab",
            "在站康复人数",
            "人",
            "people in community rehabilitation at month end",
            sensitive=True,
        ),
        stock(
            "0406",
            "severely_disabled_in_care",
            "困难重度残疾人社会化照护人数",
            "人",
            "severely disabled people in difficulty in social care at month end",
        ),
    ),
)
