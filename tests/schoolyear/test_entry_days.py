"""When a child may start: by the rule, through COVID-19, after a local closing, around its third birthday."""

from datetime import date

import pytest

from outreach.schoolyear import Closing, OutsideCalendar, SchoolCalendar, months_after, old_enough_on, third_birthday

CALENDAR = SchoolCalendar()


def test_a_child_old_enough_on_the_entry_day_itself_may_start_that_day() -> None:
    assert CALENDAR.earliest_entry_on(date(2024, 3, 1)) == date(2026, 9, 1)


def test_a_child_one_day_younger_waits_for_the_next_entry_day() -> None:
    assert CALENDAR.earliest_entry_on(date(2024, 3, 2)) == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("birth", "months", "then"),
    [
        (date(2023, 8, 31), 30, date(2026, 2, 28)),
        (date(2021, 8, 30), 30, date(2024, 2, 29)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 12, 31), 30, date(2027, 6, 30)),
    ],
)
def test_a_birthday_that_does_not_exist_is_the_last_day_of_the_month(birth: date, months: int, then: date) -> None:
    assert months_after(birth, months) == then


def test_in_autumn_2020_the_entry_day_moved_with_the_extended_holiday() -> None:
    assert CALENDAR.earliest_entry_on(date(2018, 5, 9)) == date(2020, 11, 9)
    assert CALENDAR.effective_entry_on(date(2018, 5, 9)) == date(2020, 11, 16)
    assert SchoolCalendar(exceptions=False).effective_entry_on(date(2018, 5, 9)) == date(2020, 11, 9)


def test_a_child_old_enough_by_the_moved_entry_day_may_start_on_it() -> None:
    birth = date(2018, 5, 12)  # two and a half on 12 November 2020, between the legal day and the moved one
    assert CALENDAR.earliest_entry_on(birth) == date(2021, 1, 4)
    assert CALENDAR.effective_entry_on(birth) == date(2020, 11, 16)


def test_both_entry_days_of_spring_2020_became_2_june() -> None:
    assert CALENDAR.entry_days(2019)[5:] == (date(2020, 6, 2), date(2020, 6, 2))


def test_a_remembered_exception_changes_nothing() -> None:
    assert CALENDAR.is_school_day(date(2021, 12, 20))
    assert CALENDAR.entry_days(2021) == SchoolCalendar(exceptions=False).entry_days(2021)


def test_a_school_closed_on_the_entry_day_lets_the_child_start_a_day_later() -> None:
    closed = SchoolCalendar(closings=[Closing(date(2026, 11, 9), date(2026, 11, 9), "facultatieve vakantiedag")])
    assert closed.earliest_entry_on(date(2024, 5, 9)) == date(2026, 11, 9)
    assert closed.effective_entry_on(date(2024, 5, 9)) == date(2026, 11, 10)
    assert closed.next_entry_on(date(2024, 5, 9), on=date(2026, 11, 10)) == date(2026, 11, 10)


def test_a_local_closing_does_not_make_a_younger_child_old_enough() -> None:
    closed = SchoolCalendar(closings=[Closing(date(2026, 11, 9), date(2026, 11, 9), "facultatieve vakantiedag")])
    assert closed.effective_entry_on(date(2024, 5, 10)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("birth", "on", "entry"),
    [
        pytest.param("2024-05-20", "2026-09-01", "2027-01-04", id="not yet old enough: its first entry day"),
        pytest.param("2024-03-02", "2026-12-15", "2027-01-04", id="old enough: the next entry day"),
        pytest.param("2024-03-02", "2027-01-04", "2027-01-04", id="an entry day today"),
        pytest.param("2024-03-02", "2027-02-16", "2027-03-02", id="three before the next entry day: its birthday"),
        pytest.param("2024-03-28", "2027-02-16", "2027-04-12", id="three in a weekend before a holiday: after it"),
        pytest.param("2024-03-02", "2027-03-10", "2027-03-10", id="three already: today"),
        pytest.param("2024-03-02", "2027-07-05", "2027-09-01", id="three already, in summer: 1 September"),
        pytest.param("2022-03-10", "2026-12-15", "2026-12-15", id="four years old: today"),
        pytest.param("2024-11-11", "2026-01-01", "2027-09-01", id="asked long before: first day of its own"),
    ],
)
def test_the_next_day_a_child_may_start(birth: str, on: str, entry: str) -> None:
    found = CALENDAR.next_entry_on(date.fromisoformat(birth), date.fromisoformat(on))
    assert found == date.fromisoformat(entry)


def test_two_and_a_half_and_three() -> None:
    assert old_enough_on(date(2024, 5, 20)) == date(2026, 11, 20)
    assert third_birthday(date(2024, 5, 20)) == date(2027, 5, 20)


@pytest.mark.parametrize("birth", [date(1950, 1, 1), date(1998, 2, 28), date(2070, 1, 1)])
def test_a_child_outside_the_calendar_is_refused_not_guessed(birth: date) -> None:
    with pytest.raises(OutsideCalendar):
        CALENDAR.earliest_entry_on(birth)
