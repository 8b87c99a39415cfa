"""The outbox page: a coordinator sees what went out and why something did not, and sends it again."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.accounts.commands import add_person, set_password
from outreach.accounts.passwords import hash_password
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.addresses import mark_wrong
from outreach.notifications.commands import Digest, queue_digests, withdraw_lines
from outreach.notifications.models import FAILED, OutboxMessage
from outreach.partners.commands import add_area, add_organisation, serve_area
from tests.notifications.conftest import MORNING, TUESDAY, late_step

PASSWORD = "een goed wachtwoord"


@pytest.fixture
def come_in(session: Session, client: FlaskClient):
    """Sign in as somebody with this role at the LOP of Ghent, where the inloopteam of Fatima and Jan works."""

    def comes_in(role: str) -> FlaskClient:
        by = builtin(session, "console")
        with transaction(session):
            lop = add_organisation(session, key="lop-gent", kind="lop", name="LOP Gent")
            gent = add_area(session, key="gent", name="Gent", nis=["44021"], coordinator=lop)
            team = add_organisation(
                session, key="inloopteam", kind="inloopteam", name="Inloopteam", mailbox="Team@inloopteam.example"
            )
            serve_area(session, organisation=team, area=gent)
            for name in ("fatima", "jan"):
                add_person(
                    session, email=f"{name}@inloopteam.example", name=name, role="worker", organisation=team, by=by
                )
            person = add_person(session, email="nele@lop.example", name="Nele", role=role, organisation=lop, by=by)
            set_password(session, person=person.person, password_hash=hash_password(PASSWORD), by=by)
        client.post("/sign-in", data={**token(client, "/sign-in"), "email": "nele@lop.example", "password": PASSWORD})
        return client

    return comes_in


def token(client: FlaskClient, url: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(url).text)
    assert found, client.get(url).text
    return {"csrf_token": found[1]}


def queue(session: Session, *addresses: str) -> None:
    with transaction(session):
        queue_digests(session, [Digest(a, "nl", TUESDAY, [late_step(n)]) for n, a in enumerate(addresses)])


def fail(session: Session, address: str) -> None:
    with transaction(session):
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.address == address)).one()
        message.state, message.failed_at, message.last_error, message.attempts = FAILED, MORNING, "address_refused", 1


def test_a_coordinator_sees_each_mail_with_its_subject_and_what_went_wrong(session: Session, come_in) -> None:
    queue(session, "fatima@inloopteam.example", "jan@inloopteam.example", "els@clb.example")
    fail(session, "jan@inloopteam.example")
    with transaction(session):
        withdraw_lines(session, about=["step:2"])
    client = come_in("coordinator")
    page = client.get("/outbox").text
    assert "fatima@inloopteam.example" in page
    assert "els@clb.example" not in page, "she works elsewhere"
    assert "Outreach: 1 stap vraagt je aandacht, 1 is te laat" in page
    assert "De mailserver kent of aanvaardt dit adres niet." in page
    only_failed = client.get("/outbox?state=failed").text
    assert "jan@inloopteam.example" in only_failed
    assert "fatima@inloopteam.example" not in only_failed
    assert client.get("/outbox?state=nonsense").status_code == 404


def test_a_failed_mail_is_sent_again_with_one_button(session: Session, come_in) -> None:
    queue(session, "jan@inloopteam.example")
    fail(session, "jan@inloopteam.example")
    client = come_in("coordinator")
    url = re.search(r'action="(/outbox/\d+/resend)"', client.get("/outbox").text)
    assert url
    answer = client.post(url[1], data=token(client, "/outbox"), follow_redirects=True)
    assert "De mail staat opnieuw in de wachtrij." in answer.text
    session.expire_all()
    message = session.scalars(select(OutboxMessage)).one()
    assert message.state == "queued"
    assert message.resent_by
    assert message.resent_by.startswith("person:")
    again = client.post(url[1], data=token(client, "/people/me/password"), follow_redirects=True)
    assert "opnieuw versturen kan alleen als het mislukt is" in again.text


def test_sending_again_what_never_was_is_not_found(come_in) -> None:
    client = come_in("coordinator")
    queue(db.session, "jan@inloopteam.example")
    fail(db.session, "jan@inloopteam.example")
    assert client.post("/outbox/999999/resend", data=token(client, "/outbox")).status_code == 404


def test_a_coordinator_looks_after_the_mail_of_people_and_teams_nearby(session: Session, come_in) -> None:
    """Somebody of elsewhere, and an address nobody knows any more, are the administrator's."""
    near, elsewhere = (
        ["fatima@inloopteam.example", "team@inloopteam.example"],
        ["els@clb.example", "weg@antwerpen.example"],
    )
    queue(session, *near, *elsewhere)
    with transaction(session):
        for address in (near[0], elsewhere[0]):
            mark_wrong(session, address=address)
    client = come_in("coordinator")
    ids = {address: number for number, address in session.execute(select(OutboxMessage.id, OutboxMessage.address))}
    session.rollback()
    page = client.get("/outbox").text
    assert [address in page for address in (*near, *elsewhere)] == [True, True, False, False]
    assert "1 adres krijgt geen mail meer." in page
    for address in elsewhere:
        url = f"/outbox/{ids[address]}"
        assert client.get(url).status_code == client.get(f"/outbox?like={ids[address]}").status_code == 404
        for deed in ("wrong", "right", "resend"):
            assert client.post(f"{url}/{deed}", data=token(client, "/people/me/password")).status_code == 404


