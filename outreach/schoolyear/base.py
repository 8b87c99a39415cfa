"""The days that count for everybody, worked out once: per counter, with and without the dated exceptions."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from outreach.schoolyear.counted import Counter
from outreach.schoolyear.exceptions import dated_exceptions
from outreach.schoolyear.line import FIRST_DAY, LAST_DAY
from outreach.schoolyear.rules import SATURDAY, WEDNESDAY, free_days, holidays, public_holidays
from outreach.schoolyear.years import FIRST_YEAR, LAST_YEAR

Reason = tuple[str, str | None]
"""The key of what keeps a day from counting and, for an exception, which one."""


def in_summer(day: date) -> bool:
    """July and August: outreach goes on in working days."""
    return day.month in (7, 8)


def is_working_day(day: date) -> bool:
    """No weekend and no Belgian public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


@cache
def no_school(exceptions: bool) -> dict[date, Reason]:
    """Every day of a holiday, an exception or a free day, with its key; plain weekends are not in it.

    A holiday comes before an exception, an exception before a free day. Easter Monday at the end of the Easter
    holiday keeps its own key: it is the day people ask about.
    """
    found: dict[date, Reason] = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        free = {day.day: day.key for day in free_days(year) if day.day.weekday() < SATURDAY}
        found.update((day, (key, None)) for day, key in free.items())
    for exception in dated_exceptions() if exceptions else ():
        if exception.applied:
            found.update((day, ("exception", exception.key)) for day in days(exception.start, exception.end))
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for holiday in holidays(year):
            inside = days(holiday.start, holiday.end)
            monday_after = holiday.key == "easter" and holiday.end.weekday() == 0
            found.update((day, (holiday.key, None)) for day in inside if not (monday_after and day == holiday.end))
    return found


@cache
def counted_days(counter: Counter, exceptions: bool) -> Sequence[int]:
    """Ordinals of the days that count, in order, over all school years computed."""
    everything = range(FIRST_DAY, LAST_DAY + 1)
    if counter is Counter.CALENDAR_DAYS:
        return everything
    closed = no_school(exceptions)
    kept = []
    for ordinal in everything:
        day = date.fromordinal(ordinal)
        if counter is Counter.WORKING_DAYS or (counter is Counter.OUTREACH_DAYS and in_summer(day)):
            counts = is_working_day(day)
        else:
            counts = day.weekday() < SATURDAY and day not in closed
        if counts:
            kept.append(ordinal)
    return kept


@cache
def school_wednesdays(exceptions: bool) -> Sequence[int]:
    """Ordinals of the school days of one half day instead of two."""
    school = counted_days(Counter.SCHOOL_DAYS, exceptions)
    return [ordinal for ordinal in school if date.fromordinal(ordinal).weekday() == WEDNESDAY]


def days(start: date, end: date) -> Iterator[date]:
    """Every day from `start` to `end`, both included."""
    return (date.fromordinal(ordinal) for ordinal in range(start.toordinal(), end.toordinal() + 1))
