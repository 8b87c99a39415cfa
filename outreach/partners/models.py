"""Who works in the field and where; every validity is a first and a last day, both included, open when null."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.database import Json, Model

LOP = "lop"
SCHOOL = "school"
KINDS = (
    LOP,
    "kind-en-gezin",
    "huis-van-het-kind",
    "inloopteam",
    SCHOOL,
    "clb",
    "municipality",
    "ocmw",
    "other",
)
SOURCES = ("not-enrolled", "participation", "absences")


class Organisation(Model):
    """A local team, school or service: what a step belongs to. Schools are organisations with a number.

    Mail reaches it on `working_days` (weekdays from 0; None: Monday to Friday), from `opens_hour` until `closes_hour`
    of the Brussels clock (None: 8 and 17). `unverified_since`: a report named this school, and nobody has looked yet.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    number: Mapped[str | None] = mapped_column(unique=True)
    mailbox: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="nl")
    ended_on: Mapped[date | None]
    working_days: Mapped[list[Any] | None] = mapped_column(Json)
    opens_hour: Mapped[int | None]
    closes_hour: Mapped[int | None]
    unverified_since: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("number IS NULL OR length(number) = 6", name="six_digits"),)


class Area(Model):
    """A working area: the municipalities one coordinating organisation answers for."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    settings: Mapped[dict[str, Any] | None]

    coordinator: Mapped[Organisation] = relationship()


class AreaMunicipality(Model):
    """A municipality (NIS code) of an area, for a time; a municipality is in one area at a time."""

    __tablename__ = "area_municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    nis: Mapped[str]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR until_on >= from_on",
            name="in_order",
        ),
        Index(
            "uq_area_municipality_open",
            "nis",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )


class OrganisationArea(Model):
    """An organisation serves an area, for a time."""

    __tablename__ = "organisation_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR until_on >= from_on",
            name="in_order",
        ),
    )


class Routing(Model):
    """Which organisation a step of this area goes to; the row that says most about the child wins."""

    __tablename__ = "routing"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    step: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    age: Mapped[int | None]
    nis: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (Index(None, "area_id", "step"),)


class RegistrationWindow(Model):
    """When registration for children of one birth year closes in an area, and what follows from it."""

    __tablename__ = "registration_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    birth_year: Mapped[int]
    closes_on: Mapped[date]
    result_on: Mapped[date | None]
    ticket_expires_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("area_id", "birth_year"),)


class ReportDay(Model):
    """A day on which an area has its next participation reports; a school year without any has the usual days."""

    __tablename__ = "report_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    on: Mapped[date]

    __table_args__ = (UniqueConstraint("area_id", "on"),)


class Closing(Model):
    """Days on which an area's schools, or one organisation, are closed on top of the school calendar."""

    __tablename__ = "closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("(area_id IS NULL) <> (organisation_id IS NULL)", name="one_place"),
        CheckConstraint("until_on >= from_on", name="in_order"),
    )


class Agreement(Model):
    """The paper that allows an area to receive one kind of list, for a time."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    source: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date]
    reference: Mapped[str]

    __table_args__ = (CheckConstraint("until_on >= from_on", name="in_order"),)
