"""The night's summary to mail, DingTalk, WeCom or Feishu, through Apprise; nothing personal in it.

It has counts, units and the titles of forms, and no name of a file, nor what stands in one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flows.collecting.bounded import Bounded
from flows.home import Home
from flows.sending.sent import Sent
from flows.sending_settings import NOTICES, notices
from flows.warehouse.store import reading
from schemas.declaring.periods import month_zh, parse_month

SECONDS = 60.0
"""A chat service may take so long."""
NOTICE = "notice"
_LISTED = 12
"""More units than this are counted, not named."""


def send_notices(home: Home, summary: dict[str, Any]) -> list[str]:
    """Send a nightly run's summary to each address once; a sentence for each that it did not reach.

    `summary` is that of `night_summary`.
    """
    addresses = notices()
    if not addresses:
        return []
    try:
        from apprise import Apprise, NotifyFormat
    except ImportError:
        return ["the library for notices is not there; install minzheng[notices]"]
    logging.getLogger("apprise").disabled = True  # it would name the address, which is a secret
    sent, trouble = Sent(home.settings.sent), []
    for key, by in sent.on_the_way():
        if by == NOTICE:  # nobody knows whether it went; tonight's says what counts
            sent.uncertain(key)
    for number, address in enumerate(addresses, 1):
        key = f"night/{summary['run']}/{hashlib.sha256(address.encode()).hexdigest()[:12]}"
        service = Apprise()
        if not service.add(address):
            trouble.append(f"address {number} in {NOTICES} is none that Apprise knows; correct it")
        elif sent.is_due(key):
            title, text = words(home, summary, _missed(home, sent, key))
            tell = partial(service.notify, text, title, body_format=NotifyFormat.TEXT)
            said = _told(tell, key, sent)
            if said:
                trouble.append(f"the summary did not reach address {number} in {NOTICES}: {said}")
    return trouble


def _told(tell: Callable[[], object], key: str, sent: Sent) -> str:
    """Tell one address, and take down how it went; '' where it was told."""
    bounded = Bounded(SECONDS)
    sent.sending(key, NOTICE)
    try:
        reached = bounded.call(tell)
    except Exception as error:  # each service has its own
        sent.uncertain(key)
        return f"no answer ({type(error).__name__})"  # its text may have the address, a secret
    finally:
        bounded.close()
    if not reached:
        sent.failed(key)
        return "the service refused it"
    sent.sent(key)
    return ""


def _missed(home: Home, sent: Sent, key: str) -> int:
    """How many nightly runs before this one ended without a summary to that address."""
    _, run, address = key.split("/")
    told = [each.split("/")[1] for each in sent.gone() if each.endswith(f"/{address}")]
    if not told:
        return 0
    with reading(home.settings.warehouse) as connection:
        row = connection.execute(
            "SELECT count(*) FROM main.run WHERE kind = 'nightly' AND run <> ? AND started_at > "
            "(SELECT max(started_at) FROM main.run WHERE list_contains(?, run))",
            [run, told],
        ).fetchone()
    return 0 if row is None else int(row[0])


def words(home: Home, summary: dict[str, Any], missed: int = 0) -> tuple[str, str]:
    """The title and the text, in Chinese; `missed` are nightly runs that nobody was told of."""
    declaration = home.declaration
    lines = [
        f"收到文件{summary['received']}份；报表采集{summary['accepted']}张，退回"
        f"{summary['held']}张；更正数值{summary['revised']}个；退回工作簿{summary['returned']}份。"
    ]
    states = [each["state"] for each in summary["files_with_trouble"]]
    for state, said in (("unreadable", "无法读取"), ("unidentified", "无法确认填报单位或报告期")):
        if state in states:
            lines.append(f"{said}的文件{states.count(state)}份，请用 minzheng status 查看。")
    held: dict[str, None] = {}
    for each in summary["held_forms"]:
        title = declaration.by_name[each["form"]].title_zh
        held[f"{each['unit_name']}{month_zh(parse_month(each['month']))}《{title}》"] = None
    if held:
        lines.append(f"审核未通过：{_listed(list(held), '张')}。")
    if summary["missing"]:
        month = month_zh(parse_month(summary["missing"][0]["month"]))
        names = [each["unit_name"] for each in summary["missing"]]
        lines.append(f"{month}缺报单位：{_listed(names, '个')}。")
    if summary["passed_over"]:
        lines.append(
            f"有{len(summary['passed_over'])}项未能收取、发出或送达，其余已完成；"
            "请查看运行页面，按操作手册处理。"
        )
    if summary["noted"]:
        lines.append(f"有{len(summary['noted'])}项须留意，请查看运行页面。")
    if missed:
        lines.append(f"此前另有{missed}次夜间采集未发出本提醒。")
    synthetic = "（模拟数据）" if home.synthetic else ""
    return f"{declaration.name_zh}民政报表夜间采集{synthetic}", "\n".join(lines)


def _listed(names: Sequence[str], counter: str) -> str:
    text = "、".join(names[:_LISTED])
    return text if len(names) <= _LISTED else f"{text}等{len(names)}{counter}"
