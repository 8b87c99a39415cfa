"""The mail as its reader has it: opened on a phone, wanted otherwise, read by who stands in, sent again if it fails."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Step
from outreach.database import seen_by
from outreach.notifications.models import OutboxMessage
from tests.ground.smtp import Received, SmtpServer

from .site import PASSWORD, Site
from .test_days import joined

READ = seen_by("test")
PHONE, DESK = 390, 1200
WIM, WOUT, LIES = "wim@example.test", "wout@example.test", "lies@example.test"
WEDNESDAY, LATE = date(2026, 12, 16), date(2027, 1, 13)


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_MAIL names the folder)."""
    if folder := os.environ.get("LOOK_AT_MAIL"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def reference(site: Site) -> str:
    """Milan's visit is Wim's since Tuesday."""

    def given(session):
        site.field.session = session
        case = site.field.case("Milan", date(2022, 3, 10))
        step = session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ).one()
        facts = {"organisation": site.field.organisations["de-brug"].id, "person": site.field.worker.person_id}
        report_outcome(session, case, step, outcome="assign", facts=facts, by=site.field.coordinator)
        return case.reference

    return site.do(given)


def morning(site: Site, smtp_server: SmtpServer, on: date, hour: int = 8) -> list[Received]:
    """What the clock brings on a day: the mails that arrived."""
    before = len(smtp_server.received)
    site.move_clock(clock.moment_of(on, hour, 5))
    site.do(remind)
    site.deliver(smtp_server.url)
    return smtp_server.received[before:]


