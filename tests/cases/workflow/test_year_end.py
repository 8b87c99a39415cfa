"""The days of a year's end, whatever the year and whichever days an area closes: 2024 to 2030."""

from datetime import date, timedelta

from hypothesis import given, strategies as st

from outreach.cases.workflow import Anchor, StepDates, asleep, processes, schools_asleep, schools_wake_on
from outreach.cases.workflow.ladder import cutoffs, highest_rung
from outreach.cases.workflow.pausing import from_world
from outreach.cases.workflow.year_end import (
    AtYearEnd,
    Decision,
    loses_on,
    propose,
    restarting_outcome,
    ring_on,
    season,
    told_from,
    turns_six,
    until_september,
)
from outreach.schoolyear import Closing, Counter, SchoolCalendar

years = st.integers(2024, 2030)
counters = st.sampled_from([Counter.SCHOOL_DAYS, Counter.OUTREACH_DAYS, Counter.WORKING_DAYS, Counter.CALENDAR_DAYS])
ANCHORS = [Anchor.STEP_OPENED, Anchor.ENTRY_DAY, Anchor.SCHOOL_YEAR_END, Anchor.REGISTRATION_CLOSES]


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    """An area may close some days in September."""
    closed = draw(st.lists(st.tuples(years, st.integers(1, 12), st.integers(0, 2)), max_size=4))
    return SchoolCalendar(
        [Closing(date(year, 9, day), date(year, 9, day) + timedelta(days=more), "vrij") for year, day, more in closed]
    )


@st.composite
def dated(draw: st.DrawFn, first: date, last: date) -> StepDates:
    """A step with an aim, perhaps a too-late day of our own or of the world, in the order every step has."""
    aim = draw(st.dates(first, last))
    anchor = draw(st.sampled_from(ANCHORS))
    late = draw(st.none() | st.dates(aim, last + timedelta(days=90)))
    why = {"aim": {"counter": "school_days", "anchor": "step_opened"}}
    if late is not None:
        why["too_late"] = {"counter": "school_days", "anchor": anchor.value}
    return StepDates(aim, late, False, why)


@given(years, calendars())
def test_schools_sleep_from_1_july_to_their_third_school_day(year: int, calendar: SchoolCalendar) -> None:
    """On every day of the year: asleep or not, and when asleep always until the same day."""
    wakes_on = calendar.nth_school_day(year, 3)
    day = date(year, 1, 1)
    while day.year == year:
        sleeps = date(year, 7, 1) <= day < wakes_on
        assert schools_asleep(day, calendar) == sleeps
        assert schools_wake_on(day, calendar) == (wakes_on if sleeps else None)
        day += timedelta(days=1)
    counted = [day for day in (date(year, 9, 1) + timedelta(days=n) for n in range(60)) if calendar.is_school_day(day)]
    assert counted[2] == wakes_on


@given(years, calendars())
def test_families_are_rung_on_a_working_day_of_the_last_week_of_august(year: int, calendar: SchoolCalendar) -> None:
    """And what is asked of who rings is due, and would be too late, before September."""
    day = ring_on(year, calendar)
    assert date(year, 8, 25) <= day <= date(year, 8, 31)
    assert calendar.is_working_day(day)
    side = processes().side("ring_family")
    for rule in (side.aim, side.too_late):
        assert rule.anchor is Anchor.STEP_OPENED
        assert day < calendar.add(day, rule.count, rule.counter).day <= date(year, 8, 31)


@given(years, calendars())
def test_the_digest_speaks_of_it_from_the_first_working_day_of_june(year: int, calendar: SchoolCalendar) -> None:
    first = told_from(year, calendar)
    before = [date(year, 6, 1) + timedelta(days=n) for n in range((first - date(year, 6, 1)).days)]
    assert calendar.is_working_day(first)
    assert first.month == 6
    assert not any(calendar.is_working_day(day) for day in before)
    assert season(first)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_decisions_are_for_june_july_and_august(day: date) -> None:
    assert season(day) == (day.month in (6, 7, 8))


@given(st.dates(date(2017, 1, 1), date(2028, 12, 31)), years)
def test_six_is_counted_by_calendar_year(born_on: date, year: int) -> None:
    """A child of 31 December goes to primary school with those of January of that year."""
    assert turns_six(born_on, date(year, 6, 1)) == (born_on.year + 6 <= year)
    assert turns_six(born_on, date(year, 6, 1)) == turns_six(born_on, date(year, 8, 31))


