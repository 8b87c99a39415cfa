"""What one can ask about people: who they are, what they belong to on a day, who stands in for them."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership, Person, SignInSession, Substitution
from outreach.partners.queries import living, valid


def normal_email(text: str) -> str:
    """An e-mail address as it is stored and compared."""
    return text.strip().lower()


def find_person(session: Session, email: str) -> Person | None:
    """The person with this e-mail address."""
    return session.scalar(select(Person).where(Person.email == normal_email(email)))


def has_left(session: Session, person_id: int) -> bool:
    """Whether this person had an account once and has none any more."""
    return session.scalar(select(Person.ended_at).where(Person.id == person_id)) is not None


def people(session: Session) -> list[Person]:
    """Everybody with an account, by name, those who left too."""
    return list(session.scalars(_people(None)))


def people_page(
    session: Session, *, organisation_id: int | None = None, first: int, count: int
) -> tuple[list[Person], int]:
    """A page of people by name, and how many there are; of one organisation when given, those who left it too."""
    query = _people(organisation_id)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(session.scalars(query.offset(first).limit(count))), total


def _people(organisation_id: int | None) -> Select[Person]:
    query = select(Person).where(Person.actor_key.is_(None)).order_by(Person.name, Person.id)
    if organisation_id is None:
        return query
    return query.where(Person.id.in_(select(Membership.person_id).where(Membership.organisation_id == organisation_id)))


def current_memberships(session: Session, person_ids: list[int], on: date) -> dict[int, list[Membership]]:
    """The memberships these people have on a day, in one query."""
    found: dict[int, list[Membership]] = {person_id: [] for person_id in person_ids}
    query = _active(on).where(Membership.person_id.in_(person_ids))
    for membership in session.scalars(query.order_by(Membership.from_on, Membership.id)):
        found[membership.person_id].append(membership)
    return found


def memberships_of(session: Session, person_id: int, on: date) -> list[Membership]:
    """The memberships a person has on a day; access and work both hang on these."""
    query = _active(on).where(Membership.person_id == person_id)
    return list(session.scalars(query.order_by(Membership.id)))


def find_membership(session: Session, membership_id: int) -> Membership | None:
    """A membership, also one that ended."""
    people = (joinedload(Membership.person), joinedload(Membership.organisation))
    return session.get(Membership, membership_id, options=people)


def all_members(session: Session, on: date) -> list[Membership]:
    """Every membership there is on a day, by the person's name."""
    return list(session.scalars(_active(on).order_by(Person.name, Membership.id)))


def last_seen(session: Session, person_ids: list[int]) -> dict[int, datetime]:
    """When these people were last here."""
    query = select(SignInSession.person_id, func.max(SignInSession.last_seen_at))
    query = query.where(SignInSession.person_id.in_(person_ids)).group_by(SignInSession.person_id)
    return {row[0]: row[1] for row in session.execute(query)}


def members(session: Session, organisation_id: int, *, role: str | None = None, on: date) -> list[Membership]:
    """The memberships of an organisation on a day, by the person's name; of one role when given."""
    query = _active(on).where(Membership.organisation_id == organisation_id)
    if role is not None:
        query = query.where(Membership.role == role)
    return list(session.scalars(query.order_by(Person.name, Membership.id)))


def is_member(session: Session, person_id: int, organisation_id: int, on: date) -> bool:
    """Whether a person belongs to an organisation on a day."""
    query = _active(on).where(Membership.person_id == person_id, Membership.organisation_id == organisation_id)
    return session.scalar(query.limit(1)) is not None


def substitutes_on(
    session: Session, on: date, *, person_id: int | None = None, organisation_id: int | None = None
) -> dict[tuple[int, int], int]:
    """Who stands in on a day: (person, organisation) -> substitute; the last one named wins.

    Whoever stands in and is away too is stood in for in turn, unless that leads round in a circle.
    """
    present = select(Membership.id).join(Person, Person.id == Membership.person_id)
    present = present.where(
        Membership.person_id == Substitution.substitute_id,
        Membership.organisation_id == Substitution.organisation_id,
        active(on),
    )
    query = select(Substitution).where(valid(Substitution, on), Substitution.removed_at.is_(None), present.exists())
    if person_id is not None:
        query = query.where(Substitution.person_id == person_id)
    if organisation_id is not None:
        query = query.where(Substitution.organisation_id == organisation_id)
    rows = session.scalars(query.order_by(Substitution.id))
    found = {(row.person_id, row.organisation_id): row.substitute_id for row in rows}
    return {away: _at_the_end(found, away) for away in found}


def _at_the_end(found: dict[tuple[int, int], int], away: tuple[int, int]) -> int:
    """Who is there at the end of a chain of substitutes; in a circle the first one named."""
    seen, here = {away[0]}, found[away]
    while (here, away[1]) in found:
        if here in seen:
            return found[away]
        seen.add(here)
        here = found[here, away[1]]
    return here


def substituted_by(session: Session, actor: Actor, on: date) -> list[int]:
    """The people this actor stands in for on a day, in the organisation the actor works for now."""
    if actor.organisation_id is None:
        return []
    found = substitutes_on(session, on, organisation_id=actor.organisation_id)
    return [person_id for (person_id, _), substitute_id in found.items() if substitute_id == actor.person_id]


def substitutions(session: Session, *, organisation_id: int | None = None, on: date) -> list[Substitution]:
    """Who is or will be replaced, from a day on; of one organisation when given."""
    query = select(Substitution).where(Substitution.removed_at.is_(None), Substitution.until_on >= on)
    if organisation_id is not None:
        query = query.where(Substitution.organisation_id == organisation_id)
    query = query.options(
        joinedload(Substitution.person), joinedload(Substitution.substitute), joinedload(Substitution.organisation)
    )
    return list(session.scalars(query.order_by(Substitution.from_on, Substitution.id)))


def active(on: date) -> ColumnElement[bool]:
    """Whether a membership (joined to its person) gives access on a day."""
    return and_(valid(Membership, on), Membership.ended_at.is_(None), Person.ended_at.is_(None))


def _active(on: date) -> Select[Membership]:
    query = select(Membership).join(Membership.person).join(Membership.organisation)
    query = query.options(joinedload(Membership.person), joinedload(Membership.organisation))
    return query.where(active(on), living(on))
