"""Areas, organisations and people by the key one types; an unknown key says which ones exist."""

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.accounts.models import Person
from outreach.cli.console import unknown
from outreach.partners import queries as partners
from outreach.partners.models import Area, Closing, Organisation


def area(session: Session, key: str) -> Area:
    """The area with this key, or wrong use."""
    found = partners.find_area(session, key)
    if found is None:
        raise unknown("Gebied", key, [one.key for one in partners.areas(session)], "areas add")
    return found


def organisation(session: Session, key: str) -> Organisation:
    """The organisation with this key, or wrong use."""
    found = partners.find_organisation(session, key)
    if found is None:
        known = [one.key for one in partners.organisations(session)]
        raise unknown("Organisatie", key, known, "organisations add")
    return found


def school(session: Session, number: str) -> Organisation:
    """The school with this six-digit number, or wrong use."""
    found = partners.find_school(session, number)
    if found is None:
        known = [one.number for one in partners.organisations(session, kind="school") if one.number]
        raise unknown("School", number, known, "organisations add KEY --kind school --number")
    return found


def place(session: Session, closing: Closing) -> Area | Organisation:
    """Where closing days hold."""
    if closing.area_id is not None:
        return session.get_one(Area, closing.area_id)
    return session.get_one(Organisation, closing.organisation_id)


def person(session: Session, email: str) -> Person:
    """The person with this e-mail address, or wrong use."""
    found = accounts.find_person(session, email)
    if found is None:
        known = [one.email for one in accounts.people(session) if one.email]
        raise unknown("Iemand met e-mailadres", email, known, "users add")
    return found
