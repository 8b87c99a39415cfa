"""People, what they belong to, and the traces of their coming and going."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.database import Json, Model
from outreach.partners.models import Organisation

ADMINISTRATOR = "administrator"
TEAM_LEAD = "team-lead"
ROLES = (
    "coordinator",
    "worker",
    "school-contact",
    "bridge-person",
    "clb",
    TEAM_LEAD,
    "agodi",
    ADMINISTRATOR,
    "dpo",
)
THEMES = ("light", "dark")


class Person(Model):
    """Somebody with an account, or a built-in actor (`actor_key`, no e-mail): `by` is always one of these.

    `theme` and `start_page` are their own choice; None follows the device, and the role. So is what mail they get:
    `digest_days` are weekdays from 0 (None: every working day), `digest_only_late` waits until something is late,
    `plain_mail` sends text alone, `praise` says now and then what came of it.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="nl")
    password_hash: Mapped[str | None]
    actor_key: Mapped[str | None] = mapped_column(unique=True)
    ended_at: Mapped[datetime | None]
    digest_hour: Mapped[int | None]
    digest_days: Mapped[list[Any] | None] = mapped_column(Json)
    digest_only_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    plain_mail: Mapped[bool] = mapped_column(default=False, server_default=false())
    praise: Mapped[bool] = mapped_column(default=True, server_default=true())
    theme: Mapped[str | None]
    start_page: Mapped[str | None]
    wipe_before_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="lower_email"),
        CheckConstraint("(email IS NULL) <> (actor_key IS NULL)", name="person_or_actor"),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="hour_of_day"),
    )


class Membership(Model):
    """A person's place in one organisation. `ended_at` ends it that very moment, `until_on` is its last day."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="in_order"),)


class Substitution(Model):
    """Who stands in for whom in one organisation, first and last day included."""

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    substitute: Mapped[Person] = relationship(foreign_keys=substitute_id)
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        CheckConstraint("person_id <> substitute_id", name="somebody_else"),
        CheckConstraint("until_on >= from_on", name="in_order"),
    )


class KeptFilter(Model):
    """How a person last narrowed one page for one organisation, to find it so again."""

    __tablename__ = "kept_filter"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    page: Mapped[str]
    chosen: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "page"),)


class CalendarFeed(Model):
    """A secret link to the days of one membership, for a calendar to subscribe to; only the digest of it is kept.

    `changed_at` is when a fetch found something else than the one before (`content_digest`).
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    content_digest: Mapped[str | None]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_calendar_feed_living",
            "membership_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class SignInSession(Model):
    """One signed-in browser; the cookie holds the token, the row only its digest."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Model):
    """One try at a password, by keyed digests of account and address: what the brakes count."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    succeeded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))


class Reading(Model):
    """Who read what in which hour, acting for which organisation; kept for the data protection officer."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    subject: Mapped[str] = mapped_column(index=True)
    hour: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "subject", "hour"),)


class Search(Model):
    """That somebody looked for a child, and which cases were shown; never the words. Kept beside the readings.

    `kind` is what was looked for by: names, birth_date, phone or reference. `braked`: it was one too many in an hour.
    """

    __tablename__ = "search"
    __table_args__ = (Index("ix_search_person_at", "person_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    count: Mapped[int]
    found: Mapped[list[Any]]
    braked: Mapped[bool]
    at: Mapped[datetime]
