"""The Flemish school calendar: school days, entry days and counted dates, with the reason in words."""

from outreach.schoolyear.absence_codes import AbsenceCode, Counts, codes_named, counted_as
from outreach.schoolyear.calendar import SchoolCalendar
from outreach.schoolyear.counted import Closing, Counted, Counter, Skipped
from outreach.schoolyear.entry import ENTRY_KEYS, entry_days_of, months_after, old_enough_on, third_birthday
from outreach.schoolyear.exceptions import DatedException, dated_exceptions
from outreach.schoolyear.explain import explain, explain_entry_day, holiday_label
from outreach.schoolyear.rules import FreeDay, Holiday, free_days, holidays, public_holidays
from outreach.schoolyear.thresholds import (
    Basis,
    Presumed,
    Purpose,
    Threshold,
    age_in,
    marking,
    presumed_present,
    thresholds_for,
)
from outreach.schoolyear.years import OutsideCalendar, SchoolYear, parse_school_year, school_year_of

__all__ = [
    "ENTRY_KEYS",
    "AbsenceCode",
    "Basis",
    "Closing",
    "Counted",
    "Counter",
    "Counts",
    "DatedException",
    "FreeDay",
    "Holiday",
    "OutsideCalendar",
    "Presumed",
    "Purpose",
    "SchoolCalendar",
    "SchoolYear",
    "Skipped",
    "Threshold",
    "age_in",
    "codes_named",
    "counted_as",
    "dated_exceptions",
    "entry_days_of",
    "explain",
    "explain_entry_day",
    "free_days",
    "holiday_label",
    "holidays",
    "marking",
    "months_after",
    "old_enough_on",
    "parse_school_year",
    "presumed_present",
    "public_holidays",
    "school_year_of",
    "third_birthday",
    "thresholds_for",
]
