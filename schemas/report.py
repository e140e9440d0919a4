"""The quarter's report to the district's people's congress: programmes and prose."""

from schemas.declaring.reporting import Breakdown, Listing, Programme, Report
from schemas.ledgers.facilities import OPERATING, PLANNED

REPORT = Report(
    title_zh="{地区}民政局{报告期}民政工作情况报告",
    opening=(
        "现将{报告期}全区民政工作有关情况报告如下。文中数据由各乡镇（街道）和局机关报送并经审核，"
        "时点数为{季末}数；上标序号对应文后“数据说明”。",
    ),
    programmes=(
        Programme(
            "party_building",
            "坚持党建引领，强化理论武装",
            ("party_building",),
            ("study_sessions", "lectures", "problem_list_closure_rate"),
            (
                "本季度，局党组理论学习中心组开展集体学习{理论中心组学习次数}，面向机关干部开展"
                "宣讲{宣讲次数}。",
                "纳入问题清单管理的事项有{问题清单在册数}，已销号{其中：已销号数}，"
                "销号率为{问题清单销号率}。",
            ),
        ),
        Programme(
            "social_assistance",
            "兜牢民生底线，做实社会救助",
            ("social_assistance",),
            ("assisted_people", "relief_funds", "dibao_recipients"),
            (
                "本季度，全区支出民政保障资金{民政保障资金支出合计}，季末保障困难群众"
                "{困难群众保障人数|万约数}。保障人数{困难群众保障人数|增减}，{困难群众保障人数|同比}。",
                "季末在册低保对象{低保人数}，特困人员{特困人员人数}；本季度实施临时救助"
                "{临时救助人次}。农村低收入人口监测对象中，帮扶措施落实率为"
                "{低收入监测对象帮扶落实率}。",
            ),
        ),
        Programme(
            "elderly_care",
            "聚焦老有所养，优化养老服务",
            ("elderly_care",),
            ("six_deliveries_attendance", "canteens_operating", "visited_older_people"),
            (
                "本季度，开展“六送六进”活动{“六送六进”活动场次|约数}，惠及老年人"
                "{“六送六进”惠及老年人次|万约数}。",
                "运营爱心食堂{运营中的爱心食堂数}，分布在{运营中的爱心食堂数|单位}。助浴快车免费服务"
                "老年人{助浴快车服务老年人次}，定期走访空巢、留守老年人"
                "{定期走访空巢留守老年人数|约数}。",
                "建有社工站{社工站数}，联动志愿者{老年人服务志愿者人数|约数}为老年人提供服务。",
                "农村互助养老点入住老年人{互助养老点入住老年人数}，其中：{互助养老点入住情况}。",
            ),
        ),
        Programme(
            "child_protection",
            "守护未成年人，健全保护体系",
            ("child_protection",),
            ("five_child_sessions", "five_child_attendance", "child_friendly_communities"),
            (
                "区未成年人保护中心核定编制{未成年人保护中心核定编制数}。本季度，开展“五童行动”服务"
                "活动{“五童行动”服务活动场次|约数}，服务未成年人{服务未成年人次|万约数}。",
            ),
        ),
        Programme(
            "mental_rehabilitation",
            "深化“渝康家园”建设，推进精神障碍社区康复",
            ("mental_rehabilitation",),
            ("rehab_stations_operating", "rehab_sessions", "community_rehab_rate"),
            (
                "本季度，开展康复主题活动{康复主题活动场次}。季末运行精神障碍社区康复站"
                "{精神障碍社区康复站运行数}：{运行的康复站}；在建{精神障碍社区康复站在建数}："
                "{在建的康复站}。",
            ),
        ),
        Programme(
            "marriage_customs",
            "推进婚俗改革，弘扬文明新风",
            ("marriage_customs",),
            ("home_harmony_sessions", "salon_sessions", "custom_reform_bases"),
            (
                "本季度，开展“家和五送”活动{“家和五送”活动场次|约数}，举办小组及沙龙活动"
                "{小组及沙龙活动场次}。",
            ),
        ),
        Programme(
            "funeral_reform",
            "深化殡葬改革，治理“活人墓”",
            ("funeral_reform",),
            ("living_tombs_removed", "living_tombs_registered", "living_tomb_removal_rate"),
            (
                "对“活人墓”实行“一墓一策”。截至{月份}，本年度由当事人自行拆除"
                "{其中：自行拆除数|累计}，拆除率为{“活人墓”拆除率}。",
            ),
        ),
        Programme(
            "community_governance",
            "夯实基层基础，提升治理效能",
            ("community_governance",),
            ("charter_revision_rate", "complexes_operating", "complexes_planned"),
            (
                "应修订村规民约（居民公约）的村（社区）{应修订村规民约（居民公约）的村（社区）数}，"
                "修订完成率为{村规民约修订完成率}。",
                "本季度下达建设计划的社区综合服务体：{本季度下达计划的服务体}。",
            ),
        ),
        Programme(
            "policy_outreach",
            "加强政策宣传，密切联系群众",
            ("policy_outreach",),
            ("handbooks_distributed", "village_meetings", "households_visited"),
            (
                "本季度，发放民政政策宣传手册{发放民政政策宣传手册数|约数}，召开“板凳会”“院坝会”"
                "“田坎会”{“板凳会”“院坝会”“田坎会”场次|约数}。",
                "召开{年份}民政工作会议，并在本季度组织业务培训{业务培训会议次数}。",
            ),
        ),
        Programme(
            "rectification",
            "对照审议意见，抓实整改销号",
            ("rectification",),
            ("rectification_closure_rate", "rectification_overdue_items"),
            (
                "整改清单共列事项{整改事项数}，已销号{已销号整改事项数}，办结率为{整改事项办结率}；"
                "逾期未完成{逾期整改事项数}。按责任领导和责任科室分列如下。",
                "{整改分工}",
            ),
        ),
    ),
    listings=(
        Listing(
            "互助养老点入住情况",
            "facilities",
            (("kind", ("互助养老点",)), ("status", OPERATING)),
            number="in_use",
            unit="人",
        ),
        Listing(
            "运行的康复站", "facilities", (("kind", ("精神障碍康复站",)), ("status", OPERATING))
        ),
        Listing("在建的康复站", "facilities", (("kind", ("精神障碍康复站",)), ("status", PLANNED))),
        Listing(
            "本季度下达计划的服务体",
            "facilities",
            (("kind", ("社区综合服务体",)),),
            dated="planned_on",
            place="village",
        ),
    ),
    breakdowns=(
        Breakdown(
            "整改分工",
            "rectification",
            ("lead", "department"),
            (
                "rectification_items",
                "rectification_items_closed",
                "rectification_items_overdue",
            ),
        ),
    ),
)
