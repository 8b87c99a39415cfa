"""People come, get another hat, are replaced and leave in good order."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts import commands, queries, sessions
from outreach.accounts.actors import BUILTINS, Actor, actor_for, builtin, ensure_builtins
from outreach.accounts.commands import TRAY, Successor
from outreach.accounts.models import Membership, Person
from outreach.errors import Refused
from outreach.partners.commands import end_organisation
from outreach.partners.models import Organisation


def test_built_in_actors_are_rows_and_made_once(session: Session) -> None:
    ensure_builtins(session)
    ensure_builtins(session)
    keys = session.scalars(select(Person.actor_key).where(Person.actor_key.is_not(None)))
    assert sorted(keys) == sorted(BUILTINS)
    assert queries.people(session) == []


def test_an_actor_of_a_person_acts_for_one_organisation(amina: Membership, team: Organisation) -> None:
    actor = actor_for(amina)
    assert (actor.organisation_id, actor.organisation_kind, actor.role) == (team.id, "inloopteam", "worker")


def test_the_same_address_in_other_capitals_is_the_same_person(
    session: Session, amina: Membership, school: Organisation, by: Actor
) -> None:
    again = commands.add_person(
        session, email=" AMINA@brug.example", name="A.", role="bridge-person", organisation=school, by=by
    )
    assert again.person is amina.person
    assert amina.person.name == "Amina El Amrani"
    assert len(queries.memberships_of(session, amina.person_id, clock.today())) == 2


def test_adding_the_same_place_twice_is_one_place(
    session: Session, amina: Membership, team: Organisation, by: Actor
) -> None:
    again = commands.add_person(
        session, email="amina@brug.example", name="Amina", role="worker", organisation=team, by=by
    )
    assert again.id == amina.id
    assert amina.person.password_hash


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"email": "geen adres"}, "email_malformed"),
        ({"role": "baas"}, "role_unknown"),
        ({"language": "de"}, "language_unknown"),
    ],
)
def test_somebody_impossible_is_refused(
    session: Session, team: Organisation, by: Actor, wrong: dict[str, str], key: str
) -> None:
    given = {"email": "x@brug.example", "name": "X", "role": "worker", "language": "nl"} | wrong
    with pytest.raises(Refused) as refused:
        commands.add_person(session, organisation=team, by=by, **given)
    assert refused.value.key == key


def test_a_membership_holds_from_its_first_to_its_last_day(session: Session, team: Organisation, by: Actor) -> None:
    today = clock.today()
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    person = commands.add_person(
        session,
        email="els@brug.example",
        name="Els",
        role="worker",
        organisation=team,
        from_on=first,
        until_on=last,
        by=by,
    ).person
    there = [bool(queries.memberships_of(session, person.id, today + timedelta(days=n))) for n in range(1, 6)]
    assert there == [False, True, True, True, False]


def test_nobody_belongs_to_an_organisation_that_ended(session: Session, amina: Membership, team: Organisation) -> None:
    end_organisation(session, organisation=team, on=clock.today())
    assert queries.memberships_of(session, amina.person_id, clock.today()) == []


def test_nobody_leaves_before_a_successor_is_named(session: Session, amina: Membership, by: Actor) -> None:
    with pytest.raises(Refused) as refused:
        commands.end_membership(session, membership=amina, handed_to=None, by=by)
    assert refused.value.key == "successor_missing"
    assert amina.ended_at is None


def test_the_successor_is_a_colleague(session: Session, amina: Membership, dirk: Membership, by: Actor) -> None:
    for stranger in (dirk.person_id, amina.person_id):
        with pytest.raises(Refused) as refused:
            commands.end_membership(session, membership=amina, handed_to=Successor(stranger), by=by)
        assert refused.value.key == "successor_not_in_team"


def test_leaving_the_last_organisation_is_leaving_altogether(
    session: Session, amina: Membership, bert: Membership, by: Actor
) -> None:
    token = sessions.open_session(session, membership=amina)
    commands.end_membership(session, membership=amina, handed_to=Successor(bert.person_id), by=by)
    assert amina.successor_id == bert.person_id
    assert amina.ended_by_id == by.person_id
    assert amina.person.ended_at == clock.now()
    assert amina.person.password_hash is None
    assert sessions.find_open_session(session, token) is None


def test_leaving_one_of_two_organisations_keeps_the_other(
    session: Session, amina: Membership, school: Organisation, by: Actor
) -> None:
    other = commands.add_person(
        session, email="amina@brug.example", name="Amina", role="bridge-person", organisation=school, by=by
    )
    commands.end_membership(session, membership=amina, handed_to=TRAY, by=by)
    assert [row.id for row in queries.memberships_of(session, amina.person_id, clock.today())] == [other.id]
    assert amina.person.ended_at is None


def test_somebody_who_comes_back_starts_without_password(
    session: Session, amina: Membership, team: Organisation, by: Actor
) -> None:
    commands.end_membership(session, membership=amina, handed_to=TRAY, by=by)
    back = commands.add_person(
        session, email="amina@brug.example", name="Amina", role="worker", organisation=team, by=by
    )
    assert back.id != amina.id
    assert back.person.ended_at is None
    assert back.person.password_hash is None


def test_a_substitute_stands_in_on_the_first_and_the_last_day(
    session: Session, amina: Membership, bert: Membership, team: Organisation, by: Actor
) -> None:
    first, last = date(2026, 12, 21), date(2026, 12, 23)
    commands.add_substitution(
        session, person=amina.person, substitute=bert.person, organisation=team, from_on=first, until_on=last, by=by
    )
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    stands_in = {(amina.person_id, team.id): bert.person_id}
    assert [queries.substitutes_on(session, day) for day in days] == [{}, stands_in, stands_in, {}]
    assert queries.substituted_by(session, actor_for(bert), first) == [amina.person_id]
    assert queries.substituted_by(session, actor_for(bert), last + timedelta(days=1)) == []
    assert queries.substituted_by(session, by, first) == []


def test_a_substitute_comes_from_the_same_organisation(
    session: Session, amina: Membership, dirk: Membership, team: Organisation, by: Actor
) -> None:
    today = clock.today()
    with pytest.raises(Refused) as refused:
        commands.add_substitution(
            session,
            person=amina.person,
            substitute=dirk.person,
            organisation=team,
            from_on=today,
            until_on=today,
            by=by,
        )
    assert refused.value.key == "not_in_organisation"


def test_a_substitute_who_left_stands_in_no_more(
    session: Session, amina: Membership, bert: Membership, team: Organisation, by: Actor
) -> None:
    today = clock.today()
    commands.add_substitution(
        session, person=amina.person, substitute=bert.person, organisation=team, from_on=today, until_on=today, by=by
    )
    commands.end_membership(session, membership=bert, handed_to=TRAY, by=by)
    assert queries.substitutes_on(session, today) == {}


def test_a_substitution_taken_off_is_over(
    session: Session, amina: Membership, bert: Membership, team: Organisation, by: Actor
) -> None:
    today = clock.today()
    given = {"person": amina.person, "substitute": bert.person, "organisation": team, "by": by}
    row = commands.add_substitution(session, from_on=today, until_on=today, **given)
    assert commands.add_substitution(session, from_on=today, until_on=today, **given) is row
    commands.remove_substitution(session, substitution=row, by=by)
    assert queries.substitutes_on(session, today) == {}
    assert row.removed_by_id == by.person_id


def test_an_unknown_built_in_actor_stops_the_work(session: Session) -> None:
    with pytest.raises(Exception, match="builtin_actor_missing"):
        builtin(session, "robot")
