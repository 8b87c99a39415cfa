"""The stage of the ten weeks: who acts, what they can see and do, and the turn each family's story takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Placement, Step, StepState
from outreach.cases.queries.outcomes import find_possible
from outreach.children.grants import Scope, sight, visible
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import find_area, find_organisation
from outreach.schoolyear import Counter, SchoolCalendar
from outreach.training.world.children import Listed
from outreach.training.world.names import CIRCLES
from outreach.training.world.people import PEOPLE, Somebody, actor_of

log = get_logger()

T = TypeVar("T")

FATES = {
    "willing": 44,
    "later": 7,
    "language": 8,
    "elsewhere": 8,
    "refuses": 4,
    "absent": 12,
    "forgotten": 9,
    "wrong_address": 2,
    "care": 3,
    "away": 3,
}
"""Of a hundred families: what comes of looking for them. `forgotten`: nobody gets round to it."""


@dataclass(frozen=True)
class Task:
    """A step somebody can see, with its case and child."""

    case: Case
    step: Step
    child: Child

    @property
    def household(self) -> int:
        return self.child.household_id

    @property
    def is_open(self) -> bool:
        """Whether nobody has reported on it today."""
        return self.step.state == StepState.OPEN and self.step.last_fact_on < clock.today()


@dataclass
class Scene:
    """Everything a day is played with; the same world and day give the same story."""

    session: Session
    today: date
    """The day one will look at the world, not the day being played."""
    listed: dict[tuple[str, str, date], Listed]
    refusals: list[str] = field(default_factory=list)
    _actors: dict[str, Actor] = field(default_factory=dict)
    _organisations: dict[str, Organisation] = field(default_factory=dict)

    def actor(self, somebody: Somebody) -> Actor:
        """This person, acting."""
        if somebody.first_name not in self._actors:
            self._actors[somebody.first_name] = actor_of(self.session, somebody.first_name)
        return self._actors[somebody.first_name]

    def people(self, *roles: str) -> Iterator[Actor]:
        """Everybody with one of these roles."""
        return (self.actor(one) for one in PEOPLE if one.role in roles)

    def teams(self, *roles: str) -> list[list[Actor]]:
        """The same people, together by organisation."""
        found: dict[int | None, list[Actor]] = {}
        for actor in self.people(*roles):
            found.setdefault(actor.organisation_id, []).append(actor)
        return list(found.values())

    def organisation(self, key: str) -> Organisation:
        """One of the world's organisations."""
        if key not in self._organisations:
            found = find_organisation(self.session, key)
            if found is None:
                raise KeyError(key)
            self._organisations[key] = found
        return self._organisations[key]

    def area(self, key: str) -> Area:
        """One of the world's areas."""
        found = find_area(self.session, key)
        if found is None:
            raise KeyError(key)
        return found

    def chance(self, *about: object) -> Random:
        """Dice that fall the same way for the same thing."""
        return Random(" ".join(map(str, (self.today, *about))))

    def fate(self, household: int) -> str:
        """What will come of this family."""
        return self.chance("fate", household).choices(list(FATES), list(FATES.values()))[0]

    def tasks(self, actor: Actor, *keys: str, state: StepState = StepState.OPEN) -> list[Task]:
        """The steps of these kinds this person's organisation has, as far as the person may see them."""
        statement = (
            select(Case, Step, Child)
            .join(Step, Step.case_id == Case.id)
            .join(Child, Child.id == Case.child_id)
            .where(
                Step.organisation_id == actor.organisation_id,
                Step.key.in_(keys),
                Step.state == state,
                visible(actor, Case.id),
            )
            .order_by(Step.id)
        )
        return [Task(*row) for row in self.session.execute(statement, execution_options=sight(actor))]

    def unagreed(self, actor: Actor) -> list[Task]:
        """Steps of others in cases this person knows whole, whose owner sees a reference only."""
        statement = (
            select(Case, Step, Child)
            .join(Step, Step.case_id == Case.id)
            .join(Child, Child.id == Case.child_id)
            .where(
                Step.organisation_id != actor.organisation_id,
                Step.scope == Scope.REFERENCE,
                Step.side_of_id.is_(None),
                Step.state == StepState.OPEN,
                visible(actor, Case.id, Scope.FULL),
            )
            .order_by(Step.id)
        )
        return [Task(*row) for row in self.session.execute(statement, execution_options=sight(actor))]

    def entry_day(self, actor: Actor, case: Case) -> date | None:
        """The entry day chosen for this child."""
        statement = select(Placement.entry_on).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
        return self.session.scalar(statement, execution_options=sight(actor))

    def calendar(self, task: Task) -> SchoolCalendar:
        """The calendar of the area of this case."""
        return calendar_for(self.session, task.case.area_id)

    def days_open(self, task: Task) -> int:
        """How many working days this step has been open."""
        return self.calendar(task).between(task.step.opened_on, clock.today(), Counter.WORKING_DAYS)

    def known(self, child: Child) -> Listed | None:
        """What the maker of the world knows of a child."""
        return self.listed.get((child.first_name, child.last_name, child.born_on))

    def language(self, child: Child) -> str | None:
        """What the family speaks at home; no list or report says it, who visits hears it."""
        known = self.known(child)
        names = (circle.language for circle in CIRCLES if child.last_name in circle.last_names)
        return known.language if known else next(names, None)

    def can_say(self, task: Task, outcome: str) -> bool:
        """Whether this outcome can be reported now."""
        possible = find_possible(self.session, task.case, task.step, outcome)
        return possible is not None and possible.refusal is None

    def do(self, command: Callable[..., T], *arguments: Any, **details: Any) -> T | None:
        """Let somebody say something; what is refused stays undone, as in life, and is kept in `refusals`."""
        try:
            with self.session.begin_nested():
                return command(self.session, *arguments, **details)
        except Refused as refused:
            self.refusals.append(f"{command.__name__} {refused}")
            log.warning("world_refused", command=command.__name__, refused=str(refused), on=clock.today().isoformat())
            return None


@contextmanager
def at_hour(hour: float) -> Iterator[None]:
    """The same day, at this hour of the Brussels clock."""
    moment = clock.moment_of(clock.today(), int(hour), round(hour % 1 * 60))
    with clock.at(moment):
        yield


def later(days: int) -> date:
    """So many days on."""
    return clock.today() + timedelta(days=days)
