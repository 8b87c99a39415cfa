"""The school year of a kleuter as a picture: months from absences by day, stretches from totals. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from outreach.attendance.day_by_day import HalfDay, day_after
from outreach.schoolyear import Counts, SchoolCalendar, SchoolYear, counted_as, presumed_present

_SATURDAY = 5
_LEGAL = SchoolCalendar(exceptions=False)


class Mark(StrEnum):
    """What is known of one half day."""

    PRESENT = "present"
    ABSENT = "absent"
    ACCEPTED = "accepted"
    UNLAWFUL = "unlawful"
    UNTOLD = "untold"
    """It counts in a total, but nobody told this half day."""
    BEFORE = "before"
    """Before the kleuter started."""
    AHEAD = "ahead"


ABSENCES = (Mark.ABSENT, Mark.ACCEPTED, Mark.UNLAWFUL)

_MARK_OF = {Counts.ABSENT: Mark.ABSENT, Counts.ACCEPTED: Mark.ACCEPTED, Counts.UNLAWFUL: Mark.UNLAWFUL}


@dataclass(frozen=True, slots=True)
class Total:
    """What one report of totals says: half days up to and including its day."""

    as_of: date
    present: int
    possible: int


@dataclass(frozen=True, slots=True)
class Known:
    """What reports tell of a school year. From `since` to `until` every half day is told, but for those in `absent`
    it was present; both are None when no half day is. `as_of` is the day of the newest report."""

    entry_on: date
    as_of: date
    totals: Sequence[Total] = ()
    since: date | None = None
    until: date | None = None
    absent: Mapping[HalfDay, str] = field(default_factory=dict)

    def tells(self, day: date) -> bool:
        """Whether the half days of this day are told one by one."""
        return self.since is not None and self.until is not None and self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Day:
    """A day from Monday to Friday; without school it has no marks, a Wednesday has one."""

    on: date
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month, and whether any of its half days is told."""

    first_on: date
    days: tuple[Day, ...]

    def count(self, *marks: Mark) -> int:
        """How many half days have one of these marks."""
        return sum(each in marks for day in self.days for each in day.marks)

    @property
    def told(self) -> int:
        """How many half days are told one by one."""
        return self.count(Mark.PRESENT, *ABSENCES)

    @property
    def absences(self) -> list[Day]:
        """The days on which a half day or more was missed."""
        return [day for day in self.days if any(each in ABSENCES for each in day.marks)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one report to the next, known as a total."""

    first_on: date
    last_on: date
    present: int
    possible: int


def months(year: SchoolYear, known: Known, calendar: SchoolCalendar) -> tuple[Month, ...]:
    """September to June, half day by half day."""
    found = []
    for place in range(10):
        first = date(year.start + (place > 3), (place + 8) % 12 + 1, 1)
        days = tuple(Day(on, _marks(on, known, calendar)) for on in _weekdays(first))
        found.append(Month(first, days))
    return tuple(found)


def stretches(known: Known) -> tuple[Stretch, ...]:
    """What is known as totals alone, the oldest first; a report that tells less than one before it takes its place."""
    found: list[Stretch] = []
    first, present, possible = known.entry_on, 0, 0
    for total in known.totals:
        if total.present < present or total.possible < possible:
            found, first, present, possible = [], known.entry_on, 0, 0
        stretch = Stretch(first, total.as_of, total.present - present, total.possible - possible)
        if stretch.possible and not (known.tells(stretch.first_on) and known.tells(stretch.last_on)):
            found.append(stretch)
        first, present, possible = day_after(total.as_of), total.present, total.possible
    return tuple(found)


def _weekdays(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        if day.weekday() < _SATURDAY:
            yield day
        day += timedelta(days=1)


def _marks(on: date, known: Known, calendar: SchoolCalendar) -> tuple[Mark, ...]:
    presumed = any(each.start <= on <= each.end for each in presumed_present())
    halves = (_LEGAL if presumed else calendar).half_days_on(on)
    return tuple(_mark(on, half, known, presumed) for half in range(1, halves + 1))


def _mark(on: date, half: int, known: Known, presumed: bool) -> Mark:
    if on > known.as_of:
        return Mark.AHEAD
    if on < known.entry_on:
        return Mark.BEFORE
    if not known.tells(on):
        return Mark.UNTOLD
    code = known.absent.get((on, half))
    return Mark.PRESENT if code is None or presumed else _MARK_OF[counted_as(code)]
