"""Tracks end with a closure; a case ends with its last open track."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.accompanying import companion_subject
from outreach.cases.commands.opening import lead_subject
from outreach.cases.commands.stepping import end_step
from outreach.cases.models import Case, Closure, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import end_grants


def close_track(
    session: Session, case: Case, track: Track, *, key: str, leave_in_peace_until: date | None, by: Actor
) -> Closure:
    """End a track; its living steps are withdrawn. The event is the calling command's."""
    now = clock.now()
    for step in _living(session, track):
        end_step(session, step, outcome=None, state=StepState.WITHDRAWN)
    track.ended_at = now
    closure = Closure(
        case_id=case.id,
        track_id=track.id,
        key=key,
        on=clock.today(),
        at=now,
        by_id=by.person_id,
        leave_in_peace_until=leave_in_peace_until,
    )
    session.add(closure)
    session.flush()
    end_case_if_over(session, case)
    return closure


def close_all_tracks(session: Session, case: Case, *, key: str, by: Actor) -> None:
    """End every open track of a case with the same closure (the child died)."""
    for track in _open_tracks(session, case):
        close_track(session, case, track, key=key, leave_in_peace_until=None, by=by)


def end_case_if_over(session: Session, case: Case) -> None:
    """A case without an open track is over; who led or accompanied it sees it for 60 days more."""
    session.flush()
    if _open_tracks(session, case):
        return
    case.ended_at = clock.now()
    end_grants(session, [lead_subject(case), companion_subject(case)])


def _open_tracks(session: Session, case: Case) -> list[Track]:
    statement = select(Track).where(Track.case_id == case.id, Track.ended_at.is_(None))
    return list(session.scalars(statement, execution_options=INSIDE))


def _living(session: Session, track: Track) -> list[Step]:
    statement = select(Step).where(Step.track_id == track.id, IS_LIVING, Step.side_of_id.is_(None))
    return list(session.scalars(statement, execution_options=INSIDE))
