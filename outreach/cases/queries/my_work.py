"""My work: the steps that wait for this person, most urgent first, and what waits for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.accounts.queries import substituted_by
from outreach.cases.models import Attempt, Case, Pause, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import place_is_hidden
from outreach.cases.queries.guarded import in_the_open
from outreach.cases.queries.naming import Names, names
from outreach.cases.queries.standing import Standing, standing
from outreach.cases.queries.with_two import goes_visiting, visits_with_two
from outreach.children.grants import Scope, scopes_of, sight, visible
from outreach.children.models import Child, Residence, VisitWithTwo
from outreach.partners.calendars import calendar_for

PAGE = 50
"""Steps on one page."""

MINE, TEAM = "mine", "team"
WHOSE = (MINE, TEAM)


@dataclass(frozen=True)
class Chosen:
    """What My work is narrowed to: whose, and where the family lives or what it speaks."""

    whose: str = MINE
    person_id: int | None = None
    postcode: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Choices:
    """What somebody's own work can be narrowed to: (postcode, municipality) and languages, as far as seen."""

    places: list[tuple[str, str]]
    languages: list[str]


SECTIONS = ("today", "late", "this_week", "tray", "later")


@dataclass(frozen=True)
class Line:
    """One step of My work with what its card shows; child and residence are None where they must not be seen."""

    step: Step
    case: Case
    track: Track
    child: Child | None
    residence: Residence | None
    scope: Scope
    standing: Standing
    last_attempt: Attempt | None
    household_count: int
    section: str
    with_two: VisitWithTwo | None = None


@dataclass(frozen=True)
class Lines:
    """A page of lines with the names they mention."""

    lines: list[Line]
    names: Names


@dataclass(frozen=True)
class Load:
    """What one person of a team carries; `person_id` None is the team's tray."""

    person_id: int | None
    name: str
    open: int
    late: int


ALL_MINE = Chosen()


def week_ends_on(today: date) -> date:
    """The last day of "this week": seven days from now, so that a Friday shows Monday's work."""
    return today + timedelta(days=7)


def owned(session: Session, actor: Actor, whose: str, person_id: int | None = None) -> ColumnElement[bool]:
    """Which steps are meant: mine by name, of those I stand in for and of the team's tray; the whole team's; or one
    colleague's."""
    if actor.organisation_id is None:
        return false()
    of_team = Step.organisation_id == actor.organisation_id
    mine = [actor.person_id, *substituted_by(session, actor, clock.today())]
    if actor.role == "bridge-person":
        return and_(of_team, Step.person_id.in_(mine))
    if whose == TEAM:
        return and_(of_team, Step.person_id == person_id) if person_id else of_team
    return and_(of_team, or_(Step.person_id.in_(mine), Step.person_id.is_(None)))


def section_of(today: date) -> Any:
    """The section a step stands in, as SQL, so that counts and cards cannot differ."""
    is_open = Step.state == StepState.OPEN
    day = func.coalesce(Step.planned_on, Step.due_on)
    return case(
        (Step.state != StepState.OPEN, "later"),
        (and_(is_open, or_(Step.planned_on == today, Step.due_on == today)), "today"),
        (and_(is_open, Step.due_on < today), "late"),
        (Step.person_id.is_(None), "tray"),
        (day <= week_ends_on(today), "this_week"),
        else_="later",
    )


def rank_of(section: Any) -> Any:
    """The order of the sections, so that today's work stands on the first page."""
    return case({key: number for number, key in enumerate(SECTIONS)}, value=section)


def count_sections(session: Session, actor: Actor, chosen: Chosen = ALL_MINE) -> dict[str, int]:
    """How many steps stand in each section, in one statement."""
    section = section_of(clock.today()).label("section")
    statement = (
        select(section, func.count())
        .where(IS_LIVING, *narrowed(session, actor, chosen), visible(actor, Step.case_id))
        .group_by(section)
    )
    found = {row[0]: row[1] for row in session.execute(statement, execution_options=sight(actor))}
    return {key: found.get(key, 0) for key in SECTIONS}


def my_steps(session: Session, actor: Actor, chosen: Chosen = ALL_MINE, *, page: int = 1) -> Lines:
    """One page of living steps: today's first, then the late ones; in each section by the day they are due."""
    statement = (
        _lines(actor)
        .where(*narrowed(session, actor, chosen))
        .order_by(rank_of(section_of(clock.today())), Step.due_on, Step.id)
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    )
    return _read(session, actor, statement)


def narrowed(session: Session, actor: Actor, chosen: Chosen) -> list[ColumnElement[bool]]:
    """The steps that answer to a choice. A place or language only finds what the card may show: never a guarded
    address, never a child known by reference alone."""
    found = [owned(session, actor, chosen.whose, chosen.person_id)]
    if chosen.postcode:
        found += [_lives_in(chosen.postcode), visible(actor, Step.case_id, Scope.FULL)]
    if chosen.language:
        found += [_speaks(chosen.language), visible(actor, Step.case_id, Scope.FULL)]
    return found


