"""What can be said at a step, by whom it is owned, and which closure is proposed."""

from collections.abc import Mapping
from datetime import date

import pytest

from outreach.cases.workflow import (
    Owner,
    Situation,
    Try,
    asked,
    choose_owner,
    compulsory_from,
    enough,
    missing,
    possible_outcomes,
    processes,
    proposed_closure,
)
from outreach.schoolyear import SchoolCalendar
from tests.cases.workflow.conftest import CALENDAR, Child, Step

MAY = date(2027, 5, 31)
JUNE = date(2027, 6, 1)


def offered(address: str, at: Situation) -> Mapping[str, str | None]:
    """The refusal of every outcome of a step, None where it can be said."""
    key, _, name = address.partition("/")
    process = processes().current(key)
    rule = process.find_step(name)
    assert rule is not None
    return {possible.outcome.key: possible.refusal for possible in possible_outcomes(process, rule, at)}


def test_a_child_of_compulsory_age_cannot_want_later_nor_be_closed_as_refused() -> None:
    compulsory, free = Situation(MAY, compulsory=True), Situation(MAY, compulsory=False)
    assert offered("enrolment/home_visit", compulsory)["wants_later"] == "outcome_not_if_compulsory"
    assert offered("enrolment/home_visit", free)["wants_later"] is None
    assert offered("enrolment/decision", compulsory)["refused"] == "outcome_not_if_compulsory"
    assert offered("enrolment/decision", compulsory)["handed_to_agodi"] is None
    assert offered("enrolment/decision", free)["handed_to_agodi"] == "outcome_only_if_compulsory"
    assert offered("attendance/decision", compulsory)["refused"] == "outcome_not_if_compulsory"
    assert offered("enrolment/home_visit", compulsory)["refuses"] is None


def test_wanting_later_is_said_twice_at_most_in_a_whole_track() -> None:
    twice = Situation(MAY, compulsory=False, said_in_track={"wants_later": 2})
    assert offered("enrolment/school_choice", twice)["wants_later"] == "outcome_said_often_enough"
    once = Situation(MAY, compulsory=False, said_in_track={"wants_later": 1})
    assert offered("enrolment/school_choice", once)["wants_later"] is None


def test_a_start_is_postponed_once_at_each_welcome() -> None:
    again = Situation(MAY, compulsory=False, said_in_track={"postponed": 1})
    assert offered("enrolment/warm_welcome", again)["postponed"] is None
    twice = Situation(MAY, compulsory=False, said_at_step={"postponed": 1})
    assert offered("enrolment/warm_welcome", twice)["postponed"] == "outcome_said_often_enough"


def test_from_june_a_visit_may_wait_for_september() -> None:
    may, june = Situation(MAY, compulsory=False), Situation(JUNE, compulsory=False)
    assert offered("attendance/home_visit", may)["leave_to_september"] == "outcome_only_after_1_june"
    assert offered("attendance/home_visit", june)["leave_to_september"] is None
    september = Situation(date(2027, 9, 1), compulsory=False)
    assert offered("attendance/home_visit", september)["leave_to_september"] == "outcome_only_after_1_june"


def test_not_reached_waits_for_the_set_tries() -> None:
    lacking = Situation(MAY, compulsory=False, lacking={"tries": 1})
    assert offered("enrolment/home_visit", lacking)["not_reached_after_tries"] == "outcome_needs_more_tries"
    assert offered("enrolment/home_visit", lacking)["nobody_reached"] is None


def test_at_every_step_one_can_say_what_may_always_happen_but_not_go_where_one_is() -> None:
    situation = Situation(MAY, compulsory=False)
    for process in processes():
        for step in process.steps:
            said = offered(f"{process.key}/{step.key}", situation)
            assert {"moved_within_flanders", "moved_abroad", "died"} <= set(said)
            assert ("refuses" in said) == (step.key != "decision")


def test_a_child_of_compulsory_age_is_asked_for_the_schooling_check(step: Step) -> None:
    assign = step("enrolment/intake").find_outcome("assign")
    assert assign is not None
    assert asked(assign, compulsory=False) == ()
    assert asked(assign, compulsory=True) == ("schooling_check",)


@pytest.mark.parametrize(("born", "since"), [("2021-12-31", "2026-09-01"), ("2022-01-01", "2027-09-01")])
def test_compulsory_age_begins_in_september_of_the_year_a_child_turns_five(born: str, since: str) -> None:
    assert compulsory_from(date.fromisoformat(born)) == date.fromisoformat(since)