def test_an_administrator_looks_after_every_mail(session: Session, come_in) -> None:
    queue(session, "fatima@inloopteam.example", "weg@antwerpen.example")
    page = come_in("administrator").get("/outbox").text
    assert "fatima@inloopteam.example" in page
    assert "weg@antwerpen.example" in page


@pytest.mark.parametrize("role", ["worker", "school-contact", "clb", "dpo"])
def test_others_do_not_see_the_outbox(come_in, role: str) -> None:
    assert come_in(role).get("/outbox").status_code == 403


def test_a_page_of_fifty_takes_as_many_queries_as_a_page_of_three(app: Flask, session: Session, come_in) -> None:
    client = come_in("administrator")
    client.get("/outbox")

    def queries() -> int:
        seen: list[str] = []

        def count(_connection, _cursor, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", count)
        client.get("/outbox")
        event.remove(db.engine, "before_cursor_execute", count)
        return len(seen)

    queue(session, *[f"p{number}@example.be" for number in range(3)])
    few = queries()
    queue(session, *[f"q{number}@example.be" for number in range(57)])
    assert queries() == few
    assert "/outbox?page=2" in client.get("/outbox").text


def test_one_mail_can_be_looked_at_with_the_reason_of_each_line(session: Session, come_in) -> None:
    rule = {"rung": "late", "after": None, "counter": "school_days", "aim_on": "2027-01-04"}
    line = replace(late_step(3), rule=rule)
    with transaction(session):
        queue_digests(session, [Digest("fatima@inloopteam.example", "nl", TUESDAY, [line, late_step(4)])])
        withdraw_lines(session, about=["step:4"])
    client = come_in("coordinator")
    message = session.scalars(select(OutboxMessage.id)).one()
    page = client.get(f"/outbox/{message}").text
    assert "De streefdatum maandag 4 januari 2027 was voorbij." in page
    assert "Niet verstuurd: de stap was intussen gedaan, gepauzeerd, verzet of doorgegeven." in page
    assert client.get("/outbox/999999").status_code == 404


def test_an_address_is_marked_wrong_and_right_again(session: Session, come_in) -> None:
    queue(session, "jan@inloopteam.example")
    client = come_in("coordinator")
    message = session.scalars(select(OutboxMessage.id)).one()
    session.commit()
    url = f"/outbox/{message}"
    client.post(f"{url}/wrong", data=token(client, url))
    assert "1 adres krijgt geen mail meer." in client.get("/outbox").text
    client.post(f"{url}/right", data=token(client, url))
    assert "krijgt geen mail meer" not in client.get("/outbox").text


def test_the_outbox_is_narrowed_to_one_address_that_stands_in_no_url(session: Session, come_in) -> None:
    queue(session, "fatima@inloopteam.example", "jan@inloopteam.example")
    fail(session, "jan@inloopteam.example")
    nele = come_in("coordinator")
    mail = session.scalars(select(OutboxMessage.id).where(OutboxMessage.address.startswith("jan"))).one()
    assert f'href="/outbox?like={mail}"' in nele.get(f"/outbox/{mail}").text
    page = nele.get(f"/outbox?like={mail}").text
    assert "Alleen mail naar jan@inloopteam.example." in page
    assert "fatima@" not in page
    assert not re.search(r'href="[^"]*@', page)
    assert f"/outbox?state=failed&amp;like={mail}" in page
    assert nele.get("/outbox?like=999999").status_code == 404


def test_the_outbox_is_narrowed_to_a_kind(session: Session, come_in) -> None:
    queue(session, "fatima@inloopteam.example", "jan@inloopteam.example")
    nele = come_in("coordinator")
    assert "Elke soort" not in nele.get("/outbox").text, "with one kind there is nothing to choose"
    with transaction(session):
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.address.startswith("jan"))).one()
        message.kind, message.digest_on, message.urgent_on = "urgent", None, TUESDAY
    page = nele.get("/outbox?kind=urgent").text
    assert "Elke soort" in page
    assert "jan@" in page
    assert "fatima@" not in page
    assert nele.get("/outbox?kind=nonsense").status_code == 404


def test_the_lines_of_a_mail_stand_in_the_order_of_the_mail(session: Session, come_in) -> None:
    lines = [late_step(1, key="step_soon", group="soon"), late_step(2)]
    with transaction(session):
        queue_digests(session, [Digest("fatima@inloopteam.example", "nl", TUESDAY, lines)])
    mail = session.scalars(select(OutboxMessage.id)).one()
    page = come_in("coordinator").get(f"/outbox/{mail}").text
    assert page.index(">Te laat<") < page.index(">Binnenkort<")
