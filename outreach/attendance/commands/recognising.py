"""A kleuter of a report is a child followed at its school: recognised by itself, by the school, or undone."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.commands.following import follow_cases
from outreach.attendance.models import Pupil, SameChild
from outreach.attendance.queries.calendars import calendars_of
from outreach.attendance.queries.same_child import (
    Question,
    beside,
    newest_report_id,
    questions,
    recognised,
    standing_answer,
)
from outreach.cases.commands.anchoring import drop_anchor
from outreach.cases.commands.events import record
from outreach.cases.commands.rederiving import rederive_case
from outreach.cases.models import Case
from outreach.cases.workflow import Anchor
from outreach.children.merging import records_of
from outreach.errors import Refused


def recognise(session: Session, report_ids: Collection[int], *, by: Actor) -> int:
    """Recognise kleuters of these reports as children their school follows, where day of birth and name leave one of
    each; said in the case, and undone by `say_other_child`. How many."""
    count = 0
    for here in beside(session, report_ids).values():
        for pair in here.found.sure:
            _recognise(
                session, here.pupils[pair.pupil_id], pair.child_id, here.cases[pair.child_id], by=by, by_itself=True
            )
            count += 1
    return count


def say_same_child(session: Session, pupil_id: int, child_id: int, *, by: Actor) -> Question:
    """The school says that they are one child; its case hears what the newest report tells.

    Raises Refused when the school is not asked about these two (any more).
    """
    found = _find(questions(session, by), pupil_id, child_id)
    _recognise(session, found.pupil, found.child.id, found.case, by=by, by_itself=False)
    report_id = newest_report_id(session, found.pupil)
    if report_id is not None:
        calendars = calendars_of(session, [found.pupil.school_id])
        follow_cases(session, [report_id], calendars, only=[found.pupil.id], by=by)
    return found


def say_other_child(session: Session, pupil_id: int, child_id: int, *, by: Actor) -> Question:
    """The school says that they are two children: it is not asked again. What was recognised by itself is undone, and
    what the report of that kleuter said about the case's last day no longer holds.

    Raises Refused when the school is not asked about these two, and it was not recognised by itself.
    """
    found = _find([*questions(session, by), *recognised(session, by)], pupil_id, child_id)
    _say(session, found.pupil, found.child.id, same=False, by_itself=False, by=by)
    if found.answer is not None:
        found.pupil.child_id = None
        session.flush()
        drop_anchor(session, found.case, Anchor.THRESHOLD_LAST_DAY)
        record(session, found.case, "pupil_apart", by=by, data={"pupil": found.pupil.id})
        rederive_case(session, found.case, because="report", by=by)
    return found


def _find(asked: Collection[Question], pupil_id: int, child_id: int) -> Question:
    found = next((each for each in asked if (each.pupil.id, each.child.id) == (pupil_id, child_id)), None)
    if found is None:
        raise Refused("same_child_settled")
    return found


def _recognise(session: Session, pupil: Pupil, child_id: int, case: Case, *, by: Actor, by_itself: bool) -> None:
    pupil.child_id = child_id
    session.flush()
    _say(session, pupil, child_id, same=True, by_itself=by_itself, by=by)
    record(session, case, "pupil_recognised", by=by, data={"pupil": pupil.id, "by_itself": by_itself})


def _say(session: Session, pupil: Pupil, child_id: int, *, same: bool, by_itself: bool, by: Actor) -> None:
    now = clock.now()
    standing = standing_answer(session, pupil, records_of(session, child_id))
    if standing is not None:
        standing.replaced_at = now
        session.flush()
    row = {"pupil_id": pupil.id, "child_id": child_id, "same": same, "by_itself": by_itself}
    session.add(SameChild(**row, at=now, by_id=by.person_id, replaced_at=None))
    session.flush()
