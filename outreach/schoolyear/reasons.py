"""Why a day does not count: the holiday, free day, exception, closing or weekend it falls in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.schoolyear.base import Reason, in_summer, no_school
from outreach.schoolyear.counted import Closing, Counter, Skipped
from outreach.schoolyear.rules import SATURDAY, public_holidays

WEEKEND: Reason = ("weekend", None)


@dataclass(frozen=True)
class Reasons:
    """Looks up reasons for one calendar; what concerns everybody comes before what one area or owner closed."""

    closings: tuple[Closing, ...]
    owner_closings: tuple[Closing, ...]
    exceptions: bool

    def of(self, days: Iterable[date], counter: Counter) -> tuple[Skipped, ...]:
        """The reason of each of `days` (in order, none of which counts); neighbours with one reason together."""
        found: list[Skipped] = []
        for day in days:
            key, reason = self._of(day, counter)
            last = found[-1] if found else None
            if last and (last.key, last.reason) == (key, reason) and last.end == day - timedelta(days=1):
                found[-1] = Skipped(last.start, day, key, reason)
            else:
                found.append(Skipped(day, day, key, reason))
        return tuple(found)

    def _of(self, day: date, counter: Counter) -> Reason:
        works = counter is Counter.WORKING_DAYS or (counter is Counter.OUTREACH_DAYS and in_summer(day))
        general = _public_holiday(day) if works else no_school(self.exceptions).get(day)
        area = () if works else self.closings
        owner = self.owner_closings if counter is Counter.OUTREACH_DAYS else ()
        return general or _closing(day, area + owner) or WEEKEND


def _closing(day: date, closings: tuple[Closing, ...]) -> Reason | None:
    for closing in closings:
        if closing.start <= day <= closing.end:
            return "closing", closing.reason
    return None


def _public_holiday(day: date) -> Reason | None:
    key = public_holidays(day.year).get(day)
    return (key, None) if key and day.weekday() < SATURDAY else None
