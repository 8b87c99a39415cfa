"""The calendar of an area and an organisation: whose closing days count where, and at what price."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners import commands
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area, Organisation
from outreach.schoolyear import Counter

MONDAY = date(2027, 1, 18)


@pytest.fixture
def gent(session: Session) -> Area:
    return commands.add_area(session, key="gent", name="Gent", nis=["44021"])


@pytest.fixture
def school(session: Session) -> Organisation:
    return commands.add_organisation(session, key="linde", kind="school", name="De Linde", number="012345")


@pytest.fixture
def team(session: Session) -> Organisation:
    return commands.add_organisation(session, key="brug", kind="inloopteam", name="De Brug")


def close(session: Session, **place: Area | Organisation) -> None:
    commands.add_closing(session, from_on=MONDAY, until_on=MONDAY, reason="Studiedag", **place)


def test_a_day_closed_in_the_area_is_no_school_day_there_and_one_elsewhere(session: Session, gent: Area) -> None:
    other = commands.add_area(session, key="rand", name="Rand", nis=["44013"])
    close(session, area=gent)
    assert not calendar_for(session, gent.id).is_school_day(MONDAY)
    assert calendar_for(session, other.id).is_school_day(MONDAY)
    assert calendar_for(session).is_school_day(MONDAY)


def test_a_day_closed_in_a_school_is_no_school_day_for_that_school(
    session: Session, gent: Area, school: Organisation
) -> None:
    close(session, organisation=school)
    assert not calendar_for(session, gent.id, school.id).is_school_day(MONDAY)
    assert calendar_for(session, gent.id).is_school_day(MONDAY)


def test_a_team_that_is_closed_does_no_outreach_while_the_schools_go_on(
    session: Session, gent: Area, team: Organisation
) -> None:
    close(session, organisation=team)
    calendar = calendar_for(session, gent.id, team.id)
    assert calendar.is_school_day(MONDAY)
    assert not calendar.counts(MONDAY, Counter.OUTREACH_DAYS)


def test_closing_days_added_now_count_at_once(session: Session, gent: Area) -> None:
    assert calendar_for(session, gent.id).is_school_day(MONDAY)
    close(session, area=gent)
    assert not calendar_for(session, gent.id).is_school_day(MONDAY)


def test_closing_days_that_were_not_kept_do_not_count(session: Session, gent: Area) -> None:
    session.commit()
    close(session, area=gent)
    assert not calendar_for(session, gent.id).is_school_day(MONDAY)
    session.rollback()
    assert calendar_for(session, gent.id).is_school_day(MONDAY)


def test_a_sweep_asks_the_database_once(session: Session, gent: Area, school: Organisation, team: Organisation) -> None:
    close(session, area=gent)
    session.commit()
    asked: list[str] = []
    places = [(gent.id, None), (gent.id, school.id), (gent.id, team.id)]
    event.listen(db.engine, "before_cursor_execute", listener := lambda *args: asked.append(args[2]))
    for _ in range(500):
        for area_id, organisation_id in places:
            calendar_for(session, area_id, organisation_id)
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


def test_the_same_closings_are_the_same_calendar_in_the_next_transaction(session: Session, gent: Area) -> None:
    close(session, area=gent)
    gent_id = gent.id
    session.commit()
    with transaction(session):
        first = calendar_for(session, gent_id)
    with transaction(session):
        assert calendar_for(session, gent_id) is first


def test_closing_days_are_of_one_place_and_in_order(session: Session, gent: Area, school: Organisation) -> None:
    with pytest.raises(Refused):
        commands.add_closing(session, from_on=MONDAY, until_on=MONDAY, reason="x")
    with pytest.raises(Refused):
        close(session, area=gent, organisation=school)
    with pytest.raises(Refused):
        commands.add_closing(session, area=gent, from_on=MONDAY, until_on=date(2027, 1, 17), reason="x")


def test_the_same_closing_twice_is_one(session: Session, gent: Area) -> None:
    first = commands.add_closing(session, area=gent, from_on=MONDAY, until_on=MONDAY, reason="Studiedag")
    assert commands.add_closing(session, area=gent, from_on=MONDAY, until_on=MONDAY, reason="Staking") is first
    assert first.reason == "Staking"
