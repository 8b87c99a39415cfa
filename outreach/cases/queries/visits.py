"""One visit or attempt of a case, with what came of it, for who may see the whole case."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt, Case, Event, Note, Report
from outreach.children.grants import Scope, sight, visible


def find_attempt(session: Session, actor: Actor, case: Case, attempt_id: int) -> Attempt | None:
    """An attempt of this case, if the actor sees the whole of it."""
    statement = select(Attempt).where(
        Attempt.id == attempt_id, Attempt.case_id == case.id, visible(actor, Attempt.case_id, Scope.FULL)
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def newest_attempt(session: Session, actor: Actor, case: Case) -> Attempt | None:
    """What was written last, if the actor sees the whole case still."""
    session.flush()
    statement = (
        select(Attempt)
        .where(Attempt.case_id == case.id, visible(actor, Attempt.case_id, Scope.FULL))
        .order_by(Attempt.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def report_of(session: Session, actor: Actor, attempt: Attempt) -> tuple[Report | None, Event | None]:
    """What was reported of an attempt, and the event that says where it led."""
    if attempt.report_id is None:
        return None, None
    see = sight(actor)
    report = session.get_one(Report, attempt.report_id, execution_options=see)
    statement = select(Event).where(Event.case_id == attempt.case_id, Event.kind == "outcome_reported")
    events = session.scalars(statement.order_by(Event.seq.desc()), execution_options=see).all()
    return report, next((event for event in events if event.data.get("report") == report.id), None)


def own_note(session: Session, actor: Actor, attempt: Attempt) -> Note | None:
    """The note this person wrote at the visit, in its newest words."""
    statement = (
        select(Note)
        .where(Note.case_id == attempt.case_id, Note.occasion == attempt.occasion, Note.by_id == actor.person_id)
        .order_by(Note.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()
