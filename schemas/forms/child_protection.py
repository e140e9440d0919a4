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
        ),
        flow(
            "0302",
            "five_child_attendance",
            "服务未成年人次",
            "人次",
            "person-times of minors served by those sessions",
            sensitive=True,
        ),
        stock(
            "0303",
            "child_friendly_communities",
            "“五童友好社区”数",
            "个",
            "communities that qualify as child-friendly at month end",
        ),
        stock(
            "0304",
            "protection_demo_sites",
            "未成年人保护示范点数",
            "个",
            "demonstration sites for the protection of minors at month end",
        ),
        stock(
            "0305",
            "protection_centre_posts",
            "未成年人保护中心核定编制数",
            "名",
            "posts approved for the district centre for the protection of minors at month end",
            "bureau",
        ),
    ),
)
