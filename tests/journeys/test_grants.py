"""Whoever holds a living grant sees the case, and nobody else: any grants, any person, against a plain reading."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ROLES
from outreach.cases.models import Case
from outreach.children.grants import Scope, end_grants, scope_of, scopes_of, sight, visible
from outreach.children.models import Grant
from outreach.database import seen_by
from tests.ground.field import make_field

READ = seen_by("test")
WIDEST_FIRST = (Scope.FULL, Scope.WELCOME, Scope.REFERENCE)
SEES_NOTHING = {"agodi", "administrator", "dpo"}
FOUR, TEAMS, PEOPLE = 4, 3, 3


@dataclass(frozen=True)
class Given:
    """A grant by numbers: which case, team and person (None: all of the team), its scope, and when it ends."""

    case: int
    team: int
    person: int | None
    scope: Scope
    minutes_left: int | None

    def shows(self, role: str, team: int, person: int) -> bool:
        """Whether it lets this person, acting for this team in this role, see its case now."""
        if self.team != team or role in SEES_NOTHING or (self.minutes_left is not None and self.minutes_left <= 0):
            return False
        return role != "bridge-person" if self.person is None else self.person == person


GRANTS = st.lists(
    st.builds(
        Given,
        case=st.integers(0, FOUR - 1),
        team=st.integers(0, TEAMS - 1),
        person=st.none() | st.integers(0, PEOPLE - 1),
        scope=st.sampled_from(Scope),
        minutes_left=st.none() | st.sampled_from((-1, 0, 1, 60 * 24 * 60)),
    ),
    max_size=12,
)


@dataclass(frozen=True)
class Scene:
    """Four cases without a grant, three teams and three people."""

    session: Session
    cases: list[Case]
    teams: list[int]
    people: list[Actor]

    def write(self, given_ones: list[Given]) -> None:
        """These grants and no others."""
        now = clock.now()
        for number, each in enumerate(given_ones):
            until = None if each.minutes_left is None else now + timedelta(minutes=each.minutes_left)
            case = self.cases[each.case]
            self.session.add(
                Grant(
                    child_id=case.child_id,
                    case_id=case.id,
                    organisation_id=self.teams[each.team],
                    person_id=None if each.person is None else self.people[each.person].person_id,
                    scope=each.scope,
                    reason="owner",
                    subject=f"step:{number}",
                    since=now,
                    until=until,
                )
            )
        self.session.flush()


@pytest.fixture
def scene(session: Session) -> Scene:
    """Not kept: the transaction of the test ends with it."""
    field = make_field(session)
    cases = [field.case(f"Kind{number}", date(2023, 1, 1 + number)) for number in range(FOUR)]
    for grant in session.scalars(select(Grant), execution_options=READ):
        session.delete(grant)
    session.flush()
    teams = [field.organisations[key].id for key in ("de-brug", "kg-gent", "de-linde")]
    return Scene(session, cases, teams, [field.worker, field.guide, field.school])


@settings(max_examples=40)
@given(grants=GRANTS, role=st.sampled_from(ROLES), team=st.integers(0, TEAMS - 1), person=st.integers(0, PEOPLE - 1))
def _sees_what_was_granted(scene: Scene, grants: list[Given], role: str, team: int, person: int) -> None:
    actor = replace(scene.people[person], role=role, organisation_id=scene.teams[team])
    part = scene.session.begin_nested()
    try:
        scene.write(grants)
        shown = [each for each in grants if each.shows(role, team, person)]
        for number, case in enumerate(scene.cases):
            scopes = {each.scope for each in shown if each.case == number}
            widest = next((scope for scope in WIDEST_FIRST if scope in scopes), None)
            assert scope_of(scene.session, actor, case.id) == widest
        for wanted in ((), (Scope.FULL,), (Scope.FULL, Scope.WELCOME)):
            statement = select(Case.id).where(visible(actor, Case.id, *wanted))
            seen = set(scene.session.scalars(statement, execution_options=sight(actor)))
            assert seen == {scene.cases[each.case].id for each in shown if not wanted or each.scope in wanted}
        every = [case.id for case in scene.cases]
        one_by_one = {each: scope_of(scene.session, actor, each) for each in every}
        assert scopes_of(scene.session, actor, every) == {each: found for each, found in one_by_one.items() if found}
    finally:
        part.rollback()


def test_people_see_what_was_granted_and_nothing_else(scene: Scene) -> None:
    """Every role, with any grants to teams and people, some of them run out this minute."""
    _sees_what_was_granted(scene)


def test_a_grant_runs_out_sixty_days_after_its_reason(scene: Scene) -> None:
    """To the minute; ended at once, it is gone at once."""
    actor, case = scene.people[0], scene.cases[0]
    scene.write([Given(0, 0, None, Scope.FULL, None)])
    ended_at = clock.now()
    end_grants(scene.session, ["step:0"])
    for minutes, seen in ((-1, Scope.FULL), (0, None), (1, None)):
        with clock.at(ended_at + timedelta(days=60, minutes=minutes)):
            assert scope_of(scene.session, actor, case.id) is seen
    scene.write([Given(1, 0, None, Scope.FULL, None)])
    end_grants(scene.session, ["step:0"], at_once=True)
    assert scope_of(scene.session, actor, scene.cases[1].id) is None
