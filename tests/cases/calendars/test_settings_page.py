"""My calendar in the settings: a link shown once, facts about it, another one, an end; in each language."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import add_person
from outreach.accounts.models import CalendarFeed, Person
from outreach.cases.models import Case
from outreach.cases.routes.answers import WithoutTokens
from tests.cases.routes.conftest import Visitor
from tests.ground.field import Field

from .conftest import Subscribed, link_in

Enter = Callable[[Actor | None], Visitor]
URL = "/settings/calendar"


def make(wim: Visitor, membership_id: int | None) -> str:
    """Tap on the button; the page that answers."""
    fields = wim.open_form(URL)
    answer = wim.send(f"{URL}/{membership_id}/make", fields)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_the_link_is_shown_once_and_works(app: Flask, session: Session, field: Field, case: Case, enter: Enter) -> None:
    wim = enter(field.worker)
    assert "Nog geen link" in wim.read(URL)
    token = link_in(make(wim, field.worker.membership_id))
    later = wim.read(URL)
    assert token not in later
    assert "nog niet" in later
    assert len(Subscribed(app, token).events()) == 1
    assert "nog niet" not in wim.read(URL), "one sees that a calendar asked"


def test_another_link_ends_the_first_and_an_ended_one_is_gone(
    app: Flask, session: Session, field: Field, case: Case, enter: Enter
) -> None:
    wim = enter(field.worker)
    first, second = (Subscribed(app, link_in(make(wim, field.worker.membership_id))) for _ in range(2))
    assert (first.get().status_code, second.get().status_code) == (404, 200)
    fields = wim.open_form(URL)
    assert wim.send(f"{URL}/{field.worker.membership_id}/end", fields).status_code == 302
    assert second.get().status_code == 404
    assert "Nog geen link" in wim.read(URL)


def test_each_place_has_its_own_link(session: Session, field: Field, case: Case, enter: Enter) -> None:
    wim = session.get_one(Person, field.worker.person_id)
    hvhk = field.organisations["hvhk-gent"]
    add_person(
        session, email=str(wim.email), name=wim.name, role="worker", organisation=hvhk, by=builtin(session, "console")
    )
    session.commit()
    page = enter(field.worker)
    shown = page.read(URL)
    assert "Inloopteam De Brug" in shown
    assert "Huis van het Kind Gent" in shown
    make(page, field.worker.membership_id)
    assert page.read(URL).count("Nog geen link") == 1


def test_nobody_makes_or_ends_the_link_of_another(session: Session, field: Field, enter: Enter) -> None:
    """Not even somebody of the same team."""
    fatima = field.person("Fatima", "de-brug", "team-lead")
    session.commit()
    make(enter(field.worker), field.worker.membership_id)
    page = enter(fatima)
    fields = page.open_form(URL)
    for what in ("make", "end"):
        assert page.send(f"{URL}/{field.worker.membership_id}/{what}", fields).status_code == 404
    session.rollback()
    assert session.scalars(select(CalendarFeed)).one().ended_at is None


@pytest.mark.parametrize(("spoken", "words"), [("fr", "Mon agenda"), ("en", "My calendar")])
def test_the_page_speaks_the_readers_language(
    session: Session, field: Field, enter: Enter, spoken: str, words: str
) -> None:
    session.get_one(Person, field.worker.person_id).language = spoken
    session.commit()
    assert words in enter(field.worker).read(URL)


def test_no_log_holds_a_link(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever server stands in front of it in this process: the line ends where the secret begins."""
    token = "x" * 43
    logger = logging.getLogger("gunicorn.access")
    assert any(isinstance(each, WithoutTokens) for each in logger.filters)
    with caplog.at_level(logging.INFO):
        for each in (logger, app.logger):
            each.info('"%s" %s', f"GET /calendar/{token}.ics HTTP/1.1", 200)
            each.info("%(r)s %(s)s", {"r": f"GET /calendar/{token}.ics HTTP/1.1", "s": 200})
        app.test_client().get(f"/calendar/{token}.ics")
    assert token not in caplog.text
