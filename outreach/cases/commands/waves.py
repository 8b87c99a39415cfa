"""Families are given to a team in waves: so many households a week, each step counting from its own start day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.commands.owning import move_step, subject_of
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.stepping import put_dates, rule_of
from outreach.cases.models import Step, StepState
from outreach.cases.policy import may_assign
from outreach.cases.queries.area_list import Waiting
from outreach.cases.queries.assigning import assigned_to, assigning_outcome
from outreach.cases.queries.circumstances import circumstances
from outreach.cases.workflow import Outcome, asked, compulsory_from, derive, processes
from outreach.children.grants import Scope
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Organisation
from outreach.schoolyear import Counter, SchoolCalendar

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Move:
    """A step that goes to the team: by its assigning outcome, or (None) because it is there already."""

    waiting: Waiting
    outcome: Outcome | None
    starts_on: date


@dataclass(frozen=True)
class LeftOut:
    """A step that stays where it is; `reason` is may_not, not_from_here, paused, begun or parents_first."""

    waiting: Waiting
    reason: str


@dataclass(frozen=True)
class Waves:
    """Which household starts when. Nothing has changed yet; what cannot be given is said."""

    moves: list[Move]
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def asks_schooling_check(self) -> bool:
        """Whether one of the children is of compulsory school age and its outcome asks about the schooling check."""
        return any(_asks_more(move) for move in self.moves)

    @property
    def households(self) -> list[int]:
        """The households that start, in their order."""
        return list(dict.fromkeys(move.waiting.child.household_id for move in self.moves))


def plan_waves(
    session: Session,
    waiting: Sequence[Waiting],
    *,
    organisation: Organisation,
    per_week: int,
    first_on: date,
    by: Actor,
) -> Waves:
    """Who would start when; `waiting` stands in the order in which the families are to start.

    Raises Refused for a start in the past, fewer than one household a week, or when nothing can be given.
    """
    if first_on < clock.today():
        raise Refused("wave_in_past", on=first_on)
    if per_week < 1:
        raise Refused("wave_empty")
    judged = [(each, _judged(each, organisation, by)) for each in waiting]
    left_out = [LeftOut(each, verdict) for each, verdict in judged if isinstance(verdict, str)]
    chosen = [(each, verdict) for each, verdict in judged if not isinstance(verdict, str)]
    if not chosen:
        raise Refused("nothing_to_assign", count=len(left_out))
    order = list(dict.fromkeys(each.child.household_id for each, _ in chosen))
    calendar = calendar_for(session, chosen[0][0].case.area_id, organisation.id)
    days = start_days(len(order), per_week=per_week, first_on=first_on, calendar=calendar)
    starts = dict(zip(order, days, strict=True))
    return Waves([Move(each, outcome, starts[each.child.household_id]) for each, outcome in chosen], left_out)


def assign_in_waves(
    session: Session,
    waiting: Sequence[Waiting],
    *,
    organisation: Organisation,
    person_id: int | None,
    per_week: int,
    first_on: date,
    by: Actor,
    schooling_check: str | None = None,
) -> Waves:
    """Give these families to a team, so many a week, and say which started when and which stayed.

    `schooling_check`: whether the check of compulsory schooling already writes to or visits these families. Raises
    Refused as `plan_waves` does, and when the person is not of the team.
    """
    if person_id is not None and not is_member(session, person_id, organisation.id, clock.today()):
        raise Refused("person_not_of_team")
    waves = plan_waves(session, waiting, organisation=organisation, per_week=per_week, first_on=first_on, by=by)
    for move in waves.moves:
        if move.outcome is None:
            _restart(session, move, organisation, person_id, by)
            continue
        facts: dict[str, Any] = {"organisation": organisation.id, "person": person_id, "starts_on": move.starts_on}
        if _asks_more(move):
            facts["schooling_check"] = schooling_check
        case, step = move.waiting.case, move.waiting.step
        report_outcome(session, case, step, outcome=move.outcome.key, facts=facts, by=by)
    return waves


def start_days(count: int, *, per_week: int, first_on: date, calendar: SchoolCalendar) -> list[date]:
    """The start day of each of so many households: the first wave on the first working day from `first_on`, every
    next one on the first working day of a week. A week in which no outreach day is left is passed over."""
    waves = islice(_wave_days(first_on, calendar), -(-count // per_week))
    return [day for day in waves for _ in range(per_week)][:count]


def _wave_days(first_on: date, calendar: SchoolCalendar) -> Iterator[date]:
    monday = first_on - timedelta(days=first_on.weekday())
    day = first_on
    while True:
        start, next_monday = calendar.on_or_after(day, Counter.WORKING_DAYS), monday + _WEEK
        if start < next_monday and calendar.on_or_after(start, Counter.OUTREACH_DAYS) < next_monday:
            yield start
        monday = day = next_monday


def _judged(waiting: Waiting, organisation: Organisation, by: Actor) -> Outcome | str | None:
    """The outcome that gives this step to a team, None when it is there already, or the reason why it stays."""
    case, step, track = waiting.case, waiting.step, waiting.track
    if not may_assign(by, case, step):
        return "may_not"
    process = processes().process(track.process, track.process_version)
    rule = process.find_step(step.key)
    outcome = assigning_outcome(process, rule) if rule else None
    if outcome is None and step.key not in assigned_to(process):
        return "not_from_here"
    if step.state == StepState.PAUSED:
        return "paused"
    if outcome is not None:
        return outcome
    if step.stays or step.planned_on is not None:
        return "begun"
    if step.scope == Scope.REFERENCE and step.organisation_id != organisation.id:
        return "parents_first"
    return None


def _asks_more(move: Move) -> bool:
    if move.outcome is None:
        return False
    compulsory = clock.today() >= compulsory_from(move.waiting.child.born_on)
    return len(asked(move.outcome, compulsory=compulsory)) > len(asked(move.outcome, compulsory=False))


def _restart(session: Session, move: Move, organisation: Organisation, person_id: int | None, by: Actor) -> None:
    """A step that waits for its first visit gets another start day, and its owner; its dates are judged anew."""
    case, step, child = move.waiting.case, move.waiting.step, move.waiting.child
    before = {"aim_on": step.aim_on, "too_late_on": step.too_late_on, "starts_on": step.starts_on}
    if (step.organisation_id, step.person_id) != (organisation.id, person_id) or step.to_assign:
        move_step(session, case, step, organisation_id=organisation.id, person_id=person_id, reason="assigned", by=by)
    at = circumstances(session, case, child, organisation_id=organisation.id, opened_on=move.starts_on)
    put_dates(step, derive(rule_of(session, step), at))
    _start(step, move.starts_on)
    withdraw_lines(session, about=[subject_of(step)])
    now = {"aim_on": step.aim_on, "too_late_on": step.too_late_on, "starts_on": step.starts_on}
    owner = {"organisation": organisation.id, "person": person_id}
    record(session, case, "step_assigned", by=by, step=step, data={**owner, "before": before, **now})


def _start(step: Step, starts_on: date) -> None:
    today = clock.today()
    step.opened_on = step.starts_on = starts_on
    step.state = StepState.PLANNED if starts_on > today else StepState.OPEN
    step.last_fact_on = max(today, starts_on)
