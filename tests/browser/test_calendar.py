"""Wim puts his days in his own calendar, and asks a colleague along; on a phone and at a desk."""

import os
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
import vobject
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Step
from outreach.database import seen_by
from tests.ground.smtp import SmtpServer

from .site import Site

READ = seen_by("test")
PHONE, DESK = 390, 1200


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_CALENDAR names the folder)."""
    if folder := os.environ.get("LOOK_AT_CALENDAR"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def reference(site: Site) -> str:
    """Elif's visit is Wim's; Fatima is of his team."""

    def made(session):
        field = site.field
        field.session = session
        field.person("Fatima", "de-brug", "worker")
        case = field.case("Elif", clock.today().replace(year=2023, day=10))
        step = session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ).one()
        facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
        report_outcome(session, case, step, outcome="assign", facts=facts, by=field.coordinator)
        return case.reference

    return site.do(made)


def fetched(site: Site, address: str) -> str:
    """What a calendar program gets."""
    path = address.partition("/calendar/")[2]
    with urllib.request.urlopen(f"{site.address}/calendar/{path}") as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_link_is_made_copied_renewed_and_ended(site: Site, reference: str, width: int) -> None:
    wim = site.sign_in(site.field.worker, width=width)
    wim.goto("/settings")
    wim.get_by_role("link", name="Mijn agenda").click()
    look(wim, f"calendar-none-{width}")
    wim.get_by_role("button", name="Maak een link").click()
    first = wim.get_by_label("De link van je agenda").input_value()
    look(wim, f"calendar-new-{width}")
    assert reference in fetched(site, first)
    assert (
        wim.get_by_role("link", name="Open in mijn agenda").get_attribute("href")
        == "webcal" + first[first.index(":") :]
    )
    wim.get_by_role("button", name="Kopiëren").click()
    wim.goto("/settings/calendar")
    expect(wim.get_by_label("De link van je agenda")).to_have_count(0)
    expect(wim.get_by_text("nog niet", exact=True)).to_have_count(0)
    look(wim, f"calendar-made-{width}")
    wim.get_by_role("button", name="Maak een andere link").click()
    second = wim.get_by_label("De link van je agenda").input_value()
    assert vobject.readOne(fetched(site, second)).vevent
    wim.get_by_role("button", name="Beëindig de link").click()
    expect(wim.get_by_role("status")).to_contain_text("De link werkt niet meer")
    for dead in (first, second):
        with pytest.raises(HTTPError, match="404"):
            fetched(site, dead)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_colleague_gets_the_visit_in_her_calendar(
    site: Site, reference: str, smtp_server: SmtpServer, width: int
) -> None:
    wim = site.sign_in(site.field.worker, width=width)
    wim.goto(f"/cases/{reference}/steps/2/plan")
    wim.get_by_label("Welke dag").fill("2027-01-14")
    wim.get_by_label("Om hoe laat").fill("14:30")
    wim.get_by_label("Wie gaat mee").select_option(label="Fatima")
    look(wim, f"plan-{width}")
    wim.get_by_role("button", name="Bewaren").click()
    expect(wim.get_by_role("status")).to_contain_text("Fatima krijgt de uitnodiging per mail")
    look(wim, f"case-{width}")
    site.deliver(smtp_server.url)
    [mail] = smtp_server.to("fatima@example.test")
    part = next(part for part in mail.message.walk() if part.get_content_type() == "text/calendar")
    event = vobject.readOne(part.get_payload(decode=True).decode()).vevent
    assert event.dtstart.value.isoformat() == "2027-01-14T14:30:00+01:00"
    assert event.organizer.value == "mailto:wim@example.test"
    assert reference in event.summary.value
    assert "Elif" not in mail.source.decode()
