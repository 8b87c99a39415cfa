"""Signing in by browser, and the pages on which people are administered."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.commands import TRAY, add_person, end_membership
from outreach.accounts.models import Membership, Person, SignInSession, Substitution
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners.models import Organisation

from .conftest import PASSWORD


def send(client: FlaskClient, url: str, **fields: object):
    """Fill in the form that stands on a page of ours: with its token against forgery."""
    page = client.get("/sign-in" if url.startswith("/sign-in") else "/people/substitutes")
    if page.status_code != 200:
        page = client.get("/switch")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    return client.post(url, data={"csrf_token": token[1], **fields})


def come_in(client: FlaskClient, who: Membership, url: str = "/sign-in", password: str = PASSWORD):
    return send(client, url, email=who.person.email, password=password)


def test_a_stranger_is_sent_to_sign_in_and_back_to_the_page_wanted(client: FlaskClient, dirk: Membership) -> None:
    asked = client.get("/people")
    assert asked.status_code == 302
    assert asked.location.startswith("/sign-in?next=")
    assert come_in(client, dirk, asked.location).location == "/people"
    assert client.get("/people").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/sign-in",
        "/%09/elsewhere.example",
        "http:elsewhere.example",
        "people",
        "/\t/elsewhere.example",
    ],
)
def test_sign_in_leads_to_our_own_pages_only(client: FlaskClient, dirk: Membership, target: str) -> None:
    answer = come_in(client, dirk, f"/sign-in?next={target}")
    assert answer.location == "/"


def test_a_wrong_password_says_no_more_than_that(client: FlaskClient, dirk: Membership) -> None:
    answer = come_in(client, dirk, password="geraden maar fout")
    unknown = send(client, "/sign-in", email="niemand@school.example", password="geraden maar fout")
    assert (answer.status_code, unknown.status_code) == (401, 401)
    strip = re.compile(r'(value|content)="[^"]*"')
    assert strip.sub("", answer.text) == strip.sub("", unknown.text)


def test_too_many_tries_are_asked_to_wait(client: FlaskClient, dirk: Membership) -> None:
    answers = [come_in(client, dirk, password="geraden maar fout") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "1"


def test_an_empty_form_is_given_back(client: FlaskClient, app: Flask) -> None:
    assert send(client, "/sign-in", email="", password="").status_code == 400


def test_the_cookie_is_out_of_reach_of_scripts_and_new_after_sign_in(client: FlaskClient, dirk: Membership) -> None:
    client.get("/sign-in")
    before = client.get_cookie("outreach")
    cookie = come_in(client, dirk).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    after = client.get_cookie("outreach")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_signing_in_again_ends_the_earlier_session_of_this_browser(
    client: FlaskClient, session: Session, dirk: Membership
) -> None:
    come_in(client, dirk)
    stolen = client.get_cookie("outreach")
    page = client.get("/people/substitutes")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    client.post("/sign-in", data={"csrf_token": token[1], "email": dirk.person.email, "password": PASSWORD})
    assert stolen is not None
    client.set_cookie("outreach", stolen.value)
    assert client.get("/people").status_code == 302


def test_signing_out_ends_the_session_in_the_database(client: FlaskClient, session: Session, dirk: Membership) -> None:
    come_in(client, dirk)
    kept = client.get_cookie("outreach")
    assert kept is not None
    assert send(client, "/sign-out").location == "/sign-in"
    client.set_cookie("outreach", kept.value)
    assert client.get("/people").status_code == 302
    session.rollback()
    assert session.scalars(select(SignInSession)).one().ended_at is not None


def test_who_leaves_has_no_access_at_the_next_request(
    client: FlaskClient, session: Session, dirk: Membership, by: Actor
) -> None:
    come_in(client, dirk)
    assert client.get("/people").status_code == 200
    with transaction(session):
        end_membership(session, membership=dirk, handed_to=TRAY, by=by)
    assert client.get("/people").status_code == 302


def test_last_seen_is_written_at_most_every_five_minutes(
    client: FlaskClient, session: Session, dirk: Membership
) -> None:
    come_in(client, dirk)
    start = clock.now()
    seen = []
    for minutes in (1, 4, 6, 8, 12):
        with clock.at(start + timedelta(minutes=minutes)):
            client.get("/people")
        session.rollback()
        seen.append((session.scalars(select(SignInSession.last_seen_at)).one() - start) // timedelta(minutes=1))
        session.rollback()
    assert seen == [0, 0, 6, 6, 12]


def test_changing_hats(
    client: FlaskClient, session: Session, dirk: Membership, team: Organisation, amina: Membership, by: Actor
) -> None:
    lead = add_person(session, email="dirk@school.example", name="Dirk", role="team-lead", organisation=team, by=by)
    session.commit()
    lead_id, other_id = lead.id, amina.id
    come_in(client, dirk)
    assert "De Brug" in client.get("/switch").text
    assert client.get("/people/add").status_code == 200
    assert send(client, "/switch", membership=lead_id).status_code == 302
    assert client.get("/people/add").status_code == 403
    assert send(client, "/switch", membership=other_id).location == "/switch"
    assert send(client, "/switch", membership=999).status_code == 404


def test_an_administrator_adds_somebody_and_gives_a_password_once(
    client: FlaskClient, session: Session, dirk: Membership, team: Organisation
) -> None:
    team_id = team.id
    come_in(client, dirk)
    answer = send(
        client, "/people/add", email="Els@brug.example", name="Els", organisation=team_id, role="worker", language="fr"
    )
    assert answer.status_code == 302
    assert "Els" in client.get(answer.location).text
    shown = send(client, f"{answer.location}/password").text
    password = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", shown)
    assert password is not None
    assert password[0] not in client.get(answer.location).text
    assert send(client, "/sign-out").status_code == 302
    session.rollback()
    els = session.scalars(select(Person).where(Person.email == "els@brug.example")).one()
    assert els.language == "fr"
    assert send(client, "/sign-in", email=els.email, password=password[0]).status_code == 302


def test_a_person_gets_another_name(client: FlaskClient, session: Session, dirk: Membership, amina: Membership) -> None:
    person_id = amina.person_id
    come_in(client, dirk)
    assert send(client, f"/people/{person_id}", name="Amina Haddad", language="nl").status_code == 302
    session.rollback()
    assert session.get_one(Person, person_id).name == "Amina Haddad"
    assert send(client, f"/people/{person_id}", name="", language="nl").status_code == 400


def test_a_mistyped_address_comes_back_with_the_form(
    client: FlaskClient, session: Session, dirk: Membership, team: Organisation
) -> None:
    team_id = team.id
    come_in(client, dirk)
    answer = send(client, "/people/add", email="els", name="Els", organisation=team_id, role="worker", language="nl")
    assert answer.status_code == 400
    assert 'value="Els"' in answer.text
    assert session.scalar(select(func.count(Person.id)).where(Person.name == "Els")) == 0


def test_a_team_lead_sees_the_own_team_and_arranges_its_substitutes(
    client: FlaskClient, session: Session, carine: Membership, amina: Membership, bert: Membership, dirk: Membership
) -> None:
    amina_id, bert_id, dirk_id = amina.id, bert.id, dirk.id
    come_in(client, carine)
    listed = client.get("/people").text
    assert "Amina" in listed
    assert "Dirk" not in listed
    assert client.get("/people/add").status_code == 403
    days = {"from_on": "2026-12-15", "until_on": "2026-12-18"}
    assert send(client, "/people/substitutes", person=amina_id, substitute=bert_id, **days).status_code == 302
    assert send(client, "/people/substitutes", person=amina_id, substitute=dirk_id, **days).status_code == 400
    assert "Bert" in client.get("/people").text
    session.rollback()
    row = session.scalars(select(Substitution)).one()
    assert send(client, f"/people/substitutes/{row.id}/remove").status_code == 302
    session.rollback()
    assert row.removed_at is not None


def test_a_team_lead_cannot_touch_a_substitution_of_another_team(
    client: FlaskClient, session: Session, carine: Membership, dirk: Membership, school: Organisation, by: Actor
) -> None:
    els = add_person(session, email="els@school.example", name="Els", role="worker", organisation=school, by=by)
    today = clock.today()
    row = Substitution(
        person_id=dirk.person_id,
        substitute_id=els.person_id,
        organisation_id=school.id,
        from_on=today,
        until_on=today,
        added_by_id=by.person_id,
    )
    session.add(row)
    session.commit()
    row_id = row.id
    come_in(client, carine)
    assert send(client, f"/people/substitutes/{row_id}/remove").status_code == 404


@pytest.mark.parametrize("url", ["/people", "/people/add", "/people/1", "/people/substitutes"])
def test_a_worker_administers_nobody(client: FlaskClient, amina: Membership, url: str) -> None:
    come_in(client, amina)
    assert client.get(url).status_code == 403


def test_built_in_actors_and_unknown_people_have_no_page(client: FlaskClient, dirk: Membership, by: Actor) -> None:
    come_in(client, dirk)
    assert client.get(f"/people/{by.person_id}").status_code == 404
    assert client.get("/people/9999").status_code == 404


def test_the_list_of_people_asks_the_same_for_many_as_for_few(
    client: FlaskClient, session: Session, dirk: Membership, team: Organisation, by: Actor
) -> None:
    come_in(client, dirk)

    def statements() -> int:
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", listener := lambda *args: seen.append(args[2]))
        assert client.get("/people").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    few = statements()
    with transaction(session):
        for number in range(60):
            add_person(
                session, email=f"p{number}@x.example", name=f"P {number:02}", role="worker", organisation=team, by=by
            )
    assert statements() == few
    assert "P 40" not in client.get("/people?page=2").text
    assert "P 55" in client.get("/people?page=2").text
