"""Dates of an open step move only as the process says: agreed days, pauses, other calendars, a chosen entry day."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings, strategies as st

from outreach.cases.workflow import (
    Anchor,
    Stay,
    StepRule,
    again,
    agreed_day,
    derive,
    paused,
    resumed,
    stayed,
)
from outreach.cases.workflow.pausing import from_world
from outreach.schoolyear import Closing, Counter, SchoolCalendar
from tests.cases.workflow.conftest import CALENDAR, Child, Step
from tests.cases.workflow.test_any_child import STEPS, circumstances

OPENED = "2026-12-15"
FOUR = "2022-03-10"


def stay_of(rule: StepRule, key: str) -> Stay:
    """How the dates move when this is reported."""
    outcome = rule.find_outcome(key)
    assert outcome is not None
    assert outcome.stay is not None
    return outcome.stay


def test_the_next_agreed_day_is_the_aim_but_not_past_too_late(child: Child, step: Step) -> None:
    dates = derive(step("enrolment/home_visit"), child(FOUR, OPENED))  # aim 12 January, too late 26 January
    assert agreed_day(dates, date(2027, 1, 20), date(2026, 12, 18)).aim_on == date(2027, 1, 20)
    later = agreed_day(dates, date(2027, 2, 3), date(2026, 12, 18))
    assert (later.aim_on, later.too_late_on) == (date(2027, 1, 26), date(2027, 1, 26))


def test_once_too_late_has_passed_the_agreed_day_is_the_aim_and_the_step_stays_late(child: Child, step: Step) -> None:
    dates = derive(step("enrolment/home_visit"), child(FOUR, OPENED))
    passed = agreed_day(dates, date(2027, 2, 3), date(2027, 1, 27))
    assert passed.aim_on == date(2027, 2, 3)
    assert passed.due_on == date(2027, 1, 26)


def test_a_registered_child_waits_for_the_result(child: Child, step: Step) -> None:
    """The result comes on Wednesday 31 March 2027, in the Easter holiday; 5 working days later is 7 April
    (1, 2, 5, 6, 7; Easter Monday was 29 March)."""
    rule = step("enrolment/school_choice")
    dates = derive(rule, child(FOUR, OPENED))
    on = child(FOUR, "2027-01-11", {Anchor.RESULT_DAY: "2027-03-31"})
    moved = stayed(dates, rule, stay_of(rule, "registered"), on)
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 3, 31), date(2027, 4, 7))


def test_a_ticket_brings_its_last_day(child: Child, step: Step) -> None:
    """A ticket until Sunday 11 April 2027: the last outreach day before it is Friday 26 March, before the holiday."""
    rule = step("enrolment/school_choice")
    dates = derive(rule, child(FOUR, OPENED))
    on = child(FOUR, "2027-01-11", {Anchor.TICKET_EXPIRES: "2027-04-11"})
    moved = stayed(dates, rule, stay_of(rule, "ticket"), on)
    assert (moved.aim_on, moved.too_late_on) == (dates.aim_on, date(2027, 3, 26))


def test_a_ticket_holds_when_the_family_chooses_a_day(child: Child, step: Step) -> None:
    rule = step("enrolment/school_choice")
    on = child(FOUR, "2027-01-11", {Anchor.TICKET_EXPIRES: "2027-03-12"})
    ticket = stayed(derive(rule, child(FOUR, OPENED)), rule, stay_of(rule, "ticket"), on)
    chosen = child(FOUR, OPENED, {Anchor.TICKET_EXPIRES: "2027-03-12", Anchor.ENTRY_DAY: "2027-09-01"})
    assert again(ticket, chosen, rule=rule, today=date(2027, 1, 18)).too_late_on == date(2027, 3, 12)


def test_after_the_settling_in_moment_the_school_waits_for_the_entry_day(child: Child, step: Step) -> None:
    rule = step("enrolment/warm_welcome")
    chosen = {Anchor.ENTRY_DAY: "2027-02-01"}
    dates = derive(rule, child(FOUR, OPENED, chosen))  # aim 25 January, too late 1 February
    assert dates.aim_on == date(2027, 1, 25)
    moved = stayed(dates, rule, stay_of(rule, "settling_in_held"), child(FOUR, "2027-01-22", chosen))
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 2, 1), date(2027, 2, 1))


def test_who_did_not_come_is_rung_within_three_school_days(child: Child, step: Step) -> None:
    """Reported Monday 1 February: 2, 3, 4 February; ten: 2-5 February are 4, 15-19 are 9, Monday 22 February."""
    rule = step("enrolment/warm_welcome")
    chosen = {Anchor.ENTRY_DAY: "2027-02-01"}
    dates = derive(rule, child(FOUR, OPENED, chosen))
    moved = stayed(dates, rule, stay_of(rule, "did_not_come"), child(FOUR, "2027-02-01", chosen))
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 2, 4), date(2027, 2, 22))


def test_who_wants_later_gets_both_dates_anew(child: Child, step: Step) -> None:
    rule = step("enrolment/home_visit")
    dates = derive(rule, child(FOUR, OPENED))
    september = child(FOUR, "2027-02-01", {Anchor.ENTRY_DAY: "2027-09-01"})
    assert stayed(dates, rule, stay_of(rule, "wants_later"), september) == derive(rule, september)


def test_in_a_pause_the_aim_moves_and_our_own_too_late_with_it(child: Child, step: Step) -> None:
    """Paused from 4 to 15 January (9 outreach days after the 4th).

    12 January + 9: 13, 14, 15, 18-22 January are 8, 25 January. 26 January + 9: 27, 28, 29 are 3, 1-5 February 8, and
    after the carnival holiday Monday 15 February.
    """
    dates = derive(step("enrolment/home_visit"), child(FOUR, OPENED))
    rest = paused(dates, date(2027, 1, 4), date(2027, 1, 15), Counter.OUTREACH_DAYS, CALENDAR)
    assert (rest.aim_on, rest.too_late_on) == (date(2027, 1, 25), date(2027, 2, 15))


def test_a_day_from_the_world_does_not_wait_for_a_pause(child: Child, step: Step) -> None:
    dates = derive(step("enrolment/school_choice"), child(FOUR, OPENED, {Anchor.REGISTRATION_CLOSES: "2027-01-29"}))
    assert from_world(dates.why["too_late"])
    rest = paused(dates, date(2027, 1, 4), date(2027, 1, 22), Counter.OUTREACH_DAYS, CALENDAR)
    assert (rest.aim_on, rest.too_late_on) == (date(2027, 1, 29), date(2027, 1, 29))


def test_a_pause_that_ends_sooner_gives_the_rest_back(child: Child, step: Step) -> None:
    dates = derive(step("enrolment/home_visit"), child(FOUR, OPENED))
    rest = paused(dates, date(2027, 1, 4), date(2027, 1, 15), Counter.OUTREACH_DAYS, CALENDAR)
    back = resumed(rest, date(2027, 1, 6), Counter.OUTREACH_DAYS, CALENDAR)  # two days in all
    assert (back.aim_on, back.too_late_on) == (date(2027, 1, 14), date(2027, 1, 28))
    undone = resumed(rest, date(2027, 1, 4), Counter.OUTREACH_DAYS, CALENDAR)
    assert (undone.aim_on, undone.too_late_on) == (dates.aim_on, dates.too_late_on)
    assert resumed(dates, date(2027, 1, 4), Counter.OUTREACH_DAYS, CALENDAR) == dates


def test_what_lay_ahead_does_not_come_back_within_the_pause(child: Child, step: Step) -> None:
    """The aim was Tuesday 12 January, the day the pause begins: it comes back the first day after the pause."""
    dates = derive(step("enrolment/home_visit"), child(FOUR, OPENED))
    rest = paused(dates, date(2027, 1, 12), date(2027, 1, 15), Counter.OUTREACH_DAYS, CALENDAR)
    assert rest.aim_on == date(2027, 1, 18)


def test_a_closing_week_moves_the_dates_of_an_open_step(child: Child, step: Step) -> None:
    """The team closes 4-8 January: 10 outreach days are 16, 17, 18 December, 11-15 and 18, 19 January."""
    at = child(FOUR, OPENED)
    dates = derive(step("enrolment/home_visit"), at)
    closed = SchoolCalendar(owner_closings=[Closing(date(2027, 1, 4), date(2027, 1, 8), "sluiting")])
    moved = again(dates, replace(at, calendar=closed))
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 1, 19), date(2027, 2, 2))
    assert again(moved, at).aim_on == dates.aim_on


def test_what_was_judged_when_the_step_opened_stays_judged(child: Child, step: Step) -> None:
    """A toddler's too late hangs on 15 February because the earlier entry days were too near; a closing day that makes
    February's entry day no nearer does not choose another rule or day."""
    at = child("2024-05-20", OPENED)
    dates = derive(step("enrolment/home_visit"), at)
    closed = SchoolCalendar(owner_closings=[Closing(date(2027, 1, 18), date(2027, 1, 22), "sluiting")])
    moved = again(dates, replace(at, calendar=closed))
    assert moved.why["too_late"]["anchor_on"] == "2027-02-15"
    assert moved.too_late_on == date(2027, 1, 4)  # 5 days lost: 1-5 February, 25-29, 11-15, 4-8 January


