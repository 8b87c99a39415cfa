"""What a family told about itself at a visit: its language, whom to ring, and the note that stands at each child."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.family import add_contact, change_contact, set_interpreter, set_language
from outreach.cases.commands.with_two import end_visit_with_two, visit_with_two
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Step
from outreach.cases.queries.inside import INSIDE
from outreach.children.models import Child, FamilyContact
from outreach.errors import Refused


@dataclass(frozen=True)
class ContactTold:
    """Somebody to ring: new, or the contact with this id put right."""

    contact_id: int | None
    name: str
    relation: str
    phone: str | None
    language: str | None


@dataclass(frozen=True)
class FamilyTold:
    """What a visit changes in what is known of the family; None and empty: nothing was said about it.

    `language_was` is what was known when the visit was made: a language somebody else noted since then stays.
    """

    language: str | None = None
    language_was: str | None = None
    interpreter: bool | None = None
    contacts: Sequence[ContactTold] = ()
    with_two: str | None = None
    with_two_ended: bool = False
    note: str = ""
    note_shared: bool = False

    @property
    def of_each_child(self) -> "FamilyTold":
        """Without what is kept once for the household."""
        return replace(self, contacts=(), with_two=None, with_two_ended=False)


def keep_told(
    session: Session, visited: Sequence[tuple[Case, Step]], told: FamilyTold, *, occasion: str, by: Actor
) -> None:
    """Write it where it belongs: the facts of a child and the note at each child, the rest once for the household."""
    for case, step in visited:
        if told.language and _language_of(session, case) in (told.language_was, None):
            set_language(session, case, language=told.language, by=by)
        if told.interpreter is not None:
            set_interpreter(session, case, needed=told.interpreter, by=by)
        if told.note.strip():
            add_note(session, case, text=told.note, shared=told.note_shared, by=by, step=step, occasion=occasion)
    first, _step = visited[0]
    for contact in told.contacts:
        _keep_contact(session, first, contact, by)
    if told.with_two:
        visit_with_two(session, first, reason=told.with_two, by=by)
    elif told.with_two_ended:
        end_visit_with_two(session, first, by=by)


def _language_of(session: Session, case: Case) -> str | None:
    return session.get_one(Child, case.child_id, execution_options=INSIDE).language


def _keep_contact(session: Session, case: Case, told: ContactTold, by: Actor) -> None:
    said: dict[str, Any] = {part: getattr(told, part) for part in ("name", "relation", "phone", "language")}
    if told.contact_id is None:
        add_contact(session, case, **said, email=None, school_may_ring=False, by=by)
        return
    household = select(Child.household_id).where(Child.id == case.child_id).scalar_subquery()
    statement = select(FamilyContact).where(
        FamilyContact.id == told.contact_id, FamilyContact.household_id == household
    )
    known = session.scalars(statement, execution_options=INSIDE).one_or_none()
    if known is None:
        raise Refused("contact_unknown")
    if known.ended_at is not None:  # taken off meanwhile, by somebody else: what was typed now is kept as a new one
        add_contact(session, case, **said, email=known.email, school_may_ring=False, by=by)
        return
    change_contact(session, case, known, **said, by=by)
