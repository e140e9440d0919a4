"""QJMZ02 养老服务月报表."""

from schemas.declaring.balances import needs
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="elderly_care",
    number="02",
    form_no="QJMZ02",
    title_zh="养老服务月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        flow(
            "0201",
            "six_deliveries_sessions",
            "“六送六进”活动场次",
            "场次",
            "sessions of the six-deliveries programme for villages held in the month",
            definition_zh="本月面向村（社区）开展“六送六进”活动的场次。",
        ),
        flow(
            "0202",
            "six_deliveries_attendance",
            "“六送六进”惠及老年人次",
            "人次",
            "person-times of older people served by those sessions",
            definition_zh="本月“六送六进”活动惠及老年人的人次，同一人参加多场活动的按次累计。",
        ),
        stock(
            "0203",
            "canteens_operating",
            "运营中的爱心食堂数",
            "个",
            "community canteens for older people in operation at month end",
            definition_zh="月末运营中的社区老年人爱心食堂数，含试运行的。",
        ),
        flow(
            "0204",
            "bathing_service_visits",
            "助浴快车服务老年人次",
            "人次",
            "free baths given to older people by the mobile bathing service in the month (person-times)",
            definition_zh="本月助浴快车为老年人提供免费助浴服务的人次，同一人多次接受服务的按次累计。",
        ),
        stock(
            "0205",
            "visited_older_people",
            "定期走访空巢留守老年人数",
            "人",
            "empty-nest and left-behind older people on the regular visiting list at month end",
            definition_zh="月末列入定期走访名单的空巢和留守老年人数，既空巢又留守的只计一人。",
        ),
        stock(
            "0206",
            "social_work_stations",
            "社工站数",
            "个",
            "social-work stations in operation at month end",
            definition_zh="月末投入运行的社工站数，含试运行的。",
        ),
        stock(
            "0207",
            "elderly_service_volunteers",
            "老年人服务志愿者人数",
            "人",
            "volunteers registered for services to older people at month end",
            definition_zh="月末登记在册的老年人服务志愿者人数，按人计算，不按服务次数累计。",
        ),
        flow(
            "0208",
            "home_service_visits",
            "心理疏导和上门服务人次",
            "人次",
            "person-times of counselling and at-home services such as hairdressing in the month",
            definition_zh="本月为老年人提供心理疏导和理发等上门服务的人次，同一人多次接受服务的按次累计。",
        ),
        stock(
            "0209",
            "mutual_aid_points",
            "农村互助养老点数",
            "个",
            "rural mutual-aid care points in use at month end",
            definition_zh="月末投入使用的农村互助养老点数，含试运行的。",
        ),
        stock(
            "0210",
            "mutual_aid_residents",
            "互助养老点入住老年人数",
            "人",
            "older people living at those points at month end",
            definition_zh="月末实际入住在用农村互助养老点的老年人数，月内已退住的不计。",
        ),
    ),
    rules=(
        *needs(
            "B0201",
            "mutual_aid_residents",
            "mutual_aid_points",
            ("互助养老点入住老年人数", "农村互助养老点数"),
        ),
    ),
)
