"""The school year ends: somebody decides about each open case, and may take it back. Nothing decides by itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.closing import close_track
from outreach.cases.commands.events import plain, record
from outreach.cases.commands.noting_facts import Facts
from outreach.cases.commands.owning import subject_of
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.stepping import Opening, as_columns, calendar_of, dates_of, end_step, open_step, put_dates
from outreach.cases.models import Case, Step, StepState, Track, YearDecision
from outreach.cases.policy import may_end_year
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.owners import companion_team
from outreach.cases.queries.year_end import Move, OpenCase, year_now
from outreach.cases.workflow import Outcome, Owner, StepDates, processes, schools_wake_on
from outreach.cases.workflow.year_end import (
    Decision,
    loses_on,
    restarting_outcome,
    ring_on,
    season,
    turns_six,
    until_september,
)
from outreach.children.grants import Scope
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.models import SCHOOL
from outreach.schoolyear import Counter

RING = "ring_family"
"""The side step that asks somebody to ring the family before the first school day."""

_PRIMARY = "primary_age"


@dataclass(frozen=True)
class Change:
    """What a decision does with one step: a new aim, or another step that begins in September."""

    move: Move
    dates: StepDates | None = None
    restart: Outcome | None = None
    wakes_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """What a decision would do with a case; `stays` says why nothing can be done. Nothing has changed yet."""

    one: OpenCase
    decision: Decision
    stays: str | None = None
    changes: tuple[Change, ...] = ()
    ring_on: date | None = None
    closure: str | None = None
    peace_until: date | None = None


def plan_decision(
    session: Session, one: OpenCase, *, decision: Decision | None, closure: str | None = None, by: Actor
) -> Plan:
    """What this decision (or, None, the one proposed) would do with an open case."""
    chosen = decision or one.proposed.decision
    closure = closure or (one.proposed.closure if chosen is one.proposed.decision else None)
    if one.decided is not None:
        return Plan(one, chosen, "decided")
    if not may_end_year(by, one.case, [move.step for move in one.moves]):
        return Plan(one, chosen, "may_not")
    if chosen is Decision.SEPTEMBER:
        return _to_september(session, one)
    if chosen is Decision.GOES_ON:
        return Plan(one, chosen)
    key = _PRIMARY if chosen is Decision.PRIMARY_AGE else closure
    return _to_close(one, chosen, key)


def decide_at_year_end(session: Session, plan: Plan, *, by: Actor) -> YearDecision:
    """Do what was planned. Raises Refused when it cannot be done."""
    one = plan.one
    if not season(clock.today()) or plan.stays is not None:
        raise Refused("year_end_not_now", reason=plan.stays or "season")
    before: dict[str, Any] = {"does": "nothing"}
    if plan.decision is Decision.SEPTEMBER:
        before = _wait_for_september(session, plan, by)
    elif plan.closure is not None:
        before = {"does": "closes"}
        _close(session, plan, by)
    decision = YearDecision(
        case_id=one.case.id,
        school_year=year_now(),
        decision=plan.decision,
        proposed=one.proposed.decision,
        closure=plan.closure,
        before=plain(before),
        at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id or one.case.lead_id,
        taken_back_at=None,
        taken_back_by_id=None,
    )
    session.add(decision)
    data = {"decision": plan.decision, "why": one.proposed.why, "closure": plan.closure, "school_year": year_now()}
    record(session, one.case, "year_end_decided", by=by, data={**data, **_aim(plan)})
    return decision


def take_back_decision(session: Session, one: OpenCase, *, by: Actor) -> None:
    """Undo a decision nothing was built on yet: the dates come back, and nobody is asked to ring any more.

    Raises Refused when there is none, when it is undone on the case itself, or when a step moved on since.
    """
    decision = one.decided
    if decision is None:
        raise Refused("year_end_moved_on")
    if decision.before["does"] not in ("nothing", "dates"):
        raise Refused("year_end_not_here")
    steps = {move.step.id: move.step for move in one.moves}
    for kept in decision.before.get("steps", ()):
        step = steps.get(kept["id"])
        if step is None or step.version != kept["version"]:
            raise Refused("year_end_moved_on")
        put_dates(step, _dates_kept(kept))
        withdraw_lines(session, about=[subject_of(step)])
    _ask_no_more(session, one.case, decision.before.get("ring"))
    decision.taken_back_at = clock.now()
    decision.taken_back_by_id = by.person_id
    record(session, one.case, "year_end_taken_back", by=by, data={"decision": decision.decision})


def can_take_back(one: OpenCase) -> bool:
    """Whether `take_back_decision` would do it."""
    if one.decided is None or one.decided.before["does"] not in ("nothing", "dates"):
        return False
    versions = {move.step.id: move.step.version for move in one.moves}
    return all(versions.get(kept["id"]) == kept["version"] for kept in one.decided.before.get("steps", ()))


def _to_september(session: Session, one: OpenCase) -> Plan:
    changes, today = [], clock.today()
    stays = "rests"
    for move in one.moves:
        if move.step.state != StepState.OPEN:
            continue
        process = processes().process(move.track.process, move.track.process_version)
        restart = restarting_outcome(process, processes().step(process.key, process.version, move.step.key))
        calendar = calendar_of(session, move.step)
        wakes_on = schools_wake_on(date(today.year, 7, 1), calendar)
        if restart is not None:
            changes.append(Change(move, restart=restart, wakes_on=wakes_on))
        elif loses_on(dates_of(move.step), today) is not None:
            stays = "loses_first"
        else:
            dates = until_september(dates_of(move.step), today, Counter(move.step.counter), calendar)
            changes.append(Change(move, dates=dates, wakes_on=wakes_on if move.kind == SCHOOL else None))
    if not changes:
        return Plan(one, Decision.SEPTEMBER, stays)
    rings = one.school_known and any(change.dates is not None for change in changes)
    ring = max(ring_on(today.year, calendar_of(session, changes[0].move.step)), today) if rings else None
    return Plan(one, Decision.SEPTEMBER, changes=tuple(changes), ring_on=ring)


def _to_close(one: OpenCase, decision: Decision, key: str | None) -> Plan:
    if one.others:
        return Plan(one, decision, "others_too")
    if one.child is None:
        return Plan(one, decision, "child_unseen")
    if decision is Decision.PRIMARY_AGE and not turns_six(one.child.born_on, clock.today()):
        return Plan(one, decision, "not_six")
    if key is None:
        return Plan(one, decision, "reason_missing")
    closure = processes().closure(key)
    if decision is Decision.CLOSE and not closure.at_year_end:
        return Plan(one, decision, "reason_missing")
    if one.compulsory and closure.result in ("not_achieved", "unknown"):
        return Plan(one, decision, "compulsory")
    return Plan(one, decision, closure=key, peace_until=Facts({}).peace_until(one.case, key))


def _wait_for_september(session: Session, plan: Plan, by: Actor) -> dict[str, Any]:
    """Move the aims, or let the school start again; what is needed to undo it."""
    case, kept = plan.one.case, []
    for change in plan.changes:
        step = change.move.step
        if change.restart is not None:
            report_outcome(session, case, step, outcome=change.restart.key, facts={}, by=by)
        elif change.dates is not None:
            before = as_columns(dates_of(step))
            put_dates(step, change.dates)
            step.last_fact_on = clock.today()
            withdraw_lines(session, about=[subject_of(step)])
            session.flush()
            kept.append({"id": step.id, "version": step.version, **before})
    if len(kept) < len(plan.changes):
        return {"does": "restart"}
    ring = _ask_to_ring(session, plan, by) if plan.ring_on is not None else None
    return {"does": "dates", "steps": kept, "ring": ring}


def _ask_to_ring(session: Session, plan: Plan, by: Actor) -> int:
    """A side step in the last week of August for the family's companion, else the lead: schools sleep then."""
    case, move = plan.one.case, next(change.move for change in plan.changes if change.dates is not None)
    team = companion_team(session, case)
    opening = Opening(
        rule=processes().side(RING),
        owner=Owner(team or case.lead_id, "companion" if team else "lead"),
        person_id=case.companion_id if team else None,
        scope=Scope.FULL,
        starts_on=plan.ring_on,
        side_of_id=move.step.id,
    )
    side = open_step(session, case, move.track, opening, by=by)
    data = {"kind": RING, "organisation": side.organisation_id}
    record(session, case, "side_step_asked", by=by, step=side, data=data)
    return side.id


def _ask_no_more(session: Session, case: Case, side_id: int | None) -> None:
    if side_id is None:
        return
    side = session.get_one(Step, side_id, execution_options=INSIDE)
    if side.case_id == case.id and side.living:
        end_step(session, side, outcome=None, state=StepState.WITHDRAWN)


def _close(session: Session, plan: Plan, by: Actor) -> None:
    """End every open track of the case."""
    case = plan.one.case
    statement = select(Track).where(Track.case_id == case.id, Track.ended_at.is_(None)).order_by(Track.id)
    for track in session.scalars(statement, execution_options=INSIDE).all():
        close_track(session, case, track, key=plan.closure or "", leave_in_peace_until=plan.peace_until, by=by)


def _aim(plan: Plan) -> dict[str, date | None]:
    """The new aim, for the story of the case."""
    dates = next((change.dates for change in plan.changes if change.dates is not None), None)
    return {"aim_on": dates.aim_on, "too_late_on": dates.too_late_on} if dates else {}


def _dates_kept(kept: dict[str, Any]) -> StepDates:
    aim, last = (date.fromisoformat(kept[key]) if kept[key] else None for key in ("aim_on", "too_late_on"))
    return StepDates(aim, last, kept["tight"], kept["why"])
