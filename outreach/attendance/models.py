"""What schools report of presence: a kleuter of a school, a report of one day, and each one's half days in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect

_PRESENT = "replaced_at IS NULL"


class Pupil(Model):
    """A kleuter as one school knows it: school and pupil number. `child_id` once its school opened a case for
    it, or it was found to be a child whose presence is followed there; a record that was merged stands for the child it
    became.

    `born_on` is None where reports give the year alone.
    """

    __tablename__ = "pupil"
    __table_args__ = (UniqueConstraint("school_id", "number"), Index("ix_pupil_child", "child_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    born_year: Mapped[int]
    born_on: Mapped[date | None]
    child_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"))


class SameChild(Model):
    """What was said about a kleuter of a school and a child whose presence is followed there: the `same`, or another.

    `by_itself` when it was recognised without asking (school, day of birth and name agree); the row without
    `replaced_at` holds. A kleuter whose case the school opened itself has none.
    """

    __tablename__ = "same_child"
    __table_args__ = (
        Index(
            "uq_same_child_present",
            "pupil_id",
            "child_id",
            unique=True,
            sqlite_where=text(_PRESENT),
            postgresql_where=text(_PRESENT),
        ),
        Index("ix_same_child_child", "child_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    same: Mapped[bool]
    by_itself: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


class SchoolReport(Model):
    """What one school reports of one day; a later report of the same day replaces it, and both stay.

    `origin` is opaque (`batch:12`): the file it came in; `by_day` when half days were counted from absences by day. The
    counts are of the day it was received, as its receipt says them.
    """

    __tablename__ = "school_report"
    __table_args__ = (
        Index(
            "uq_school_report_present",
            "school_id",
            "as_of",
            unique=True,
            sqlite_where=text(_PRESENT),
            postgresql_where=text(_PRESENT),
        ),
        Index("ix_school_report_area", "area_id", "as_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    as_of: Mapped[date]
    origin: Mapped[str]
    by_day: Mapped[bool] = mapped_column(default=False, server_default=false())
    children: Mapped[int]
    at_risk: Mapped[int]
    not_attainable: Mapped[int]
    received_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


class PresenceRow(Model):
    """The half days of one kleuter in one report, from its entry up to and including the report's day.

    `accepted` and `unlawful` absences are None where the report does not tell them; `possible_told` is False when the
    possible half days were counted from the calendar.
    """

    __tablename__ = "presence"
    __table_args__ = (
        UniqueConstraint("report_id", "pupil_id"),
        Index("ix_presence_pupil", "pupil_id"),
        CheckConstraint("present BETWEEN 0 AND possible", name="present_possible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("school_report.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    class_name: Mapped[str]
    site: Mapped[str]
    entry_on: Mapped[date | None]
    present: Mapped[int]
    possible: Mapped[int]
    possible_told: Mapped[bool]
    accepted: Mapped[int | None]
    unlawful: Mapped[int | None]


class AbsentHalfDay(Model):
    """One half day on which a kleuter was not there, with its code (domain.md 2.6); `half` is 1 or 2.

    It came in with a report (`origin`); the same half day told again takes the place of this one.
    """

    __tablename__ = "absent_half_day"
    __table_args__ = (UniqueConstraint("pupil_id", "on", "half"), CheckConstraint("half IN (1, 2)", name="two_a_day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    on: Mapped[date]
    half: Mapped[int]
    code: Mapped[str]
    origin: Mapped[str]


class PupilCare(Model):
    """What a school noted for a kleuter at risk: the reason, who rings, or that the school follows it without a case.

    Each change is a row, with who and when; the one without `replaced_at` holds. `reason` is a key of absence reasons,
    or `not_known`, `not_noticed`; it never leaves the school but by a case.
    """

    __tablename__ = "pupil_care"
    __table_args__ = (
        Index(
            "uq_pupil_care_present",
            "pupil_id",
            unique=True,
            sqlite_where=text(_PRESENT),
            postgresql_where=text(_PRESENT),
        ),
        Index("ix_pupil_care_rings", "rings_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    rings_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    followed: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


class CountsShared(Model):
    """Whether a school lets who coordinates its area see its own counts; the row without `replaced_at` holds.

    A school that never said anything keeps them inside.
    """

    __tablename__ = "counts_shared"
    __table_args__ = (
        Index(
            "uq_counts_shared_present",
            "school_id",
            unique=True,
            sqlite_where=text(_PRESENT),
            postgresql_where=text(_PRESENT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    shares: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]


protect(Pupil, SameChild, PupilCare, SchoolReport, PresenceRow, AbsentHalfDay)
