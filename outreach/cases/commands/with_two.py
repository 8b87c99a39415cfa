"""A family that is better visited by two: why, for half a year, until somebody ends it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children.models import Child, VisitWithTwo
from outreach.errors import Refused
from outreach.schoolyear import months_after

REASONS = ("first_visit", "asked_by_family", "tense_before", "dog", "evening", "other")
"""Why; a short list, so that nobody writes a judgement of the family."""

MONTHS = 6
"""After so long it is asked anew, or forgotten."""


def visit_with_two(session: Session, case: Case, *, reason: str, by: Actor) -> VisitWithTwo:
    """Visit this family by two from now on; said again, the half year begins again. Raises Refused."""
    if reason not in REASONS:
        raise Refused("with_two_reason_unknown", reason=reason)
    household_id = _household(session, case)
    _end(session, household_id, by)
    said = VisitWithTwo(
        household_id=household_id,
        reason=reason,
        until_on=months_after(clock.today(), MONTHS),
        at=clock.now(),
        by_id=by.person_id,
        ended_at=None,
        ended_by_id=None,
    )
    session.add(said)
    record(session, case, "with_two_said", by=by, personal={"with_two": reason, "until_on": said.until_on})
    return said


def end_visit_with_two(session: Session, case: Case, *, by: Actor) -> None:
    """One person is enough again. Ended already, nothing happens."""
    if _end(session, _household(session, case), by):
        record(session, case, "with_two_ended", by=by)


def _household(session: Session, case: Case) -> int:
    return session.get_one(Child, case.child_id, execution_options=INSIDE).household_id


def _end(session: Session, household_id: int, by: Actor) -> bool:
    standing = select(VisitWithTwo).where(VisitWithTwo.household_id == household_id, VisitWithTwo.ended_at.is_(None))
    found = session.scalars(standing, execution_options=INSIDE).all()
    for each in found:
        each.ended_at, each.ended_by_id = clock.now(), by.person_id
    return bool(found)
