"""My work: the steps that wait for this person, most urgent first, and what waits for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import substituted_by
from outreach.cases.models import Attempt, Case, Pause, Step, StepState, Track
from outreach.cases.models.step import LIVING
from outreach.children.grants import Scope, scopes_of, sight, visible
from outreach.children.models import Child, Residence

PAGE = 50
"""Steps on one page."""

_MINE, _TEAM = "mine", "team"
WHOSE = (_MINE, _TEAM)


@dataclass(frozen=True)
class Line:
    """One step of My work with what its card shows; `child` and `residence` are None for scope `reference`."""

    step: Step
    case: Case
    track: Track
    child: Child | None
    residence: Residence | None
    scope: Scope
    last_attempt: Attempt | None
    paused_until: date | None


@dataclass(frozen=True)
class Counts:
    """How many steps wait, by urgency; `late` ones are open and past their due day."""

    late: int
    today: int
    week: int
    later: int
    resting: int

    @property
    def all(self) -> int:
        """Every living step of this person."""
        return self.late + self.today + self.week + self.later + self.resting


def week_ends_on(today: date) -> date:
    """The last day of "this week": seven days from now, so that a Friday shows Monday's work."""
    return today + timedelta(days=7)


def owned(session: Session, actor: Actor, whose: str) -> ColumnElement[bool]:
    """Which steps are this person's: by name, of those they stand in for, and of the team's tray; or the whole team's."""
    if whose == _TEAM and actor.role != "bridge-person":
        return Step.organisation_id == actor.organisation_id
    people = [actor.person_id, *substituted_by(session, actor, clock.today())]
    mine = and_(Step.person_id.in_(people), Step.organisation_id == actor.organisation_id)
    if actor.role == "bridge-person":
        return mine
    return or_(mine, and_(Step.organisation_id == actor.organisation_id, Step.person_id.is_(None)))


def count_mine(session: Session, actor: Actor, whose: str) -> Counts:
    """The counts above the list, in one statement."""
    today = clock.today()
    is_open = Step.state == StepState.OPEN
    day = func.coalesce(Step.planned_on, Step.due_on)
    late = and_(is_open, Step.due_on < today)
    now = and_(is_open, Step.due_on >= today, day <= today)
    week = and_(is_open, Step.due_on >= today, day > today, day <= week_ends_on(today))
    later = and_(is_open, Step.due_on >= today, day > week_ends_on(today))
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in (late, now, week, later)]
    resting = func.coalesce(func.sum(case((is_open, 0), else_=1)), 0)
    statement = select(*sums, resting).where(
        Step.state.in_(LIVING), owned(session, actor, whose), visible(actor, Step.case_id)
    )
    return Counts(*session.execute(statement, execution_options=sight(actor)).one())


def my_steps(session: Session, actor: Actor, *, whose: str = _MINE, page: int = 1) -> list[Line]:
    """One page of living steps, in order of the day they are due."""
    statement = (
        _lines(actor)
        .where(owned(session, actor, whose))
        .order_by(Step.due_on, Step.id)
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    )
    return _read(session, actor, statement)


def waiting_for_others(session: Session, actor: Actor, limit: int = 10) -> list[Line]:
    """Steps of others in cases this person leads or accompanies, most urgent first."""
    watched: list[ColumnElement[bool]] = [
        and_(Case.companion_id == actor.person_id, or_(Step.person_id.is_(None), Step.person_id != actor.person_id))
    ]
    if actor.role == "coordinator":
        watched.append(and_(Case.lead_id == actor.organisation_id, Step.organisation_id != actor.organisation_id))
    statement = _lines(actor).where(or_(*watched)).order_by(Step.due_on, Step.id).limit(limit)
    return _read(session, actor, statement)


def _lines(actor: Actor) -> Select[Any]:
    return (
        select(Step, Case, Track, Child, Residence, Pause.until_on)
        .join(Case, Case.id == Step.case_id)
        .join(Track, Track.id == Step.track_id)
        .join(Child, Child.id == Case.child_id)
        .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .outerjoin(Pause, and_(Pause.step_id == Step.id, Pause.ended_at.is_(None)))
        .where(Step.state.in_(LIVING), visible(actor, Step.case_id))
    )


def _read(session: Session, actor: Actor, statement: Select[Any]) -> list[Line]:
    rows = session.execute(statement, execution_options=sight(actor)).all()
    scopes = scopes_of(session, actor, {row.Case.id for row in rows})
    attempts = last_attempts(session, actor, [row.Child.household_id for row in rows])
    lines = []
    for step, found, track, child, residence, until in rows:
        scope = scopes.get(found.id, Scope.REFERENCE)
        shown = scope != Scope.REFERENCE
        last = attempts.get(child.household_id) if scope == Scope.FULL else None
        address = residence if scope == Scope.FULL else None
        lines.append(Line(step, found, track, child if shown else None, address, scope, last, until))
    return lines


def last_attempts(session: Session, actor: Actor, households: Sequence[int]) -> dict[int, Attempt]:
    """The latest contact attempt of each of these households that this person may see."""
    latest = (
        select(func.max(Attempt.id))
        .where(Attempt.household_id.in_(set(households)), visible(actor, Attempt.case_id, Scope.FULL))
        .group_by(Attempt.household_id)
    )
    rows = session.scalars(select(Attempt).where(Attempt.id.in_(latest)), execution_options=sight(actor))
    return {attempt.household_id: attempt for attempt in rows}
