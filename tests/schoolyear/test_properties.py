"""What must hold for every day, child and closing over fifty years."""

import itertools
from datetime import date, timedelta

from hypothesis import given, strategies as st

from outreach.schoolyear import Closing, Counter, SchoolCalendar, holidays, old_enough_on, third_birthday

YEARS = range(2010, 2061)
DAYS = st.dates(date(2010, 9, 1), date(2060, 8, 31))
NUMBERS = st.integers(0, 60)
COUNTERS = st.sampled_from(Counter)
RULE = SchoolCalendar(exceptions=False)


@st.composite
def closings(draw: st.DrawFn, near: date) -> list[Closing]:
    starts = draw(st.lists(st.integers(-80, 80), max_size=5))
    first = [near + timedelta(days=offset) for offset in starts]
    return [Closing(day, day + timedelta(days=draw(st.integers(0, 12))), "dicht") for day in first]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[SchoolCalendar, date]:
    day = draw(DAYS)
    made = SchoolCalendar(draw(closings(day)), draw(closings(day)), exceptions=draw(st.booleans()))
    return made, day


@given(calendars(), NUMBERS, COUNTERS)
def test_adding_lands_on_a_day_that_counts_and_is_what_counting_one_by_one_gives(
    made: tuple[SchoolCalendar, date], n: int, counter: Counter
) -> None:
    calendar, start = made
    day, left = start, n
    if n == 0:
        while not calendar.counts(day, counter):
            day += timedelta(days=1)
    while left:
        day += timedelta(days=1)
        left -= calendar.counts(day, counter)
    assert calendar.add(start, n, counter).day == day


@given(calendars(), NUMBERS, COUNTERS)
def test_subtracting_undoes_adding(made: tuple[SchoolCalendar, date], n: int, counter: Counter) -> None:
    calendar, start = made
    later = calendar.add(start, n, counter).day
    earlier = calendar.subtract(start, n, counter).day
    assert calendar.counts(later, counter)
    assert calendar.counts(earlier, counter)
    if n:
        assert calendar.between(start, later, counter) == n
        assert calendar.subtract(later, n, counter).day == calendar.on_or_before(start, counter)
        assert calendar.add(earlier, n, counter).day == calendar.on_or_after(start, counter)


@given(calendars(), NUMBERS, st.integers(0, 40), COUNTERS)
def test_later_never_gives_earlier(made: tuple[SchoolCalendar, date], n: int, days: int, counter: Counter) -> None:
    calendar, start = made
    later = start + timedelta(days=days)
    assert calendar.add(start, n, counter).day <= calendar.add(later, n, counter).day
    assert calendar.subtract(start, n, counter).day <= calendar.subtract(later, n, counter).day
    assert calendar.add(start, n + 2, counter).day > calendar.add(start, n + 1, counter).day


@given(calendars(), st.integers(1, 60), COUNTERS)
def test_every_day_on_the_way_was_counted_or_skipped_for_a_reason(
    made: tuple[SchoolCalendar, date], n: int, counter: Counter
) -> None:
    calendar, start = made
    for counted in (calendar.add(start, n, counter), calendar.subtract(start, n, counter)):
        skipped = sum((part.end - part.start).days + 1 for part in counted.skipped)
        assert skipped + n == abs((counted.day - start).days)


@given(calendars(), st.integers(0, 60))
def test_half_days_between_is_the_sum_of_half_days_on(made: tuple[SchoolCalendar, date], length: int) -> None:
    calendar, start = made
    span = [start + timedelta(days=offset) for offset in range(length + 1)]
    assert calendar.half_days_between(span[0], span[-1]) == sum(calendar.half_days_on(day) for day in span)


@given(DAYS)
def test_outreach_days_are_school_days_and_in_summer_working_days(day: date) -> None:
    expected = RULE.is_working_day(day) if day.month in (7, 8) else RULE.is_school_day(day)
    assert RULE.counts(day, Counter.OUTREACH_DAYS) == expected


@given(st.dates(date(2008, 9, 1), date(2057, 12, 31)))
def test_every_child_has_an_entry_day_before_it_is_three(birth: date) -> None:
    entry = RULE.earliest_entry_on(birth)
    assert old_enough_on(birth) <= entry < third_birthday(birth)
    assert RULE.is_school_day(entry)
    assert SchoolCalendar().effective_entry_on(birth) < third_birthday(birth)


@given(st.dates(date(2008, 9, 1), date(2057, 12, 31)), DAYS, st.integers(0, 40))
def test_the_next_entry_day_never_comes_sooner_for_a_later_question(birth: date, on: date, days: int) -> None:
    calendar = SchoolCalendar()
    entry = calendar.next_entry_on(birth, on)
    assert entry >= max(on, calendar.effective_entry_on(birth))
    assert calendar.is_school_day(entry)
    assert calendar.next_entry_on(birth, on + timedelta(days=days)) >= entry
    assert calendar.next_entry_on(birth, entry) == entry


def test_each_school_year_has_seven_entry_days_in_order_on_school_days() -> None:
    for year in YEARS:
        found = RULE.entry_days(year)
        assert len(found) == len(set(found)) == 7
        assert list(found) == sorted(found)
        assert all(RULE.is_school_day(day) for day in found)


def test_no_child_waits_longer_than_118_days() -> None:
    birth, longest = date(2008, 3, 1), 0
    while birth < date(2058, 1, 1):
        longest = max(longest, (RULE.earliest_entry_on(birth) - old_enough_on(birth)).days)
        birth += timedelta(days=1)
    assert longest == 118


def test_holidays_stand_in_order_and_a_school_year_has_about_330_half_days() -> None:
    for year in range(2006, 2061):
        found = holidays(year)
        assert [row.key for row in found] == ["autumn", "christmas", "carnival", "easter", "ascension", "summer"]
        assert all(before.end < after.start for before, after in itertools.pairwise(found))
        assert 320 <= RULE.half_days_between(date(year, 9, 1), date(year + 1, 8, 31)) <= 334
