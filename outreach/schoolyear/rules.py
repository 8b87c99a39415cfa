"""The legal rule: holidays and free days of a Flemish school year, and Belgian public holidays.

Source: Besluit van de Vlaamse Regering of 17 April 1991 and circular 15795 (organisation of the school year
in primary education).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from outreach.schoolyear.years import within_reach

SATURDAY = 5
WEDNESDAY = 2


@dataclass(frozen=True)
class Holiday:
    """A holiday of the school year, both days included."""

    key: str
    start: date
    end: date


@dataclass(frozen=True)
class FreeDay:
    """A single day without school; not compensated when it falls in a holiday or a weekend."""

    key: str
    day: date


@cache
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    leaps, moon = century // 4, (century + 8) // 25
    epact = (19 * (year % 19) + century - leaps - (century - moon + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> tuple[Holiday, ...]:
    """The six holidays of the school year starting in `year`, in order; `end` includes the last weekend."""
    within_reach(year)
    sunday = easter(year + 1)
    carnival = sunday - timedelta(days=48)
    ascension = ascension_day(year + 1)
    return (
        _autumn(year),
        _christmas(year),
        Holiday("carnival", carnival, carnival + timedelta(days=6)),
        _easter_holiday(sunday),
        Holiday("ascension", ascension, ascension + timedelta(days=1)),
        Holiday("summer", date(year + 1, 7, 1), date(year + 1, 8, 31)),
    )


@cache
def free_days(year: int) -> tuple[FreeDay, ...]:
    """The single free days of the school year starting in `year`, also those a holiday or weekend swallows."""
    sunday = easter(within_reach(year) + 1)
    found = (
        FreeDay("armistice", date(year, 11, 11)),
        FreeDay("easter_monday", sunday + timedelta(days=1)),
        FreeDay("labour_day", date(year + 1, 5, 1)),
        FreeDay("whit_monday", sunday + timedelta(days=50)),
    )
    return tuple(sorted(found, key=lambda free: free.day))


@cache
def public_holidays(year: int) -> dict[date, str]:
    """Belgian public holidays of the calendar year: the ten of the Royal Decree of 18 April 1974."""
    sunday = easter(year)
    return {
        date(year, 1, 1): "new_year",
        sunday + timedelta(days=1): "easter_monday",
        date(year, 5, 1): "labour_day",
        ascension_day(year): "ascension",
        sunday + timedelta(days=50): "whit_monday",
        date(year, 7, 21): "national_day",
        date(year, 8, 15): "assumption",
        date(year, 11, 1): "all_saints",
        date(year, 11, 11): "armistice",
        date(year, 12, 25): "christmas_day",
    }


def ascension_day(year: int) -> date:
    """The Thursday 39 days after Easter."""
    return easter(year) + timedelta(days=39)


def _autumn(year: int) -> Holiday:
    """One week from the Monday of the week of 1 November; from 2 November when the 1st is a Sunday."""
    saints = date(year, 11, 1)
    start = saints + timedelta(days=1) if saints.weekday() == 6 else _monday_of(saints)
    return Holiday("autumn", start, start + timedelta(days=6))


def _christmas(year: int) -> Holiday:
    """Two weeks from the Monday of the week of 25 December; the Monday after when that is a weekend day."""
    start = _monday_of(date(year, 12, 25))
    if date(year, 12, 25).weekday() >= SATURDAY:
        start += timedelta(days=7)
    return Holiday("christmas", start, start + timedelta(days=13))


def _easter_holiday(sunday: date) -> Holiday:
    """Two weeks; one day longer when Easter Monday follows directly."""
    monday = sunday + timedelta(days=1)
    if sunday.month == 3:
        start = monday
    elif sunday > date(sunday.year, 4, 15):
        start = sunday - timedelta(days=13)
    else:
        april = date(sunday.year, 4, 1)
        start = april + timedelta(days=-april.weekday() % 7)
    end = start + timedelta(days=13)
    return Holiday("easter", start, monday if monday == end + timedelta(days=1) else end)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
