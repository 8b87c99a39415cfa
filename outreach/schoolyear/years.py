"""School years: which one a day falls in, how it is written, how far the calendar reaches."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from outreach.errors import OutreachError

FIRST_YEAR = 2000
LAST_YEAR = 2070
"""The school years computed, by the year they start in. Checked against published tables from 2006 to 2029."""


class OutsideCalendar(OutreachError):
    """A day, a count or a school year the calendar does not reach."""


@dataclass(frozen=True, order=True)
class SchoolYear:
    """A school year, 1 September to 31 August, named by the year it starts in."""

    start: int

    @cached_property
    def label(self) -> str:
        """As people write it: 2026-2027."""
        return f"{self.start}-{self.start + 1}"

    @property
    def first_on(self) -> date:
        """1 September, a school day or not."""
        return date(self.start, 9, 1)

    @property
    def last_on(self) -> date:
        """31 August."""
        return date(self.start + 1, 8, 31)

    def __str__(self) -> str:
        return self.label


def school_year_of(day: date) -> SchoolYear:
    """The school year `day` falls in; July and August belong to the year that is ending."""
    return SchoolYear(day.year if day.month >= 9 else day.year - 1)


def parse_school_year(text: str) -> int:
    """The starting year of "2026-2027". Raises OutsideCalendar when it is no school year or out of reach."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{4})", text.strip())
    if not match or int(match[2]) != int(match[1]) + 1:
        raise OutsideCalendar("unreadable_year", text=text)
    return within_reach(int(match[1]))


def within_reach(year: int) -> int:
    """`year` itself; raises OutsideCalendar when that school year is not computed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        first, last = SchoolYear(FIRST_YEAR), SchoolYear(LAST_YEAR)
        raise OutsideCalendar("outside_calendar", value=SchoolYear(year).label, first=first.label, last=last.label)
    return year