@given(st.data(), years, counters, calendars())
def test_september_never_moves_a_day_of_the_world_nor_passes_it(
    data: st.DataObject, year: int, counter: Counter, calendar: SchoolCalendar
) -> None:
    today = data.draw(st.dates(date(year, 6, 1), date(year, 8, 31)))
    dates = data.draw(dated(date(year, 3, 1), date(year, 10, 31)))
    after = until_september(dates, today, counter, calendar)
    first = calendar.on_or_after(date(year, 9, 1), counter)
    last = dates.too_late_on
    if last is not None and (from_world(dates.why["too_late"]) or last < today):
        assert after.too_late_on == last
    if after.too_late_on is not None and after.too_late_on >= today:
        assert after.aim_on is not None
        assert after.aim_on <= after.too_late_on
    if loses_on(dates, today) is None:
        assert after.aim_on == min(first, after.too_late_on or first) or (last is not None and last < today)
        assert after.aim_on is not None
        assert after.aim_on >= date(year, 9, 1)
    assert "pause" not in after.why


@given(st.data(), years, counters, calendars())
def test_a_sleeping_step_keeps_the_days_of_the_world_and_its_lateness(
    data: st.DataObject, year: int, counter: Counter, calendar: SchoolCalendar
) -> None:
    """What still lay ahead comes back no sooner than the day it wakes; what the world says stands."""
    today = data.draw(st.dates(date(year, 7, 1), date(year, 8, 31)))
    dates = data.draw(dated(date(year, 3, 1), date(year, 10, 31)))
    wakes_on = schools_wake_on(today, calendar)
    assert wakes_on is not None
    rests = asleep(dates, today, wakes_on, counter, calendar)
    last = dates.too_late_on
    if last is not None and from_world(dates.why["too_late"]):
        assert rests.too_late_on == last
    elif dates.aim_on is not None and dates.aim_on >= today:
        assert rests.aim_on is not None
        assert rests.aim_on >= wakes_on
    longer = asleep(rests, wakes_on, wakes_on + timedelta(days=4), counter, calendar)
    assert longer == asleep(dates, today, wakes_on + timedelta(days=4), counter, calendar)


@given(years, calendars())
def test_no_rung_is_reached_on_the_day_a_step_wakes_that_was_on_time(year: int, calendar: SchoolCalendar) -> None:
    """An aim of 1 September, decided in June, lies no sooner than the day its school is ready."""
    dates = StepDates(date(year, 6, 14), None, False, {"aim": {"counter": "school_days", "anchor": "step_opened"}})
    decided = until_september(dates, date(year, 6, 7), Counter.SCHOOL_DAYS, calendar)
    wakes_on = calendar.nth_school_day(year, 3)
    slept = asleep(decided, date(year, 7, 1), wakes_on, Counter.SCHOOL_DAYS, calendar)
    assert slept.aim_on is not None
    cut = cutoffs(wakes_on, Counter.SCHOOL_DAYS, calendar, processes().common.ladder)
    rung = highest_rung(cut, aim_on=slept.aim_on, too_late_on=None, told_on=wakes_on, warned=False)
    assert rung is None


@given(years, st.booleans(), st.booleans(), st.booleans(), st.none() | st.just("not_reached"), st.booleans())
def test_there_is_always_one_proposal_and_closing_is_only_proposed_for_a_reason(
    year: int, known: bool, school: bool, restarts: bool, gave_up: str | None, six: bool
) -> None:
    born_on = date(year - 6 if six else year - 4, 12, 31)
    found = propose(
        AtYearEnd(date(year, 6, 1), born_on, gave_up=gave_up, restarts=restarts, school_known=known, of_school=school)
    )
    closes = found.decision in (Decision.CLOSE, Decision.PRIMARY_AGE)
    assert closes == (six or gave_up is not None)
    unseen = propose(AtYearEnd(date(year, 6, 1), None, of_school=school))
    assert unseen.decision in (Decision.SEPTEMBER, Decision.GOES_ON)


def test_which_steps_of_the_processes_begin_again_in_september() -> None:
    """Found in the process itself: two steps of *rarely present* can be left to the school."""
    found = {
        (process.key, step.key)
        for process in processes()
        for step in process.steps
        if restarting_outcome(process, step) is not None
    }
    assert found == {("attendance", "follow_up"), ("attendance", "home_visit")}
