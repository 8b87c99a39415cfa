"""The turn of a school year: what was decided about each open case, and who is a school's contact in the new one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Model, protect


class YearDecision(Model):
    """What somebody decided about an open case at the end of a school year; one that was taken back no longer counts.

    `before` holds what is needed to take it back: the dates of each step that moved, and the side step it opened.
    """

    __tablename__ = "year_decision"
    __table_args__ = (
        Index(
            "uq_year_decision_present",
            "case_id",
            "school_year",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    school_year: Mapped[int]
    decision: Mapped[str]
    proposed: Mapped[str]
    closure: Mapped[str | None]
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SchoolContact(Model):
    """Whom a school named as its contact for a school year: a person, or (none) its mailbox. The newest row counts."""

    __tablename__ = "school_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    school_year: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


protect(YearDecision)
