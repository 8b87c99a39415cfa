"""What each team and each of its people carries in an area, as far as the reader may see; told before assigning."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership, Person
from outreach.accounts.queries import active
from outreach.cases.models import Case, Step, StepState
from outreach.cases.models.step import IS_LIVING
from outreach.children.grants import PERSONAL_ROLES, sight, visible
from outreach.partners.models import Area, Organisation


@dataclass
class Load:
    """Steps of somebody: open now (paused ones too), of which late, and planned."""

    name: str
    open: int = 0
    late: int = 0
    planned: int = 0


@dataclass
class TeamLoad(Load):
    """Steps of a team; `people` are those with a step by name, `weeks` counts planned steps by their Monday."""

    people: list[Load] = field(default_factory=list)
    weeks: dict[date, int] = field(default_factory=dict)


def team_loads(session: Session, actor: Actor, area: Area, teams: Iterable[Organisation]) -> dict[int, TeamLoad]:
    """The load of these teams, by organisation: two statements, however many teams and people there are."""
    loads = {team.id: TeamLoad(team.name) for team in teams}
    for organisation_id, name, opened, late, planned in _carried(session, actor, area, loads):
        team = loads[organisation_id]
        team.open, team.late, team.planned = team.open + opened, team.late + late, team.planned + planned
        if name is not None:
            team.people.append(Load(name, opened, late, planned))
    for organisation_id, weeks in _planned_weeks(session, actor, area, loads).items():
        loads[organisation_id].weeks = weeks
    return loads


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def _carried(session: Session, actor: Actor, area: Area, organisation_ids: Iterable[int]) -> list[Any]:
    late = and_(Step.state == StepState.OPEN, Step.due_on < clock.today())
    sums = [
        func.sum(case((part, 1), else_=0)) for part in (Step.state != StepState.PLANNED, late, Step.state == "planned")
    ]
    statement = (
        select(Step.organisation_id, Person.name, *sums)
        .join(Case, Case.id == Step.case_id)
        .outerjoin(Person, Person.id == Step.person_id)
        .where(*_seen(actor, area, organisation_ids))
        .group_by(Step.organisation_id, Person.id, Person.name)
        .order_by(Person.name)
    )
    return list(session.execute(statement, execution_options=sight(actor)))


def _planned_weeks(
    session: Session, actor: Actor, area: Area, organisation_ids: Iterable[int]
) -> dict[int, dict[date, int]]:
    statement = (
        select(Step.organisation_id, Step.starts_on, func.count())
        .join(Case, Case.id == Step.case_id)
        .where(Step.state == StepState.PLANNED, *_seen(actor, area, organisation_ids))
        .group_by(Step.organisation_id, Step.starts_on)
        .order_by(Step.starts_on)
    )
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for organisation_id, starts_on, count in session.execute(statement, execution_options=sight(actor)):
        found[organisation_id][monday_of(starts_on)] += count
    return {organisation_id: dict(weeks) for organisation_id, weeks in found.items()}


def _seen(actor: Actor, area: Area, organisation_ids: Iterable[int]) -> list[Any]:
    return [
        Case.area_id == area.id,
        IS_LIVING,
        Step.organisation_id.in_(list(organisation_ids)),
        visible(actor, Case.id),
    ]


def people_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Who can be given a step in each of these organisations today: id and name, by name."""
    statement = (
        select(Membership.organisation_id, Person.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            active(clock.today()),
            Membership.organisation_id.in_(list(organisation_ids)),
            Membership.role.in_(PERSONAL_ROLES),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for organisation_id, person_id, name in session.execute(statement):
        found[organisation_id].append((person_id, name))
    return dict(found)
