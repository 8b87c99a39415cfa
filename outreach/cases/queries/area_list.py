"""The area: its households with their living steps, most urgent first, as far as somebody sees them whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Pause, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.assigning import waits_for_assignment
from outreach.cases.queries.given_days import chosen_days, window_days
from outreach.cases.queries.wave_order import Urgency, most_urgent, urgency_of
from outreach.cases.workflow import Circumstances
from outreach.children.grants import Scope, sight, visible
from outreach.children.models import Child, Residence
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area, OrganisationArea
from outreach.partners.queries import valid

PAGE = 50
"""Households on one page."""

LATE, TO_ASSIGN, COMPULSORY, PLANNED = "late", "to-assign", "compulsory", "planned"
ONLY = (LATE, TO_ASSIGN, COMPULSORY, PLANNED)

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to; a household is shown when one of its steps answers to all of it."""

    step: str | None = None
    organisation_id: int | None = None
    postcode: str | None = None
    only: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Counts:
    """How many living steps the area has, in all and of each sort."""

    living: int
    late: int
    to_assign: int
    planned: int


@dataclass(frozen=True)
class Waiting:
    """One living step with what its line shows."""

    step: Step
    case: Case
    track: Track
    child: Child
    residence: Residence | None
    paused_until: date | None


def areas_of(session: Session, actor: Actor) -> list[Area]:
    """The areas somebody's organisation coordinates (first) or serves, by name."""
    served = select(OrganisationArea.area_id).where(
        OrganisationArea.organisation_id == actor.organisation_id, valid(OrganisationArea, clock.today())
    )
    own = Area.coordinator_id == actor.organisation_id
    query = select(Area).where(or_(own, Area.id.in_(served)))
    return list(session.scalars(query.order_by(case((own, 0), else_=1), Area.name)))


def area_counts(session: Session, actor: Actor, area: Area) -> Counts:
    """The numbers above the list, in one statement."""
    today = clock.today()
    late = and_(Step.state == StepState.OPEN, Step.due_on < today)
    parts = (late, waits_for_assignment(), Step.state == StepState.PLANNED)
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts]
    statement = _within(actor, area, select(func.count(Step.id), *sums))
    return Counts(*session.execute(statement, execution_options=sight(actor)).one())


def postcodes(session: Session, actor: Actor, area: Area) -> list[tuple[str, str]]:
    """Where the families live: postcode and municipality."""
    statement = (
        _within(actor, area, select(Residence.postcode, func.min(Residence.municipality)))
        .join(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .where(Residence.postcode != "")
        .group_by(Residence.postcode)
        .order_by(Residence.postcode)
    )
    return [(row[0], row[1]) for row in session.execute(statement, execution_options=sight(actor))]


def households(session: Session, actor: Actor, area: Area, chosen: Chosen) -> dict[int, Urgency]:
    """Every household that answers to the filter, in order: late first, then as families are assigned in waves."""
    today = clock.today()
    columns = (Child.household_id, Child.born_on, Case.id, Case.opened_on, Step.state, Step.due_on)
    statement = _within(actor, area, select(*columns), chosen)
    rows = session.execute(statement, execution_options=sight(actor)).all()
    chosen_on = chosen_days(session, _within(actor, area, select(Case.id)), sight(actor))
    windows = window_days(session, area.id)
    calendar = calendar_for(session, area.id)
    children: dict[int, list[Urgency]] = defaultdict(list)
    late: set[int] = set()
    for household_id, born_on, case_id, opened_on, state, due_on in rows:
        given = {**windows.get(born_on.year, {}), **chosen_on.get(case_id, {})}
        at = Circumstances(born_on, opened_on, today, calendar, given)
        children[household_id].append(urgency_of(at, today))
        if state == StepState.OPEN and due_on is not None and due_on < today:
            late.add(household_id)
    found = {household_id: most_urgent(each) for household_id, each in children.items()}
    order = sorted(found, key=lambda household_id: (household_id not in late, found[household_id], household_id))
    return {household_id: found[household_id] for household_id in order}


def waiting_steps(
    session: Session, actor: Actor, area: Area, household_ids: Sequence[int], *, for_change: bool = False
) -> list[Waiting]:
    """The living steps of these households, in the order of the households, the oldest child first."""
    order = {household_id: place for place, household_id in enumerate(household_ids)}
    statement = (
        _within(actor, area, select(Step, Case, Track, Child, Residence, Pause.until_on))
        .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .outerjoin(Pause, and_(Pause.step_id == Step.id, Pause.ended_at.is_(None)))
        .where(Child.household_id.in_(list(household_ids)))
        .order_by(Child.born_on, Child.id, Step.number)
    )
    if for_change:
        statement = statement.with_for_update(of=(Case, Step))
    rows = session.execute(statement, execution_options=sight(actor)).all()
    return sorted((Waiting(*row) for row in rows), key=lambda each: order[each.child.household_id])


def _within(actor: Actor, area: Area, statement: Statement, chosen: Chosen | None = None) -> Statement:
    """The living steps of an area this person sees whole; a team lead those of the own team."""
    conditions = [
        Case.area_id == area.id,
        Case.ended_at.is_(None),
        IS_LIVING,
        Step.side_of_id.is_(None),
        visible(actor, Case.id, Scope.FULL),
        *(_answering(actor, chosen) if chosen else ()),
    ]
    if actor.role == "team-lead":
        conditions.append(Step.organisation_id == actor.organisation_id)
    return (
        statement.select_from(Step)
        .join(Case, Case.id == Step.case_id)
        .join(Track, Track.id == Step.track_id)
        .join(Child, Child.id == Case.child_id)
        .where(*conditions)
    )


def _answering(actor: Actor, chosen: Chosen) -> list[ColumnElement[bool]]:
    today = clock.today()
    found: list[ColumnElement[bool]] = []
    if chosen.step:
        found.append(Step.key == chosen.step)
    if chosen.organisation_id:
        found.append(Step.organisation_id == chosen.organisation_id)
    if chosen.postcode:
        lives_there = select(Residence.child_id).where(
            Residence.postcode == chosen.postcode, Residence.until_at.is_(None)
        )
        in_the_open = or_(Case.secrecy.is_(None), Case.lead_id == actor.organisation_id)
        found += [Child.id.in_(lives_there), in_the_open]
    if LATE in chosen.only:
        found += [Step.state == StepState.OPEN, Step.due_on < today]
    if TO_ASSIGN in chosen.only:
        found.append(waits_for_assignment())
    if COMPULSORY in chosen.only:
        youngest = today.year - (5 if today >= date(today.year, 9, 1) else 6)
        found.append(Child.born_on <= date(youngest, 12, 31))
    if PLANNED in chosen.only:
        found.append(Step.state == StepState.PLANNED)
    return found
