"""Over any grants at all: a search never shows somebody what their lists and pages do not."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.family import add_contact
from outreach.cases.models import Case
from outreach.cases.queries.finding import find_case
from outreach.cases.queries.search import SHOWN, search_cases
from outreach.children.grants import Granted, Scope, grant, scope_of, sight, visible
from outreach.children.models import Child, Grant
from outreach.database import seen_by
from tests.ground.field import Field, make_field

READ = seen_by("test")
ROLES = ("coordinator", "worker", "team-lead", "school-contact", "clb", "bridge-person", "agodi", "administrator")
NAMES = [("Youssef", "Van den Broecke"), ("Yusuf", "Vandenbroecke"), ("Ayşe", "Yılmaz"), ("Mohamed", "El Amrani")]
QUESTIONS = [
    "yusuf van den broecke",
    "vandenbroecke youssef",
    "aicha yilmaz",
    "Muhammad Elamrani",
    "youssef 10/3/2022",
    "mohamed 10 maart 2022",
    "Fatima Benali",
    "0470 12 34 56",
    "mohamet el amrami",
]

grants = st.lists(
    st.tuples(
        st.integers(0, len(NAMES) - 1),  # of which case
        st.sampled_from(["de-brug", "hvhk-gent", "de-linde"]),
        st.sampled_from([None, "worker", "guide"]),  # to everybody of the organisation, or by name
        st.sampled_from(list(Scope)),
        st.sampled_from([None, -1, 0, 1]),  # until so many days from now
    ),
    max_size=6,
)


@pytest.fixture
def known(session: Session) -> tuple[Field, list[Case]]:
    """Four families in Gent; the mother of each is Fatima Benali, who has one phone."""
    field = make_field(session)
    cases = [field.case(first, date(2022, 3, 10), last_name=last) for first, last in NAMES]
    for number, case in enumerate(cases):
        add_contact(
            session,
            case,
            name="Fatima Benali",
            relation="mother",
            phone="0470 12 34 56",
            email=None,
            language=None,
            school_may_ring=number % 2 == 0,
            by=field.worker,
        )
    _ = field.worker, field.guide, field.school
    session.commit()
    return field, cases


def _grant(session: Session, field: Field, cases: list[Case], wanted: list[tuple]) -> None:  # type: ignore[type-arg]
    session.execute(delete(Grant))
    for number, organisation, person, scope, days in wanted:
        grant(
            session,
            [
                Granted(
                    child_id=cases[number].child_id,
                    case_id=cases[number].id,
                    organisation_id=field.organisations[organisation].id,
                    person_id=getattr(field, person).person_id if person else None,
                    scope=scope,
                    reason="owner",
                    subject=f"case:{cases[number].id}",
                )
            ],
        )
        if days is not None:
            newest = session.scalars(select(Grant).order_by(Grant.id.desc()).limit(1), execution_options=READ).one()
            newest.until = clock.now() + timedelta(days=days)
    session.flush()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(wanted=grants, role=st.sampled_from(ROLES), who=st.sampled_from(["worker", "guide", "school"]))
def test_a_search_shows_what_one_may_see_and_no_more(
    known: tuple[Field, list[Case]], session: Session, wanted: list, role: str, who: str
) -> None:
    field, cases = known
    actor: Actor = replace(getattr(field, who), role=role)
    _grant(session, field, cases, wanted)
    scopes = {case.id: scope_of(session, actor, case.id) for case in cases}
    for words in [*QUESTIONS, *(case.reference for case in cases)]:
        for one in search_cases(session, actor, words).shown:
            scope = scopes[one.case.id]
            assert find_case(session, actor, one.case.reference) is not None
            assert scope is not None
            assert one.scope is scope
            assert (one.child is None) == (scope is Scope.REFERENCE)
            assert scope is not Scope.REFERENCE or words == one.case.reference
            told = {reason.key for reason in one.reasons}
            number = cases.index(one.case)
            assert scope is Scope.FULL or number % 2 == 0 or not told & {"through", "phone"}
    session.rollback()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(wanted=grants, who=st.sampled_from(["worker", "guide", "school"]))
def test_who_sees_a_child_finds_it_by_its_name(
    known: tuple[Field, list[Case]], session: Session, wanted: list, who: str
) -> None:
    field, cases = known
    actor: Actor = getattr(field, who)
    _grant(session, field, cases, wanted)
    for case, (first, last) in zip(cases, NAMES, strict=True):
        found = {one.case.id for one in search_cases(session, actor, f"{last} {first}").shown}
        assert (case.id in found) == (scope_of(session, actor, case.id) in (Scope.FULL, Scope.WELCOME))
    session.rollback()


def test_without_a_grant_nothing_is_found(known: tuple[Field, list[Case]], session: Session) -> None:
    field, _cases = known
    for role, words in product(ROLES, QUESTIONS):
        results = search_cases(session, replace(field.guide, role=role), words)
        assert (results.shown, results.more) == ([], False), (role, words)


def test_a_search_shows_twenty_of_the_cases_one_sees(session: Session) -> None:
    """What is found by name is among the cases one sees, and never more than twenty."""
    field = make_field(session)
    for number in range(SHOWN + 3):
        field.case("Mohamed", date(2022, 1, 1) + timedelta(days=number), last_name="El Amrani")
    session.flush()
    seen = select(Case.id).where(visible(field.coordinator, Case.id, Scope.FULL))
    listed = set(session.scalars(seen, execution_options=sight(field.coordinator)))
    results = search_cases(session, field.coordinator, "Muhammad Elamrani")
    assert len(results.shown) == SHOWN
    assert results.more
    assert {one.case.id for one in results.shown} <= listed


def test_a_child_that_became_another_is_found_once(session: Session) -> None:
    field = make_field(session)
    kept, merged = field.case("Aya", date(2022, 3, 10)), field.case("Aya", date(2022, 3, 10))
    session.flush()
    session.get_one(Child, merged.child_id, execution_options=READ).merged_into_id = kept.child_id
    session.flush()
    assert [one.case.id for one in search_cases(session, field.coordinator, "aya peeters").shown] == [kept.id]
