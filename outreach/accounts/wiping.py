"""Phones that took visits along are told to wipe them: when one says so, and when access ends."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person

log = get_logger()


def wipe_phones(session: Session, person_id: int, *, by: Actor) -> None:
    """Everything this person took along before now is to be wiped; drafts not yet sent stay."""
    session.execute(update(Person).where(Person.id == person_id).values(wipe_before_at=clock.now()))
    log.info("phones_wiped", person=person_id, by=by.person_id)


def find_wipe_before(session: Session, person_id: int) -> datetime | None:
    """What was taken along before this moment must be wiped."""
    return session.scalar(select(Person.wipe_before_at).where(Person.id == person_id))
