"""What is read is noted: once for each person, subject and hour."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import actor_for
from outreach.accounts.models import Membership, Reading
from outreach.accounts.reading import log_reading


def test_a_case_read_often_in_an_hour_is_one_row(session: Session, amina: Membership, bert: Membership) -> None:
    for minutes in (0, 10, 59, 61):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            log_reading(session, actor_for(amina), "case:K7M4P2")
    log_reading(session, actor_for(amina), "case:H2NQ93")
    log_reading(session, actor_for(bert), "case:K7M4P2")
    rows = list(session.scalars(select(Reading).order_by(Reading.id)))
    assert [(row.person_id, row.subject, clock.local(row.hour).hour) for row in rows] == [
        (amina.person_id, "case:K7M4P2", 10),
        (amina.person_id, "case:K7M4P2", 11),
        (amina.person_id, "case:H2NQ93", 10),
        (bert.person_id, "case:K7M4P2", 10),
    ]
    assert {row.organisation_id for row in rows} == {amina.organisation_id}


def test_the_row_stays_when_the_page_fails(session: Session, amina: Membership) -> None:
    log_reading(session, actor_for(amina), "case:K7M4P2")
    session.rollback()
    assert session.scalar(select(Reading.subject)) == "case:K7M4P2"