def test_an_agreed_day_stays_when_the_calendar_changes(child: Child, step: Step) -> None:
    at = child(FOUR, OPENED)
    dates = agreed_day(derive(step("enrolment/home_visit"), at), date(2027, 1, 20), date(2026, 12, 18))
    closed = SchoolCalendar(owner_closings=[Closing(date(2027, 1, 4), date(2027, 1, 8), "sluiting")])
    moved = again(dates, replace(at, calendar=closed), today=date(2026, 12, 18))
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 1, 20), date(2027, 2, 2))


def test_an_entry_day_that_becomes_chosen_derives_both_dates_again(child: Child, step: Step) -> None:
    rule = step("enrolment/home_visit")
    dates = derive(rule, child(FOUR, OPENED))
    chosen = child(FOUR, OPENED, {Anchor.ENTRY_DAY: "2027-04-12"})
    moved = again(dates, chosen, rule=rule, today=date(2027, 1, 11))
    # 20 outreach days before 12 April: 26-22, 19-15, 12-8, 5-1 March. Aim 10 days after 11 January: 25 January.
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 1, 25), date(2027, 3, 1))


def test_a_day_that_lay_ahead_does_not_become_late_by_itself(child: Child, step: Step) -> None:
    """The chosen entry day comes forward from 12 April to 1 February: twenty outreach days before it are past on
    11 January. Judged anew that day: tight, the fifth day after it."""
    rule = step("enrolment/home_visit")
    dates = derive(rule, child(FOUR, OPENED, {Anchor.ENTRY_DAY: "2027-04-12"}))
    sooner = child(FOUR, OPENED, {Anchor.ENTRY_DAY: "2027-02-01"})
    moved = again(dates, sooner, rule=rule, today=date(2027, 1, 11))
    assert (moved.too_late_on, moved.tight) == (date(2027, 1, 18), True)


