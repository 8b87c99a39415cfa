"""One-time keys: a form sent twice, by a double click or a weak connection, does its work once."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach import clock
from outreach.database import Model
from outreach.database.absent import insert_absent


class Submission(Model):
    """A form that was sent: its key, by whom, and where the answer to it leads."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    result: Mapped[str | None]
    at: Mapped[datetime]


def new_key() -> str:
    """A key for one form on one page."""
    return secrets.token_urlsafe(16)


def first_time(session: Session, *, key: str, person_id: int) -> bool:
    """Claim the key inside the form's transaction; False when this form was already handled.

    A second request with the same key waits for the first one's commit, so exactly one of them gets True.
    """
    statement = insert_absent(session, Submission).values(key=key, person_id=person_id, at=clock.now())
    return session.execute(statement.returning(Submission.key)).first() is not None


def remember_result(session: Session, *, key: str, person_id: int, result: str) -> None:
    """Keep where the first answer led, so that a repeat is sent there too."""
    row = session.get_one(Submission, (key, person_id))
    row.result = result


def result_of(session: Session, *, key: str, person_id: int) -> str | None:
    """Where the first answer led."""
    row = session.get(Submission, (key, person_id))
    return row.result if row else None
