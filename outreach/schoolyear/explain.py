"""A counted day or an entry day in a sentence a person can read, in Dutch, French or English."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from outreach import labels
from outreach.schoolyear.base import in_summer
from outreach.schoolyear.calendar import SchoolCalendar
from outreach.schoolyear.counted import Counter
from outreach.schoolyear.entry import ENTRY_KEYS, entry_days_of, old_enough_on, third_birthday
from outreach.schoolyear.years import OutsideCalendar, school_year_of

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")

FEW = 5
"""With fewer days than this a weekend in between is worth a word; with more everybody expects one."""


def explain(counted: Mapping[str, Any], language: str) -> str:
    """The sentence for stored `Counted.as_data()`: the day, what was counted from when, what was skipped."""
    day, start = date.fromisoformat(counted["day"]), date.fromisoformat(counted["start"])
    n = counted["n"]
    if day == start:
        return labels.day(day, language)
    direction = "after" if day > start else "before"
    unit = _unit(Counter(counted["counter"]), day, start, n)
    sentence = WORDS.text(
        f"counted.{direction}" if n else f"rounded.{direction}",
        language,
        day=labels.day(day, language),
        start=labels.day(start, language),
        number=_number(n, language),
        unit=WORDS.text(f"unit.{unit}.{'many' if n > 1 else 'one'}", language),
    )
    names = _names(counted["skipped"], n, language)
    return sentence + WORDS.text("skipping", language, what=_joined(names, language)) if names else sentence


def explain_entry_day(birth: date, entry: date, language: str, calendar: SchoolCalendar | None = None) -> str:
    """Why a child may (or may not yet) start on `entry`. Without `calendar`: no closing days of an area or school."""
    calendar = calendar or SchoolCalendar()
    earliest = calendar.effective_entry_on(birth)
    year = school_year_of(entry).start
    legal, moved = entry_days_of(year, exceptions=False), calendar.entry_days(year)
    dates = {"day": entry, "earliest": earliest, "third": third_birthday(birth), "old_enough": old_enough_on(birth)}
    which = key = ""
    if entry < earliest:
        key = "too_early"
    elif not calendar.is_school_day(entry):
        key, dates["next"] = "no_school", calendar.first_school_day_after(entry)
    elif entry >= dates["third"]:
        key = "three"
    elif entry not in moved:
        key = "later"
    else:
        at = moved.index(entry)
        which = WORDS.text(f"entry.{ENTRY_KEYS[at]}", language)
        key, dates["legal"] = "on_entry_day" if entry == legal[at] else "on_moved_day", legal[at]
    written = {name: labels.day(on, language) for name, on in dates.items()}
    return WORDS.text(f"start.{key}", language, which=which, **written)


def holiday_label(key: str, language: str) -> str:
    """The name of a holiday, free day or public holiday."""
    return WORDS.text(f"name.{key}", language)


def exception_label(key: str, language: str) -> str:
    """The name of a dated exception."""
    return WORDS.text(f"exception.{key}", language)


def refusal(error: OutsideCalendar, language: str) -> str:
    """The sentence for a day or school year the calendar does not reach."""
    return WORDS.text(f"refusal.{error.key}", language, **error.data)


def _unit(counter: Counter, day: date, start: date, n: int) -> str:
    """Outreach days by the name people know: school days, in summer working days, or both."""
    if counter is not Counter.OUTREACH_DAYS:
        return counter.value
    low, high = min(day, start), max(day, start)
    if in_summer(day) and (n < 2 or (in_summer(start) and high.year == low.year)):
        return Counter.WORKING_DAYS.value
    julys = (date(year, 7, 1) for year in range(low.year, high.year + 1))
    through_summer = in_summer(low) or in_summer(high) or any(low <= july <= high for july in julys)
    return Counter.OUTREACH_DAYS.value if n > 1 and through_summer else Counter.SCHOOL_DAYS.value


def _names(skipped: list[dict[str, Any]], n: int, language: str) -> list[str]:
    """What was skipped, each name once; weekends only when there is little else to say."""
    telling = [part for part in skipped if part["key"] != "weekend"]
    parts = telling or (skipped if n < FEW else [])
    return list(dict.fromkeys(_name(part["key"], part["reason"], language) for part in parts))


def _name(key: str, reason: str | None, language: str) -> str:
    if key == "exception":
        return WORDS.text(f"skipped.{reason}", language)
    return WORDS.text(f"skipped.{key}_because" if reason else f"skipped.{key}", language, reason=reason)


def _joined(names: list[str], language: str) -> str:
    *others, last = names
    return WORDS.text("and", language, first=", ".join(others), last=last) if others else last


def _number(n: int, language: str) -> str:
    key = f"number.{n}"
    return WORDS.text(key, language) if key in WORDS else str(n)
