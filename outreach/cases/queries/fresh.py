"""What is new for somebody: steps that came to them, answers to what they asked, and what cannot wait for tomorrow."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.cases.models import Assignment, Attempt, Case, CaseAnchor, Closure, Nudge, Step, StepState, Track
from outreach.cases.models.step import IS_OPEN
from outreach.cases.queries.reminders import STEP_COLUMNS, OpenStep
from outreach.cases.workflow import Anchor, processes
from outreach.database import seen_by
from outreach.partners.models import Organisation

_READ = seen_by("morning sweep")

NEW_FOR = timedelta(days=14)
"""What came longer ago than this is no news: who was away that long finds it in My work."""

_POSITIVE = "positive"


class NewStep(NamedTuple):
    """An open step somebody was given, `on` the day they could begin with it, `by_id` who gave it."""

    step: OpenStep
    on: date
    by_id: int | None


class Nudged(NamedTuple):
    """A step to which somebody drew its owner's attention on a day."""

    on: date
    step: OpenStep


class Answered(NamedTuple):
    """A side step that was answered, and the living step it was asked beside."""

    side_id: int
    on: date
    step: OpenStep


def new_steps(session: Session, today: date) -> list[NewStep]:
    """Open steps that came to their owner in the last two weeks: opened, assigned, handed over or begun as a wave."""
    since = today - NEW_FOR
    last = select(Assignment.by_id).where(Assignment.step_id == Step.id).order_by(Assignment.id.desc()).limit(1)
    giver = last.scalar_subquery()
    told = select(Step.id).where(IS_OPEN, Step.told_at >= clock.moment_of(since, 0))
    begun = select(Step.id).where(IS_OPEN, Step.starts_on >= since)
    statement = (
        _steps(Step.starts_on, giver)
        .where(
            Step.id.in_(told.union(begun)),
            Step.key != processes().noticed("silence").key,  # the line about the silence tells of it
        )
        .order_by(Step.id)
    )
    return [
        NewStep(step, max(clock.local(step.told_at).date(), starts_on), by_id)
        for step, (starts_on, by_id) in _split(session.execute(statement, execution_options=_READ))
    ]


def answered_sides(session: Session, today: date) -> list[Answered]:
    """Side steps answered in the last two weeks, for the owners of the steps they were asked beside."""
    side = aliased(Step)
    lately = select(Step.id).where(Step.side_of_id.is_not(None), Step.ended_at >= clock.moment_of(today - NEW_FOR, 0))
    statement = (
        _steps(side.id, side.ended_at)
        .join(side, side.side_of_id == Step.id)
        .where(
            Step.state.in_((StepState.OPEN, StepState.PLANNED)),
            side.id.in_(lately),
            side.state == StepState.DONE,
            side.organisation_id != Step.organisation_id,
        )
        .order_by(side.id)
    )
    return [
        Answered(side_id, clock.local(ended_at).date(), step)
        for step, (side_id, ended_at) in _split(session.execute(statement, execution_options=_READ))
    ]


def nudged_steps(session: Session, today: date) -> list[Nudged]:
    """Open steps to which a coordinator drew attention in the last two weeks."""
    since = today - NEW_FOR
    lately = select(Nudge.step_id).where(Nudge.on >= since)
    statement = (
        _steps(Nudge.on)
        .join(Nudge, Nudge.step_id == Step.id)
        .where(Step.id.in_(lately), IS_OPEN, Nudge.on >= since, Nudge.at >= Step.told_at)
        .order_by(Nudge.id)
    )
    found = _split(session.execute(statement, execution_options=_READ))
    return [Nudged(on, step) for step, (on,) in found]


def entry_days(session: Session, step_ids: Collection[int]) -> dict[int, tuple[int, date]]:
    """The area, and the entry day chosen for the child, of each of these steps for which there is one."""
    found: dict[int, tuple[int, date]] = {}
    ids = sorted(step_ids)
    for start in range(0, len(ids), 10_000):
        statement = (
            select(Step.id, Step.area_id, CaseAnchor.on)
            .join(CaseAnchor, CaseAnchor.case_id == Step.case_id)
            .where(
                Step.id.in_(ids[start : start + 10_000]),
                CaseAnchor.key == Anchor.ENTRY_DAY.value,
                CaseAnchor.replaced_at.is_(None),
            )
        )
        found.update((row[0], (row[1], row[2])) for row in session.execute(statement, execution_options=_READ))
    return found


def taking_part_after_visits(session: Session, people: Iterable[int], since: date) -> dict[int, int]:
    """How many children came to take part from a day on, of those somebody spoke with at home: by person."""
    positive = [closure.key for closure in processes().common.closures if closure.result == _POSITIVE]
    statement = (
        select(Attempt.by_id, func.count(Closure.case_id.distinct()))
        .join(Closure, Closure.case_id == Attempt.case_id)
        .join(Case, Case.id == Attempt.case_id)
        .where(
            Attempt.by_id.in_(sorted(people)),
            Attempt.reached.is_(True),
            Attempt.on >= Case.opened_on,  # not what was taken over from somebody's own list
            Closure.key.in_(positive),
            Closure.on >= since,
            Closure.on >= Attempt.on,
        )
        .group_by(Attempt.by_id)
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=_READ)}


def _steps(*more: Any) -> Any:
    """Steps as the ladder needs them, with more columns behind."""
    return (
        select(*STEP_COLUMNS, *more)
        .join(Track, Track.id == Step.track_id)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
    )


def _split(rows: Iterable[Any]) -> Iterator[tuple[OpenStep, tuple[Any, ...]]]:
    """Each row as its step and what stands behind it."""
    width = len(STEP_COLUMNS)
    return ((OpenStep._make(row[:width]), tuple(row[width:])) for row in rows)
