"""The calendar people work with: the legal rule, dated exceptions and closing days, counted in four ways."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from outreach.schoolyear.base import counted_days, days, in_summer, school_wednesdays
from outreach.schoolyear.counted import Closing, Counted, Counter, Skipped
from outreach.schoolyear.entry import all_entry_days, entry_days_of, old_enough_on, third_birthday
from outreach.schoolyear.line import DayLine, outside, reachable
from outreach.schoolyear.reasons import Reasons
from outreach.schoolyear.rules import WEDNESDAY, holidays
from outreach.schoolyear.years import SchoolYear, school_year_of, within_reach

Span = tuple[int, int]


class SchoolCalendar:
    """Counts days for one area or school (`closings`) and one owner of work (`owner_closings`).

    Cheap to make, and counting takes microseconds: keep one per set of closings. Every method that counts raises
    OutsideCalendar for days before 1 September 2000 or after 31 August 2071.
    """

    def __init__(
        self, closings: Iterable[Closing] = (), owner_closings: Iterable[Closing] = (), exceptions: bool = True
    ) -> None:
        self._exceptions = exceptions
        self._reasons = Reasons(tuple(closings), tuple(owner_closings), exceptions)
        area = [_span(closing) for closing in self._reasons.closings]
        owner = [_span(closing) for closing in self._reasons.owner_closings]
        outreach = [part for span in area for part in _outside_summer(*span)] + owner
        self._wednesdays = DayLine(school_wednesdays(exceptions), area)
        self._lines = {
            Counter.CALENDAR_DAYS: DayLine(counted_days(Counter.CALENDAR_DAYS, exceptions)),
            Counter.WORKING_DAYS: DayLine(counted_days(Counter.WORKING_DAYS, exceptions)),
            Counter.SCHOOL_DAYS: DayLine(counted_days(Counter.SCHOOL_DAYS, exceptions), area),
            Counter.OUTREACH_DAYS: DayLine(counted_days(Counter.OUTREACH_DAYS, exceptions), outreach),
        }
        self._school = self._lines[Counter.SCHOOL_DAYS]
        self._skipped = lru_cache(maxsize=4096)(self._find_skipped)  # thousands of steps start on the same few days

    # Days

    def counts(self, day: date, counter: Counter) -> bool:
        """Whether `day` counts as a day of `counter`."""
        return day in self._lines[counter]

    def is_school_day(self, day: date) -> bool:
        """Whether there is school."""
        return day in self._school

    def is_working_day(self, day: date) -> bool:
        """Whether it is neither weekend nor Belgian public holiday."""
        return day in self._lines[Counter.WORKING_DAYS]

    def half_days_on(self, day: date) -> int:
        """Half days of school: 2, on Wednesday 1, without school 0."""
        if day not in self._school:
            return 0
        return 1 if day.weekday() == WEDNESDAY else 2

    def half_days_between(self, start: date, end: date) -> int:
        """Half days of school from `start` to `end`, both included; gross: what a school chooses itself not taken off
        unless it was handed in as a closing. 0 when `end` lies before `start`."""
        if end < start:
            return 0
        school = self._school.rank(end) - self._school.rank_before(start)
        wednesdays = self._wednesdays.rank(end) - self._wednesdays.rank_before(start)
        return 2 * school - wednesdays

    def last_day_with_half_days(self, needed: int, until: date) -> date | None:
        """The last school day on which a child can start and still have `needed` half days by `until`.

        Looks no further back than the start of that school year: None when even that is not enough.
        """
        first = self._school.rank_before(school_year_of(until).first_on) + 1
        candidates = range(first, self._school.rank(until) + 1)
        short = bisect_left(
            candidates, 1, key=lambda n: int(self.half_days_between(self._school.nth(n), until) < needed)
        )
        return self._school.nth(candidates[short - 1]) if short else None

    # Counting

    def add(self, day: date, n: int, counter: Counter) -> Counted:
        """The n-th counted day after `day`; n = 0: `day`, rounded forward to a day that counts."""
        line = self._lines[counter]
        rank = line.rank(day) if n else line.rank_before(day) + 1
        return Counted(line.nth(rank + _natural(n)), day, n, counter, self.skipped_between)

    def subtract(self, day: date, n: int, counter: Counter) -> Counted:
        """The n-th counted day before `day`; n = 0: `day`, rounded back to a day that counts."""
        line = self._lines[counter]
        rank = line.rank_before(day) + 1 if n else line.rank(day)
        return Counted(line.nth(rank - _natural(n)), day, n, counter, self.skipped_between)

    def between(self, a: date, b: date, counter: Counter) -> int:
        """How many counted days lie after `a` up to and including `b`; negative when `b` is before `a`."""
        line = self._lines[counter]
        return line.rank(b) - line.rank(a)

    def on_or_after(self, day: date, counter: Counter) -> date:
        """`day` when it counts, else the next day that does."""
        line = self._lines[counter]
        return line.nth(line.rank_before(day) + 1)

    def on_or_before(self, day: date, counter: Counter) -> date:
        """`day` when it counts, else the last day before it that does."""
        line = self._lines[counter]
        return line.nth(line.rank(day))

    def skipped_between(self, first: date, last: date, counter: Counter) -> tuple[Skipped, ...]:
        """The days from `first` to `last` that do not count, and why; neighbours with one reason together."""
        return self._skipped(first, last, counter)

    def _find_skipped(self, first: date, last: date, counter: Counter) -> tuple[Skipped, ...]:
        line = self._lines[counter]
        return self._reasons.of((day for day in days(first, last) if day not in line), counter)

    # School year

    def school_year_of(self, day: date) -> SchoolYear:
        """The school year `day` falls in."""
        return school_year_of(day)

    def first_school_day(self, year: int) -> date:
        """The first school day of the school year starting in `year`."""
        return self.on_or_after(SchoolYear(within_reach(year)).first_on, Counter.SCHOOL_DAYS)

    def last_school_day(self, year: int) -> date:
        """The last school day: 30 June or the school day before."""
        return self.on_or_before(date(within_reach(year) + 1, 6, 30), Counter.SCHOOL_DAYS)

    def first_school_day_after(self, day: date) -> date:
        """The first school day later than `day`."""
        return self._school.nth(self._school.rank(day) + 1)

    def nth_school_day(self, year: int, n: int) -> date:
        """The n-th school day of the school year starting in `year`, from 1."""
        return self._school.nth(self._school.rank_before(SchoolYear(within_reach(year)).first_on) + n)

    def nth_school_day_after_holiday(self, year: int, key: str, n: int) -> date:
        """The n-th school day, from 1, after the holiday `key` of the school year starting in `year`."""
        ends = {holiday.key: holiday.end for holiday in holidays(year)}
        return self.add(ends[key], n, Counter.SCHOOL_DAYS).day

    # Entry days

    def entry_days(self, year: int) -> tuple[date, ...]:
        """The seven entry days, each moved on to the next school day by exceptions and closings."""
        return tuple(self._open(day) for day in entry_days_of(year, self._exceptions))

    def earliest_entry_on(self, birth: date) -> date:
        """The first day the child may start, by the legal rule alone."""
        return _first_from(old_enough_on(birth), exceptions=False)

    def effective_entry_on(self, birth: date) -> date:
        """The first day the child may start and there is school.

        A government exception moves the entry day itself, so a child old enough by the moved day may start on it. A
        closing of one area or school does not: the child must be old enough on the day it would have been.
        """
        return self._open(_first_from(old_enough_on(birth), self._exceptions))

    def next_entry_on(self, birth: date, on: date) -> date:
        """The first entry day on or after `on` and the child's earliest one; from the third birthday the first
        school day when that is sooner."""
        since = max(on, self.effective_entry_on(birth))
        any_day = self._open(max(since, third_birthday(birth)))
        if since >= third_birthday(birth):
            return any_day
        found = all_entry_days(self._exceptions)
        index = bisect_left(found, since)
        if index and self._open(found[index - 1]) >= since:
            return self._open(found[index - 1])
        return min(self._open(found[index]), any_day) if index < len(found) else any_day

    def _open(self, day: date) -> date:
        return self.on_or_after(day, Counter.SCHOOL_DAYS)


def _first_from(day: date, exceptions: bool) -> date:
    found = all_entry_days(exceptions)
    index = bisect_left(found, date.fromordinal(reachable(day)))
    if index == len(found):
        raise outside(day.isoformat())
    return found[index]


def _natural(n: int) -> int:
    if n < 0:
        raise ValueError(f"days are counted from 0, not {n}")
    return n


def _span(closing: Closing) -> Span:
    return closing.start.toordinal(), closing.end.toordinal()


def _outside_summer(first: int, last: int) -> list[Span]:
    """The parts of an area's closing that touch outreach days: in July and August schools are closed anyway."""
    inside = [day.toordinal() for day in days(date.fromordinal(first), date.fromordinal(last)) if not in_summer(day)]
    return [(ordinal, ordinal) for ordinal in inside]
