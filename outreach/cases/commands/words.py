"""Free words of a case: notes, private to the author's organisation unless shared, corrected by a newer one."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.hearing import hear_in_case
from outreach.cases.models import Case, Note, Step
from outreach.children.grants import sight, visible
from outreach.errors import Refused


def add_note(
    session: Session,
    case: Case,
    *,
    text: str,
    shared: bool,
    by: Actor,
    step: Step | None = None,
    occasion: str | None = None,
) -> Note:
    """Write a note. Raises Refused when there is nothing in it or nobody's organisation to keep it for.

    `occasion` is the visit it was written at: the same words then stand at each child of that visit.
    """
    note = new_note(case, text=text, shared=shared, by=by, step=step)
    note.occasion = occasion
    session.add(note)
    session.flush()
    hear_in_case(session, case, by=by)
    record(session, case, "note_added", by=by, step=step, data={"note": note.id, "shared": shared})
    return note


def correct_note(session: Session, case: Case, note: Note, *, text: str, shared: bool, by: Actor) -> Note:
    """Put better words in a note's place; the old ones stay in the history. Only the author's organisation may.

    A note of a visit is corrected at each child of that visit whose case its author may see.
    """
    if note.case_id != case.id or note.organisation_id != by.organisation_id:
        raise Refused("note_of_others")
    others = _same_elsewhere(session, note, by)
    newer = _corrected(session, case, note, text, shared, by)
    for other, its_case in others:
        _corrected(session, its_case, other, text, shared, by)
    return newer


def _corrected(session: Session, case: Case, note: Note, text: str, shared: bool, by: Actor) -> Note:
    newer = new_note(case, text=text, shared=shared, by=by, step=None)
    newer.step_id, newer.occasion = note.step_id, note.occasion
    newer.corrects_id = note.id
    session.add(newer)
    session.flush()
    record(session, case, "note_corrected", by=by, data={"note": newer.id, "corrects": note.id, "shared": shared})
    return newer


def _same_elsewhere(session: Session, note: Note, by: Actor) -> list[tuple[Note, Case]]:
    """The newest form of this note at the other children of its visit."""
    if note.occasion is None:
        return []
    newer = aliased(Note)
    statement = (
        select(Note, Case)
        .join(Case, Case.id == Note.case_id)
        .where(
            Note.occasion == note.occasion,
            Note.organisation_id == note.organisation_id,
            Note.case_id != note.case_id,
            visible(by, Note.case_id),
            ~exists().where(newer.corrects_id == Note.id),
        )
    )
    return [(row[0], row[1]) for row in session.execute(statement, execution_options=sight(by))]


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
