"""Visits that were taken along without a connection, and the parts of their reports that somebody is to look at."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class TakenAlong(Model):
    """Who took the visit of which step along on a phone, acting for which membership: a late report leans on this."""

    __tablename__ = "taken_along"
    __table_args__ = (Index("ix_taken_along_person_step", "person_id", "step_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    at: Mapped[datetime]


class ConflictItem(Model):
    """What one report says about one child that does not fit what stands there now: both versions, until decided.

    `mine` and `theirs` are JSON by field: what the reporter typed and what stood there when it came in. `answers` says
    by field what was decided.
    """

    __tablename__ = "conflict_item"
    __table_args__ = (
        UniqueConstraint("by_id", "draft", "step_id"),
        Index(
            "ix_conflict_item_undecided",
            "case_id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_conflict_item_reporter", "by_id", "acknowledged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    draft: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    mine: Mapped[str] = mapped_column(EncryptedText)
    theirs: Mapped[str] = mapped_column(EncryptedText)
    theirs_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    theirs_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answers: Mapped[dict[str, Any] | None]
    acknowledged_at: Mapped[datetime | None]


protect(TakenAlong, ConflictItem)
