"""What was said and done in a case: reports, contact attempts, notes, handovers, and the event of each command."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class Report(Model):
    """What an owner reported about a step: the outcome and the facts it asked for."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    outcome: Mapped[str]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


class Attempt(Model):
    """A visit or another attempt to reach the family; one `occasion` may count for several children of a household."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_household", "household_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    occasion: Mapped[str] = mapped_column(index=True)
    channel: Mapped[str]
    on: Mapped[date]
    at: Mapped[datetime]
    reached: Mapped[bool]
    spoke_with: Mapped[str | None]
    language: Mapped[str | None]
    interpreter: Mapped[bool]
    advice: Mapped[str | None]
    details: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


class Note(Model):
    """Free words: of the author's organisation only, unless shared; corrected by a newer note, never overwritten.

    A note of a visit stands at each child of that visit, with the same `occasion`.
    """

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    text: Mapped[str] = mapped_column(EncryptedText)
    shared: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))
    occasion: Mapped[str | None] = mapped_column(index=True)


class Handover(Model):
    """A step passed to another organisation, with what the parents know and agree to."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    parents_know: Mapped[str]
    parents_agree: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Event(Model):
    """One per command: who, what, when, with what changed. `data` holds ids, keys and days; `personal` is encrypted."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int]
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    via: Mapped[str]
    data: Mapped[dict[str, Any]]
    personal: Mapped[str | None] = mapped_column(EncryptedText)
    personal_digest: Mapped[str | None]


protect(Report, Attempt, Note, Handover, Event)
