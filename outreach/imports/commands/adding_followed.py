"""What a list of running cases knows of a family is added to its case: contacts, whom to ring, and its own words."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.family import add_contact
from outreach.cases.commands.taking_over import LastContact, note_contact
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Note, Step
from outreach.children.matching import MATCHING
from outreach.children.models import Child, FamilyContact
from outreach.imports.queries.running import Contact, RunningChild
from outreach.imports.queries.schools import school_named
from outreach.imports.words import word
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area


@dataclass(frozen=True)
class Source:
    """The list it comes from; `occasions`: one ring at one door is about all children of a household."""

    area: Area
    origin: str
    by: Actor
    occasions: dict[tuple[int, Contact], str] = field(default_factory=dict)


def add_followed(session: Session, child: RunningChild, case: Case, step: Step, source: Source) -> None:
    """Add what is new of one child; what stands here already is not added twice, and nothing is overwritten."""
    household = select(Child.household_id).where(Child.id == case.child_id)
    household_id = session.scalar(household, execution_options=MATCHING) or 0
    for contact in child.contacts:
        occasion = source.occasions.setdefault((household_id, contact), uuid.uuid4().hex)
        last = LastContact(contact.on, contact.channel, contact.reached, occasion)
        note_contact(session, case, step, last, origin=source.origin, by=source.by)
    _add_phone(session, child, case, household_id, source.by)
    note = "\n".join(_lines(session, child, case, source)).strip()
    known = session.scalars(select(Note.text).where(Note.case_id == case.id), execution_options=MATCHING)
    if note and note not in set(known):
        add_note(session, case, text=note, shared=False, by=source.by, step=step if step.living else None)


def entry_day(session: Session, child: RunningChild, case: Case) -> date | None:
    """The entry day on the list, if the child can start that day."""
    on, born_on = child.told.entry_on, child.compared.child.born_on
    calendar = calendar_for(session, case.area_id)
    return on if on is not None and calendar.next_entry_on(born_on, on) == on else None


def short(day: date) -> str:
    """A day as lists write it."""
    return f"{day.day}/{day.month}/{day.year}"


def _lines(session: Session, child: RunningChild, case: Case, source: Source) -> Iterator[str]:
    """The notes of the list, and facts of it that found no other place."""
    yield from child.notes
    told, spoken = child.told, source.by.language
    if told.school and (not child.opens or school_named(session, source.area, told.school) is None):
        yield f"{word('tie.school', spoken).capitalize()}: {told.school}"
    if told.entry_on and (not child.opens or entry_day(session, child, case) is None):
        yield f"{word('tie.entry_on', spoken).capitalize()}: {short(told.entry_on)}"


def _add_phone(session: Session, child: RunningChild, case: Case, household_id: int, by: Actor) -> None:
    phone = child.told.phone
    statement = select(FamilyContact.phone).where(FamilyContact.household_id == household_id)
    if not phone or _digits(phone) in {
        _digits(known) for known in session.scalars(statement, execution_options=MATCHING)
    }:
        return
    add_contact(
        session,
        case,
        name=child.compared.child.reference_person or child.compared.child.last_name or phone,
        relation="family",
        phone=phone,
        email=None,
        language=None,
        school_may_ring=False,
        by=by,
    )


def _digits(phone: str | None) -> str:
    """A number in one shape, with or without the prefix of the country."""
    found = "".join(char for char in phone or "" if char.isdigit())
    return found.removeprefix("00").removeprefix("32").removeprefix("0")
