"""Entry days (instapdatums): when a child under three may start.

Source: circular 13126 (admission to ordinary primary education). Seven days a year; the first on or after the day
the child is two years and six months old, that day included; from the third birthday any school day.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from outreach.schoolyear.base import counted_days
from outreach.schoolyear.counted import Counter
from outreach.schoolyear.line import DayLine
from outreach.schoolyear.rules import holidays
from outreach.schoolyear.years import FIRST_YEAR, LAST_YEAR, within_reach

ENTRY_KEYS = ("summer", "autumn", "christmas", "february", "carnival", "easter", "ascension")


def months_after(day: date, months: int) -> date:
    """The same day of the month later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def old_enough_on(birth: date) -> date:
    """The day the child is two years and six months old."""
    return months_after(birth, 30)


def third_birthday(birth: date) -> date:
    """From this day on the child may start on any school day."""
    return months_after(birth, 36)


@cache
def entry_days_of(year: int, exceptions: bool) -> tuple[date, ...]:
    """The seven entry days of a school year, in the order of ENTRY_KEYS.

    With exceptions two of them can fall on one day: both the Easter and the Ascension one of 2020 became 2 June.
    """
    within_reach(year)
    line = DayLine(counted_days(Counter.SCHOOL_DAYS, exceptions))
    ends = {holiday.key: holiday.end + timedelta(days=1) for holiday in holidays(year)}
    ends |= {"summer": date(year, 9, 1), "february": date(year + 1, 2, 1)}
    return tuple(line.nth(line.rank_before(ends[key]) + 1) for key in ENTRY_KEYS)


@cache
def all_entry_days(exceptions: bool) -> Sequence[date]:
    """The entry days of all school years computed, in order."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [day for year in years for day in entry_days_of(year, exceptions)]
