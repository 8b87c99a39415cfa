"""The open cases somebody decides on when the school year ends, each with what is proposed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Pause, Placement, Report, Step, StepState, Track, YearDecision
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import COORDINATING
from outreach.cases.workflow import CLOSURE, StepDates, compulsory_from, processes
from outreach.cases.workflow.year_end import AtYearEnd, Proposed, loses_on, propose, restarting_outcome
from outreach.children.grants import Scope, scopes_of, sight, visible
from outreach.children.models import Child
from outreach.partners.models import SCHOOL, Organisation
from outreach.schoolyear import school_year_of

SCHOOL_CONTACT = "school-contact"

CLOSED = 200
"""So many closed cases are named; the rest is found by searching."""


class Move(NamedTuple):
    """A living step of a case, none aside, with what belongs to it."""

    step: Step
    track: Track
    kind: str
    paused_until: date | None


@dataclass(frozen=True)
class OpenCase:
    """An open case at the end of a school year, as somebody may see it; `child` is None for who sees a reference only.

    `moves` are the steps the decision is about: a school decides about its own, `others` says that there are more.
    """

    case: Case
    child: Child | None
    compulsory: bool
    moves: list[Move]
    others: bool
    school_known: bool
    decided: YearDecision | None
    proposed: Proposed

    @property
    def stamp(self) -> str:
        """What changes as soon as the case or one of its steps does."""
        parts = [f"{self.case.version}", *(f"{move.step.id}-{move.step.version}" for move in self.moves)]
        return "_".join(parts)


def year_now() -> int:
    """The school year that is ending, by the year it started in."""
    return school_year_of(clock.today()).start


def open_cases(
    session: Session, actor: Actor, *, references: Sequence[str] | None = None, for_change: bool = False
) -> list[OpenCase]:
    """Every open case this person's organisation leads, or for a school has a step of; or those of these references."""
    statement = _statement(actor)
    if references is not None:
        statement = statement.where(Case.reference.in_(references))
    if for_change:
        statement = statement.with_for_update(of=(Case, Step))
    rows = session.execute(statement, execution_options=sight(actor)).all()
    scopes = scopes_of(session, actor, {row[0].id for row in rows})
    gave_up = _gave_up(session, actor)
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0].id, []).append(row)
    found = [_open_case(actor, each, scopes.get(case_id), gave_up) for case_id, each in grouped.items()]
    return [each for each in found if each.moves]


def closed_this_year(session: Session, actor: Actor) -> list[tuple[str, str, date]]:
    """What this person's organisation closed at this year's end: reference, closure and day, the newest first."""
    statement = (
        select(Case.reference, YearDecision.closure, YearDecision.at)
        .join(Case, Case.id == YearDecision.case_id)
        .where(
            YearDecision.school_year == year_now(),
            YearDecision.closure.is_not(None),
            YearDecision.organisation_id == actor.organisation_id,
            visible(actor, Case.id),
        )
        .order_by(YearDecision.id.desc())
        .limit(CLOSED)
    )
    rows = session.execute(statement, execution_options=sight(actor))
    return [(row[0], str(row[1]), clock.local(row[2]).date()) for row in rows]


def count_undecided(session: Session, actor: Actor) -> int:
    """How many open cases wait for a decision of this person's organisation."""
    decided = exists().where(
        YearDecision.case_id == Case.id,
        YearDecision.school_year == year_now(),
        YearDecision.taken_back_at.is_(None),
    )
    statement = select(func.count()).select_from(Case).where(*_mine(actor), ~decided)
    return session.scalar(statement, execution_options=sight(actor)) or 0


