"""The reminder ladder in cut-off days: the same answer as counting every step, and quiet where it must be."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from outreach.cases.workflow import (
    Rung,
    adjusted,
    cutoffs,
    forewarned,
    going_round,
    highest_rung,
    processes,
    schools_asleep,
    silent_rung,
)
from outreach.schoolyear import Counter
from tests.cases.workflow.conftest import CALENDAR

LADDER = processes().common.ladder
LONG_AGO = date(2026, 9, 1)
OUTREACH = Counter.OUTREACH_DAYS


def rung(today: str, aim: str, too_late: str | None = None, told: date = LONG_AGO, warned: bool = True) -> Rung | None:
    """The rung of a step of an inloopteam on a day."""
    cut = cutoffs(date.fromisoformat(today), OUTREACH, CALENDAR, LADDER)
    last = date.fromisoformat(too_late) if too_late else None
    return highest_rung(cut, aim_on=date.fromisoformat(aim), too_late_on=last, told_on=told, warned=warned)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2027-01-06", None),  # four school days before the aim of Tuesday 12 January
        ("2027-01-07", Rung.BEFORE_AIM),  # three: 8, 11, 12 January
        ("2027-01-12", Rung.BEFORE_AIM),
        ("2027-01-13", Rung.LATE),
        ("2027-01-18", Rung.LATE),  # four past: 13, 14, 15, 18
        ("2027-01-19", Rung.TEAM_LEAD),
        ("2027-01-25", Rung.TEAM_LEAD),  # nine past
        ("2027-01-26", Rung.COORDINATOR),
    ],
)
def test_a_step_climbs_from_the_person_to_the_coordinator(today: str, expected: Rung | None) -> None:
    assert rung(today, "2027-01-12") == expected


def test_the_ladder_rests_when_its_counter_does() -> None:
    """Aim Friday 18 December: through the Christmas holiday nothing, on 4 January the first school day past it."""
    assert rung("2026-12-21", "2026-12-18", warned=False) is None
    assert rung("2027-01-04", "2026-12-18") == Rung.LATE


def test_too_late_reached_tells_the_coordinator_but_not_before_the_owner_could_act() -> None:
    assert rung("2027-01-26", "2027-01-25", "2027-01-26") == Rung.COORDINATOR
    assert rung("2027-01-26", "2027-01-25", "2027-01-26", told=date(2027, 1, 25)) == Rung.LATE
    assert rung("2027-01-27", "2027-01-25", "2027-01-26", told=date(2027, 1, 25)) == Rung.COORDINATOR


def test_a_day_agreed_after_too_late_starts_the_ladder_again() -> None:
    assert rung("2027-01-27", "2027-02-03", "2027-01-26") is None
    assert rung("2027-02-04", "2027-02-03", "2027-01-26") == Rung.LATE


def test_no_word_before_an_aim_that_came_at_once_or_that_the_owner_set() -> None:
    opened = date(2027, 1, 11)
    assert not forewarned(opened, date(2027, 1, 15), OUTREACH, CALENDAR, LADDER, own_aim=False)
    assert forewarned(opened, date(2027, 1, 18), OUTREACH, CALENDAR, LADDER, own_aim=False)
    assert not forewarned(opened, date(2027, 1, 18), OUTREACH, CALENDAR, LADDER, own_aim=True)
    assert rung("2027-01-15", "2027-01-18", warned=False) is None


def test_twenty_days_of_silence_reach_the_owner_and_as_many_again_the_coordinator() -> None:
    """20 school days after 15 December: 26 January; 40: 2 March."""
    said = date(2026, 12, 15)

    def on(day: date) -> Rung | None:
        return silent_rung(cutoffs(day, OUTREACH, CALENDAR, LADDER), said)

    assert on(date(2027, 1, 25)) is None
    assert on(date(2027, 1, 26)) == Rung.SILENCE
    assert on(date(2027, 3, 1)) == Rung.SILENCE
    assert on(date(2027, 3, 2)) == Rung.SILENCE_COORDINATOR


def test_a_case_that_goes_round_is_seen() -> None:
    assert going_round(LADDER, stays=3, pauses=1, openings=2) == []
    assert going_round(LADDER, stays=4, pauses=2, openings=3) == ["stays", "pauses", "openings"]


@pytest.mark.parametrize(
    ("day", "asleep"),
    [
        ("2027-06-30", False),
        ("2027-07-01", True),
        ("2027-08-31", True),
        ("2027-09-02", True),
        ("2027-09-03", False),  # Wednesday 1 September is the first school day
        ("2026-12-24", False),
    ],
)
def test_schools_hear_nothing_until_the_third_school_day_of_september(day: str, asleep: bool) -> None:
    assert schools_asleep(date.fromisoformat(day), CALENDAR) == asleep


def test_an_area_may_change_the_numbers() -> None:
    assert adjusted(LADDER, {"silence": 15}).silence == 15
    assert adjusted(LADDER, {}) == LADDER
    with pytest.raises(ValueError, match="patience"):
        adjusted(LADDER, {"patience": 3})


@given(
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    behind=st.integers(-20, 90),
    counter=st.sampled_from(list(Counter)),
)
@settings(max_examples=200, deadline=None)
def test_cut_off_days_say_what_counting_says(today: date, behind: int, counter: Counter) -> None:
    aim = today - timedelta(days=behind)
    cut = cutoffs(today, counter, CALENDAR, LADDER)
    past = CALENDAR.between(aim, today, counter)
    assert (aim <= cut.late) == (past >= 1)
    assert (aim <= cut.team_lead) == (past >= 5)
    assert (aim <= cut.coordinator) == (past >= 10)
    assert (aim <= cut.silence) == (past >= 20)
    if CALENDAR.counts(aim, counter):
        assert (aim <= cut.before_aim) == (CALENDAR.subtract(aim, 3, counter).day <= today)
