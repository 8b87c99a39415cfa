"""Counting days the way a worker would on a wall calendar."""

from datetime import date

import pytest

from outreach.schoolyear import (
    Closing,
    Counter,
    OutsideCalendar,
    SchoolCalendar,
    Skipped,
    parse_school_year,
    school_year_of as year_of,
)

CALENDAR = SchoolCalendar()
STUDY_DAY = Closing(date(2026, 10, 7), date(2026, 10, 7), "pedagogische studiedag")


@pytest.mark.parametrize(
    ("start", "n", "counter", "day"),
    [
        pytest.param("2025-03-24", 10, Counter.SCHOOL_DAYS, "2025-04-22", id="over Easter holiday and Easter Monday"),
        pytest.param("2026-12-15", 5, Counter.WORKING_DAYS, "2026-12-22", id="a working week"),
        pytest.param("2026-12-23", 2, Counter.WORKING_DAYS, "2026-12-28", id="over Christmas Day and a weekend"),
        pytest.param("2026-11-10", 1, Counter.WORKING_DAYS, "2026-11-12", id="over Armistice Day"),
        pytest.param("2026-06-29", 3, Counter.OUTREACH_DAYS, "2026-07-02", id="into July: working days"),
        pytest.param("2026-06-29", 3, Counter.SCHOOL_DAYS, "2026-09-02", id="into July: school days"),
        pytest.param("2026-07-20", 1, Counter.OUTREACH_DAYS, "2026-07-22", id="over the national day"),
        pytest.param("2026-12-15", 10, Counter.CALENDAR_DAYS, "2026-12-25", id="calendar days"),
        pytest.param("2026-11-07", 0, Counter.SCHOOL_DAYS, "2026-11-09", id="rounded forward"),
        pytest.param("2026-11-09", 0, Counter.SCHOOL_DAYS, "2026-11-09", id="counts already"),
    ],
)
def test_days_after(start: str, n: int, counter: Counter, day: str) -> None:
    assert CALENDAR.add(date.fromisoformat(start), n, counter).day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("start", "n", "counter", "day"),
    [
        pytest.param("2027-01-04", 5, Counter.SCHOOL_DAYS, "2026-12-14", id="before the Christmas holiday"),
        pytest.param("2026-09-01", 20, Counter.OUTREACH_DAYS, "2026-08-04", id="before 1 September: working days"),
        pytest.param("2026-08-16", 0, Counter.WORKING_DAYS, "2026-08-14", id="rounded back"),
        pytest.param("2027-06-30", 0, Counter.SCHOOL_DAYS, "2027-06-30", id="counts already"),
    ],
)
def test_days_before(start: str, n: int, counter: Counter, day: str) -> None:
    assert CALENDAR.subtract(date.fromisoformat(start), n, counter).day == date.fromisoformat(day)


def test_between_counts_the_last_day_and_not_the_first() -> None:
    monday, friday = date(2026, 10, 5), date(2026, 10, 9)
    assert CALENDAR.between(monday, friday, Counter.SCHOOL_DAYS) == 4
    assert CALENDAR.between(friday, monday, Counter.SCHOOL_DAYS) == -4
    assert CALENDAR.between(monday, monday, Counter.SCHOOL_DAYS) == 0


def test_half_days_on_and_between() -> None:
    tuesday, wednesday, sunday = date(2026, 10, 6), date(2026, 10, 7), date(2026, 10, 11)
    assert [CALENDAR.half_days_on(day) for day in (tuesday, wednesday, sunday)] == [2, 1, 0]
    assert CALENDAR.half_days_between(date(2026, 10, 5), sunday) == 9
    assert CALENDAR.half_days_between(sunday, tuesday) == 0


def test_a_study_day_of_the_school_counts_for_school_and_outreach_not_for_working_days() -> None:
    school = SchoolCalendar(closings=[STUDY_DAY])
    tuesday = date(2026, 10, 6)
    assert school.add(tuesday, 1, Counter.SCHOOL_DAYS).day == date(2026, 10, 8)
    assert school.add(tuesday, 1, Counter.OUTREACH_DAYS).day == date(2026, 10, 8)
    assert school.add(tuesday, 1, Counter.WORKING_DAYS).day == date(2026, 10, 7)
    assert school.half_days_between(tuesday, date(2026, 10, 8)) == 4


