"""When the waves start: so many households a week, on working days, not in weeks in which nobody visits."""

from datetime import date

from hypothesis import given, strategies as st

from outreach.cases.commands.waves import start_days
from outreach.schoolyear import Closing, Counter, SchoolCalendar

CALENDAR = SchoolCalendar()
DAYS = st.dates(date(2026, 8, 1), date(2029, 8, 31))


def weeks(days: list[date]) -> list[date]:
    """The Mondays of these days."""
    return [date.fromordinal(day.toordinal() - day.weekday()) for day in days]


def test_twelve_a_week_from_4_january() -> None:
    """Thirty-four households: twelve on the 4th, twelve on the 11th, ten on the 18th."""
    days = start_days(34, per_week=12, first_on=date(2027, 1, 4), calendar=CALENDAR)
    assert [(day, days.count(day)) for day in sorted(set(days))] == [
        (date(2027, 1, 4), 12),
        (date(2027, 1, 11), 12),
        (date(2027, 1, 18), 10),
    ]


def test_over_christmas_no_wave_starts_in_the_two_weeks_in_which_no_day_counts() -> None:
    """From Tuesday 15 December one a week: this week, then the first week of the new term."""
    days = start_days(3, per_week=1, first_on=date(2026, 12, 15), calendar=CALENDAR)
    assert days == [date(2026, 12, 15), date(2027, 1, 4), date(2027, 1, 11)]


def test_a_weekend_becomes_the_monday_after() -> None:
    assert start_days(1, per_week=5, first_on=date(2027, 1, 9), calendar=CALENDAR) == [date(2027, 1, 11)]


def test_whit_monday_becomes_the_tuesday() -> None:
    """17 May 2027 is Whit Monday; the wave of that week starts on Tuesday."""
    days = start_days(2, per_week=1, first_on=date(2027, 5, 11), calendar=CALENDAR)
    assert days == [date(2027, 5, 11), date(2027, 5, 18)]


def test_a_team_that_is_closed_for_a_week_starts_nobody_in_it() -> None:
    closed = SchoolCalendar(owner_closings=(Closing(date(2027, 1, 11), date(2027, 1, 15), "training"),))
    days = start_days(2, per_week=1, first_on=date(2027, 1, 4), calendar=closed)
    assert days == [date(2027, 1, 4), date(2027, 1, 18)]


@given(st.integers(1, 60), st.integers(1, 15), DAYS)
def test_every_start_is_a_working_day_in_order_and_no_week_has_too_many(count: int, per_week: int, first: date) -> None:
    days = start_days(count, per_week=per_week, first_on=first, calendar=CALENDAR)
    assert len(days) == count
    assert days == sorted(days)
    assert min(days) >= first
    assert all(CALENDAR.counts(day, Counter.WORKING_DAYS) for day in days)
    assert all(weeks(days).count(monday) <= per_week for monday in set(weeks(days)))
    assert len(set(weeks(days))) == len(set(days)) == -(-count // per_week)
