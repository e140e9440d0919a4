"""Which due forms came, and when."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.plain.versions import Key, Version, Versions


def local_day(moment: dt.datetime, declaration: Declaration) -> dt.date:
    """The day of a UTC time where the district lies."""
    zone = ZoneInfo(declaration.time_zone)
    return moment.replace(tzinfo=dt.UTC).astimezone(zone).date()


class Covering:
    """The calendar as far as it has been looked at: by every night, by decisions for their months."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.until: dt.date | None = None
        self.looked_at: dict[int, dt.date] = {}

    def night(self, clock: dt.datetime) -> None:
        """A night looks at every month."""
        self.until = local_day(clock, self.declaration)

    def decision(self, months: set[int], clock: dt.datetime) -> None:
        """A decision looks at the months that it is about, once they have ended."""
        day = local_day(clock, self.declaration)
        for month in months:
            if periods.last_day(month) < day:
                self.looked_at[month] = day

    def past_due(self, month: int) -> bool:
        """Whether the forms of the month were seen to be past due."""
        days = [day for day in (self.until, self.looked_at.get(month)) if day is not None]
        return bool(days) and self.declaration.due_on(month) < max(days)

    def months(self, versions: Versions) -> list[int]:
        """The months that are past due, or for which anything came or was decided."""
        came = {month for _, _, month in versions.of} | set(self.looked_at)
        first = min(form.valid_from for form in self.declaration.all_forms)
        last = first
        while self.past_due(last):
            last += 1
        return sorted(
            {*range(first, last), *(each for each in came if each not in range(first, last))}
        )

    def rows(self, versions: Versions) -> Iterator[tuple[Key, dt.datetime | None, str | None]]:
        """Every form due of those months: its arrival and state; None where it is only awaited."""
        for month in self.months(versions):
            for unit in self.declaration.reporting_units(month):
                for form in self.declaration.due(unit.code, month):
                    key = unit.code, form.name, month
                    yield key, *self._state(month, versions.of.get(key, []))

    def _state(self, month: int, every: list[Version]) -> tuple[dt.datetime | None, str | None]:
        came = [each for each in every if not each.withdrawn]
        if not came:
            return None, "missing" if self.past_due(month) else None
        accepted = [each for each in came if each.accepted]
        if not accepted:
            return came[0].file.received_at, "held"
        # An explanation, or an acceptance, of a file that came in time keeps it in time,
        # whatever the analyst has accepted and taken back of that file meanwhile.
        first = accepted[0]
        arrivals = [first.file.received_at]
        for each in every[: every.index(first)]:
            if each.asked and each.sent.said == first.sent.said:
                arrivals.append(each.file.received_at)
        arrived = min(arrivals)
        in_time = local_day(arrived, self.declaration) <= self.declaration.due_on(month)
        return arrived, "on_time" if in_time else "late"


def coverage_row(
    key: Key, arrived: dt.datetime | None, state: str, declaration: Declaration
) -> tuple[object, ...]:
    """A row of `coverage`."""
    unit, form, month = key
    return periods.first_day(month), unit, form, declaration.due_on(month), arrived, state
