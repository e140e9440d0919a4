"""The rules that hold for every form, and the bounds of the statistical ones.

Codes are stable: S shape, V value, T time, X across forms, P plausibility, L ledger,
N notices, U whose file it is. The rules of one form (B balance, T with the form's
number) are declared with the form.
"""

from schemas.declaring.rules import Rule

UNKNOWN_LINE = Rule(
    "S01",
    "error",
    "“{line}”不是本表的指标行；请使用下发的报表，不要增加或更改行。",
    "every line is a line of the form",
)
LINE_TWICE = Rule(
    "S02",
    "error",
    "“{name}”（{code}）在表中出现了{times}次；请只保留一行。",
    "no line stands twice",
)
LINE_MISSING = Rule(
    "S03", "error", "表中缺少“{name}”（{code}）这一行；请补上后重报。", "no line is missing"
)
CODE_AND_NAME = Rule(
    "S04",
    "error",
    "代码{code}是“{right}”，而名称写的是“{name}”；请核对代码与名称后改正。",
    "a line's code and name belong together",
)
UNIT_OF_MEASURE = Rule(
    "S05",
    "error",
    "“{name}”的计量单位写的是“{written}”，应为“{unit}”；请按“{unit}”填报并改正计量单位。",
    "a line's unit of measure is the declared one",
)
FORM_TWICE = Rule(
    "S06",
    "error",
    "同一文件中有{times}张“{title}”（工作表{sheets}）；请只保留一张后重报。",
    "a file holds a form once",
)
MONTH_NOT_OVER = Rule(
    "S07",
    "error",
    "报告期{month}尚未结束，不能提前报送；请核对报告期。",
    "the month has ended by the run's clock",
)
NOT_ASKED = Rule(
    "S08",
    "error",
    "“{title}”不由{unit}填报{month}的数据；请核对填报单位、报告期和表号。",
    "the unit is asked for the form in that month",
)
NO_TABLE = Rule(
    "S09",
    "error",
    "“{title}”中找不到表头（应有{columns}等列）；请使用下发的报表重填。",
    "a form has its table",
)

NOT_JANUARY = Rule(
    "S10",
    "error",
    "“{title}”的报告期应写该年1月；每报一次，替换全年的内容，请改正后重报。",
    "a yearly ledger's period is the year's first month",
)
SHEET_BROKEN = Rule(
    "S11",
    "error",
    "工作表“{sheet}”已损坏，无法读取；请用Excel或WPS打开检查、另存后重报这张表。",
    "every sheet of a file can be read",
)
SHEET_TOO_LARGE = Rule(
    "S12",
    "error",
    "工作表“{sheet}”占用的范围过大（{rows}行×{columns}列），未读取；"
    "如是报表，请删去表外多余的单元格后重报。",
    "no sheet is too large for a return",
)

CODES_FOR_AMOUNTS = Rule(
    "S13",
    "error",
    "“{title}”的本月数列填的是指标代码，表头与数据错了位；请使用下发的报表重填。",
    "the column of amounts does not hold the lines' codes",
)

HEADING_TWICE = Rule(
    "S14",
    "error",
    "“{title}”的表头中“{heading}”一类的列不止一列，分不清该采集哪一列；请使用下发的报表重填。",
    "a table has one column of each kind",
)
CONTINUED_WITHOUT_TABLE = Rule(
    "S15",
    "error",
    "工作表“{sheet}”写着续表，却找不到表头；请补上与前表相同的表头后重报。",
    "a table that goes on has its header again",
)
CONTINUED_WITHOUT_WORD = Rule(
    "S20",
    "error",
    "“{title}”后面的工作表“{sheet}”有{rows}行像是它的内容，却没有写明“续表”并带上表头，未采集；"
    "如是续表，请补上后重报；如不是，请删去这张工作表后重报。",
    "a ledger that goes on on another sheet says so and has its header again",
)
NO_YEAR_TO_DATE = Rule(
    "S16",
    "error",
    "“{title}”的表头中没有“本年累计”列；请使用下发的报表重填。",
    "a table with flows has a column of 本年累计",
)
OTHER_HEAD = Rule(
    "S17",
    "error",
    "“{title}”的表中间又写了“{text}”，与表头的{unit}{month}不一致；请把不同单位、不同月份的表分开报送。",
    "head lines within a form name its own unit and month",
)
TOO_MANY = Rule(
    "S18",
    "error",
    "“{title}”中的问题共{count}处，只列出前{kept}处；请改用下发的报表重填。",
    "a form has no more findings than somebody can work through",
)

