"""A school without an account answers from its mail, also when its mail scanner opened every link first."""

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Event, SignedLink, Step
from outreach.database import seen_by
from tests.ground.smtp import Received, SmtpServer

from .site import Site

READ = seen_by("test")
PHONE, DESK = 390, 1200
ADDRESS = "onthaal@dewilg.example"


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_LINKS names the folder)."""
    if folder := os.environ.get("LOOK_AT_LINKS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def reference(site: Site) -> str:
    """Elif's first check is waiting; the parents say she goes to De Wilg, which has no account."""

    def made(session):
        field = site.field
        field.session = session
        case = field.case("Elif", date(2023, 6, 10))
        step = session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ).one()
        report_outcome(session, case, step, outcome="seems_enrolled", facts={}, by=field.coordinator)
        return case.reference

    return site.do(made)


def events(site: Site) -> list[tuple[str, str]]:
    """What happened, and how it came."""
    statement = select(Event.kind, Event.via).order_by(Event.id)
    return site.do(lambda session: [tuple(row) for row in session.execute(statement, execution_options=READ)])


def sent_link(site: Site, reference: str) -> Page:
    """Lies asks by link, at her desk."""
    lies = site.sign_in(site.field.coordinator, width=DESK)
    lies.goto(f"/cases/{reference}")
    lies.get_by_role("link", name=re.compile("Vraag antwoord via een link")).click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Vraag antwoord via een link")
    look(lies, "ask-desk")
    lies.get_by_label("E-mailadres").fill(ADDRESS)
    lies.get_by_role("button", name="Link versturen").click()
    expect(lies.get_by_role("alert")).to_contain_text("Geef het dossiernummer eerst")
    lies.get_by_label(re.compile("^De ontvanger heeft dit dossiernummer van ons")).check()
    lies.get_by_role("group", name="Hoe kregen ze het?").get_by_text("aan de telefoon").click()
    lies.get_by_label(re.compile("^Op welke dag")).fill("2026-12-14")
    lies.get_by_role("button", name="Link versturen").click()
    expect(lies.get_by_role("status")).to_contain_text(f"Er vertrekt een link naar {ADDRESS}")
    look(lies, "case-desk")
    return lies


def delivered(site: Site, smtp_server: SmtpServer) -> tuple[Received, str]:
    """The mail as it arrived, and where its link leads on this site."""
    site.deliver(smtp_server.url)
    [mail] = smtp_server.to(ADDRESS)
    found = re.search(r"https?://[^/]+(/answer/\S+)", mail.body())
    assert found, mail.body()
    return mail, site.address + found[1]


def stranger(site: Site, *, width: int = PHONE, script: bool = True) -> Page:
    """Somebody without an account."""
    context = site.browser.new_context(
        locale="nl-BE", viewport={"width": width, "height": 844}, java_script_enabled=script
    )
    context.set_default_timeout(10_000)
    return context.new_page()


def scanned(site: Site, url: str) -> None:
    """A mail scanner opens the link twice, asks its head, follows what stands there, and presses each button."""
    scanner = stranger(site)
    for _ in range(2):
        assert scanner.goto(url)
    assert scanner.request.head(url).ok
    for link in scanner.get_by_role("link").all():
        assert scanner.request.get(site.address + (link.get_attribute("href") or "/")).status < 500
    scanner.get_by_role("button").click()
    scanner.get_by_role("button").click()
    expect(scanner.get_by_role("alert")).to_contain_text("Kies een antwoord.")


def test_a_scanner_opens_the_link_first_and_the_school_still_answers(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    lies = sent_link(site, reference)
    mail, url = delivered(site, smtp_server)
    assert reference in mail.body()
    assert "Elif" not in str(mail.message)
    before = events(site)
    scanned(site, url)
    assert events(site) == before

    school = stranger(site, script=False)
    school.goto(url)
    look(school, "start-phone")
    school.get_by_role("button", name="Ga verder").click()
    expect(school.get_by_role("heading", level=1)).to_have_text("Inschrijving nagaan")
    expect(school.get_by_text(reference)).to_be_visible()
    look(school, "question-phone")
    assert {cookie["name"] for cookie in school.context.cookies()} <= {"outreach_language"}
    school.get_by_label("Niet bevestigd").check()
    school.get_by_role("button", name="Verstuur mijn antwoord").click()
    expect(school.get_by_role("heading", level=1)).to_have_text("Dank je wel")
    look(school, "thanks-phone")
    assert ("outcome_reported", "link") in events(site)

    school.goto(url)
    school.get_by_role("button", name="Ga verder").click()
    expect(school.get_by_role("heading", level=1)).to_have_text("Dit is al beantwoord")
    look(school, "answered-phone")
    lies.reload()
    expect(lies.get_by_text(f"Via link, gestuurd aan {ADDRESS} door Lies")).to_be_visible()
    look(lies, "timeline-desk")


def test_not_yet_asks_for_a_day_and_speaks_french(site: Site, reference: str, smtp_server: SmtpServer) -> None:
    sent_link(site, reference)
    _mail, url = delivered(site, smtp_server)
    school = stranger(site, width=DESK)
    school.goto(url)
    school.get_by_role("link", name="Français").click()
    school.get_by_role("button", name="Continuer").click()
    expect(school.get_by_label("Quel jour alors")).to_be_hidden()
    school.get_by_label(re.compile("^Pas encore")).check()
    school.get_by_label("Quel jour alors").fill("2026-12-22")
    look(school, "question-desk")
    school.get_by_role("button", name="Envoyer ma réponse").click()
    expect(school.get_by_role("heading", level=1)).to_have_text("Merci")
    agreed = site.do(lambda session: session.scalars(select(Step.planned_on), execution_options=READ).all())
    assert date(2026, 12, 22) in agreed


def test_a_link_that_was_taken_back_says_no_more_than_one_that_ended(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    lies = sent_link(site, reference)
    _mail, url = delivered(site, smtp_server)
    lies.get_by_role("link", name=re.compile("^Intrekken")).click()
    look(lies, "withdraw-desk")
    lies.get_by_role("button", name="Intrekken").click()
    expect(lies.get_by_role("status")).to_contain_text("De link werkt niet meer")
    school = stranger(site)
    for moment in (timedelta(), timedelta(days=20)):
        site.move_clock(moment)
        school.goto(url)
        school.get_by_role("button", name="Ga verder").click()
        expect(school.get_by_role("heading", level=1)).to_have_text("Deze link werkt niet meer")
    look(school, "gone-phone")
    links = site.do(lambda session: session.scalars(select(SignedLink.answer), execution_options=READ).all())
    assert links == [None]
