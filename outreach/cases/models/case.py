"""A case, its tracks, the days it hangs on, and how tracks end."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class Case(Model):
    """One child's way to school; at most one open case per child."""

    __tablename__ = "case"
    __table_args__ = (
        Index(
            "uq_case_open_child",
            "child_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_case_area_open", "area_id", "ended_at", "id"),
        Index(
            "ix_case_lead_open",
            "lead_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_case_companion",
            "companion_id",
            sqlite_where=text("companion_id IS NOT NULL"),
            postgresql_where=text("companion_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    companion_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    origin: Mapped[str]
    outside: Mapped[bool]
    secrecy: Mapped[str | None]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name SQLAlchemy reads


class Track(Model):
    """One process followed to its end, in the version it began with."""

    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    process: Mapped[str]
    process_version: Mapped[int]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CaseAnchor(Model):
    """A day the dates of a case hang on (the chosen entry day, a refusal); a newer row replaces the older one."""

    __tablename__ = "case_anchor"
    __table_args__ = (
        Index(
            "uq_case_anchor_present",
            "case_id",
            "key",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    key: Mapped[str]
    on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


class Closure(Model):
    """How and why a track ended."""

    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), unique=True)
    key: Mapped[str]
    on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    leave_in_peace_until: Mapped[date | None]


class Placement(Model):
    """The school a family chose, with the entry day; a later choice replaces it."""

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_present",
            "case_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_on: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


class Proposal(Model):
    """Something the system noticed and a person decides: a closed case whose child is on the list again, and so on."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_open", "organisation_id", "decided_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str]
    data: Mapped[dict[str, Any]]
    not_before_on: Mapped[date | None]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None]
    remark: Mapped[str | None] = mapped_column(EncryptedText)


protect(Case, Track, CaseAnchor, Closure, Placement, Proposal)
