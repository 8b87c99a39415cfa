"""Cases that only a mistaken list opened end, many at once; they open again with the list that is right."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, load_only

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record_alike
from outreach.cases.commands.owning import subject_of
from outreach.cases.models import Case, Closure, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import end_grants_of
from outreach.database.among import MANY, among
from outreach.database.many import alike, in_chunks, insert_columns
from outreach.notifications.commands import withdraw_lines

MISTAKEN = "administrative"
"""How a case ends whose list is taken back."""

TAKEN_BACK = "takeover_taken_back"
"""The event of it; as long as it is the last one, a list opens the case again by itself."""

_ALL_AT_ONCE = {**INSIDE, "synchronize_session": False}


def end_mistaken(session: Session, case_ids: Collection[int], *, origin: str, by: Actor) -> None:
    """End these cases, which stand as they were opened: at their first step, with nothing planned or sent about them.

    `origin` names the list that is taken back, opaque.
    """
    session.flush()
    for part in in_chunks(sorted(case_ids), MANY):
        _end(session, part, origin, by)
    session.expire_all()


def _end(session: Session, case_ids: Sequence[int], origin: str, by: Actor) -> None:
    now = clock.now()
    living = (among(session, Step.case_id, case_ids), IS_LIVING)
    steps = session.scalars(select(Step).options(load_only(Step.id)).where(*living), execution_options=INSIDE).all()
    withdraw_lines(session, about=[subject_of(step) for step in steps])
    withdrawn = {"state": StepState.WITHDRAWN, "ended_at": now, "version": Step.version + 1}
    session.execute(update(Step).where(*living).values(withdrawn), execution_options=_ALL_AT_ONCE)
    _close_tracks(session, case_ids, by)
    cases = update(Case).where(among(session, Case.id, case_ids))
    session.execute(cases.values(ended_at=now, version=Case.version + 1), execution_options=_ALL_AT_ONCE)
    end_grants_of(session, case_ids)
    record_alike(session, case_ids, TAKEN_BACK, by=by, data={"origin": origin, "closure": MISTAKEN})


def _close_tracks(session: Session, case_ids: Sequence[int], by: Actor) -> None:
    running = (among(session, Track.case_id, case_ids), Track.ended_at.is_(None))
    tracks = session.execute(select(Track.id, Track.case_id).where(*running), execution_options=INSIDE).all()
    session.execute(update(Track).where(*running).values(ended_at=clock.now()), execution_options=_ALL_AT_ONCE)
    closure = {
        "key": MISTAKEN,
        "on": clock.today(),
        "at": clock.now(),
        "by_id": by.person_id,
        "leave_in_peace_until": None,
    }
    columns = alike(closure, case_id=[track.case_id for track in tracks], track_id=[track.id for track in tracks])
    insert_columns(session, Closure, len(tracks), columns)
