"""The days of somebody's own steps, for the calendar they subscribed to: through the same filter as My work.

What they have themselves or stand in for, never the team's tray; nothing of a child but that its step has a day. What
ended or went by lately stays, so that a program that keeps its own copy takes it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import substituted_by
from outreach.cases.models import Case, CaseAnchor, Event, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.workflow import Anchor
from outreach.children.grants import PERSONAL_ROLES, Scope, sight, visible

KEPT = timedelta(days=30)
"""How long something that is off, or went by, stays in the calendar."""

VISIT, AIM, LAST, ENTRY = "visit", "aim", "last", "entry"


@dataclass(frozen=True)
class Marked:
    """A day in the calendar: of a step, or (`number` None) the entry day of a case. `part` is a part of the day."""

    kind: str
    reference: str
    on: date
    changed_at: datetime
    sequence: int
    cancelled: bool
    process: str = ""
    step: str = ""
    number: int | None = None
    at: time | None = None
    part: str | None = None


def marked_days(session: Session, actor: Actor) -> list[Marked]:
    """Agreed days, aims and entry days of this person's steps, in the order of the steps; four statements."""
    if actor.organisation_id is None or actor.role not in PERSONAL_ROLES:
        return []
    mine = _mine(session, actor)
    statement = (
        select(Step, Case, Track.process)
        .join(Case, Case.id == Step.case_id)
        .join(Track, Track.id == Step.track_id)
        .where(*mine)
        .order_by(Step.id)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    changes = _changes(session, actor, mine)
    found = [
        day for step, case, process in rows for day in _of_step(step, case, process, *changes.get(step.id, (0, None)))
    ]
    working = {case.id for step, case, _process in rows if step.living}
    return [*found, *_entry_days(session, actor, mine, working)]


def _mine(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    names = [actor.person_id, *substituted_by(session, actor, clock.today())]
    since = clock.now() - KEPT
    return [
        Step.organisation_id == actor.organisation_id,
        Step.person_id.in_(names),
        or_(IS_LIVING, Step.ended_at > since),
        visible(actor, Step.case_id),
    ]


def _changes(session: Session, actor: Actor, mine: list[ColumnElement[bool]]) -> dict[int, tuple[int, datetime | None]]:
    """How often each step was changed, and when last: every command leaves one event."""
    statement = (
        select(Event.step_id, func.count(), func.max(Event.id))
        .join(Step, Step.id == Event.step_id)
        .where(Event.case_id == Step.case_id, *mine)
        .group_by(Event.step_id)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    last = select(Event.id, Event.at).where(Event.id.in_([row[2] for row in rows]), visible(actor, Event.case_id))
    at = {row[0]: row[1] for row in session.execute(last, execution_options=sight(actor))}
    return {row[0]: (row[1], at[row[2]]) for row in rows if row[0] is not None}


def _of_step(step: Step, case: Case, process: str, changes: int, changed_at: datetime | None) -> Iterator[Marked]:
    due = step.aim_on or step.too_late_on or step.due_on or step.opened_on
    changed = max(step.opened_at, changed_at or step.opened_at, step.ended_at or step.opened_at)
    aim = Marked(
        AIM if step.aim_on else LAST,
        reference=case.reference,
        on=due,
        changed_at=changed,
        sequence=changes,
        cancelled=not step.living,
        process=process,
        step=step.key,
        number=step.number,
    )
    if step.planned_on is not None:
        off = step.state == StepState.PAUSED or _ended_before(step, step.planned_on)
        at, part = step.planned_at, step.planned_part
        yield from _shown(replace(aim, kind=VISIT, on=step.planned_on, cancelled=off, at=at, part=part))
    if due != step.planned_on:
        yield from _shown(aim)


def _ended_before(step: Step, on: date) -> bool:
    """A step that ended on the day itself was visited that day, as far as one can know."""
    return step.ended_at is not None and clock.local(step.ended_at).date() < on


def _entry_days(session: Session, actor: Actor, mine: list[ColumnElement[bool]], working: set[int]) -> Iterator[Marked]:
    """The day a child starts, chosen with the family; not for who knows a case by its reference alone."""
    cases = select(Step.case_id).where(*mine)
    present = CaseAnchor.replaced_at.is_(None)
    of = (CaseAnchor.key == Anchor.ENTRY_DAY.value, CaseAnchor.case_id.in_(cases))
    knows = visible(actor, CaseAnchor.case_id, Scope.FULL, Scope.WELCOME)
    told = select(CaseAnchor.case_id, func.count()).where(*of, knows).group_by(CaseAnchor.case_id)
    counted: dict[int, int] = {row[0]: row[1] for row in session.execute(told, execution_options=sight(actor))}
    statement = select(CaseAnchor, Case).join(Case, Case.id == CaseAnchor.case_id).where(present, *of, knows)
    for anchor, case in session.execute(statement.order_by(Case.id), execution_options=sight(actor)):
        yield from _shown(
            Marked(
                ENTRY,
                reference=case.reference,
                on=anchor.on,
                changed_at=anchor.at,
                sequence=counted[case.id] - 1 + (case.id not in working),
                cancelled=case.id not in working and anchor.on > clock.today(),
            )
        )


def _shown(day: Marked) -> Iterator[Marked]:
    if day.on >= clock.today() - KEPT:
        yield day
