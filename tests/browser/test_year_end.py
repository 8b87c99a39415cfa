"""June and September in a browser: a coordinator decides at a desk, a school names its contact on a phone."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Step
from outreach.database import seen_by

from .site import Site

READ = seen_by("test")
PHONE, DESK = 390, 1200
AGREED = {"parents_know": "yes", "parents_agree": "yes"}


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_YEAR_END names the folder)."""
    if folder := os.environ.get("LOOK_AT_YEAR_END"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def references(site: Site) -> dict[str, str]:
    """It is June: Vera turns six, Noor is to be visited, Milan goes to De Linde on 1 September."""
    site.move_clock(clock.moment_of(date(2027, 6, 7), 10))

    def made(session):
        field = site.field
        field.session = session

        def newest(case):
            statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
            session.flush()
            return session.scalars(statement, execution_options=READ).one()

        def visited(name, born_on, **more):
            case = field.case(name, born_on)
            facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id, **more}
            report_outcome(session, case, newest(case), outcome="assign", facts=facts, by=field.coordinator)
            return case

        vera = visited("Vera", date(2021, 5, 1), schooling_check="no")
        noor, milan = visited("Noor", date(2023, 3, 10)), visited("Milan", date(2023, 4, 2))
        occasion = Occasion(channel="door", at=clock.now())
        record_home_visit(session, [Visited(milan, newest(milan), "wants_school", AGREED)], occasion, by=field.worker)
        facts = {"school": field.organisations["de-linde"].id, "entry_day": date(2027, 9, 1), **AGREED}
        facts["person"] = field.school.person_id
        report_outcome(session, milan, newest(milan), outcome="enrolled", facts=facts, by=field.guide)
        return {case_name: case.reference for case_name, case in (("Vera", vera), ("Noor", noor), ("Milan", milan))}

    return site.do(made)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_three_open_cases_are_decided_at_once_and_one_is_taken_back(
    site: Site, references: dict[str, str], width: int
) -> None:
    lies = site.sign_in(site.field.coordinator, width=width)
    expect(lies.get_by_text("3 open dossiers wachten op je beslissing")).to_be_visible()
    look(lies, f"my-work-{width}")
    lies.get_by_role("link", name="Beslissen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Einde van schooljaar 2026-2027")
    look(lies, f"list-{width}")
    lies.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(lies.get_by_role("alert")).to_contain_text("Vink minstens één dossier aan")
    lies.get_by_label("Alles op deze pagina").check()
    lies.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(lies.get_by_text("Er is nog niets veranderd.")).to_be_visible()
    look(lies, f"preview-{width}")
    lies.get_by_role("button", name="Dit beslissen").click()
    expect(lies.get_by_role("status")).to_contain_text("3 dossiers beslist")
    expect(lies.get_by_text("Niets te beslissen")).to_be_visible()
    look(lies, f"decided-{width}")
    lies.get_by_role("button", name="Terugnemen Milan Peeters").click()
    expect(lies.get_by_role("status")).to_contain_text(f"{references['Milan']} wacht weer op een beslissing")
    expect(lies.get_by_role("row").filter(has_text="Milan")).to_have_count(1)


def test_a_school_sees_its_own_case_and_names_its_contact_in_september(site: Site, references: dict[str, str]) -> None:
    sofie = site.sign_in(site.field.school, width=PHONE)
    sofie.goto("/year-end")
    expect(sofie.get_by_text("Milan Peeters")).to_be_visible()
    expect(sofie.get_by_text("Noor Peeters")).to_have_count(0)
    look(sofie, "school-phone")
    for day in (date(2027, 7, 1), date(2027, 7, 2)):
        site.move_clock(clock.moment_of(day, 8, 5))
        site.do(remind)
    sofie = site.sign_in(site.field.school, width=PHONE)
    expect(sofie.get_by_text("slaapt tot vr 3 sep 2027").first).to_be_visible()
    look(sofie, "asleep-phone")
    site.move_clock(clock.moment_of(date(2027, 9, 3), 8, 5))
    site.do(remind)
    sofie = site.sign_in(site.field.school, width=PHONE)
    look(sofie, "woken-phone")
    sofie.get_by_role("link", name="Beantwoord dit eerst").click()
    expect(sofie.get_by_role("heading", level=2)).to_have_text("Basisschool De Linde")
    look(sofie, "contact-phone")
    sofie.get_by_role("button", name="Dit is het contact").click()
    expect(sofie.get_by_role("alert")).to_contain_text("Kies iemand, of de postbus")
    sofie.get_by_text("Sofie", exact=True).last.click()
    sofie.get_by_role("button", name="Dit is het contact").click()
    expect(sofie.get_by_role("status")).to_contain_text("het contact is gekend en heeft nu 1 stap")
    look(sofie, "contact-done-phone")
