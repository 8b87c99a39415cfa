"""The Flemish school calendar: school days, entry days and counted dates, with the reason in words."""

from outreach.schoolyear.calendar import SchoolCalendar
from outreach.schoolyear.counted import Closing, Counted, Counter, Skipped
from outreach.schoolyear.entry import ENTRY_KEYS, entry_days_of, months_after, old_enough_on, third_birthday
from outreach.schoolyear.exceptions import DatedException, dated_exceptions
from outreach.schoolyear.explain import explain, explain_entry_day, holiday_label
from outreach.schoolyear.rules import FreeDay, Holiday, free_days, holidays, public_holidays
from outreach.schoolyear.years import OutsideCalendar, SchoolYear, parse_school_year, school_year_of

__all__ = [
    "ENTRY_KEYS",
    "Closing",
    "Counted",
    "Counter",
    "DatedException",
    "FreeDay",
    "Holiday",
    "OutsideCalendar",
    "SchoolCalendar",
    "SchoolYear",
    "Skipped",
    "dated_exceptions",
    "entry_days_of",
    "explain",
    "explain_entry_day",
    "free_days",
    "holiday_label",
    "holidays",
    "months_after",
    "old_enough_on",
    "parse_school_year",
    "public_holidays",
    "school_year_of",
    "third_birthday",
]