def choices_of(session: Session, actor: Actor, chosen: Chosen) -> Choices:
    """Where the families of this person's work live, and what they speak."""
    mine = (owned(session, actor, chosen.whose, chosen.person_id), visible(actor, Step.case_id, Scope.FULL), IS_LIVING)
    statement = (
        select(Residence.postcode, Residence.municipality, Child.language, Case.secrecy)
        .distinct()
        .select_from(Step)
        .join(Case, Case.id == Step.case_id)
        .join(Child, Child.id == Case.child_id)
        .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .where(*mine)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    places = {row.postcode: row.municipality for row in rows if row.postcode and row.secrecy is None}
    return Choices(sorted(places.items()), sorted({row.language for row in rows if row.language}))


def _lives_in(postcode: str) -> ColumnElement[bool]:
    """The child lives there at an open address: a guarded one would be given away by asking for its postcode."""
    one, home = aliased(Case), aliased(Residence)
    at = and_(home.child_id == one.child_id, home.until_at.is_(None), home.postcode == postcode)
    return select(one.id).join(home, at).where(one.id == Step.case_id, one.secrecy.is_(None)).exists()


def _speaks(language: str) -> ColumnElement[bool]:
    one, child = aliased(Case), aliased(Child)
    with_child = and_(child.id == one.child_id, child.language == language)
    return select(one.id).join(child, with_child).where(one.id == Step.case_id).exists()


def lines_of(session: Session, actor: Actor, steps: Sequence[int]) -> Lines:
    """These living steps with what their cards show."""
    return _read(session, actor, _lines(actor).where(Step.id.in_(steps)))


def waiting_for_others(session: Session, actor: Actor, limit: int = 10) -> Lines:
    """Steps of others in cases this person leads or accompanies, most urgent first."""
    open_cases = select(Case.id).where(Case.ended_at.is_(None))
    others = or_(Step.person_id.is_(None), Step.person_id != actor.person_id)
    watched = [and_(Step.case_id.in_(open_cases.where(Case.companion_id == actor.person_id)), others)]
    if actor.role == "coordinator":
        led = open_cases.where(Case.lead_id == actor.organisation_id)
        watched.append(and_(Step.case_id.in_(led), Step.organisation_id != actor.organisation_id))
    statement = _lines(actor).where(or_(*watched)).order_by(Step.due_on, Step.id).limit(limit)
    return _read(session, actor, statement)


def team_load(session: Session, actor: Actor) -> list[Load]:
    """What each person of the team carries, and what lies in the tray; for who leads the team."""
    late = and_(Step.state == StepState.OPEN, Step.due_on < clock.today())
    statement = (
        select(Step.person_id, Person.name, func.count(), func.sum(case((late, 1), else_=0)))
        .outerjoin(Person, Person.id == Step.person_id)
        .where(Step.organisation_id == actor.organisation_id, IS_LIVING, visible(actor, Step.case_id))
        .group_by(Step.person_id, Person.name)
        .order_by(Person.name)
    )
    rows = session.execute(statement, execution_options=sight(actor))
    return [Load(row[0], row[1] or "", row[2], int(row[3] or 0)) for row in rows]


def _lines(actor: Actor) -> Select[Any]:
    return (
        select(Step, Case, Track, Child, Residence, Pause.until_on, section_of(clock.today()))
        .join(Case, Case.id == Step.case_id)
        .join(Track, Track.id == Step.track_id)
        .join(Child, Child.id == Case.child_id)
        .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .outerjoin(Pause, and_(Pause.step_id == Step.id, Pause.ended_at.is_(None)))
        .where(IS_LIVING, visible(actor, Step.case_id))
    )


def _read(session: Session, actor: Actor, statement: Select[Any]) -> Lines:
    rows = session.execute(statement, execution_options=sight(actor)).all()
    scopes = scopes_of(session, actor, {row[1].id for row in rows})
    households = {row[3].household_id for row in rows if scopes.get(row[1].id) is Scope.FULL}
    attempts = last_attempts(session, actor, list(households))
    counted = _children_of(session, actor, households)
    by_two = visits_with_two(session, actor, households)
    found, today = [], clock.today()
    for step, one, track, child, residence, until, section in rows:
        scope = scopes.get(one.id, Scope.REFERENCE)
        full = scope is Scope.FULL
        hidden = place_is_hidden(actor, one, [step])
        calendar = calendar_for(session, step.area_id, step.organisation_id)
        found.append(
            Line(
                step=step,
                case=one,
                track=track,
                child=child if scope is not Scope.REFERENCE else None,
                residence=residence if full and not hidden else None,
                scope=scope,
                standing=standing(step, today, calendar, until),
                last_attempt=attempts.get(child.household_id) if full else None,
                household_count=counted.get(child.household_id, 1) if full and not hidden else 1,
                section=section,
                with_two=by_two.get(child.household_id) if full and goes_visiting(actor, [(step, track)]) else None,
            )
        )
    people = {line.step.person_id for line in found} | {a.by_id for a in attempts.values()}
    return Lines(found, names(session, people, {line.step.organisation_id for line in found}))


def _children_of(session: Session, actor: Actor, households: set[int]) -> dict[int, int]:
    """How many children with an open case this person sees in each of these households."""
    statement = (
        select(Child.household_id, func.count())
        .join(Case, Case.child_id == Child.id)
        .where(Child.household_id.in_(households), Case.ended_at.is_(None), visible(actor, Case.id, Scope.FULL))
        .where(in_the_open(actor))
        .group_by(Child.household_id)
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=sight(actor))}


def last_attempts(session: Session, actor: Actor, households: Sequence[int]) -> dict[int, Attempt]:
    """The latest contact attempt of each of these households that this person may see."""
    latest = (
        select(func.max(Attempt.id))
        .join(Case, Case.id == Attempt.case_id)
        .where(Attempt.household_id.in_(set(households)), visible(actor, Attempt.case_id, Scope.FULL))
        .where(in_the_open(actor))
        .group_by(Attempt.household_id)
    )
    rows = session.scalars(select(Attempt).where(Attempt.id.in_(latest)), execution_options=sight(actor))
    return {attempt.household_id: attempt for attempt in rows}
