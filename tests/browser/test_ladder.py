"""The coordinator tries other days for the reminders of the area, sees what they would do, and keeps them."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import LadderChange, Step
from outreach.database import seen_by
from tests.looking.width import fits

from .site import Site

READ = seen_by("test")
PHONE, DESK = 390, 1200
FIRST, TODAY = date(2026, 12, 15), date(2027, 2, 10)


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_LADDER names the folder)."""
    if folder := os.environ.get("LOOK_AT_LADDER"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def eight_weeks(site: Site) -> Site:
    """Six families wait for Wim since December, and each morning the reminders went out."""

    def happened(session: Session) -> None:
        field = site.field
        field.session = session
        with clock.at(clock.moment_of(FIRST, 10)):
            for number in range(6):
                _given(field, f"Kind{number}", field.organisations["de-brug"].id)
        day = FIRST
        while day < TODAY:
            with clock.at(clock.moment_of(day, 8, 5)):
                remind(session)
            day += timedelta(days=1)

    site.do(happened)
    site.move_clock(clock.moment_of(TODAY, 10))
    return site


def _given(field, name: str, organisation_id: int) -> None:
    case = field.case(name, date(2022, 3, 10))
    step = field.session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ).one()
    facts = {"organisation": organisation_id, "person": field.worker.person_id}
    report_outcome(field.session, case, step, outcome="assign", facts=facts, by=field.coordinator)


def changes(site: Site) -> list[dict[str, int]]:
    """The numbers of every change of a ladder."""
    return site.do(lambda session: list(session.scalars(select(LadderChange.numbers).order_by(LadderChange.number))))


def test_other_days_are_tried_first(eight_weeks: Site) -> None:
    site = eight_weeks
    lies = site.sign_in(site.field.coordinator, width=DESK)
    lies.goto("/areas")
    lies.get_by_role("link", name="Wanneer herinneringen vertrekken").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wanneer herinneringen vertrekken")
    expect(lies.get_by_text("Dit gebied houdt de standaardgetallen van Outreach.")).to_be_visible()
    look(lies, "ladder-desk")

    lies.get_by_text("Andere getallen proberen").click()
    lies.get_by_label("Ook de teamverantwoordelijke").fill("12")
    lies.get_by_role("button", name="Bekijk wat dit zou doen").click()
    expect(lies.get_by_role("alert")).to_contain_text("De coördinator hoort het na de teamverantwoordelijke")
    look(lies, "refused-desk")
    lies.get_by_label("Ook de coördinator").fill("15")
    lies.get_by_role("button", name="Bekijk wat dit zou doen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wat dit zou doen")
    expect(lies.get_by_text("Echt verstuurd in die dagen")).to_be_visible()
    expect(lies.get_by_role("row", name="Wim")).to_be_visible()
    expect(lies.get_by_text("Kind0")).to_have_count(0)
    look(lies, "preview-desk")
    assert changes(site) == []


def test_what_is_kept_is_kept_once_and_can_be_taken_back(eight_weeks: Site) -> None:
    site = eight_weeks
    lies = site.sign_in(site.field.coordinator, width=DESK)
    tried = "before_aim=3&only_if_aim_after=5&team_lead_after=12&coordinator_after=15&never_sooner_after_told=2"
    rest = "silence=20&reason_open=10&round_stays=4&round_pauses=2&round_openings=3&seen=0"
    lies.goto(f"/areas/gent/reminders/try?{tried}&{rest}")
    lies.get_by_role("link", name="De getallen aanpassen").click()
    expect(lies.get_by_label("Ook de teamverantwoordelijke")).to_have_value("12")
    lies.get_by_role("button", name="Bekijk wat dit zou doen").click()
    lies.get_by_role("button", name="Deze getallen bewaren").dblclick()
    expect(lies.get_by_role("status")).to_contain_text("Vanaf nu volgen de herinneringen van Gent deze getallen.")
    expect(lies.get_by_text("12 dagen in plaats van 5 dagen")).to_be_visible()
    look(lies, "kept-desk")
    assert changes(site) == [{"team_lead_after": 12, "coordinator_after": 15}]

    lies.go_back()
    expect(lies.get_by_role("alert")).to_contain_text("Deze getallen gelden nu al.")
    assert len(changes(site)) == 1

    lies.goto("/areas/gent/reminders")
    lies.get_by_text("Andere getallen proberen").click()
    lies.get_by_role("button", name="Bekijk wat de standaard zou doen").click()
    lies.get_by_role("button", name="Deze getallen bewaren").click()
    expect(lies.get_by_text("Terug naar de standaard.")).to_be_visible()
    assert changes(site)[-1] == {}


def test_on_a_phone_it_reads_as_well(eight_weeks: Site) -> None:
    site = eight_weeks
    lies = site.sign_in(site.field.coordinator, width=PHONE)
    lies.goto("/reminders")
    expect(lies).to_have_url(f"{site.address}/areas/gent/reminders")
    look(lies, "ladder-phone")
    lies.get_by_text("Andere getallen proberen").click()
    lies.get_by_label("Niets gehoord over een stap").fill("5")
    lies.get_by_role("button", name="Bekijk wat dit zou doen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wat dit zou doen")
    assert fits(lies)
    look(lies, "preview-phone")


def test_who_changed_it_meanwhile_is_not_overwritten(eight_weeks: Site) -> None:
    site = eight_weeks
    pages = [site.sign_in(site.field.coordinator, width=DESK) for _ in range(2)]
    for page, days in zip(pages, ("7", "8"), strict=True):
        page.goto("/areas/gent/reminders")
        page.get_by_text("Andere getallen proberen").click()
        page.get_by_label("Ook de teamverantwoordelijke").fill(days)
        page.get_by_role("button", name="Bekijk wat dit zou doen").click()
    for page in pages:
        page.get_by_role("button", name="Deze getallen bewaren").click()
    expect(pages[0].get_by_role("status")).to_be_visible()
    expect(pages[1].get_by_role("alert")).to_contain_text("Iemand anders veranderde deze getallen intussen.")
    expect(pages[1].get_by_label("Ook de teamverantwoordelijke")).to_have_value("8")
    look(pages[1], "meanwhile-desk")
    assert changes(site) == [{"team_lead_after": 7}]
