"""Which mails were sent about a case, what became of each, and who hears of an address that takes none."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.nudging import nudge_step
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.reminding import remind
from outreach.cases.models import Case, Step
from outreach.notifications.addresses import clear_wrong, mark_wrong
from outreach.notifications.claims import claim, mark_failed, mark_sent
from outreach.notifications.models import OutboxMessage
from tests.ground.field import Field, make_field
from tests.ground.pages import without_tokens

from .conftest import READ, Visitor, at_home_visit, at_school_choice, newest
from .test_case_page import reread

Enter = Callable[[Actor | None], Visitor]

WIM, TEAM, LIES = "wim@example.test", "de-brug@example.test", "lies@example.test"
LATE = date(2027, 1, 13)
"""The morning after the aim of a visit that was given on 15 December."""


def sweep(session: Session, on: date) -> None:
    session.rollback()
    with clock.at(clock.moment_of(on, 8, 5)):
        remind(session)
        session.commit()


def handed_in(session: Session, on: date, *, fault: str | None = None) -> None:
    """The post goes: everything is accepted, or refused for this fault."""
    session.rollback()
    at = clock.moment_of(on, 8, 6)
    for letter in claim(session, owner="post", at=at, until=clock.moment_of(on, 9), limit=50):
        if fault is None:
            mark_sent(session, letter, owner="post", at=at)
        else:
            mark_failed(session, letter, owner="post", at=at, error=fault, code=550)
    session.commit()


def addresses(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage.address).order_by(OutboxMessage.id)))


def present(session: Session, case: Case) -> tuple[Case, Step]:
    """The case and its newest step, to be changed."""
    number = newest(session, case).id
    return reread(session, case), session.get_one(Step, number, execution_options=READ)


def mails_of(visitor: Visitor, case: Case) -> str:
    """The mails in the story of a case."""
    page = visitor.read(f"/cases/{case.reference}?show=mails")
    return page[page.index('id="timeline"') :]


def test_a_mail_waits_then_is_sent_and_its_reason_stands_beside_it(
    field: Field, enter: Enter, session: Session
) -> None:
    case = at_home_visit(field)
    sweep(session, LATE)
    waiting = mails_of(enter(field.worker), case)
    assert "Herinnering per mail aan Wim" in waiting
    assert "wacht" in waiting
    assert "De streefdatum dinsdag 12 januari 2027 was voorbij." in waiting
    handed_in(session, LATE)
    assert "verzonden" in mails_of(enter(field.worker), case)


def test_a_mail_that_failed_says_why_and_the_coordinator_can_open_it(
    field: Field, enter: Enter, session: Session
) -> None:
    case = at_home_visit(field)
    sweep(session, LATE)
    handed_in(session, LATE, fault="letter_refused")
    wim, lies = mails_of(enter(field.worker), case), mails_of(enter(field.coordinator), case)
    for told in (wim, lies):
        assert "mislukt: De mailserver weigert deze mail." in told
    assert "/outbox/" not in wim
    found = session.scalars(select(OutboxMessage.id)).one()
    assert f'href="/outbox/{found}"' in lies
    assert "De streefdatum dinsdag 12 januari 2027 was voorbij." in enter(field.coordinator).read(f"/outbox/{found}")


def test_what_was_taken_back_says_so(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    sweep(session, LATE)
    case, step = present(session, case)
    with clock.at(clock.moment_of(LATE, 8, 6)):
        pause_step(session, case, step, reason="illness", remark=None, until_on=date(2027, 1, 28), by=field.worker)
        session.commit()
    assert "Niet verstuurd: de stap was intussen gedaan" in mails_of(enter(field.worker), case)


def test_a_step_that_was_only_counted_is_told_as_counted(field: Field, enter: Enter, session: Session) -> None:
    """Six visits at once are one line; the coordinator's mail counts a late team. Each case says so."""
    cases = [at_home_visit(field, name) for name in ("Milan", "Noor", "Aya", "Elif", "Jonas", "Mila")]
    sweep(session, date(2026, 12, 16))
    told = mails_of(enter(field.worker), cases[3])
    assert "Herinnering per mail aan Wim" in told
    assert "Meegeteld" in told


def test_a_nudge_is_told_as_a_nudge(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    case, step = present(session, case)
    with clock.at(clock.moment_of(date(2026, 12, 17), 10)):
        nudge_step(session, case, step, by=field.coordinator)
        session.commit()
    sweep(session, date(2026, 12, 18))
    assert "Vraag om aandacht per mail aan Wim" in mails_of(enter(field.coordinator), case)


def test_who_sees_only_the_step_sees_no_mails_about_it(field: Field, enter: Enter, session: Session) -> None:
    """The parents did not agree: Huis van het Kind has the reference and the step."""
    karima = field.person("Karima", "kg-gent", "worker")
    case = at_school_choice(field, know="no", agree="not_asked")
    sweep(session, LATE)
    page = without_tokens(enter(field.guide).read(f"/cases/{case.reference}"))
    assert "per mail" not in page
    assert "Wim" not in page
    assert enter(karima).get(f"/cases/{case.reference}").status_code == 404


def test_wims_address_is_wrong_so_his_team_hears_and_lies_sees_it(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    mark_wrong(session, address=WIM, error="address_refused", code=550)
    session.commit()
    for url in ("/my-work", "/areas/gent"):
        page = enter(field.coordinator).read(url)
        assert "1 adres krijgt geen mail meer." in page
        assert "Wim, Inloopteam De Brug" in page
        assert WIM in page
    assert "krijgt geen mail meer" not in enter(field.worker).read("/my-work")
    sweep(session, LATE)
    assert addresses(session) == [TEAM]
    session.rollback()
    clear_wrong(session, address=WIM, by="person:1")
    session.commit()
    assert "krijgt geen mail meer" not in enter(field.coordinator).read("/my-work")


def test_when_the_teams_mailbox_is_wrong_too_the_step_is_to_be_assigned(
    field: Field, enter: Enter, session: Session
) -> None:
    at_home_visit(field)
    for address in (WIM, TEAM.capitalize()):
        mark_wrong(session, address=address, error="address_refused")
    session.commit()
    assert "2 adressen krijgen geen mail meer." in enter(field.coordinator).read("/my-work")
    sweep(session, LATE)
    assert addresses(session) == [LIES]


def test_another_area_does_not_hear_whose_address_is_wrong(session: Session, field: Field, enter: Enter) -> None:
    aalst = make_field(session, "aalst", ("41002",))
    omer = aalst.person("Omer", "lop-aalst", "coordinator")
    mark_wrong(session, address=LIES, error="address_refused")
    session.commit()
    assert LIES not in enter(omer).read("/my-work")


@pytest.mark.parametrize("role", ["worker", "team-lead", "school-contact", "clb"])
def test_the_outbox_is_for_who_coordinates(field: Field, enter: Enter, session: Session, role: str) -> None:
    at_home_visit(field)
    sweep(session, LATE)
    nele = field.person("Nele", "de-brug", role)
    session.commit()
    found = session.scalars(select(OutboxMessage.id)).one()
    for url in ("/outbox", f"/outbox/{found}"):
        assert enter(nele).get(url).status_code == 403


def test_an_urgent_mail_has_its_own_words_everywhere(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    sweep(session, LATE)
    session.execute(update(OutboxMessage).values(kind="urgent", digest_on=None, urgent_on=LATE))
    session.commit()
    assert "Outreach: nieuw en dringend" in enter(field.coordinator).read("/outbox")
    assert "Dringende mail" in enter(field.worker).read("/settings/reminders")
