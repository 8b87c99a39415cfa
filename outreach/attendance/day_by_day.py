"""Half days so far from absences by day: what was possible, how many of them the kleuter was there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.schoolyear import Counts, SchoolCalendar, counted_as, presumed_present, school_year_of, third_birthday

HalfDay = tuple[date, int]
"""A day and its half: 1 before noon, 2 after."""

_LEGAL = SchoolCalendar(exceptions=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """Half days up to and including a day; `accepted` and `unlawful` are None where part of them is not told."""

    present: int = 0
    possible: int = 0
    accepted: int | None = 0
    unlawful: int | None = 0


def count(
    since: date, as_of: date, absent: Mapping[HalfDay, str], calendar: SchoolCalendar, before: Counted
) -> Counted:
    """From `since` up to and including the as-of date, on top of what was counted before; absences by half day.

    A half day without school is none. Half days that by decision count as present do, whatever is told of them.
    """
    presumed, closed = _presumed(since, as_of, calendar)
    missed = [
        counted_as(code) for (on, half), code in absent.items() if since <= on <= as_of and is_held(on, half, calendar)
    ]
    possible = calendar.half_days_between(since, as_of) - closed
    reasonless = missed.count(Counts.ABSENT)
    return Counted(
        before.present + possible - len(missed) + presumed,
        before.possible + possible + presumed,
        None if before.accepted is None or reasonless else before.accepted + missed.count(Counts.ACCEPTED),
        None if before.unlawful is None or reasonless else before.unlawful + missed.count(Counts.UNLAWFUL),
    )


def is_held(on: date, half: int, calendar: SchoolCalendar) -> bool:
    """Whether there is school on this half day that is counted by who comes."""
    return half <= calendar.half_days_on(on) and not any(each.start <= on <= each.end for each in presumed_present())


def has_half_day(on: date, half: int) -> bool:
    """Whether any school could have this half day, whatever the government decided that year."""
    return half <= _LEGAL.half_days_on(on)


def _presumed(since: date, as_of: date, calendar: SchoolCalendar) -> tuple[int, int]:
    """Half days counted as present by decision, and those of them with school, which are not to be counted twice."""
    presumed = held = 0
    for window in presumed_present():
        first, until = max(window.start, since), min(window.end, as_of)
        if first <= until:
            presumed += _LEGAL.half_days_between(first, until)
            held += calendar.half_days_between(first, until)
    return presumed, held


def first_day(entry_on: date | None, born_on: date | None, as_of: date, calendar: SchoolCalendar) -> date:
    """The day of entry in that school year; where nobody tells it, the first day this child could come."""
    first = school_year_of(as_of).first_on
    if entry_on:
        return max(first, entry_on)
    if born_on and third_birthday(born_on) > first:
        return max(first, calendar.effective_entry_on(born_on))
    return first


def day_after(day: date) -> date:
    """The day from which is counted on."""
    return day + timedelta(days=1)