def _statement(actor: Actor) -> Any:
    present = and_(
        YearDecision.case_id == Case.id,
        YearDecision.school_year == year_now(),
        YearDecision.taken_back_at.is_(None),
    )
    return (
        select(Case, Child, Step, Track, Organisation.kind, Pause.until_on, Placement.id, YearDecision)
        .join(Child, Child.id == Case.child_id)
        .join(Step, and_(Step.case_id == Case.id, Step.side_of_id.is_(None), IS_LIVING))
        .join(Track, Track.id == Step.track_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .outerjoin(Pause, and_(Pause.step_id == Step.id, Pause.ended_at.is_(None)))
        .outerjoin(Placement, and_(Placement.case_id == Case.id, Placement.replaced_at.is_(None)))
        .outerjoin(YearDecision, present)
        .where(*_mine(actor))
        .order_by(Case.id, Step.number)
    )


def _mine(actor: Actor) -> list[ColumnElement[bool]]:
    """Open cases that are this person's to decide, as far as they see them."""
    whose: ColumnElement[bool] = false()
    if actor.role in COORDINATING:
        whose = Case.lead_id == actor.organisation_id
    elif actor.role == SCHOOL_CONTACT:
        own = aliased(Step)
        living = own.state.in_((StepState.PLANNED, StepState.OPEN, StepState.PAUSED))
        mine = (own.case_id == Case.id, own.organisation_id == actor.organisation_id, own.side_of_id.is_(None), living)
        whose = exists().where(*mine)
    return [Case.ended_at.is_(None), whose, visible(actor, Case.id)]


def _open_case(actor: Actor, rows: list[Any], scope: Scope | None, gave_up: set[int]) -> OpenCase:
    case, child, decision = rows[0][0], rows[0][1], rows[0][7]
    every = [Move(row[2], row[3], row[4], row[5]) for row in rows]
    leads = actor.role in COORDINATING
    moves = [move for move in every if leads or move.step.organisation_id == actor.organisation_id]
    seen = child if scope in (Scope.FULL, Scope.WELCOME) else None
    compulsory = clock.today() >= compulsory_from(child.born_on)
    known = rows[0][6] is not None
    alone = seen if len(moves) == len(every) else None  # what would close it is not proposed to one of several
    proposals = [propose(_at(case, move, alone, known=known, gave_up=gave_up, compulsory=compulsory)) for move in moves]
    proposed = proposals[0] if proposals else propose(AtYearEnd(clock.today(), None))
    return OpenCase(case, seen, compulsory, moves, len(moves) < len(every), known, decision, proposed)


def _at(
    case: Case,
    move: Move,
    child: Child | None,
    *,
    known: bool,
    gave_up: set[int],
    compulsory: bool,
) -> AtYearEnd:
    step, today = move.step, clock.today()
    process = processes().process(move.track.process, move.track.process_version)
    rule = processes().step(process.key, process.version, step.key)
    closing = next(
        (key for each in rule.outcomes if each.to == CLOSURE for key in each.closures if _in_vain(key)), None
    )
    dates = StepDates(step.aim_on, step.too_late_on, step.tight, step.why)
    return AtYearEnd(
        today=today,
        born_on=child.born_on if child else None,
        asleep=step.sleeps_until is not None,
        rests_until=_rests_until(move),
        loses_on=loses_on(dates, today),
        gave_up=closing if case.id in gave_up and not compulsory else None,
        restarts=restarting_outcome(process, rule) is not None,
        school_known=known,
        of_school=move.kind == SCHOOL,
    )


def _rests_until(move: Move) -> date | None:
    if move.step.state == StepState.PLANNED:
        return move.step.starts_on
    if move.step.state == StepState.PAUSED and move.paused_until is not None:
        return move.paused_until + timedelta(days=1)
    return None


def _in_vain(closure: str) -> bool:
    return processes().closure(closure).result == "unknown"


def _gave_up(session: Session, actor: Actor) -> set[int]:
    """Cases whose last report says that nobody was reached after every try."""
    vain = {
        outcome.key
        for process in processes()
        for step in process.steps
        for outcome in step.outcomes
        if outcome.after_tries
    }
    later = aliased(Report)
    last = ~exists().where(later.case_id == Report.case_id, later.id > Report.id)
    statement = (
        select(Report.case_id)
        .join(Case, Case.id == Report.case_id)
        .where(Report.outcome.in_(vain), last, *_mine(actor))
    )
    return set(session.scalars(statement, execution_options=sight(actor)))
