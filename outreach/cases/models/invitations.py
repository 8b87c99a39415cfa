"""Who was asked to come along on a visit."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Model, protect


class VisitInvitation(Model):
    """A colleague comes along on the day a step is agreed for; `organiser` goes anyway.

    `sequence` counts what the calendar of the colleague is told; `known` once a letter about it has left, so that
    nobody reads that a visit is off of which they never heard. The last letter is `outbox_message_id`.
    """

    __tablename__ = "visit_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organiser_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outbox_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))
    on: Mapped[date]
    at: Mapped[time | None]
    sequence: Mapped[int]
    known: Mapped[bool]
    made_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]


protect(VisitInvitation)
