"""QJMZ08 政策宣传月报表."""

from schemas.declaring.lines import flow
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="policy_outreach",
    number="08",
    form_no="QJMZ08",
    title_zh="政策宣传月报表",
    reporters=("township", "bureau"),
    due_from=("township", "bureau"),
    valid_from=parse_month("2022-01"),
    figures=(
        flow(
            "0801",
            "handbooks_distributed",
            "发放民政政策宣传手册数",
            "份",
            "policy handbooks handed out in the month",
            definition_zh="本月发放的民政政策宣传手册份数。",
        ),
        flow(
            "0802",
            "village_meetings",
            "“板凳会”“院坝会”“田坎会”场次",
            "场次",
            "small open-air policy meetings held in the month",
            definition_zh="本月召开“板凳会”“院坝会”“田坎会”宣传民政政策的场次合计。",
        ),
        flow(
            "0803",
            "households_visited",
            "入户走访户数",
            "户",
            "households visited to explain policy in the month",
            definition_zh="本月为宣传民政政策入户走访的户数，同一户本月走访多次的只计一户。",
        ),
        flow(
            "0804",
            "training_sessions",
            "业务培训会议次数",
            "次",
            "training sessions and work meetings for township staff held in the month",
            "bureau",
            definition_zh="本月面向乡镇（街道）工作人员召开的业务培训和工作会议次数。",
        ),
        flow(
            "0805",
            "online_posts",
            "新媒体信息发布条数",
            "条",
            "items posted on the bureau's web site and social channels in the month",
            "bureau",
            definition_zh="本月在区民政局网站和新媒体账号发布的信息条数。",
        ),
    ),
)
