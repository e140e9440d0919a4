"""When people send their files and what they call them."""

import datetime as dt
from random import Random

from flows.demo.returns import Return
from schemas.declaring import periods

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
"""Without summer time since 1991, and free of the time zone files."""


def working_hour(random: Random, day: dt.date) -> dt.datetime:
    """An instant of the day, in UTC, when people in Shanghai are at work."""
    local = dt.datetime.combine(day, dt.time(8, 30), SHANGHAI)
    return (local + dt.timedelta(seconds=random.randrange(9 * 3600))).astimezone(dt.UTC)


def day_after(month: int, day: int) -> dt.date:
    """That day of the month after."""
    return periods.first_day(month + 1).replace(day=day)


def file_name(random: Random, content: Return) -> str:
    """A name as people give to the file, without its ending."""
    year, month = content.month // 12, content.month % 12 + 1
    return random.choice(
        (
            f"{content.unit_name}{periods.month_label(content.month)}月报",
            f"{periods.month_label(content.month)}_{content.unit_code}",
            f"{content.unit_name}{year}年{month}月民政报表",
            f"{content.unit_name}{year}年{month}月民政报表（最终版）",
        )
    )
