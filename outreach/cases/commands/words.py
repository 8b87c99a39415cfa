"""Free words of a case: notes, private to the author's organisation unless shared, corrected by a newer one."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case, Note, Step
from outreach.errors import Refused


def add_note(session: Session, case: Case, *, text: str, shared: bool, by: Actor, step: Step | None = None) -> Note:
    """Write a note. Raises Refused when there is nothing in it or nobody's organisation to keep it for."""
    note = new_note(case, text=text, shared=shared, by=by, step=step)
    session.add(note)
    session.flush()
    record(session, case, "note_added", by=by, step=step, data={"note": note.id, "shared": shared})
    return note


def correct_note(session: Session, case: Case, note: Note, *, text: str, shared: bool, by: Actor) -> Note:
    """Put better words in a note's place; the old ones stay in the history. Only the author's organisation may."""
    if note.case_id != case.id or note.organisation_id != by.organisation_id:
        raise Refused("note_of_others")
    newer = new_note(case, text=text, shared=shared, by=by, step=None)
    newer.step_id = note.step_id
    newer.corrects_id = note.id
    session.add(newer)
    session.flush()
    record(session, case, "note_corrected", by=by, data={"note": newer.id, "corrects": note.id, "shared": shared})
    return newer


def new_note(case: Case, *, text: str, shared: bool, by: Actor, step: Step | None) -> Note:
    """A note not yet in the database. Raises Refused when it is empty, or there is no organisation to keep it for."""
    if not text.strip():
        raise Refused("note_empty")
    if by.organisation_id is None:
        raise Refused("note_without_organisation")
    return Note(
        case_id=case.id,
        step_id=step.id if step else None,
        text=text.strip(),
        shared=shared,
        at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id,
        corrects_id=None,
    )
