"""Who does something: a person acting for an organisation, or one of the built-in actors."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Membership, Person
from outreach.database.absent import insert_absent
from outreach.errors import Unsound

Via = Literal["web", "console", "import", "clock", "link"]

BUILTINS: tuple[Via, ...] = ("console", "import", "clock", "link")


@dataclass(frozen=True, slots=True)
class Actor:
    """The `by` of every command; organisation, role and membership are None for a built-in actor."""

    person_id: int
    name: str
    language: str
    organisation_id: int | None
    organisation_kind: str | None
    role: str | None
    membership_id: int | None
    via: Via


def actor_for(membership: Membership, via: Via = "web") -> Actor:
    """The person of this membership, acting for its organisation."""
    return Actor(
        person_id=membership.person_id,
        name=membership.person.name,
        language=membership.person.language,
        organisation_id=membership.organisation_id,
        organisation_kind=membership.organisation.kind,
        role=membership.role,
        membership_id=membership.id,
        via=via,
    )


def ensure_builtins(session: Session) -> None:
    """Make the rows of the built-in actors that are not there yet; after migrations, by several machines at once."""
    rows = [{"actor_key": key, "name": key, "language": "nl"} for key in BUILTINS]
    session.execute(insert_absent(session, Person).values(rows))


def builtin(session: Session, key: Via) -> Actor:
    """The built-in actor `key`; raises Unsound when migrations did not make it."""
    person = session.scalar(select(Person).where(Person.actor_key == key))
    if person is None:
        raise Unsound("builtin_actor_missing", actor=key)
    return Actor(person.id, person.name, person.language, None, None, None, None, key)
