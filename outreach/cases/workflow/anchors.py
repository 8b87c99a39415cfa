"""The days the dates of a step hang on, from the child's birth date, the calendar and what the area and family said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from outreach.cases.workflow.model import Anchor
from outreach.schoolyear import SchoolCalendar, months_after, school_year_of, third_birthday

NEXT_REPORT_AFTER = 10
"""School days after the Christmas and after the Easter holiday on which a new report is there; an area may differ."""

SEPTEMBER = 9


@dataclass(frozen=True)
class Circumstances:
    """What is known when a step's dates are derived.

    `opened_on` is the day the step opens, or the start day of its wave. `given` holds anchors that are facts, not
    calculations: a chosen entry day, a registration window, a refusal, a ticket, a threshold day. `report_days` are
    those the area noted; in a school year in which it noted none the usual ones hold.
    """

    born_on: date
    case_opened_on: date
    opened_on: date
    calendar: SchoolCalendar
    given: Mapping[Anchor, date] = field(default_factory=dict)
    report_days: Sequence[date] = ()

    @property
    def entry_chosen(self) -> bool:
        """Whether the family chose an entry day; such a day never moves."""
        return Anchor.ENTRY_DAY in self.given

    @property
    def compulsory(self) -> bool:
        """Whether the child is of compulsory school age on the day the step opens."""
        return self.opened_on >= compulsory_from(self.born_on)

    def value(self, anchor: Anchor) -> date | None:
        """The day of an anchor, or None when it has none for this child."""
        if anchor in self.given:
            return self.given[anchor]
        return _computed(anchor, self)

    def entry_day_after(self, day: date) -> date | None:
        """The next entry day nobody chose, strictly after `day`; None once the child may start any school day."""
        if day >= third_birthday(self.born_on):
            return None
        return self.calendar.next_entry_on(self.born_on, day + timedelta(days=1))


def compulsory_from(born_on: date) -> date:
    """1 September of the year in which the child turns five (since 2020; domain.md 2.4)."""
    return date(born_on.year + 5, SEPTEMBER, 1)


def nearest_loss(at: Circumstances, today: date) -> date | None:
    """The next day from the world on which the child loses something: the order of a wave. None when none comes."""
    anchors = (Anchor.ENTRY_DAY, Anchor.REGISTRATION_CLOSES, Anchor.THIRD_BIRTHDAY_PLUS_2_MONTHS)
    return min((day for day in map(at.value, anchors) if day is not None and day >= today), default=None)


def _computed(anchor: Anchor, at: Circumstances) -> date | None:
    """The anchors that follow from birth date, opening and calendar; those of area and family have no value here."""
    year = school_year_of(at.opened_on).start
    match anchor:
        case Anchor.CASE_OPENED:
            return at.case_opened_on
        case Anchor.STEP_OPENED | Anchor.LAST_ATTEMPT:
            return at.opened_on
        case Anchor.ENTRY_DAY:
            return _entry_day(at)
        case Anchor.THIRD_BIRTHDAY_PLUS_2_MONTHS:
            return months_after(at.born_on, 38)
        case Anchor.COMPULSORY_FROM:
            return compulsory_from(at.born_on)
        case Anchor.SCHOOL_YEAR_END:
            return at.calendar.last_school_day(year)
        case Anchor.SCHOOL_YEAR_START:
            return date(_starting_year(at.opened_on), SEPTEMBER, 1)
        case Anchor.NEXT_SCHOOL_YEAR:
            return date(year + 1, SEPTEMBER, 1)
        case Anchor.AUTUMN_ENTRY_DAY:
            return at.calendar.entry_days(_starting_year(at.opened_on))[1]
        case Anchor.NEXT_REPORT:
            return _next_report(at, year)
        case _:
            return None


def _starting_year(opened_on: date) -> int:
    """The year of the next 1 September; in September itself this year's: a restart counts from its third school day."""
    return opened_on.year if opened_on.month <= SEPTEMBER else opened_on.year + 1


def _entry_day(at: Circumstances) -> date | None:
    """Under three the first entry day on or after the opening; at three or older the child may start any day."""
    if at.opened_on >= third_birthday(at.born_on):
        return None
    return at.calendar.next_entry_on(at.born_on, at.opened_on)


def usual_report_days(calendar: SchoolCalendar, year: int) -> list[date]:
    """The days of a school year on which a new report is there, where the area noted none."""
    return [calendar.nth_school_day_after_holiday(year, each, NEXT_REPORT_AFTER) for each in ("christmas", "easter")]


def _next_report(at: Circumstances, year: int) -> date | None:
    noted = sorted(day for day in at.report_days if school_year_of(day).start == year)
    days = noted or usual_report_days(at.calendar, year)
    return next((day for day in days if day >= at.opened_on), None)
