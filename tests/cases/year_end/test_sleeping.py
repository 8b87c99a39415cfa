"""Steps of schools sleep from 1 July, and wake on the third school day with the contact of the new year asked first."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.naming_contacts import name_contact
from outreach.cases.commands.planning import resume_step
from outreach.cases.models import Case, Pause
from outreach.cases.queries.school_contacts import schools_asked
from outreach.cases.queries.standing import standing
from outreach.cases.queries.verify import case_checks
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for
from outreach.partners.commands import add_closing
from tests.cases.commands.test_one_child import READ, event_kinds, last_step
from tests.ground.field import Field

from .conftest import Welcome, morning, say

JUNE = clock.moment_of(date(2027, 6, 7), 10)
WAKES = date(2027, 9, 3)
"""The third school day: 1 September 2027 is a Wednesday."""


def in_june(welcome: Welcome, **details: date) -> Case:
    """A child whose welcome is De Linde's move before the summer."""
    with clock.at(JUNE):
        return welcome(**details)


def test_a_step_of_a_school_sleeps_all_summer_and_is_never_late(
    session: Session, field: Field, welcome: Welcome
) -> None:
    """Its aim was before 1 July; in July and August nothing of it is red, and it says until when it sleeps."""
    case = in_june(welcome, entry_on=date(2027, 6, 21))
    morning(session, date(2027, 6, 30))
    assert last_step(session, case).state == "open"
    for day in (date(2027, 7, 1), date(2027, 7, 19), date(2027, 8, 31), date(2027, 9, 2)):
        morning(session, day)
        step = last_step(session, case)
        assert (step.state, step.late(day), step.lost(day), step.sleeps_until) == ("paused", False, False, WAKES)
        stands = standing(step, day, calendar_for(session, step.area_id, step.organisation_id))
        assert (stands.urgency, stands.asleep, stands.day) == ("paused", True, WAKES)
    assert event_kinds(session, case).count("step_asleep") == 1
    assert last_step(session, case).pauses == 0
    morning(session, WAKES)
    assert (last_step(session, case).state, last_step(session, case).sleeps_until) == ("open", None)
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_day_from_the_world_does_not_wait(session: Session, field: Field, welcome: Welcome) -> None:
    """Milan starts on 1 September: that day stays too late, whatever sleeps."""
    case = in_june(welcome)
    before = last_step(session, case)
    assert before.too_late_on == date(2027, 9, 1)
    morning(session, date(2027, 7, 1))
    assert last_step(session, case).too_late_on == date(2027, 9, 1)
    morning(session, WAKES)
    assert last_step(session, case).too_late_on == date(2027, 9, 1)


def test_the_step_of_a_team_does_not_sleep(session: Session, field: Field, visited: Welcome) -> None:
    with clock.at(JUNE):
        case = visited()
    morning(session, date(2027, 7, 1))
    assert last_step(session, case).state == "open"


def test_what_comes_to_a_school_in_august_sleeps_too(session: Session, field: Field, welcome: Welcome) -> None:
    with clock.at(clock.moment_of(date(2027, 8, 17), 10)):
        case = welcome()
    morning(session, date(2027, 8, 18))
    assert last_step(session, case).sleeps_until == WAKES


def test_the_school_that_gets_more_days_off_sleeps_longer(session: Session, field: Field, welcome: Welcome) -> None:
    """De Linde closes on Thursday 2 September: its third school day is Monday the 6th."""
    case = in_june(welcome)
    morning(session, date(2027, 7, 1))
    add_closing(
        session,
        organisation=field.organisations["de-linde"],
        from_on=date(2027, 9, 2),
        until_on=date(2027, 9, 2),
        reason="studiedag",
    )
    morning(session, WAKES)
    assert last_step(session, case).sleeps_until == date(2027, 9, 6)
    assert "step_woke" not in event_kinds(session, case)
    morning(session, date(2027, 9, 6))
    assert last_step(session, case).state == "open"
    assert [each.ended_at is None for each in session.scalars(select(Pause), execution_options=READ)] == [False, False]


