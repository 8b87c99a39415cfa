"""The child, its household and addresses, who may be rung, and who may see it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class Household(Model):
    """Children at the same address with the same reference person; brothers and sisters only once somebody said so."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(index=True)
    reference_person: Mapped[str | None]
    reference_key: Mapped[str] = mapped_column(index=True)
    siblings_said_at: Mapped[datetime | None]
    siblings_said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Child(Model):
    """A child, once; a merged child points to the one it became."""

    __tablename__ = "child"
    __table_args__ = (
        Index(
            "uq_child_insz_index",
            "insz_index",
            unique=True,
            sqlite_where=text("merged_into_id IS NULL"),
            postgresql_where=text("merged_into_id IS NULL"),
        ),
        Index(
            "ix_child_merged_insz_index",
            "insz_index",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_child_born_on_name_key", "born_on", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    name_key: Mapped[str]
    born_on: Mapped[date]
    insz: Mapped[str | None] = mapped_column(EncryptedText)
    insz_index: Mapped[str | None]
    language: Mapped[str | None]
    interpreter: Mapped[bool | None]
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    died_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name SQLAlchemy reads

    @property
    def name(self) -> str:
        """First name and last name, as people say it."""
        return f"{self.first_name} {self.last_name}"


class HouseholdMembership(Model):
    """Since when a child belongs to a household, and who said so."""

    __tablename__ = "household_membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


_SPECIAL = "kind <> 'home' AND kind <> 'none'"


class Residence(Model):
    """Where a child lives or lived; the row without `until_at` is the present one."""

    __tablename__ = "residence"
    __table_args__ = (
        Index(
            "uq_residence_present",
            "child_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        Index("ix_residence_special", "address_key", sqlite_where=text(_SPECIAL), postgresql_where=text(_SPECIAL)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    street: Mapped[str]
    number: Mapped[str]
    box: Mapped[str]
    postcode: Mapped[str]
    municipality: Mapped[str]
    nis: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="home")
    address_key: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    @property
    def line(self) -> str:
        """Street, number and box on one line."""
        box = f" bus {self.box}" if self.box else ""
        return f"{self.street} {self.number}{box}".strip()


IS_SPECIAL = and_(Residence.kind != literal_column("'home'"), Residence.kind != literal_column("'none'"))
"""No ordinary home, and somebody said so. Written out, so that SQLite can tell that the index of those will do."""


class FamilyContact(Model):
    """Somebody of the family who may be rung, with what they agreed to."""

    __tablename__ = "family_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str]
    relation: Mapped[str]
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    language: Mapped[str | None]
    school_may_ring: Mapped[bool]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class VisitWithTwo(Model):
    """A family that is visited by two people, why, and until when; ended sooner, or said again, it is another row."""

    __tablename__ = "visit_with_two"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    reason: Mapped[str]
    until_on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class IdentityChange(Model):
    """A number, name or birth date that became another; can be undone."""

    __tablename__ = "identity_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    field: Mapped[str]
    before: Mapped[str | None] = mapped_column(EncryptedText)
    after: Mapped[str | None] = mapped_column(EncryptedText)
    source: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]


class TwoChildren(Model):
    """Somebody said that two records, however alike, are two children; `child_id` is the lower of both."""

    __tablename__ = "two_children"
    __table_args__ = (UniqueConstraint("child_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Grant(Model):
    """Who may see a child's case, how much of it, why, and until when.

    `case_id` and `subject` point upward, so they are plain values. `person_id` empty: everybody of the organisation
    whose role reads its cases.
    """

    __tablename__ = "child_grant"
    __table_args__ = (
        Index("ix_child_grant_reader", "case_id", "organisation_id", "person_id", "until"),
        Index("ix_child_grant_organisation", "organisation_id", "until", "case_id"),
        Index(
            "ix_child_grant_person",
            "person_id",
            "until",
            "case_id",
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "ix_child_grant_standing",
            "subject",
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    case_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str]
    reason: Mapped[str]
    subject: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class ChildSearchKey(Model):
    """How the names of a child sound (children/search.py): by these rows it is looked for."""

    __tablename__ = "child_search_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)


class FamilySearchKey(Model):
    """How the names of the grown-ups of a household sound, and blind indexes of their phone numbers."""

    __tablename__ = "family_search_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)


protect(Household, Child, HouseholdMembership, Residence, FamilyContact, VisitWithTwo, IdentityChange, TwoChildren)
protect(Grant, ChildSearchKey, FamilySearchKey)
