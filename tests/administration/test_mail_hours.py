"""What stands on an organisation's page is when its mail arrives, from the sweep to the mail server."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.database import transaction
from outreach.scheduler.post import deliver_due
from tests.administration.conftest import Enter, confirm, days
from tests.cases.routes.conftest import Visitor, at_home_visit, at_welcome
from tests.ground.field import Field
from tests.ground.smtp import SmtpServer

WIM, SOFIE, LINDE = "wim@example.test", "sofie@example.test", "de-linde@example.test"

Post = Callable[[datetime], None]


@pytest.fixture
def post(app: Flask, session: Session, smtp_server: SmtpServer) -> Post:
    """What the clock does each quarter of an hour: sweep, then hand everything that is due to a real mail server."""
    settings = app.config["SETTINGS"].with_changes(smtp_url=smtp_server.url)

    def at(moment: datetime) -> None:
        with clock.at(moment):
            with transaction(session):
                remind(session)
            deliver_due(settings)

    return at


EDGES = ((7, 45), (9, 45), (10, 0), (13, 45), (14, 0), (16, 30), (20, 0))
"""Just before, at and after the hours that are set: begins at ten, ends at two."""


def arrivals(smtp_server: SmtpServer, *addresses: str) -> list[datetime]:
    """When the mails to these addresses were handed in, by the Brussels clock."""
    moments = [
        mail.message["Date"].datetime for mail in smtp_server.received if not addresses or mail.recipient in addresses
    ]
    return [clock.local(moment) for moment in moments]


def change(visitor: Visitor, field: Field, key: str, **typed: object) -> None:
    """Save another week on the page of an organisation."""
    url = f"/administration/organisations/{field.organisations[key].id}/change"
    field.session.rollback()
    answer = visitor.browser.post(url, data={**visitor.open_form(url), **typed})
    assert answer.status_code == 302


def test_mail_keeps_to_the_days_and_hours_of_the_page(
    tine: Visitor, field: Field, post: Post, smtp_server: SmtpServer
) -> None:
    """De Brug works on Tuesdays and Thursdays from ten to two: for five weeks nothing arrives at any other moment."""
    at_home_visit(field, "Adam", date(2022, 4, 1))
    change(tine, field, "de-brug", days=["1", "3"], opens="10", closes="14")
    for ahead in range(35):
        for hour, minute in EDGES:
            post(clock.moment_of(date(2026, 12, 16) + timedelta(days=ahead), hour, minute))
    came = arrivals(smtp_server, WIM, "tine@example.test", "de-brug@example.test")
    assert len(came) > 1
    assert {moment.weekday() for moment in came} <= {1, 3}
    assert all(10 <= moment.hour < 14 for moment in came)
    holidays = {date(2026, 12, 25), date(2027, 1, 1)}
    assert holidays.isdisjoint(moment.date() for moment in came)


def test_nothing_arrives_on_closing_days_of_the_page(
    tine: Visitor, field: Field, post: Post, smtp_server: SmtpServer
) -> None:
    """Adam is new for Wim on Tuesday; the team is away until Friday: the mail comes on Monday."""
    at_home_visit(field, "Adam", date(2022, 4, 1))
    url = f"/administration/organisations/{field.organisations['de-brug'].id}/closings/add"
    field.session.rollback()
    shown = tine.fill(url, **days(date(2026, 12, 16), date(2026, 12, 18), "teamdagen"))
    assert confirm(tine, url, shown).status_code == 302
    for day in range(16, 22):
        for hour in (7, 8, 12, 18):
            post(clock.moment_of(date(2026, 12, day), hour))
    assert [moment.date() for moment in arrivals(smtp_server, WIM)] == [date(2026, 12, 21)]


def test_a_school_hears_nothing_all_summer(field: Field, enter: Enter, post: Post, smtp_server: SmtpServer) -> None:
    """Sofie's welcome is long late on 1 July. Until the third school day of September nothing arrives, whatever the
    hours on the page say; then it does."""
    at_welcome(field)
    sofie = enter(field.school)
    change(sofie, field, "de-linde", days=["0", "1", "2", "3", "4"], opens="6", closes="20")
    day = date(2027, 7, 1)
    while day < date(2027, 9, 3):
        for hour in (9, 19):
            post(clock.moment_of(day, hour))
        day += timedelta(days=1)
    assert arrivals(smtp_server, SOFIE, LINDE) == []
    post(clock.moment_of(day, 9))
    assert [moment.date() for moment in arrivals(smtp_server, SOFIE, LINDE)] == [date(2027, 9, 3)]


def test_a_school_that_closes_in_september_sleeps_on(
    lies: Visitor, field: Field, post: Post, smtp_server: SmtpServer, enter: Enter
) -> None:
    """De Linde moves house in the first days of September: its third school day, and its first mail, come later."""
    at_welcome(field)
    linde = field.organisations["de-linde"].id
    field.session.rollback()
    url = f"/administration/organisations/{linde}/closings/add"
    shown = lies.fill(url, **days(date(2027, 9, 1), date(2027, 9, 7), "verhuis"))
    assert confirm(lies, url, shown).status_code == 302
    assert "vr 10 sep 2027" in lies.read(f"/administration/organisations/{linde}")
    for day in range(1, 21):
        post(clock.moment_of(date(2027, 9, day), 9))
    came = arrivals(smtp_server, SOFIE, LINDE)
    assert came != []
    assert min(came).date() == date(2027, 9, 10)