UNIT_STATED = Rule(
    "S19",
    "error",
    "“{name}”的计量单位应为“{unit}”，表头统一写的是“{stated}”，本行写的是“{written}”；"
    "请按“{unit}”填报，并把计量单位改为一致。",
    "a unit of measure stated for the whole table is that of its lines",
)

BLANK = Rule(
    "V01",
    "error",
    "“{name}”{column}为空；必须填写，没有发生请填0，不适用请填“—”。",
    "no required cell is blank",
)
NOT_A_NUMBER = Rule(
    "V02",
    "error",
    "“{name}”{column}填的是“{text}”，不是数字；请只填数字。",
    "a cell holds a number",
)
NEGATIVE = Rule(
    "V03", "error", "“{name}”{column}为{value}；不应小于0，请改正。", "no amount is below 0"
)
DECIMALS = Rule(
    "V04",
    "error",
    "“{name}”{column}为{value}；以“{unit}”为单位时{places}，请改正。",
    "a count is whole, 万元 has one decimal (元 two)",
)
NO_RESULT = Rule(
    "V05",
    "error",
    "“{name}”{column}的公式没有结果（{text}）；请在Excel或WPS中重新计算、保存后再报。",
    "a formula has its stored result",
)
TOO_LARGE = Rule(
    "V06",
    "error",
    "“{name}”{column}为{value}，超出可能的范围；请核对位数。",
    "an amount is below a million million",
)

NONE_IS_ZERO = Rule("N01", "notice", "“{name}”{column}填的是“无”，按0计。", "无 counts as 0")
CONVERTED = Rule(
    "N02",
    "notice",
    "“{name}”的计量单位写的是“元”，{column}{written}元按{value}万元计。",
    "元 where 万元 is asked is converted exactly",
)
STOCK_YEAR_TO_DATE = Rule(
    "N03",
    "notice",
    "“{name}”是时点数，不填本年累计；所填的{value}未采用。",
    "本年累计 is for flows only",
)
SHEET_NOT_READ = Rule(
    "N04",
    "notice",
    "工作表“{sheet}”有指标表，但看不出是哪张报表（缺表号和表名），未采集；如需报送请补上表号。",
    "a table says which form it is",
)

OTHER_VERSION = Rule(
    "N05",
    "notice",
    "“{title}”是下发时的旧表，此后本表已有调整，现按新表审核；请下次使用重新下发的报表。",
    "a form that was handed out is today's version for the month",
)

