"""The days of one counter in a row, some of them closed: which day is the n-th, and the other way round."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from outreach.schoolyear.years import FIRST_YEAR, LAST_YEAR, OutsideCalendar, SchoolYear

FIRST_DAY = SchoolYear(FIRST_YEAR).first_on.toordinal()
LAST_DAY = SchoolYear(LAST_YEAR).last_on.toordinal()


class DayLine:
    """Counted days as ordinals in order, without the closed ones; `closed` holds (first, last) ordinals."""

    def __init__(self, days: Sequence[int], closed: Iterable[tuple[int, int]] = ()) -> None:
        self._days = days
        gone: set[int] = set()
        for first, last in closed:
            gone.update(range(bisect_left(days, first), bisect_right(days, last)))
        self._gone = sorted(gone)
        self._shifted = [index - before for before, index in enumerate(self._gone)]

    def rank(self, day: date) -> int:
        """How many counted days lie on or before `day`."""
        count = bisect_right(self._days, reachable(day))
        return count - bisect_left(self._gone, count) if self._gone else count

    def rank_before(self, day: date) -> int:
        """How many counted days lie before `day`."""
        return self.rank(day) - (day in self)

    def nth(self, n: int) -> date:
        """The n-th counted day of the line, from 1. Raises OutsideCalendar beyond either end."""
        index = n - 1 + (bisect_right(self._shifted, n - 1) if self._gone else 0)
        if n < 1 or index >= len(self._days):
            raise outside(f"{n}")
        return date.fromordinal(self._days[index])

    def __contains__(self, day: date) -> bool:
        ordinal = reachable(day)
        index = bisect_left(self._days, ordinal)
        if index == len(self._days) or self._days[index] != ordinal:
            return False
        return not self._gone or bisect_left(self._gone, index) == bisect_right(self._gone, index)


def reachable(day: date) -> int:
    """The ordinal of `day`; raises OutsideCalendar when the calendar does not reach it."""
    ordinal = day.toordinal()
    if not FIRST_DAY <= ordinal <= LAST_DAY:
        raise outside(day.isoformat())
    return ordinal


def outside(value: str) -> OutsideCalendar:
    """The refusal for a day or count beyond the calendar."""
    first, last = date.fromordinal(FIRST_DAY).isoformat(), date.fromordinal(LAST_DAY).isoformat()
    return OutsideCalendar("outside_calendar", value=value, first=first, last=last)
