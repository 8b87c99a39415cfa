"""What the radar notices: open steps of which nothing was heard for long, and absences whose reason stays open."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.cases.models import Case, Report, Spotted, Step, StepState, Track
from outreach.cases.models.step import IS_OPEN
from outreach.cases.queries.reminders import STEP_COLUMNS, Ladders, OpenStep
from outreach.cases.workflow import SideRule, processes
from outreach.database import seen_by
from outreach.partners.models import Organisation

_READ = seen_by("radar: steps nothing is heard of")


class Noticed(NamedTuple):
    """A step whose owner is to be asked something, and the day since which there was nothing."""

    case: Case
    step: Step
    since: date


def silences(session: Session, rule: SideRule, _today: date, ladders: Ladders) -> dict[int, date]:
    """Open steps without news for too many school days that nobody was asked about: since when."""
    quiet = select(Step.id).where(IS_OPEN, Step.last_fact_on <= ladders.quiet_since())
    statement = _open().where(Step.id.in_(quiet), ~_spotted(rule, Spotted.since >= Step.last_fact_on))
    found = ((step, ladders.heard(step)) for step, _ in _rows(session, statement))
    return {step.id: since for step, since in found if since <= ladders.radar(step).silence}


def reasons_open(session: Session, rule: SideRule, today: date, ladders: Ladders) -> dict[int, date]:
    """Open steps whose track was last reported to have no known reason, too many school days ago: since when."""
    before = today - timedelta(days=ladders.lowest("reason_open"))
    at, said = aliased(Step), aliased(Report)
    last = select(func.max(said.id)).join(at, at.id == said.step_id).where(at.track_id == Step.track_id)
    statement = (
        _open(Report.at)
        .join(Report, Report.case_id == Step.case_id)
        .where(
            Step.id.in_(
                select(Step.id).where(
                    IS_OPEN, Step.key.in_(processes().led_to_by(rule.left_open_by)), Step.opened_on <= before
                )
            ),
            Report.outcome.in_(rule.left_open_by),
            Report.id == last.scalar_subquery(),
            ~_spotted(rule),
        )
    )
    found = ((step, clock.local(said_at).date()) for step, (said_at,) in _rows(session, statement))
    return {
        step.id: since
        for step, since in found
        if since <= ladders.radar(step).reason_open and (step.planned_on is None or step.planned_on < today)
    }


def hold_noticed(session: Session, noticed: Mapping[int, date], *, silent: bool) -> list[Noticed]:
    """These steps with their cases, held while their owners are asked; one somebody has in hand waits a quarter, one
    that was to be `silent` and of which something was heard by now is left out."""
    found: list[Noticed] = []
    ids = sorted(noticed)
    for start in range(0, len(ids), 1_000):
        statement = (
            select(Case, Step)
            .join(Case, Case.id == Step.case_id)
            .where(Step.id.in_(ids[start : start + 1_000]), Step.state == StepState.OPEN)
            .order_by(Step.id)
            .with_for_update(of=Step, skip_locked=True, key_share=True)  # others may go on pointing at it
        )
        for case, step in session.execute(statement, execution_options=_READ):
            if not silent or step.last_fact_on <= noticed[step.id]:
                found.append(Noticed(case, step, noticed[step.id]))
    return found


def asked_beside(session: Session, step_ids: Iterable[int]) -> dict[int | None, int]:
    """Of these steps, those beside which the radar asks something: the number of that side step."""
    found: dict[int | None, int] = {}
    ids = sorted(set(step_ids))
    for start in range(0, len(ids), 10_000):
        mine = Step.side_of_id.in_(ids[start : start + 10_000])
        statement = select(Step.side_of_id, Step.number).where(mine, *_asking(Step))
        found.update((row[0], row[1]) for row in session.execute(statement, execution_options=_READ))
    return found


def _open(*more: Any) -> Select[Any]:
    """Open steps of a track beside which the radar asks nothing."""
    side = aliased(Step)
    return (
        select(*STEP_COLUMNS, *more)
        .join(Track, Track.id == Step.track_id)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(
            IS_OPEN,
            Step.side_of_id.is_(None),
            ~exists().where(side.side_of_id == Step.id, *_asking(side)),
        )
    )


def _asking(side: type[Step]) -> tuple[ColumnElement[bool], ...]:
    """A side step is a question of the radar that waits for its answer."""
    return side.key.in_(processes().noticed_keys), side.ended_at.is_(None)


def _spotted(rule: SideRule, *since: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether this was noticed at the step before."""
    return exists().where(Spotted.step_id == Step.id, Spotted.key == rule.key, *since)


def _rows(session: Session, statement: Select[Any]) -> Iterator[tuple[OpenStep, tuple[Any, ...]]]:
    width = len(STEP_COLUMNS)
    for row in session.execute(statement, execution_options=_READ):
        yield OpenStep._make(row[:width]), tuple(row[width:])
