"""The reading log: who looked at what, at most one row per person, subject and hour."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Reading
from outreach.database import transaction
from outreach.database.absent import insert_absent


def log_reading(session: Session, actor: Actor, subject: str) -> None:
    """Note that somebody is about to read `subject` ("case:K7M4P2"); commits before the page is read.

    Call it first in the view, outside any transaction: it ends the read transaction that is open.
    """
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    noted = select(Reading.id).filter_by(person_id=actor.person_id, subject=subject, hour=hour)
    if session.scalar(noted) is not None:
        return
    row = {
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "subject": subject,
        "hour": hour,
    }
    with transaction(session):
        session.execute(insert_absent(session, Reading).values(**row))
