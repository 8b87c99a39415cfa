"""How a step opens and ends: its rows, dates, grants and the letters that are no longer needed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.owning import granted_owner, granted_person, subject_of, write_assignment
from outreach.cases.commands.taking_back import take_back_links, take_back_offers
from outreach.cases.models import Case, Pause, Step, StepState, Track
from outreach.cases.models.plain import WrittenCase
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.circumstances import circumstances
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Circumstances, Owner, SideRule, StepDates, StepRule, TooLate, combine, processes
from outreach.children.grants import Scope, end_grants, grant
from outreach.children.models import Child
from outreach.notifications.commands import withdraw_lines
from outreach.partners.calendars import calendar_for
from outreach.schoolyear import Counter, SchoolCalendar


@dataclass(frozen=True)
class Opening:
    """A step about to open: whose it is, and from which day it counts."""

    rule: StepRule | SideRule
    owner: Owner
    person_id: int | None = None
    scope: Scope = Scope.FULL
    starts_on: date | None = None
    side_of_id: int | None = None

    @property
    def counter(self) -> Counter:
        """The counter its ladder counts in."""
        return self.rule.aim.counter if isinstance(self.rule, SideRule) else self.rule.counter


def open_step(session: Session, case: Case, track: Track, opening: Opening, *, by: Actor) -> Step:
    """Open a step for its owner, with dates, grant and assignment. The event is the calling command's."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    starts_on = first_day(session, case, child, opening)
    at = circumstances(session, case, child, organisation_id=opening.owner.organisation_id, opened_on=starts_on)
    rule = opening.rule
    dates = side_dates(rule, at) if isinstance(rule, SideRule) else combine(rule.aim, rule.too_late, at)
    step = Step(**step_row(case, track.id, opening, dates, number=next_number(session, case), starts_on=starts_on))
    session.add(step)
    session.flush()
    grant(session, [each for each in (granted_owner(case, step), granted_person(case, step)) if each])
    write_assignment(session, case, step, reason=opening.owner.reason, by=by)
    return step


def side_dates(rule: SideRule, at: Circumstances) -> StepDates:
    """The dates of a side step."""
    return combine((rule.aim,), TooLate(otherwise=(rule.too_late,) if rule.too_late else ()), at)


def step_row(
    case: WrittenCase, track_id: int, opening: Opening, dates: StepDates, *, number: int, starts_on: date
) -> dict[str, Any]:
    """The row of a step, not yet in the database; planned when its start day lies ahead."""
    today, now = clock.today(), clock.now()
    return {
        "case_id": case.id,
        "track_id": track_id,
        "number": number,
        "key": opening.rule.key,
        "side_of_id": opening.side_of_id,
        "organisation_id": opening.owner.organisation_id,
        "person_id": opening.person_id,
        "area_id": case.area_id,
        "to_assign": opening.owner.to_assign,
        "owner_reason": opening.owner.reason,
        "state": StepState.PLANNED if starts_on > today else StepState.OPEN,
        "scope": opening.scope,
        "opened_on": starts_on,
        "opened_at": now,
        "told_at": now,
        "starts_on": starts_on,
        "planned_on": None,
        "counter": opening.counter.value,
        "new_aim_at": None,
        "stays": 0,
        "pauses": 0,
        "last_fact_on": max(today, starts_on),
        "ended_at": None,
        "outcome": None,
        **as_columns(dates),
    }


def as_columns(dates: StepDates) -> dict[str, Any]:
    """Derived dates as the columns of a step."""
    return {
        "aim_on": dates.aim_on,
        "too_late_on": dates.too_late_on,
        "due_on": dates.due_on,
        "tight": dates.tight,
        "why": dates.why,
    }


def dates_of(step: Step) -> StepDates:
    """The dates a step has now."""
    return StepDates(step.aim_on, step.too_late_on, step.tight, step.why)


def put_dates(step: Step, dates: StepDates) -> None:
    """Give a step other dates."""
    for column, value in as_columns(dates).items():
        setattr(step, column, value)


def first_day(session: Session, case: Case, child: Child, opening: Opening) -> date:
    """The day a step counts from: its wave's start day, the one its rule sets, or today."""
    today = clock.today()
    if opening.starts_on is not None:
        return max(opening.starts_on, today)
    rule = opening.rule
    if isinstance(rule, StepRule) and rule.starts is not None:
        at = circumstances(session, case, child, organisation_id=opening.owner.organisation_id, opened_on=today)
        anchor_on = at.value(rule.starts.anchor)
        if anchor_on is not None:
            before = date.fromordinal(anchor_on.toordinal() - 1)
            return max(at.calendar.add(before, rule.starts.count, rule.starts.counter).day, today)
    return today


def next_number(session: Session, case: Case) -> int:
    """The number of the next step of a case."""
    session.flush()
    last = session.scalar(select(func.max(Step.number)).where(Step.case_id == case.id), execution_options=INSIDE)
    return (last or 0) + 1


def end_step(session: Session, step: Step, *, outcome: str | None, state: StepState = StepState.DONE) -> None:
    """Close a step and its side steps: grants run out, pauses end, unsent lines, links and offers are withdrawn."""
    now = clock.now()
    sides = select(Step).where(Step.side_of_id == step.id, IS_LIVING)
    ending = [(step, outcome, state)]
    if step.side_of_id is None:
        found = session.scalars(sides, execution_options=INSIDE).all()
        ending += [(side, None, StepState.WITHDRAWN) for side in found]
    for each, its_outcome, its_state in ending:
        each.state = its_state
        each.outcome = its_outcome
        each.ended_at = now
    subjects = [subject_of(each) for each, *_ in ending]
    end_grants(session, subjects)
    withdraw_lines(session, about=subjects)
    take_back_links(session, [each.id for each, *_ in ending])
    take_back_offers(session, step)
    session.execute(
        update(Pause)
        .where(Pause.step_id.in_([each.id for each, *_ in ending]), Pause.ended_at.is_(None))
        .values(ended_at=now)
    )


def rule_of(session: Session, step: Step) -> StepRule:
    """The rule of a step, in the version its track began with."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    return processes().step(track.process, track.process_version, step.key)


def calendar_of(session: Session, step: Step) -> SchoolCalendar:
    """The calendar a step's days are counted in."""
    return calendar_for(session, step.area_id, step.organisation_id)
