"""When and how somebody's mail comes, and being away: what each person arranges alone."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.commands import add_substitution
from outreach.accounts.models import Membership, Person, Substitution
from outreach.accounts.queries import substitutes_on
from outreach.database import transaction
from outreach.errors import Refused
from outreach.partners.models import Organisation

from .test_pages import come_in
from .test_settings import token_on

TODAY = date(2026, 12, 15)
MAIL, AWAY = "/settings/reminders", "/settings/away"


def choose(client: FlaskClient, **fields: object):
    """Fill in the page; what is not said stays as it is for somebody new."""
    said = {"rhythm": "daily", "days": ["0", "1", "2", "3", "4"], "hour": "8", "praise": "y"} | fields
    said = {name: value for name, value in said.items() if value is not None}
    return client.post(MAIL, data={"csrf_token": token_on(client, MAIL), **said})


def test_amina_reads_her_mail_on_mondays_and_thursdays_at_ten(
    client: FlaskClient, session: Session, amina: Membership
) -> None:
    come_in(client, amina)
    assert choose(client, rhythm="days", days=["3", "0"], hour="10", plain="y", praise=None).location == MAIL
    session.commit()
    person = session.get_one(Person, amina.person_id)
    assert (person.digest_days, person.digest_hour, person.plain_mail, person.praise) == ([0, 3], 10, True, False)
    page = client.get(MAIL).text
    assert "om 10 uur op maandag en donderdag" in page
    assert "donderdag 17 december 2026" in page


def test_without_a_day_nothing_is_saved(client: FlaskClient, session: Session, amina: Membership) -> None:
    come_in(client, amina)
    answer = choose(client, rhythm="days", days=[])
    assert answer.status_code == 400
    assert "Kies minstens één dag." in answer.text
    session.commit()
    assert session.get_one(Person, amina.person_id).digest_days is None


def test_the_hours_are_those_of_the_organisation(
    client: FlaskClient, session: Session, amina: Membership, team: Organisation
) -> None:
    with transaction(session):
        session.get_one(Organisation, team.id).opens_hour = 10
    come_in(client, amina)
    page = client.get(MAIL).text
    assert ">10:00<" in page
    assert ">8:00<" not in page
    assert choose(client, hour="8").status_code == 400


def test_amina_is_away_and_bert_stands_in(
    client: FlaskClient, session: Session, amina: Membership, bert: Membership
) -> None:
    come_in(client, amina)
    days = {"from_on": "2026-12-16", "until_on": "2026-12-23", "substitute": str(bert.person_id)}
    assert client.post(AWAY, data={"csrf_token": token_on(client, AWAY), **days}).location == AWAY
    session.commit()
    key = (amina.person_id, amina.organisation_id)
    assert substitutes_on(session, date(2026, 12, 23)) == {key: bert.person_id}
    assert substitutes_on(session, date(2026, 12, 24)) == {}
    substitution = session.query(Substitution).one()
    url = f"{AWAY}/{substitution.id}/remove"
    session.commit()
    assert client.post(url, data={"csrf_token": token_on(client, AWAY)}).location == AWAY
    session.commit()
    assert substitutes_on(session, date(2026, 12, 18)) == {}


def test_the_absence_of_somebody_else_is_not_mine_to_end(
    app: Flask,
    client: FlaskClient,
    session: Session,
    amina: Membership,
    bert: Membership,
    carine: Membership,
    by: Actor,
) -> None:
    with transaction(session):
        found = replace(session, bert, amina, by, TODAY, TODAY)
    come_in(client, carine)
    answer = client.post(f"{AWAY}/{found.id}/remove", data={"csrf_token": token_on(client, AWAY)})
    assert answer.status_code == 404


def test_who_is_away_too_cannot_stand_in(
    session: Session, amina: Membership, bert: Membership, carine: Membership, by: Actor
) -> None:
    replace(session, bert, carine, by, date(2026, 12, 18), date(2026, 12, 31))
    with pytest.raises(Refused, match="substitute_away"):
        replace(session, amina, bert, by, TODAY, date(2026, 12, 18))
    replace(session, amina, bert, by, TODAY, date(2026, 12, 17))
    with pytest.raises(Refused, match="already_away"):
        replace(session, amina, carine, by, date(2026, 12, 17), date(2026, 12, 20))


def test_a_substitute_who_falls_away_is_stood_in_for_in_turn(
    session: Session, amina: Membership, bert: Membership, carine: Membership, by: Actor
) -> None:
    """Bert was to stand in for Amina; then he is away himself, and Carine has both their work."""
    replace(session, amina, bert, by, TODAY, TODAY)
    replace(session, bert, carine, by, TODAY, TODAY)
    assert set(substitutes_on(session, TODAY).values()) == {carine.person_id}


def replace(
    session: Session, away: Membership, substitute: Membership, by: Actor, first: date, last: date
) -> Substitution:
    """Somebody stands in for somebody."""
    return add_substitution(
        session,
        person=away.person,
        substitute=substitute.person,
        organisation=away.organisation,
        from_on=first,
        until_on=last,
        by=by,
    )