def test_a_closed_partner_is_skipped_in_outreach_days_alone_also_in_summer() -> None:
    weeks = [Closing(date(2026, 7, 13), date(2026, 7, 24), "zomersluiting"), STUDY_DAY]
    owner = SchoolCalendar(owner_closings=weeks)
    assert owner.add(date(2026, 7, 10), 1, Counter.OUTREACH_DAYS).day == date(2026, 7, 27)
    assert owner.add(date(2026, 7, 10), 1, Counter.WORKING_DAYS).day == date(2026, 7, 13)
    assert owner.add(date(2026, 10, 6), 1, Counter.OUTREACH_DAYS).day == date(2026, 10, 8)
    assert owner.is_school_day(date(2026, 10, 7))


def test_a_closing_of_the_area_in_summer_does_not_stop_outreach() -> None:
    area = SchoolCalendar(closings=[Closing(date(2026, 7, 1), date(2026, 8, 31), "school gesloten")])
    assert area.counts(date(2026, 7, 13), Counter.OUTREACH_DAYS)


def test_what_was_skipped_is_told_with_its_reason() -> None:
    school = SchoolCalendar(closings=[STUDY_DAY])
    assert school.add(date(2026, 10, 2), 3, Counter.SCHOOL_DAYS).skipped == (
        Skipped(date(2026, 10, 3), date(2026, 10, 4), "weekend"),
        Skipped(date(2026, 10, 7), date(2026, 10, 7), "closing", "pedagogische studiedag"),
    )
    assert CALENDAR.subtract(date(2025, 4, 22), 1, Counter.SCHOOL_DAYS).skipped == (
        Skipped(date(2025, 4, 5), date(2025, 4, 6), "weekend"),
        Skipped(date(2025, 4, 7), date(2025, 4, 20), "easter"),
        Skipped(date(2025, 4, 21), date(2025, 4, 21), "easter_monday"),
    )


def test_the_last_day_to_start_and_still_reach_the_half_days_of_a_threshold() -> None:
    until = date(2027, 6, 30)
    last = CALENDAR.last_day_with_half_days(150, until)
    assert last is not None
    assert CALENDAR.half_days_between(last, until) >= 150
    assert CALENDAR.half_days_between(CALENDAR.first_school_day_after(last), until) < 150
    assert CALENDAR.last_day_with_half_days(330, until) is None
    assert CALENDAR.last_day_with_half_days(329, until) == date(2026, 9, 1)
    assert CALENDAR.last_day_with_half_days(0, until) == until


def test_school_days_of_the_year() -> None:
    assert CALENDAR.nth_school_day(2026, 1) == date(2026, 9, 1)
    assert CALENDAR.nth_school_day_after_holiday(2026, "christmas", 10) == date(2027, 1, 15)
    assert CALENDAR.first_school_day_after(date(2026, 6, 30)) == date(2026, 9, 1)
    assert CALENDAR.last_school_day(2026) == date(2027, 6, 30)


def test_july_and_august_belong_to_the_school_year_that_ends() -> None:
    assert (year_of(date(2026, 8, 31)).label, year_of(date(2026, 9, 1)).label) == ("2025-2026", "2026-2027")
    assert str(year_of(date(2026, 9, 1))) == "2026-2027"


@pytest.mark.parametrize("text", ["2026", "2026-2028", "2026/2027", "twintig", "", "1999-2000", "2071-2072"])
def test_what_is_no_school_year_is_refused(text: str) -> None:
    with pytest.raises(OutsideCalendar):
        parse_school_year(text)


def test_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        CALENDAR.is_school_day(date(2000, 8, 31))
    with pytest.raises(OutsideCalendar):
        CALENDAR.add(date(2071, 6, 1), 300, Counter.SCHOOL_DAYS)
    with pytest.raises(OutsideCalendar):
        CALENDAR.subtract(date(2000, 9, 4), 3, Counter.SCHOOL_DAYS)


def test_a_negative_count_and_a_closing_that_ends_before_it_starts_are_mistakes() -> None:
    with pytest.raises(ValueError, match="counted from 0"):
        CALENDAR.add(date(2026, 9, 1), -1, Counter.SCHOOL_DAYS)
    with pytest.raises(ValueError, match="ends before it starts"):
        Closing(date(2026, 9, 2), date(2026, 9, 1), "wrong")