def test_an_agreed_day_and_a_pause_outlast_a_new_entry_day(child: Child, step: Step) -> None:
    rule, chosen = step("enrolment/home_visit"), child(FOUR, OPENED, {Anchor.ENTRY_DAY: "2027-04-12"})
    dates = derive(rule, child(FOUR, OPENED))
    agreed = agreed_day(dates, date(2027, 1, 20), date(2027, 1, 8))
    assert again(agreed, chosen, rule=rule, today=date(2027, 1, 11)).aim_on == date(2027, 1, 20)
    rest = paused(dates, date(2027, 1, 8), date(2027, 1, 22), Counter.OUTREACH_DAYS, CALENDAR)
    moved = again(rest, chosen, rule=rule, today=date(2027, 1, 11))
    # From 11 January 10 outreach days are 25 January, and 9 more (12-15, 18-22 January) 5 February.
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 2, 5), date(2027, 3, 1))


def test_a_closing_during_a_pause_counts_when_it_ends_early(child: Child, step: Step) -> None:
    at = child(FOUR, OPENED)
    dates = derive(step("enrolment/home_visit"), at)
    closed = SchoolCalendar(owner_closings=[Closing(date(2027, 2, 1), date(2027, 2, 5), "sluiting")])
    rest = paused(dates, date(2027, 1, 4), date(2027, 1, 15), Counter.OUTREACH_DAYS, CALENDAR)
    moved = again(rest, replace(at, calendar=closed))
    assert (moved.aim_on, moved.too_late_on) == (date(2027, 1, 25), date(2027, 2, 22))
    undone = resumed(moved, date(2027, 1, 4), Counter.OUTREACH_DAYS, closed)
    assert (undone.aim_on, undone.too_late_on) == (dates.aim_on, dates.too_late_on)


@given(at=circumstances(), which=st.sampled_from(STEPS))
@settings(max_examples=150, deadline=None)
def test_deriving_again_with_nothing_changed_changes_nothing(at, which) -> None:  # type: ignore[no-untyped-def]
    dates = derive(which[1], at)
    assert again(dates, at) == dates
    assert again(dates, at, rule=which[1], today=at.opened_on) == dates


@given(at=circumstances(), which=st.sampled_from(STEPS), wait=st.integers(0, 40), length=st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_a_paused_step_derived_again_stays_where_the_pause_put_it(at, which, wait, length) -> None:  # type: ignore[no-untyped-def]
    from_on = date.fromordinal(at.opened_on.toordinal() + wait)
    until_on = date.fromordinal(from_on.toordinal() + length)
    dates = derive(which[1], at)
    rest = paused(dates, from_on, until_on, which[1].counter, at.calendar)
    assert rest.aim_on is not None
    assert dates.aim_on is not None
    if dates.too_late_on is None or not from_world(dates.why["too_late"]):
        assert rest.aim_on >= dates.aim_on
    assert (again(rest, at).aim_on, again(rest, at).too_late_on) == (rest.aim_on, rest.too_late_on)
