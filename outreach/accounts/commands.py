"""What one can change about people: memberships, passwords, substitutes, and leaving in good order."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.accounts import queries
from outreach.accounts.actors import Actor
from outreach.accounts.mail_choices import check_away
from outreach.accounts.models import ROLES, THEMES, Membership, Person, SignInSession, Substitution
from outreach.accounts.sessions import end_sessions
from outreach.accounts.wiping import wipe_phones
from outreach.errors import Refused
from outreach.labels import LANGUAGES
from outreach.partners.commands import is_address
from outreach.partners.models import Organisation

log = get_logger()


@dataclass(frozen=True)
class Successor:
    """Who takes over the steps of somebody who leaves: a colleague, or with None the team's tray."""

    person_id: int | None


TRAY = Successor(None)


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    organisation: Organisation,
    language: str = "nl",
    from_on: date | None = None,
    until_on: date | None = None,
    by: Actor,
) -> Membership:
    """Give somebody a place in an organisation; a known e-mail address gets one more, the same place twice is one.

    A new person has no password yet and cannot sign in before `set_password`. A person who had left is back, again
    without password. Raises Refused for a malformed address, an unknown role or language, or an ended organisation.
    """
    first = from_on or clock.today()
    _check_person(email=email, role=role, language=language, organisation=organisation, first=first)
    person = queries.find_person(session, email)
    if person is None:
        person = Person(email=queries.normal_email(email), name=name.strip(), language=language)
        session.add(person)
        session.flush()
    person.ended_at = None
    known = _same_place(session, person, organisation, role, first)
    if known is not None:
        return known
    membership = Membership(
        person=person,
        organisation=organisation,
        role=role,
        from_on=first,
        until_on=until_on,
        added_by_id=by.person_id,
    )
    session.add(membership)
    session.flush()
    return membership


def _check_person(*, email: str, role: str, language: str, organisation: Organisation, first: date) -> None:
    if not is_address(queries.normal_email(email)):
        raise Refused("email_malformed", email=email)
    if role not in ROLES:
        raise Refused("role_unknown", role=role, known=", ".join(ROLES))
    if language not in LANGUAGES:
        raise Refused("language_unknown", language=language, known=", ".join(LANGUAGES))
    if organisation.ended_on is not None and organisation.ended_on <= first:
        raise Refused("organisation_ended", organisation=organisation.key)


def _same_place(
    session: Session, person: Person, organisation: Organisation, role: str, first: date
) -> Membership | None:
    query = select(Membership).where(
        Membership.person_id == person.id,
        Membership.organisation_id == organisation.id,
        Membership.role == role,
        Membership.ended_at.is_(None),
        or_(Membership.until_on.is_(None), Membership.until_on >= first),
    )
    return session.scalar(query.limit(1))


def change_person(session: Session, *, person: Person, name: str, language: str, by: Actor) -> None:
    """Another name or language for letters and pages. Raises Refused for an unknown language."""
    if language not in LANGUAGES:
        raise Refused("language_unknown", language=language, known=", ".join(LANGUAGES))
    person.name, person.language = name.strip(), language
    session.flush()
    log.info("person_changed", person=person.id, by=by.person_id)


def change_settings(
    session: Session, *, person: Person, language: str, theme: str | None, start_page: str | None, by: Actor
) -> None:
    """What somebody chooses for themselves; None lets the device, and the role, decide.

    Raises Refused for a language or theme that is not there; a start page that is gone is simply not followed.
    """
    if language not in LANGUAGES:
        raise Refused("language_unknown", language=language, known=", ".join(LANGUAGES))
    if theme is not None and theme not in THEMES:
        raise Refused("theme_unknown", theme=theme, known=", ".join(THEMES))
    person.language, person.theme, person.start_page = language, theme, start_page
    session.flush()
    log.info("settings_changed", person=person.id, by=by.person_id)


def set_password(session: Session, *, person: Person, password_hash: str, by: Actor) -> None:
    """A new password (made with `passwords.hash_password` before the transaction); every open session ends.

    Raises Refused for somebody who left.
    """
    if person.ended_at is not None or person.email is None:
        raise Refused("person_ended", name=person.name)
    person.password_hash = password_hash
    end_sessions(session, SignInSession.person_id == person.id)
    wipe_phones(session, person.id, by=by)
    session.flush()
    log.info("password_set", person=person.id, by=by.person_id)


