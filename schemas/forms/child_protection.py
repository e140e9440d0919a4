"""QJMZ03 未成年人保护月报表."""

from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="child_protection",
    number="03",
    form_no="QJMZ03",
    title_zh="未成年人保护月报表",
    reporters=("township", "bureau"),
    due_from=("township", "bureau"),
    valid_from=parse_month("2022-01"),
    figures=(
        flow(
            "0301",
            "five_child_sessions",
            "“五童行动”服务活动场次",
            "场次",
            "sessions of the five-child programme held in the month",
            definition_zh="本月开展“五童行动”服务活动的场次。",
        ),
        flow(
            "0302",
            "five_child_attendance",
            "服务未成年人次",
            "人次",
            "person-times of minors served by those sessions",
            definition_zh="本月“五童行动”服务活动服务未成年人的人次，同一人参加多场活动的按次累计。",
            sensitive=True,
        ),
        stock(
            "0303",
            "child_friendly_communities",
            "“五童友好社区”数",
            "个",
            "communities that qualify as child-friendly at month end",
            definition_zh="月末符合“五童友好社区”条件并投入运行的社区数，含试运行的。",
        ),
        stock(
            "0304",
            "protection_demo_sites",
            "未成年人保护示范点数",
            "个",
            "demonstration sites for the protection of minors at month end",
            definition_zh="月末投入运行的未成年人保护示范点数，含试运行的。",
        ),
        stock(
            "0305",
            "protection_centre_posts",
            "未成年人保护中心核定编制数",
            "名",
            "posts approved for the district centre for the protection of minors at month end",
            "bureau",
            definition_zh="月末区未成年人保护中心经核定的编制数，含尚未配备人员的空编。",
        ),
    ),
)
