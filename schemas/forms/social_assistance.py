"""QJMZ01 社会救助月报表."""

from schemas.declaring.balances import at_most, between, carried_forward, sum_of
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

SCHEMES = (
    "urban_dibao_recipients",
    "rural_dibao_recipients",
    "urban_destitute_recipients",
    "rural_destitute_recipients",
    "orphans",
    "de_facto_unsupported_children",
    "disabled_living_allowance_recipients",
    "disabled_nursing_allowance_recipients",
)
FUNDS = (
    "urban_dibao_funds",
    "rural_dibao_funds",
    "destitute_support_funds",
    "temporary_aid_funds",
    "child_support_funds",
    "disabled_allowance_funds",
    "other_relief_funds",
)
PAID_BY_THE_HEAD = ("orphans", "de_facto_unsupported_children")
"""The children whose living cost is paid at one rate a month each."""

FORM = FigureForm(
    name="social_assistance",
    number="01",
    form_no="QJMZ01",
    title_zh="社会救助月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        stock(
            "0101",
            "urban_dibao_households",
            "城市低保户数",
            "户",
            "households on urban minimum living allowance at month end",
        ),
        stock(
            "0102",
            "urban_dibao_recipients",
            "城市低保人数",
            "人",
            "persons on urban minimum living allowance at month end",
        ),
        stock(
            "0103",
            "rural_dibao_households",
            "农村低保户数",
            "户",
            "households on rural minimum living allowance at month end",
        ),
        stock(
            "0104",
            "rural_dibao_recipients",
            "农村低保人数",
            "人",
            "persons on rural minimum living allowance at month end",
        ),
        stock(
            "0105",
            "urban_destitute_recipients",
            "城市特困人员人数",
            "人",
            "urban persons in extreme difficulty (特困) supported at month end",
        ),
        stock(
            "0106",
            "rural_destitute_recipients",
            "农村特困人员人数",
            "人",
            "rural persons in extreme difficulty (特困) supported at month end",
        ),
        stock(
            "0107", "orphans", "孤儿人数", "人", "orphans supported at month end", sensitive=True
        ),
        stock(
            "0108",
            "de_facto_unsupported_children",
            "事实无人抚养儿童人数",
            "人",
            "children without de facto support at month end",
            sensitive=True,
        ),
        stock(
            "0109",
            "disabled_living_allowance_recipients",
            "困难残疾人生活补贴人数",
            "人",
            "persons on the living allowance for disabled people in difficulty at month end",
        ),
        stock(
            "0110",
            "disabled_nursing_allowance_recipients",
            "重度残疾人护理补贴人数",
            "人",
            "persons on the nursing allowance for severely disabled people at month end",
        ),
        stock(
            "0111",
            "assisted_people",
            "困难群众保障人数",
            "人",
            "distinct persons supported under any scheme above at month end: nobody counted twice (不重不漏)",
        ),
        flow(
            "0112",
            "dibao_additions",
            "低保新增人数",
            "人",
            "persons newly admitted to urban or rural dibao in the month (应保尽保)",
        ),
        flow(
            "0113",
            "dibao_exits",
            "低保退出人数",
            "人",
            "persons who left urban or rural dibao in the month (应退尽退)",
        ),
        flow(
            "0114",
            "temporary_aid_cases",
            "临时救助人次",
            "人次",
            "person-times of temporary aid granted in the month",
        ),
        stock(
            "0115",
            "monitored_low_income_people",
            "农村低收入人口监测人数",
            "人",
            "rural low-income people under dynamic monitoring at month end",
        ),
        stock(
            "0116",
            "monitored_people_helped",
            "其中：已落实帮扶人数",
            "人",
            "of those monitored: people for whom help is in place at month end",
        ),
        flow(
            "0117",
            "urban_dibao_funds",
            "城市低保资金支出",
            "万元",
            "urban dibao paid out in the month",
        ),
        flow(
            "0118",
            "rural_dibao_funds",
            "农村低保资金支出",
            "万元",
            "rural dibao paid out in the month",
        ),
        flow(
            "0119",
            "destitute_support_funds",
            "特困人员供养资金支出",
            "万元",
            "support for people in extreme difficulty paid out in the month",
        ),
        flow(
            "0120",
            "temporary_aid_funds",
            "临时救助资金支出",
            "万元",
            "temporary aid paid out in the month",
        ),
        flow(
            "0121",
            "child_support_funds",
            "儿童基本生活费支出",
            "万元",
            "basic living cost of orphans and de facto unsupported children paid out in the month",
            tells_of=PAID_BY_THE_HEAD,
        ),
        flow(
            "0122",
            "disabled_allowance_funds",
            "残疾人两项补贴支出",
            "万元",
            "the two disability allowances paid out in the month",
        ),
        flow(
            "0123",
            "other_relief_funds",
            "其他民政保障资金支出",
            "万元",
            "any other civil-affairs support paid out in the month",
        ),
        flow(
            "0124",
            "relief_funds",
            "民政保障资金支出合计",
            "万元",
            "total of the seven lines above",
            tells_of=PAID_BY_THE_HEAD,
        ),
    ),
    rules=(
        *at_most(
            "B0101",
            "urban_dibao_households",
            "urban_dibao_recipients",
            ("城市低保户数", "城市低保人数"),
        ),
        *at_most(
            "B0102",
            "rural_dibao_households",
            "rural_dibao_recipients",
            ("农村低保户数", "农村低保人数"),
        ),
        *between(
            "B0103",
            "assisted_people",
            SCHEMES,
            "困难群众保障人数",
            "上列八类救助对象（0102、0104至0110）",
        ),
        *at_most(
            "B0104",
            "monitored_people_helped",
            "monitored_low_income_people",
            ("其中：已落实帮扶人数", "农村低收入人口监测人数"),
        ),
        *sum_of(
            "B0105", "relief_funds", FUNDS, "民政保障资金支出合计", "上列七项支出（0117至0123）"
        ),
    ),
    carried=(
        carried_forward(
            "T0101",
            ("urban_dibao_recipients", "rural_dibao_recipients"),
            ("dibao_additions",),
            ("dibao_exits",),
            ("城市和农村低保人数合计", "本月新增", "退出"),
        ),
    ),
)