def test_the_link_in_the_mail_lands_on_the_step_after_signing_in(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    [mail] = morning(site, smtp_server, LATE)
    assert mail.recipient == WIM
    found = re.search(r"https?://[^/\s]+(/cases/\S+)", mail.body())
    assert found
    context = site.browser.new_context(locale="nl-BE", viewport={"width": PHONE, "height": 844})
    phone = context.new_page()
    phone.goto(site.address + found[1])
    expect(phone.get_by_label("E-mailadres")).to_be_visible()
    phone.get_by_label("E-mailadres").fill(WIM)
    phone.get_by_label("Wachtwoord").fill(PASSWORD)
    phone.get_by_role("button", name="Aanmelden").click()
    expect(phone).to_have_url(re.compile(f"/cases/{reference}"))
    expect(phone.get_by_text("Milan Peeters").first).to_be_visible()
    look(phone, "landed-phone")
    foot = re.search(r"https?://[^/\s]+(/settings/\S+)", mail.body())
    assert foot
    phone.goto(site.address + foot[1])
    expect(phone.get_by_role("heading", level=1)).to_have_text("Mijn post")


def test_wim_chooses_days_an_hour_and_text_alone(site: Site, reference: str, smtp_server: SmtpServer) -> None:
    wim = site.sign_in(site.field.worker, width=PHONE)
    wim.goto("/settings/reminders")
    look(wim, "choices-phone")
    wim.get_by_text("Op de dagen die ik kies").click()
    for name in ("dinsdag", "woensdag", "vrijdag"):
        wim.get_by_label(name).uncheck()
    wim.get_by_label(re.compile("^Vanaf")).select_option("10:00")
    wim.get_by_label(re.compile("^Alleen tekst")).check()
    wim.get_by_role("button", name="Bewaren").click()
    expect(wim.get_by_role("status")).to_be_visible()
    expect(wim.get_by_text(re.compile("om 10 uur op maandag en donderdag")).first).to_be_visible()
    assert morning(site, smtp_server, WEDNESDAY, 11) == []
    thursday = date(2026, 12, 17)
    assert morning(site, smtp_server, thursday, 9) == []
    [mail] = morning(site, smtp_server, thursday, 10)
    assert mail.recipient == WIM
    assert {part.get_content_type() for part in mail.message.walk() if not part.is_multipart()} == {"text/plain"}
    wim = site.sign_in(site.field.worker, width=PHONE)
    wim.goto("/settings/reminders")
    expect(wim.get_by_role("cell", name="verzonden")).to_be_visible()
    look(wim, "chosen-phone")


def test_only_when_something_is_late(site: Site, reference: str, smtp_server: SmtpServer) -> None:
    wim = site.sign_in(site.field.worker)
    wim.goto("/settings/reminders")
    wim.get_by_text("Alleen als er iets te laat is").click()
    wim.get_by_role("button", name="Bewaren").click()
    expect(wim.get_by_role("status")).to_be_visible()
    assert morning(site, smtp_server, WEDNESDAY) == []
    assert morning(site, smtp_server, date(2027, 1, 7)) == []
    [mail] = morning(site, smtp_server, LATE)
    assert "is te laat" in str(mail.message["Subject"])


def test_who_stands_in_sees_the_work_and_gets_the_mail_until_wim_is_back(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    wout = joined(site, "Wout", "de-brug", "worker")
    wim = site.sign_in(site.field.worker, width=PHONE)
    wim.goto("/settings/reminders")
    wim.get_by_role("link", name=re.compile("^Een tijdje weg")).click()
    look(wim, "away-phone")
    wim.get_by_label("Eerste dag afwezig").fill("2026-12-15")
    wim.get_by_label("Laatste dag afwezig").fill("2027-01-15")
    wim.get_by_label("Wie valt voor je in?").select_option("Wout")
    wim.get_by_role("button", name="Bewaren").click()
    expect(wim.get_by_role("status")).to_be_visible()
    look(wim, "away-noted-phone")
    colleague = site.sign_in(wout)
    expect(colleague.get_by_role("link", name=re.compile("Milan Peeters"))).to_be_visible()
    assert [mail.recipient for mail in morning(site, smtp_server, WEDNESDAY)] == [WOUT]
    wim = site.sign_in(site.field.worker, width=PHONE)
    expect(wim.get_by_text("Milan Peeters").first).to_be_visible()
    wim.goto("/settings/away")
    wim.get_by_role("button", name=re.compile("^Ik ben terug")).click()
    expect(wim.get_by_role("status")).to_contain_text("Welkom terug")
    colleague = site.sign_in(wout)
    expect(colleague.get_by_role("link", name=re.compile("Milan Peeters"))).to_have_count(0)
    assert [mail.recipient for mail in morning(site, smtp_server, LATE)] == [WIM]


def test_an_unknown_address_is_seen_put_right_and_the_mail_is_sent_again(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    smtp_server.refused[WIM] = "550 5.1.1 unknown"
    assert morning(site, smtp_server, LATE) == []
    lies = site.sign_in(site.field.coordinator, width=DESK)
    expect(lies.get_by_text("1 adres krijgt geen mail meer.")).to_be_visible()
    expect(lies.get_by_role("listitem").filter(has_text="Wim, Inloopteam De Brug").first).to_be_visible()
    look(lies, "my-work-desk")
    lies.get_by_role("link", name="Open verzonden post").click()
    look(lies, "outbox-desk")
    lies.get_by_role("link", name=re.compile("mislukt")).click()
    lies.get_by_role("link", name=re.compile("stap vraagt je aandacht")).click()
    expect(lies.get_by_text("De streefdatum dinsdag 12 januari 2027 was voorbij.")).to_be_visible()
    look(lies, "mail-desk")
    lies.get_by_role("button", name="Het adres klopt").click()
    smtp_server.refused.clear()
    lies.get_by_role("button", name="Opnieuw versturen").click()
    expect(lies.get_by_role("status")).to_contain_text("opnieuw in de wachtrij")
    site.deliver(smtp_server.url)
    assert [mail.recipient for mail in smtp_server.received] == [WIM]
    lies.goto(f"/cases/{reference}?show=mails")
    expect(lies.get_by_role("heading", name=re.compile("Herinnering per mail aan Wim")).first).to_be_visible()
    look(lies, "case-desk")
    lies.set_viewport_size({"width": PHONE, "height": 844})
    look(lies, "case-phone")
    lies.goto("/my-work")
    expect(lies.get_by_text("krijgt geen mail meer")).to_have_count(0)


def test_lies_marks_an_address_wrong_and_nothing_goes_there(
    site: Site, reference: str, smtp_server: SmtpServer
) -> None:
    morning(site, smtp_server, WEDNESDAY)
    lies = site.sign_in(site.field.coordinator, width=PHONE)
    lies.goto("/outbox")
    look(lies, "outbox-phone")
    lies.get_by_role("link", name=re.compile("stap vraagt je aandacht")).click()
    lies.get_by_role("button", name="Dit adres is fout").click()
    expect(lies.get_by_role("status")).to_contain_text("geen mail meer")
    look(lies, "wrong-phone")
    assert WIM not in [mail.recipient for mail in morning(site, smtp_server, LATE)]
    states = site.do(lambda session: session.scalars(select(OutboxMessage.state)).all())
    assert "failed" not in states, "who is known to be unreachable is not written to"
