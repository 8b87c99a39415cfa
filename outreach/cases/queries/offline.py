"""What goes along on a phone, and what a late report may lean on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case as when, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import (
    Assignment,
    Case,
    CaseAnchor,
    Event,
    Placement,
    Report,
    Step,
    StepState,
    TakenAlong,
    Track,
)
from outreach.cases.policy import may_report, owns
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor, Fact, processes
from outreach.children.grants import Scope, scope_of, sight, visible
from outreach.children.models import Child
from outreach.database import seen_by

MOST_VISITS = 30
"""More doors than this nobody knocks at in a day."""

KEPT_FOR = timedelta(days=7)
"""How long after taking a visit along its report is still taken, also from who may no longer see the case."""

AS_ANCHOR = {
    Fact.ENTRY_DAY: Anchor.ENTRY_DAY,
    Fact.FAMILY_DAY: Anchor.ENTRY_DAY,
    Fact.REFUSED_ON: Anchor.REFUSED_ON,
    Fact.TICKET_EXPIRES_ON: Anchor.TICKET_EXPIRES,
    Fact.RESULT_ON: Anchor.RESULT_DAY,
}
"""Fields that are days the dates of a case hang on."""

_OWN = seen_by("what a person took along is that person's own trace")


def visits_of_today(session: Session, actor: Actor) -> list[tuple[Case, Step]]:
    """The visits of this person that are planned or due today, or late; today's first."""
    today = clock.today()
    statement = (
        select(Case, Step, Track)
        .join(Step, Step.case_id == Case.id)
        .join(Track, Track.id == Step.track_id)
        .where(
            Step.organisation_id == actor.organisation_id,
            Step.person_id == actor.person_id,
            Step.state == StepState.OPEN,
            Step.side_of_id.is_(None),
            or_(Step.planned_on == today, Step.due_on <= today),
            visible(actor, Step.case_id),
        )
        .order_by(when((Step.planned_on == today, 0), else_=1), Step.due_on, Step.id)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    found = [(case, step) for case, step, track in rows if _is_visit(track, step) and may_report(actor, case, step)]
    return found[:MOST_VISITS]


def _is_visit(track: Track, step: Step) -> bool:
    return processes().step(track.process, track.process_version, step.key).report == "visit"


def find_visit(session: Session, actor: Actor, step_id: int) -> tuple[Case, Step] | None:
    """A step a report is about, its case held until the transaction ends: if the actor sees it, and has or had it."""
    statement = (
        select(Case)
        .join(Step, Step.case_id == Case.id)
        .where(Step.id == step_id, visible(actor, Case.id))
        .with_for_update(of=Case)
    )
    case = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    if case is None:
        return None
    step = session.get_one(Step, step_id, execution_options=sight(actor))
    if not owns(actor, step) and scope_of(session, actor, case.id) is not Scope.FULL:
        return None
    return (case, step) if _has_or_had(session, actor, case, step) else None


def _has_or_had(session: Session, actor: Actor, case: Case, step: Step) -> bool:
    """Whose move it is, or was."""
    if owns(actor, step) or may_report(actor, case, step) or taken_along(session, actor.person_id, step.id):
        return True
    was = select(Assignment.id).where(
        Assignment.step_id == step.id, Assignment.organisation_id == actor.organisation_id
    )
    return session.scalars(was.limit(1), execution_options=sight(actor)).first() is not None


def find_taken(session: Session, person_id: int, step_id: int) -> tuple[Case, Step] | None:
    """The step somebody took along and may no longer see: to keep a report for its owner, never to show anything."""
    if taken_along(session, person_id, step_id) is None:
        return None
    statement = select(Case, Step).join(Step, Step.case_id == Case.id).where(Step.id == step_id)
    row = session.execute(statement, execution_options=_OWN).one()
    return row[0], row[1]


def what_stands(session: Session, case: Case, step: Step) -> dict[str, Any]:
    """What a report of this step would find, by the names of its fields, as JSON holds it."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    present: dict[str, Any] = {
        "outcome": step.outcome,
        "state": step.state,
        "version": step.version,
        "planned_on": step.planned_on.isoformat() if step.planned_on else None,
        "planned_part": step.planned_part,
        "language": child.language,
        "companion": case.companion_id,
        **_anchors(session, case),
        "school": _school(session, case),
    }
    ended_by = _ending_report(session, step) if step.outcome else None
    return {**present, **(ended_by.facts if ended_by else {})}


def _anchors(session: Session, case: Case) -> dict[str, Any]:
    statement = select(CaseAnchor.key, CaseAnchor.on).where(
        CaseAnchor.case_id == case.id, CaseAnchor.replaced_at.is_(None)
    )
    known = {key: on.isoformat() for key, on in session.execute(statement, execution_options=INSIDE)}
    return {fact.value: known.get(anchor.value) for fact, anchor in AS_ANCHOR.items()}


def _school(session: Session, case: Case) -> int | None:
    statement = select(Placement.school_id).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    return session.scalar(statement, execution_options=INSIDE)


def _ending_report(session: Session, step: Step) -> Report | None:
    statement = select(Report).where(Report.step_id == step.id, Report.outcome == step.outcome)
    return session.scalars(statement.order_by(Report.id.desc()).limit(1), execution_options=INSIDE).one_or_none()


_OF_THE_STEP = ("outcome", "state", "version", "planned_on", "planned_part")
"""What everybody who has a step knows of it."""


def what_is_seen(session: Session, children: Sequence[tuple[str, Case, Step]], *, whole: bool) -> dict[str, Any]:
    """What a phone keeps beside a form, to be compared later: which child each outcome is for, and what stood there.

    Not `whole`, for who sees the step and not the case, it tells of the step only.
    """
    stands = {str(step.id): what_stands(session, case, step) for _name, case, step in children}
    return {
        "children": {name: step.id for name, _case, step in children},
        "fields": stands if whole else {key: {f: v[f] for f in _OF_THE_STEP} for key, v in stands.items()},
    }


def last_change(session: Session, case: Case, step: Step, *, not_by: int) -> tuple[int, datetime] | None:
    """Who changed something here last, and when; `not_by` is who reports."""
    statement = (
        select(Event.by_id, Event.at)
        .where(Event.case_id == case.id, Event.by_id != not_by)
        .where(or_(Event.step_id == step.id, Event.step_id.is_(None)))
        .order_by(Event.seq.desc())
        .limit(1)
    )
    row = session.execute(statement, execution_options=INSIDE).first()
    return (row[0], row[1]) if row else None


def taken_along(session: Session, person_id: int, step_id: int) -> TakenAlong | None:
    """The last time this person took the visit of this step along, if that is not too long ago."""
    statement = (
        select(TakenAlong)
        .where(
            TakenAlong.person_id == person_id,
            TakenAlong.step_id == step_id,
            TakenAlong.at > clock.now() - KEPT_FOR,
        )
        .order_by(TakenAlong.at.desc(), TakenAlong.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=_OWN).one_or_none()