YEAR_TO_DATE = Rule(
    "T01",
    "error",
    "“{name}”本年累计为{value}，上月累计{before}＋本月数{month}＝{expected}；两者应相等，请核对后改正。",
    "本年累计 equals last month's 本年累计 + 本月数, or the sum of the year's months",
)
YEAR_TO_DATE_ROUNDING = Rule(
    "T02",
    "query",
    "“{name}”本年累计为{value}，上月累计{before}＋本月数{month}＝{expected}，相差{off}；"
    "如系四舍五入所致，请在说明栏写明，否则请改正。",
    "本年累计 in 万元 that is off by 0.1 or less",
)
ACROSS = Rule(
    "X01",
    "query",
    "“{name}”为{value}，而“{ledger}”中相应为{counted}；两者应一致，请核对，属实的在说明栏写明原因。",
    "a figure equals what its ledger's rows come to",
)
SLIP_OF_UNIT = Rule(
    "P01",
    "query",
    "“{name}”为{value}，约为近{months}个月中位数{median}的{times}；可能是单位（元、万元）填错，请核对，"
    "属实的在说明栏写明原因。",
    "no value is about 10,000 times or one 10,000th of the median",
)
YEAR_FOR_MONTH = Rule(
    "P02",
    "query",
    "“{name}”为{value}，约为近{months}个月中位数{median}的12倍；可能把全年数填成了本月数，请核对，"
    "属实的在说明栏写明原因。",
    "no value in 万元 is about twelve medians",
)
COPIED = Rule(
    "P03",
    "query",
    "本表所有时期数的本月数都与上月相同；可能是复制了上月的表，请核对，属实的在说明栏写明原因。",
    "a form's flows do not all equal last month's",
)
OUTLIER = Rule(
    "P04",
    "query",
    "“{name}”为{value}，与该单位近{months}个月的情况（中位数{median}）相差很大；请核对，属实的在说明栏写明原因。",
    "a flow's value is not far from the unit's past values",
)
OUTLYING_CHANGE = Rule(
    "P05",
    "query",
    "“{name}”为{value}，比上月变动{change}，与该单位以往各月的变动（中位数{median}）相差很大；请核对，"
    "属实的在说明栏写明原因。",
    "a stock's change is not far from the unit's past changes",
)

LEDGER_BLANK = Rule(
    "L01", "error", "第{row}行“{column}”为空；必须填写。", "no required ledger cell is blank"
)
LEDGER_CHOICE = Rule(
    "L02",
    "error",
    "第{row}行“{column}”填的是“{text}”；请改填{choices}之一。",
    "a ledger cell holds one of its choices",
)
LEDGER_DATE = Rule(
    "L03",
    "error",
    "第{row}行“{column}”填的是“{text}”，不是日期；请写成2023-03-31的样子。",
    "a ledger date is a date",
)
LEDGER_NUMBER = Rule(
    "L04",
    "error",
    "第{row}行“{column}”填的是“{text}”，不是{kind}；请改正。",
    "a ledger count is a whole number, 0 or more",
)
LEDGER_TWICE = Rule(
    "L05",
    "error",
    "第{row}行“{column}”的“{text}”在表中重复；每项只应有一行，请改正。",
    "no ledger number is used twice",
)
LEDGER_COLUMN = Rule(
    "L06",
    "error",
    "台账缺少“{columns}”列；请使用下发的台账重填。",
    "a ledger has all its columns",
)
STATUS_WITHOUT_DATE = Rule(
    "L07",
    "error",
    "第{row}行状态为“{status}”，但“{column}”为空；请补填日期。",
    "a status has its date",
)
DATE_WITHOUT_STATUS = Rule(
    "L08",
    "error",
    "第{row}行填了“{column}”，但状态不是“{status}”；请核对后改正其中一处。",
    "a date has its status",
)

LEDGER_NO_RESULT = Rule(
    "L09",
    "error",
    "第{row}行“{column}”的公式没有结果（{text}）；请在Excel或WPS中重新计算、保存后再报。",
    "a formula in a ledger has its stored result",
)

LEDGER_COLUMN_TWICE = Rule(
    "L10",
    "error",
    "台账的表头中“{column}”不止一列，分不清该采集哪一列；请使用下发的台账重填。",
    "a ledger has each column once",
)
LEDGER_OTHER_COLUMN = Rule(
    "L11",
    "error",
    "台账缺少“{columns}”列，却有不认识的“{other}”列；请改用下发台账的列名。",
    "a ledger's columns have their own names",
)

