"""A school loads its report and looks at it, on a phone and at a desk."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from outreach import clock
from outreach.partners.commands import add_agreement
from tests.attendance.test_area_counts import school
from tests.imports.files import csv_bytes
from tests.looking import axe

from .site import Site

PHONE, DESK = 390, 1200
TITLES = ["Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Klas", "Aanwezig", "Mogelijk"]
FIRST = [
    ("Ayaan", 2023, "K1 a", 60),
    ("Noor", 2022, "K2 a", 230),
    ("Lou", 2021, "K3 a", 120),
    ("Mira", 2022, "K2 b", 90),
]
LATER = [
    ("Ayaan", 2023, "K1 a", 270),
    ("Noor", 2022, "K2 a", 260),
    ("Lou", 2021, "K3 a", 279),
    ("Sam", 2022, "K2 b", 40),
]


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_ATTENDANCE names the folder); axe always looks."""
    if folder := os.environ.get("LOOK_AT_ATTENDANCE"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    page.evaluate(axe.UNFOLD)
    page.evaluate(axe.AXE_SCRIPT)
    assert axe.faults(page) == [], name


def file(kleuters: list[tuple[str, int, str, int]], *, possible: int = 236) -> dict[str, Any]:
    rows = [
        ["000004", "De Linde", f"S-{name}", "Safi", name, f"13/06/{year}", group, present, possible]
        for name, year, group, present in kleuters
    ]
    return {"name": "rapport.csv", "mimeType": "text/csv", "buffer": csv_bytes([TITLES, *rows])}


@pytest.fixture
def spring(site: Site) -> Site:
    """It is the spring of 2027, and an agreement covers the reports."""
    site.move_clock(clock.moment_of(date(2027, 5, 10), 10))
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}

    def allow(session: Any) -> None:
        area = site.field.area
        add_agreement(session, key="deelname", area=area, source="participation", reference="protocol", **days)

    site.do(allow)
    return site


def load(page: Page, sent: dict[str, Any], on: str) -> None:
    page.goto("/reports/upload")
    page.get_by_label("Bestanden").set_input_files(sent)
    page.get_by_label("Dag van het rapport").fill(on)
    page.get_by_role("button", name="Bekijken wat erin staat").click()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_school_loads_two_reports_and_sees_what_changed(spring: Site, width: int) -> None:
    sofie = spring.sign_in(spring.field.school, width=width)
    sofie.get_by_role("link", name="Aanwezigheid").click()
    expect(sofie.get_by_role("heading", name="Nog geen rapport")).to_be_visible()
    look(sofie, f"school-empty-{width}")
    load(sofie, file(FIRST), "2027-03-26")
    expect(sofie.get_by_role("heading", name="Dit rapport opladen?")).to_be_visible()
    look(sofie, f"preview-{width}")
    sofie.get_by_role("button", name="Rapport opladen").click()
    expect(sofie.get_by_role("heading", name="75 % van je kleuters met risico")).to_be_visible()
    look(sofie, f"school-first-{width}")
    load(sofie, file(LATER, possible=280), "2027-05-07")
    sofie.get_by_role("button", name="Rapport opladen").click()
    expect(sofie.get_by_text("Naast het rapport van")).to_be_visible()
    expect(sofie.get_by_role("row").filter(has_text="Beter")).to_contain_text("Ayaan Safi")
    expect(sofie.get_by_role("row").filter(has_text="Staat er niet meer in")).to_contain_text("Mira Safi")
    look(sofie, f"school-second-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_school_goes_through_its_kleuters_at_risk_and_opens_a_case(spring: Site, width: int) -> None:
    sofie = spring.sign_in(spring.field.school, width=width)
    load(sofie, file(FIRST), "2027-03-26")
    sofie.get_by_role("button", name="Rapport opladen").click()
    sofie.get_by_role("link", name="Kleuters met risico overlopen").click()
    expect(sofie.get_by_role("row").filter(has_text="Ayaan Safi")).to_be_visible()
    expect(sofie.get_by_text("Noor Safi")).to_have_count(0)
    look(sofie, f"at-risk-{width}")
    sofie.get_by_label("Reden voor Ayaan Safi").select_option("Ziek")
    sofie.get_by_label("Wie belt voor Ayaan Safi").select_option("Sofie")
    sofie.get_by_label("Reden voor Lou Safi").select_option("Niet gekend")
    sofie.get_by_role("checkbox", name="ja, zonder dossier Mira Safi").check()
    sofie.get_by_role("checkbox", name="Ayaan Safi", exact=True).check()
    sofie.get_by_role("button", name="Bewaren, en dossiers openen").click()
    expect(sofie.get_by_text("Genoteerd voor 3 kleuters.")).to_be_visible()
    expect(sofie.get_by_text("Genoteerde reden: Ziek")).to_be_visible()
    look(sofie, f"open-cases-{width}")
    sofie.get_by_role("button", name="Dossier openen").click()
    expect(sofie.get_by_text("1 dossier geopend.")).to_be_visible()
    expect(sofie.get_by_text("Voor 1 kleuter kent niemand de reden.")).to_be_visible()
    look(sofie, f"at-risk-after-{width}")
    sofie.get_by_role("row").filter(has_text="Ayaan Safi").get_by_role("link").last.click()
    expect(sofie.get_by_role("heading", level=1)).to_contain_text("Ayaan Safi")
    look(sofie, f"case-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_coordinator_sees_counts_of_the_area(spring: Site, width: int) -> None:
    lies = spring.sign_in(spring.field.coordinator, width=width)
    lies.goto("/areas")
    lies.get_by_role("link", name="Aanwezigheid op de scholen").click()
    expect(lies.get_by_role("heading", name="Nog geen rapport van een school")).to_be_visible()
    look(lies, f"area-empty-{width}")

    def report(session: Session) -> None:
        field = spring.field
        field.session = session
        for name in ("Wilg", "Berk", "Eik", "Els", "Abeel"):
            school(session, field, name, at_risk=6, fine=14, shares=name in ("Wilg", "Abeel"))

    spring.do(report)
    lies.reload()
    expect(lies.get_by_role("heading", name="30 % van de kleuters met risico")).to_be_visible()
    expect(lies.get_by_role("row").filter(has_text="School Abeel")).to_contain_text("6 (30 %)")
    look(lies, f"area-{width}")
