"""The bureau's own office: its figures, the rectification list, the year's targets."""

from decimal import Decimal

from flows.demo.chance import Flow, stream
from flows.demo.facilities import DISTRICT, Facilities
from flows.demo.returns import Row
from schemas.declaring import periods
from schemas.declaring.model import Unit

REVIEWED = 9
"""The congress reviews the bureau's work in October (counted from 0) of each year."""
STEPS = ("未启动", "整改中", "已完成", "已销号")
LEADS = ("局长", "副局长甲", "副局长乙", "副局长丙")
PROBLEMS = (
    ("党建引领", "理论学习与业务结合不紧", "每月开展专题学习", "办公室"),
    ("党建引领", "问题清单销号不及时", "按月调度、逐项销号", "办公室"),
    ("重点民生", "低收入人口动态监测有遗漏", "入户核查、部门比对", "社会救助科"),
    ("重点民生", "临时救助审批时间偏长", "下放小额审批权限", "社会救助科"),
    ("重点民生", "农村养老服务设施不足", "新建互助养老点和爱心食堂", "养老服务科"),
    ("重点民生", "失能老人上门服务覆盖不够", "组建上门服务队", "养老服务科"),
    ("重点民生", "未成年人保护阵地偏少", "建设示范点和友好社区", "儿童福利科"),
    ("社会治理", "精神障碍社区康复站推进慢", "明确时限、分批建成", "社会事务科"),
    ("社会治理", "“活人墓”整治不彻底", "一墓一策、限期整改", "社会事务科"),
    ("社会治理", "婚俗改革活动形式单一", "开展沙龙和小组活动", "社会事务科"),
    ("社会治理", "村规民约修订不规范", "指导修订并公示", "基层政权科"),
    ("社会治理", "社区综合服务体利用率低", "整合服务项目", "基层政权科"),
    ("政策宣传", "政策宣传未到田间地头", "召开院坝会、田坎会", "办公室"),
    ("政策宣传", "乡镇业务人员政策不熟", "分片开展业务培训", "办公室"),
    ("政策宣传", "新媒体宣传内容更新慢", "专人负责、每周更新", "办公室"),
)
"""The congress's opinion, the problem, what is done, and the department."""


class Bureau:
    """The bureau's office; `next(month)` for one month after the other."""

    def __init__(self, unit: Unit, seed: int, month: int) -> None:
        key = f"{seed}/{unit.code}"
        self._random = stream(key, "office")
        self._facilities = Facilities(key, dict.fromkeys(DISTRICT, 1), ("区本级",))
        self._facilities.begin(month)
        self._posts = Flow(58, stream(key, "online_posts"))
        self._items = 14
        self._closed = 0
        self._list: list[Row] = []

    def next(self, month: int) -> tuple[dict[str, Decimal], dict[str, list[Row]]]:
        """The month's true figures and the ledgers' rows."""
        random = self._random
        self._facilities.next(month)
        if month % 12 == 0:
            self._items, self._closed = random.randint(13, 18), 0
        if month % 12 == REVIEWED or not self._list:
            self._open_list(month)
        self._closed = min(self._closed + random.randint(1, 2), self._items)
        self._go_on(month)
        figures = {
            "protection_centre_posts": 5 if month % 12 < 6 else 6,
            "training_sessions": random.randint(1, 4),
            "online_posts": round(self._posts.next(month)),
            "study_sessions": random.randint(1, 3),
            "lectures": random.randint(1, 4),
            "problem_list_items": self._items,
            "problem_list_closed": self._closed,
        }
        rows = {
            "facilities": self._facilities.rows(),
            "rectification": [dict(row) for row in self._list],
        }
        return {name: Decimal(value) for name, value in figures.items()}, rows

    def _open_list(self, month: int) -> None:
        self._list = [row for row in self._list if row["status"] != STEPS[-1]]
        year, index = divmod(month, 12)
        for number, (opinion, problem, measure, department) in enumerate(PROBLEMS, 1):
            due = month + self._random.randint(3, 9)
            self._list.append(
                {
                    "item_no": f"{year}{index + 1:02d}-{number:02d}",
                    "opinion": opinion,
                    "problem": problem,
                    "measure": measure,
                    "lead": self._random.choice(LEADS),
                    "department": department,
                    "deadline": periods.last_day(due),
                    "status": STEPS[0],
                    "closed_on": None,
                    "evidence": None,
                }
            )

    def _go_on(self, month: int) -> None:
        for row in self._list:
            step = STEPS.index(str(row["status"]))
            if step < 3 and self._random.random() < (0.8, 0.35, 0.6)[step]:
                row["status"] = STEPS[step + 1]
                if step == 2:
                    day = self._random.randint(1, 28)
                    row["closed_on"] = periods.first_day(month).replace(day=day)
                    row["evidence"] = "工作台账、现场照片"