@pytest.mark.parametrize(("said", "limit"), [("2027-05-31", "2027-09-01"), ("2027-09-15", "2028-09-01")])
def test_later_is_not_beyond_the_next_first_of_september(said: str, limit: str, child: Child, step: Step) -> None:
    later = step("enrolment/home_visit").find_outcome("wants_later")
    assert later is not None
    assert later.not_beyond is not None
    assert child("2023-06-10", said).value(later.not_beyond) == date.fromisoformat(limit)


TRIES = [
    Try(date(2027, 1, 4), "door"),
    Try(date(2027, 1, 11), "phone"),
    Try(date(2027, 1, 18), "door"),
    Try(date(2027, 1, 25), "letter"),
]


def test_four_tries_over_two_channels_and_fifteen_working_days_are_enough(step: Step) -> None:
    """4 to 25 January: fifteen working days lie between them."""
    rule = step("enrolment/home_visit").tries
    assert rule is not None
    assert enough(TRIES, rule, compulsory=False, calendar=CALENDAR)
    assert missing(TRIES, rule, compulsory=True, calendar=CALENDAR) == {"tries": 4}
    assert missing(TRIES[:3], rule, compulsory=False, calendar=CALENDAR) == {"tries": 1, "working_days": 5}
    doors = [Try(each.on, "door") for each in TRIES]
    assert missing(doors, rule, compulsory=False, calendar=CALENDAR) == {"channels": 1}
    assert missing([], rule, compulsory=False, calendar=SchoolCalendar()) == {
        "tries": 4,
        "channels": 2,
        "working_days": 15,
    }


LEAD, NAMED, BEFORE, ROUTED, SERVING, OTHER = range(1, 7)


@pytest.mark.parametrize(
    ("named", "previous", "routed", "serving", "owner"),
    [
        (NAMED, BEFORE, ROUTED, [SERVING], Owner(NAMED, "named")),
        (None, BEFORE, ROUTED, [SERVING], Owner(BEFORE, "previous")),
        (None, None, ROUTED, [SERVING], Owner(ROUTED, "routed")),
        (None, None, None, [SERVING, SERVING], Owner(SERVING, "only_one")),
        (None, None, None, [SERVING, OTHER], Owner(LEAD, "to_assign", to_assign=True)),
        (None, None, None, [], Owner(LEAD, "to_assign", to_assign=True)),
    ],
)
def test_the_owner_of_a_visit_is_found_in_the_order_of_the_process(
    named: int | None, previous: int | None, routed: int | None, serving: list[int], owner: Owner, step: Step
) -> None:
    rule = step("enrolment/home_visit").owner
    assert choose_owner(rule, named=named, previous=previous, routed=routed, serving=serving, lead=LEAD) == owner


def test_the_lead_keeps_its_own_steps_and_mediates_where_there_is_no_lop(step: Step) -> None:
    nobody = {"named": None, "previous": None, "routed": None, "lead": LEAD}
    assert choose_owner(step("enrolment/intake").owner, serving=[SERVING], **nobody) == Owner(LEAD, "lead")
    assert choose_owner(step("enrolment/mediation").owner, serving=[SERVING], **nobody) == Owner(SERVING, "only_one")
    assert choose_owner(step("enrolment/mediation").owner, serving=[], **nobody) == Owner(LEAD, "lead")


@pytest.mark.parametrize(
    ("enrolled", "contact", "closure"),
    [
        ("2026-12-01", "2027-01-11", "already_enrolled"),
        ("2027-01-04", "2027-01-11", "enrolled_meanwhile"),
        ("2027-01-04", None, "enrolled_meanwhile"),
        ("2027-01-11", "2027-01-11", "enrolled_after_outreach"),
    ],
)
def test_the_closure_fits_the_day_of_enrolment(enrolled: str, contact: str | None, closure: str, step: Step) -> None:
    outcome = step("enrolment/verification").find_outcome("enrolled_and_seen")
    assert outcome is not None
    proposed = proposed_closure(
        [processes().closure(key) for key in outcome.closures],
        enrolled_on=date.fromisoformat(enrolled),
        case_opened_on=date(2026, 12, 15),
        first_contact_on=date.fromisoformat(contact) if contact else None,
    )
    assert proposed is not None
    assert proposed.key == closure
