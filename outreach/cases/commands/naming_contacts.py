"""Who is the contact of a school this year: asked when its steps wake, so that none goes to last year's teacher."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.commands.owning import move_step
from outreach.cases.models import Case, SchoolContact, Step
from outreach.cases.queries.school_contacts import NEW_YEAR, contact_person, find_contact, steps_without_contact
from outreach.errors import Refused
from outreach.partners.commands import is_address
from outreach.partners.models import Organisation
from outreach.schoolyear import school_year_of


def ask_for_contact(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """A step that a school had before the summer wakes: it goes to the contact of this year, or waits for one."""
    today = clock.today()
    if school_year_of(clock.local(step.told_at).date()) == school_year_of(today):
        return
    contact = find_contact(session, step.organisation_id, today)
    if contact is None:
        _give(session, case, step, None, reason=NEW_YEAR, by=by)
    else:
        _give(session, case, step, contact_person(session, contact), reason="contact", by=by)


def name_contact(
    session: Session, school: Organisation, *, person_id: int | None, mailbox: str | None = None, by: Actor
) -> int:
    """The contact of a school for this school year: a person who works there, or its mailbox, which may be a new one.
    Steps that waited for it are theirs: how many.

    Raises Refused for somebody of elsewhere, and for a mailbox that is missing or no address.
    """
    if person_id is not None and not is_member(session, person_id, school.id, clock.today()):
        raise Refused("person_not_of_team")
    if person_id is None:
        _set_mailbox(school, mailbox)
    session.add(
        SchoolContact(
            organisation_id=school.id,
            school_year=school_year_of(clock.today()).start,
            person_id=person_id,
            on=clock.today(),
            at=clock.now(),
            by_id=by.person_id,
        )
    )
    waiting = steps_without_contact(session, school.id)
    for case, step in waiting:
        _give(session, case, step, person_id, reason="contact", by=by)
        data = {"organisation": school.id, "person": person_id}
        record(session, case, "contact_of_year_named", by=by, step=step, data=data)
    return len(waiting)


def _set_mailbox(school: Organisation, mailbox: str | None) -> None:
    address = (mailbox or school.mailbox or "").strip()
    if not is_address(address):
        raise Refused("mailbox_malformed", mailbox=address)
    school.mailbox = address


def _give(session: Session, case: Case, step: Step, person_id: int | None, *, reason: str, by: Actor) -> None:
    move_step(session, case, step, organisation_id=step.organisation_id, person_id=person_id, reason=reason, by=by)