def end_membership(session: Session, *, membership: Membership, handed_to: Successor | None, by: Actor) -> None:
    """Somebody leaves an organisation, this moment; with the last membership the person leaves altogether.

    Only the room above knows the steps of this person: its command hands them over first and then calls this one with
    the same `handed_to`. Raises Refused when nobody is named, or the successor is not in that organisation.
    """
    if membership.ended_at is not None:
        return
    _check_successor(session, membership, handed_to)
    membership.ended_at = clock.now()
    membership.ended_by_id = by.person_id
    membership.successor_id = handed_to.person_id if handed_to else None
    end_sessions(session, SignInSession.membership_id == membership.id)
    wipe_phones(session, membership.person_id, by=by)
    session.flush()
    if not queries.is_member(session, membership.person_id, membership.organisation_id, clock.today()):
        _drop_substitutions(session, membership, by)
    if not _living_memberships(session, membership.person_id):
        _leave(session, membership.person)


def _check_successor(session: Session, membership: Membership, handed_to: Successor | None) -> None:
    if handed_to is None:
        raise Refused("successor_missing", name=membership.person.name)
    successor_id = handed_to.person_id
    if successor_id is None:
        return
    is_colleague = queries.is_member(session, successor_id, membership.organisation_id, clock.today())
    if successor_id == membership.person_id or not is_colleague:
        raise Refused("successor_not_in_team", organisation=membership.organisation.name)


def _living_memberships(session: Session, person_id: int) -> list[Membership]:
    """Those that give access now or will."""
    query = select(Membership).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    query = query.where(or_(Membership.until_on.is_(None), Membership.until_on >= clock.today()))
    return list(session.scalars(query.order_by(Membership.id)))


def _drop_substitutions(session: Session, membership: Membership, by: Actor) -> None:
    person_id = membership.person_id
    session.execute(
        update(Substitution)
        .where(or_(Substitution.person_id == person_id, Substitution.substitute_id == person_id))
        .where(Substitution.organisation_id == membership.organisation_id, Substitution.removed_at.is_(None))
        .values(removed_at=clock.now(), removed_by_id=by.person_id)
    )


def _leave(session: Session, person: Person) -> None:
    person.ended_at = clock.now()
    person.password_hash = None
    end_sessions(session, SignInSession.person_id == person.id)
    session.flush()


def add_substitution(
    session: Session,
    *,
    person: Person,
    substitute: Person,
    organisation: Organisation,
    from_on: date,
    until_on: date,
    by: Actor,
) -> Substitution:
    """A colleague of the same organisation stands in, both days included; said twice it is one.

    Raises Refused when one of them is not of the organisation, both are the same person, the days are not in order, or
    one of them is away in those days already.
    """
    if person.id == substitute.id:
        raise Refused("substitute_is_self")
    if until_on < from_on or until_on < clock.today():
        raise Refused("days_not_in_order")
    for one in (person, substitute):
        if not queries.is_member(session, one.id, organisation.id, clock.today()):
            raise Refused("not_in_organisation", name=one.name, organisation=organisation.name)
    same = {"person_id": person.id, "substitute_id": substitute.id, "organisation_id": organisation.id}
    query = select(Substitution).filter_by(**same, from_on=from_on, until_on=until_on, removed_at=None)
    known = session.scalar(query.limit(1))
    if known is not None:
        return known
    days = range(from_on.toordinal(), until_on.toordinal() + 1)
    check_away(session, person_id=person.id, substitute=substitute, organisation_id=organisation.id, days=days)
    substitution = Substitution(**same, from_on=from_on, until_on=until_on, added_by_id=by.person_id)
    session.add(substitution)
    session.flush()
    return substitution


def remove_substitution(session: Session, *, substitution: Substitution, by: Actor) -> None:
    """The person is back; work offered to the substitute goes to the person again."""
    if substitution.removed_at is None:
        substitution.removed_at = clock.now()
        substitution.removed_by_id = by.person_id
        session.flush()