TARGET_UNKNOWN = Rule(
    "L12",
    "error",
    "第{row}行的“{text}”不是已有的指标；请照抄各报表“指标名称”列或数据字典中的名称。",
    "a target's indicator is a figure or an indicator that is declared",
)
TARGET_AMBIGUOUS = Rule(
    "L13",
    "error",
    "第{row}行的“{text}”是{count}个指标的名称（{choices}）；请改填其中一个的代码。",
    "a target's indicator is named by what only it is called",
)
TARGET_TWICE = Rule(
    "L14",
    "error",
    "第{row}行的“{text}”与第{same}行是同一个指标；每个指标只应有一行，请改正。",
    "an indicator has one row of targets, however its name is written",
)
TARGET_YEAR = Rule(
    "L15",
    "error",
    "第{row}行“{name}”的年度为{value}，而本表的报告期是{year}年；请核对年度和报告期后改正。",
    "a target is of the year that the table is of",
)
TARGET_NEGATIVE = Rule(
    "L16",
    "error",
    "第{row}行“{name}”的“{column}”为{value}；不应小于0，请改正。",
    "no target is below 0, unless its indicator may be",
)
TARGET_DECIMALS = Rule(
    "L17",
    "error",
    "第{row}行“{name}”的“{column}”为{value}；以“{unit}”为单位时{places}，请改正。",
    "a target has no more decimals than its indicator",
)
TARGET_FALLING = Rule(
    "L18",
    "error",
    "第{row}行“{name}”的“{column}”为{value}，低于“{earlier}”的{before}；"
    "目标是年初以来的累计数，不应低于前面季度的目标，请核对后改正。",
    "a later quarter's target of a flow is not below an earlier one's",
)

OTHER_SHEET = Rule(
    "U01",
    "error",
    "工作表“{sheet}”写的{said}，而本文件是{unit}{month}的报表；该表未采集，请改正后单独重报。",
    "a sheet names the unit and month of its workbook",
)

TWO_FORMS = Rule(
    "U02",
    "error",
    "工作表“{sheet}”的表号和表名不是同一张表（{names}），未采集；请改正后重报。",
    "a sheet's form number and title are of one form",
)

GENERAL_RULES: tuple[Rule, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Rule)
)

PLAUSIBILITY = frozenset(
    each.code for each in (SLIP_OF_UNIT, YEAR_FOR_MONTH, COPIED, OUTLIER, OUTLYING_CHANGE)
)
"""The rules that compare a value with the unit's past ones."""
REASON_OUTDATED = "原有的说明是对另一个数作的；请就现在的数重新说明。"
"""Behind the sentence of a query whose 说明 was left standing when the value changed."""
HISTORY_MONTHS = 24
"""Plausibility looks at the unit's last accepted months, this many of them."""
HISTORY_LEAST = 6
SLIP_FACTOR = 10_000
YEAR_FACTOR = 12
NEAR = (8, 12)
"""0.8 to 1.2 times, in tenths."""
SCORE_LIMIT = 5
DISTANCE_LEAST = 20
DISTANCE_SHARE = (3, 10)
"""At least 30 % of the median value."""
COPIED_FLOWS_LEAST = 4
ROUNDING_YEAR_TO_DATE = 100_000
"""0.1, in millionths."""
LARGEST = 10**12
"""Amounts are below this, in units."""
UNREADABLE_DATE = "?"
"""Stands for a date cell that holds something else, so that it is not taken as blank."""
STOCK_WORDS = (
    *("经", "已", "再次", "多次", "反复", "以上", "均", "全部", "此", "该", "本表", "本项", "完全"),
    *("核实", "核查", "核对", "复核", "确认", "审核", "检查", "查实", "核", "查"),
    *("数据", "数字", "数值", "情况", "填报", "内容", "信息"),
    *("无误", "属实", "真实", "准确", "正确", "有效", "无异议", "无问题", "没有问题", "没问题"),
    *("同意", "是", "无", "的", "对", "正常", "如实", "确实", "与实际相符", "与实际一致", "实际"),
    *(
        "本月",
        "过了",
        "了",
        "没有",
        "任何",
        "错误",
        "差错",
        "异常",
        "疑问",
        "问题",
        "收到",
        "已阅",
        "知悉",
    ),
    *("特此说明", "请", "通过", "由", "经办人员", "经办人", "工作人员", "ok", "yes"),
)
"""Words that alone, in whatever order, are no reason in 说明."""
