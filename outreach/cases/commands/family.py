"""What becomes known about the family: who accompanies it, whom to ring, where it lives, what must stay hidden."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership
from outreach.cases.commands.accompanying import companion_subject, granted_companion
from outreach.cases.commands.events import record
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children.addresses import AddressKind, address_key
from outreach.children.grants import end_grants, grant
from outreach.children.models import Child, FamilyContact, Residence
from outreach.children.search_keys import add_family_keys, grown_up_keys, renew_family_keys
from outreach.errors import Refused

SECRECIES = ("shelter", "parent_must_not_know")
"""Why address and school are for lead, owner and companion only."""


def become_companion(session: Session, case: Case, *, by: Actor) -> None:
    """The person who reports becomes the one the family trusts; follows the case to its end."""
    if case.companion_id == by.person_id:
        return
    set_companion(session, case, person_id=by.person_id, organisation_id=by.organisation_id, by=by)


def set_companion(session: Session, case: Case, *, person_id: int, organisation_id: int | None, by: Actor) -> None:
    """Name the companion. Raises Refused when that person does not belong to the organisation."""
    known = select(Membership.id).where(
        Membership.person_id == person_id, Membership.organisation_id == organisation_id, Membership.ended_at.is_(None)
    )
    if organisation_id is None or session.scalars(known).first() is None:
        raise Refused("person_not_of_team")
    end_grants(session, [companion_subject(case)], at_once=True)
    case.companion_id = person_id
    grant(session, [granted_companion(case, person_id, organisation_id)])
    record(session, case, "companion_named", by=by, data={"person": person_id})


def add_contact(
    session: Session,
    case: Case,
    *,
    name: str,
    relation: str,
    phone: str | None,
    email: str | None,
    language: str | None,
    school_may_ring: bool,
    by: Actor,
) -> FamilyContact:
    """Somebody of the family who may be rung. Raises Refused without a name, or without a way to reach them."""
    if not name.strip():
        raise Refused("contact_without_name")
    if not phone and not email:
        raise Refused("contact_without_number")
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    contact = FamilyContact(
        household_id=child.household_id,
        name=name.strip(),
        relation=relation,
        phone=phone,
        email=email,
        language=language,
        school_may_ring=school_may_ring,
        at=clock.now(),
        ended_at=None,
        by_id=by.person_id,
    )
    session.add(contact)
    session.flush()
    add_family_keys(session, {contact.household_id: grown_up_keys(contact.name, phone)})
    data = {"contact": contact.id, "school_may_ring": school_may_ring}
    record(session, case, "contact_added", by=by, data=data, personal={"name": name, "relation": relation})
    return contact


def change_contact(
    session: Session,
    case: Case,
    contact: FamilyContact,
    *,
    name: str,
    relation: str,
    phone: str | None,
    language: str | None,
    by: Actor,
) -> None:
    """Put right what is known of somebody who may be rung; the words of before stay in the history."""
    if not name.strip():
        raise Refused("contact_without_name")
    if not phone and not contact.email:
        raise Refused("contact_without_number")
    before = {part: getattr(contact, part) for part in ("name", "relation", "phone", "language")}
    keys = grown_up_keys(contact.name, contact.phone)
    contact.name, contact.relation, contact.phone, contact.language = name.strip(), relation, phone, language
    after = {part: getattr(contact, part) for part in before}
    if after != before:
        renew_family_keys(session, contact.household_id, keys)
        personal = {"contact_before": before, "contact_after": after}
        record(session, case, "contact_changed", by=by, data={"contact": contact.id}, personal=personal)


def end_contact(session: Session, case: Case, contact: FamilyContact, *, by: Actor) -> None:
    """A number or person that is no longer right; the row stays."""
    contact.ended_at = clock.now()
    renew_family_keys(session, contact.household_id, grown_up_keys(contact.name, contact.phone))
    record(session, case, "contact_ended", by=by, data={"contact": contact.id})


def set_language(session: Session, case: Case, *, language: str, by: Actor) -> None:
    """The language spoken with this family."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    before, child.language = child.language, language
    if before != language:
        record(session, case, "language_noted", by=by, personal={"before": before, "after": language})


def set_interpreter(session: Session, case: Case, *, needed: bool, by: Actor) -> None:
    """Whether an interpreter comes along to this family."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    before, child.interpreter = child.interpreter, needed
    if bool(before) != needed:
        record(session, case, "interpreter_noted", by=by, data={"interpreter": needed})


def correct_address(
    session: Session, case: Case, *, address: Mapping[str, Any], kind: AddressKind, by: Actor
) -> Residence:
    """The family lives elsewhere than known, or the address was wrong: a new row, the old one stays."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    now = clock.now()
    present = select(Residence).where(Residence.child_id == child.id, Residence.until_at.is_(None))
    old = session.scalars(present, execution_options=INSIDE).one_or_none()
    if old is not None:
        old.until_at = now
        session.flush()
    parts = {part: str(address.get(part) or "").strip() for part in ("street", "number", "box", "postcode")}
    nis = address.get("nis") or None
    residence = Residence(
        child_id=child.id,
        **parts,
        municipality=str(address.get("municipality") or ""),
        nis=nis,
        kind=kind.value,
        address_key=address_key(**parts, nis=nis),
        from_at=now,
        until_at=None,
        by_id=by.person_id,
    )
    session.add(residence)
    if kind is AddressKind.SHELTER and case.secrecy is None:
        case.secrecy = "shelter"
    record(
        session,
        case,
        "address_corrected",
        by=by,
        data={"kind": kind.value, "nis": nis},
        personal={"before": old.line if old else None, "after": residence.line},
    )
    return residence


def set_secrecy(session: Session, case: Case, *, secrecy: str | None, by: Actor) -> None:
    """Hide address and school from all but lead, owner and companion; None lifts it."""
    if secrecy is not None and secrecy not in SECRECIES:
        raise Refused("secrecy_unknown", secrecy=secrecy)
    case.secrecy = secrecy
    record(session, case, "secrecy_set", by=by, data={"secrecy": secrecy})