def test_nobody_wakes_a_sleeping_step_by_hand_but_it_can_be_reported(
    session: Session, field: Field, welcome: Welcome
) -> None:
    case = in_june(welcome)
    morning(session, date(2027, 7, 1))
    with clock.at(clock.moment_of(date(2027, 8, 24), 10)):
        with pytest.raises(Refused, match="school_sleeps"):
            resume_step(session, case, last_step(session, case), by=field.school)
        say(field, case, "still_not_there", field.school)
    assert last_step(session, case).key == "home_visit"


def test_the_step_wakes_for_the_contact_of_this_year(session: Session, field: Field, welcome: Welcome) -> None:
    """Sofie had it in June; on the third school day nobody has it until De Linde says it is Bo now."""
    case = in_june(welcome)
    assert last_step(session, case).person_id == field.school.person_id
    morning(session, date(2027, 7, 1))
    morning(session, WAKES)
    assert last_step(session, case).person_id is None
    bo = field.person("Bo", "de-linde", "school-contact")
    with clock.at(clock.moment_of(WAKES, 10)):
        assert [(each.school.key, each.steps) for each in schools_asked(session, bo)] == [("de-linde", 1)]
        assert [each.school.key for each in schools_asked(session, field.coordinator)] == ["de-linde"]
        assert schools_asked(session, field.worker) == []
        assert name_contact(session, field.organisations["de-linde"], person_id=bo.person_id, by=bo) == 1
        assert last_step(session, case).person_id == bo.person_id
        assert schools_asked(session, bo) == []
    assert event_kinds(session, case)[-3:] == ["step_asleep", "step_woke", "contact_of_year_named"]
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_school_without_people_is_reached_by_its_mailbox(session: Session, field: Field, welcome: Welcome) -> None:
    case = in_june(welcome)
    morning(session, date(2027, 7, 1))
    morning(session, WAKES)
    linde = field.organisations["de-linde"]
    with clock.at(clock.moment_of(WAKES, 10)):
        with pytest.raises(Refused, match="mailbox_malformed"):
            name_contact(session, linde, person_id=None, mailbox="geen adres", by=field.coordinator)
        with pytest.raises(Refused, match="person_not_of_team"):
            name_contact(session, linde, person_id=field.worker.person_id, by=field.coordinator)
        name_contact(session, linde, person_id=None, mailbox="onthaal@delinde.example", by=field.coordinator)
    step = last_step(session, case)
    assert (linde.mailbox, step.person_id, step.owner_reason) == ("onthaal@delinde.example", None, "contact")


def test_a_contact_named_before_a_step_wakes_gets_it_at_once(session: Session, field: Field, welcome: Welcome) -> None:
    """De Linde named Bo on 1 September, for another child; what wakes later does not ask again."""
    case = in_june(welcome)
    morning(session, date(2027, 7, 1))
    bo = field.person("Bo", "de-linde", "school-contact")
    with clock.at(clock.moment_of(date(2027, 9, 1), 10)):
        name_contact(session, field.organisations["de-linde"], person_id=bo.person_id, by=bo)
    morning(session, WAKES)
    assert last_step(session, case).person_id == bo.person_id


def test_a_later_step_of_the_case_does_not_go_to_last_years_teacher(
    session: Session, field: Field, welcome: Welcome
) -> None:
    """In September the welcome leads to the first weeks: of nobody, or of who De Linde named."""
    case = in_june(welcome)
    with clock.at(clock.moment_of(date(2027, 9, 1), 10)):
        say(field, case, "started", field.school, entry_day=date(2027, 9, 1))
    assert last_step(session, case).key == "first_weeks"
    assert last_step(session, case).person_id is None


def test_no_case_opens_or_closes_by_itself(session: Session, field: Field, welcome: Welcome, visited: Welcome) -> None:
    """A whole summer of mornings: the same cases are open as before."""
    with clock.at(JUNE):
        cases = [welcome(), visited("Aya", date(2021, 2, 1)), visited("Finn", date(2024, 2, 1))]
    first = date(2027, 6, 8).toordinal()
    for day in range(first, first + 120, 3):
        morning(session, date.fromordinal(day))
    assert [case.ended_at for case in cases] == [None, None, None]
    open_now = session.scalars(select(Case).where(Case.ended_at.is_(None)), execution_options=READ).all()
    assert len(open_now) == len(cases)
