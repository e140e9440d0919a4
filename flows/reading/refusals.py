"""Why a file is not taken in, in sentences that a clerk can act on.

Each says what is wrong, what should be, and what to do; `docs/rules.md` lists them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.declaring.rules import inner_quotes


class Refusal(NamedTuple):
    """A reason for which a file stays out. `holds` says, in English, what should be."""

    state: str
    """unreadable, unidentified or duplicate."""
    sentence: str
    holds: str

    def say(self, **blanks: object) -> str:
        """The sentence with its blanks filled in."""
        return inner_quotes(self.sentence.format(**blanks))


class RefusedError(Exception):
    """Raised where a file cannot be opened; its text is the sentence."""


def _unreadable(sentence: str, holds: str) -> Refusal:
    return Refusal("unreadable", sentence, holds)


def _unidentified(sentence: str, holds: str) -> Refusal:
    return Refusal("unidentified", sentence, holds)


EMPTY_FILE = _unreadable("文件是空的（0字节）；请重新保存后再报。", "a file has content")
OTHER_KIND = _unreadable(
    "这是{kind}，不是电子表格；请用Excel或WPS填好下发的报表、存为.xlsx后再报。",
    "a file is a spreadsheet",
)
NOT_A_SPREADSHEET = _unreadable(
    "这不是电子表格，无法读取；请用Excel或WPS填好下发的报表、存为.xlsx后再报。",
    "a file is a spreadsheet, whatever its name says",
)
MAIL = _unreadable(
    "这是电子邮件，不是电子表格；请把附件另存后再报。", "a mail's attachment is saved from it"
)
FILE_TOO_LARGE = _unreadable(
    "文件过大（{megabytes}MB），不像报表，未读取；请只报送下发的报表。",
    "a file is no larger than a return",
)
PACKED = _unreadable(
    "这是{kind}，程序不能打开；请解压后把其中的工作簿报来，或改用.zip格式压缩。",
    "an archive of workbooks is a zip",
)
NOTHING_PACKED = _unreadable(
    "压缩包里没有文件；请把填好的工作簿放进去，或直接报送工作簿。", "a zip holds workbooks"
)
PACKED_TOO_LARGE = _unreadable(
    "压缩包解开后过大（{files}个文件，{megabytes}MB），未打开；请只放入报表，或直接报送工作簿。",
    "a zip unpacks to what a district's workbooks come to",
)
PACKED_TOO_MANY = _unreadable(
    "压缩包里文件过多（{files}个），未打开；请只放入报表，或直接报送工作簿。",
    "a zip holds no more files than a district sends",
)
PACKED_TOO_DEEP = _unreadable(
    "压缩包套了太多层（超过{depth}层）；请解开后把其中的工作簿报来。",
    "a zip does not lie in a zip in a zip in a zip",
)
PASSWORD = _unreadable(
    "文件加了密码，无法打开；请取消密码、另存后再报。", "a file opens without a password"
)
DAMAGED = _unreadable(
    "文件已损坏或不完整，无法打开；请用Excel或WPS打开检查、另存为.xlsx后再报。",
    "a file is whole",
)
UNPACKED_TOO_LARGE = _unreadable(
    "文件展开后超过{megabytes}MB，未读取；请把报表内容复制到新工作簿、存为.xlsx后再报。",
    "a workbook unpacks to no more than a return comes to",
)
ABNORMAL = _unreadable(
    "文件内容异常（已损坏，或有远离表格的单元格），读取时出错；"
    "请把报表内容复制到新工作簿、存为.xlsx后再报。",
    "a file can be read within the limit of memory",
)
TOO_SLOW = _unreadable(
    "文件过于庞大或异常，{seconds}秒内读不完；请把报表内容复制到新工作簿、存为.xlsx后再报。",
    "a file can be read within the limit of time",
)
PACKED_TOO_SLOW = _unreadable(
    "所在的压缩包里有文件过于庞大或异常，{seconds}秒内读不完，本文件未读取；请单独报送本文件。",
    "the files of a zip can be read within the limit of time",
)
WORDS_ONLY = _unreadable("文件中只有文字，没有报表；请使用下发的报表填报。", "a file holds a table")
NO_TABLE_ON_PAGE = _unreadable(
    "这是网页，其中没有报表；请重新下载或填好下发的报表、存为.xlsx后再报。",
    "a web page saved as a workbook holds a table",
)
NOTHING_INSIDE = _unidentified(
    "工作簿是空的，没有任何内容；请检查后重报。", "a workbook has content"
)
NO_FORM = _unidentified(
    "文件中的表不是下发的报表（没有能识别的表号或表名）；请使用下发的报表填报。",
    "a sheet says by its number or title which form it is",
)
_AGAIN = "；请核对改正后重报。"
NO_PERIOD = _unidentified(
    f"表头没有写报告期（应写成“报告期：2023年3月”的样子）{_AGAIN}", "the head lines name the period"
)
TWO_PERIODS = _unidentified(
    f"同一张表写了不同的报告期（{{periods}}）{_AGAIN}", "a sheet names one period"
)
UNCLEAR_PERIOD = _unidentified(
    f"报告期“{{period}}”看不懂，应写成“2023年3月”的样子{_AGAIN}", "the period is a month"
)
NO_UNIT = _unidentified(
    f"表头没有写填报单位（应写明街道、镇、乡的名称）{_AGAIN}", "the head lines name the unit"
)
TWO_UNITS = _unidentified(
    f"同一张表写了不同的填报单位（{{units}}）{_AGAIN}", "a sheet names one unit"
)
PAST_UNIT = _unidentified(
    f"填报单位“{{unit}}”在{{month}}不存在{_AGAIN}", "the unit exists in the month"
)
UNKNOWN_UNIT = _unidentified(
    f"填报单位“{{unit}}”不在本区的单位名录中，应写名录中的名称{_AGAIN}",
    "the unit is in the register, by its name or a declared alias",
)
SHEETS_DIFFER = _unidentified(
    f"各工作表写的不是同一个单位或月份（{{names}}），一个文件只应报一个单位一个月{_AGAIN}",
    "most sheets of a workbook name the same unit and month",
)
NAMED_FOR_OTHER = _unidentified(
    f"表内填报单位是{{unit}}，文件名却是{{names}}，两者应一致{_AGAIN}",
    "a file name that names units names the sheets' own",
)
NAMED_FOR_MONTH = _unidentified(
    f"表内报告期是{{month}}，与文件名中的月份不一致{_AGAIN}",
    "a file name that names months names the sheets' own",
)
HANDED_OUT_FOR_OTHER = _unidentified(
    "表头写的是{unit}{month}，而这份工作簿是下发给{names}的；请使用下发给本单位当月的工作簿重填后再报。",
    "a workbook that was handed out is sent for the unit and month that it was made for",
)
NOT_ITS_CHANNEL = _unidentified(
    "表内填报单位是“{unit}”，但报来的邮箱或文件夹只登记为{names}报送，本次未采集；请用{unit}登记的邮箱或文件夹报送，单位填错的请改正后重报。",
    "a file is of a unit that the channel it came by may speak for",
)
UNKNOWN_CHANNEL = _unidentified(
    "表内填报单位是“{unit}”，但报来的邮箱或文件夹没有登记为任何单位报送，或者发件人未经邮件服务器核实，本次未采集；请用{unit}登记的邮箱或文件夹报送。",
    "a file comes by a channel that is bound to its unit, from a sender whom the mail server knows",
)
DUPLICATE = Refusal(
    "duplicate",
    "与最近一次收到的文件完全相同，未重复采集，审核结果以那一次为准。",
    "the very bytes last received for a unit and month are not taken in again",
)

REFUSALS: tuple[Refusal, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Refusal)
)


def joined(sentences: Sequence[str]) -> str:
    """Several sentences as one, with their common advice once at its end."""
    return "；".join(map(without_advice, sentences[:LISTED])) + _AGAIN


LISTED = 8
"""A sentence lists no more names than this."""
_NAME_LENGTH = 80


def listed(names: Sequence[str]) -> str:
    """Names to stand within a sentence, which a file full of them must not make endless."""
    first = (f"{name[:_NAME_LENGTH]}…" if len(name) > _NAME_LENGTH else name for name in names)
    text = "、".join(name for name, _ in zip(first, range(LISTED), strict=False))
    return text if len(names) <= LISTED else f"{text}等{len(names)}个"


def without_advice(sentence: str) -> str:
    """The sentence up to what is to be done, to stand within another sentence."""
    return sentence.removesuffix(_AGAIN)
