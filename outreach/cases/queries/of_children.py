"""The cases that run for children a command holds, and where they are now."""

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import Scope
from outreach.database.many import in_chunks

ATTENDANCE = "attendance"
"""The process of a child that goes to school, and is rarely there."""


def open_cases_of(session: Session, child_ids: Collection[int]) -> dict[int, Case]:
    """The open case of each of these children that has one, by child."""
    found: dict[int, Case] = {}
    for part in in_chunks(child_ids):
        statement = select(Case).where(Case.child_id.in_(part), Case.ended_at.is_(None))
        found |= {case.child_id: case for case in session.scalars(statement, execution_options=INSIDE)}
    return found


def newest_step(session: Session, case: Case) -> Step:
    """The step of a case that opened last."""
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=INSIDE).one()


def cases_followed_by(
    session: Session, child_ids: Collection[int], *, process: str, organisation_id: int
) -> dict[int, Case]:
    """The open case of each of these children on an open track of a process in which this organisation has a step or
    had one, by child."""
    found: dict[int, Case] = {}
    for part in in_chunks(child_ids):
        has_step = exists().where(Step.track_id == Track.id, Step.organisation_id == organisation_id)
        statement = (
            select(Case)
            .join(Track, Track.case_id == Case.id)
            .where(Case.child_id.in_(part), Case.ended_at.is_(None))
            .where(Track.process == process, Track.ended_at.is_(None), has_step)
        )
        found |= {case.child_id: case for case in session.scalars(statement, execution_options=INSIDE)}
    return found


def cases_followed_at(session: Session, organisation_ids: Collection[int], *, process: str) -> list[tuple[int, Case]]:
    """The open cases on an open track of a process, each with an organisation that has a step in it or had one and may
    know more than its reference."""
    found: list[tuple[int, Case]] = []
    for part in in_chunks(organisation_ids):
        statement = (
            select(Step.organisation_id, Case)
            .join(Track, Track.id == Step.track_id)
            .join(Case, Case.id == Track.case_id)
            .where(Step.organisation_id.in_(part), Step.side_of_id.is_(None), Step.scope != Scope.REFERENCE)
            .where(Track.process == process, Track.ended_at.is_(None), Case.ended_at.is_(None))
            .order_by(Case.id)
            .distinct()
        )
        found += [(row[0], row[1]) for row in session.execute(statement, execution_options=INSIDE)]
    return found
