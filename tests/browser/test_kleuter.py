"""The school looks at one kleuter on a phone and a desk, and prints the sheet for its parents on one A4."""

import re
import zlib
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.queries.caring import rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.queries.of_children import newest_step
from tests.attendance.kleuters import CHRISTMAS, EASTER, attended, pupil_id, report, report_days
from tests.looking import axe
from tests.looking.width import fits

from .site import Site

Ids = dict[str, int]


@pytest.fixture
def ids(site: Site) -> Ids:
    """Ayaan is known by totals and may miss 185; Noor, five, by day, with unlawful absences; Mia came too late."""

    def made(session: Session) -> Ids:
        field = site.field
        field.session = session
        noor = {(date(2026, 9, 7) + timedelta(weeks=n), half): "B" for n in range(4) for half in (1, 2)}
        noor |= {(date(2026, 10, 6) + timedelta(days=n), 1): "P" for n in range(3)}
        report_days(field, CHRISTMAS, {"Noor": noor}, born_on=date(2021, 3, 2), class_name="K3")
        mia = {"born_on": date(2023, 11, 5), "entry_on": date(2027, 2, 22)}
        report(field, CHRISTMAS - timedelta(days=1), attended("Ayaan", 60, 130))
        report(field, EASTER, attended("Ayaan", 118, 229), attended("Mia", 20, 40, **mia))
        return {each: pupil_id(session, each) for each in ("Ayaan", "Noor", "Mia")}

    return site.do(made)


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF has; what it compressed is read, too."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return sum(len(re.findall(rb"/Type ?/Page\b", one)) for one in [pdf, *map(_plain, parts)])


def _plain(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


def opened(site: Site, ids: Ids, name: str, width: int) -> Page:
    page = site.sign_in(site.field.school, width=width)
    axe.bring(page)
    page.goto(f"/attendance/pupils/{ids[name]}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} Safi")
    assert fits(page)
    return page


@pytest.mark.parametrize("width", [390, 1200])
def test_a_kleuter_known_by_totals(site: Site, ids: Ids, width: int) -> None:
    page = opened(site, ids, "Ayaan", width)
    expect(page.get_by_role("heading", name="118 van de 229 halve dagen op school")).to_be_visible()
    expect(page.get_by_text("Nog nodig: 67 van de").first).to_be_visible()
    expect(page.get_by_role("img", name="welke, zegt het rapport niet")).to_have_count(2)
    expect(page.get_by_role("row", name="vr 26 mrt 2027")).to_contain_text("52 %")
    assert axe.faults(page) == []


@pytest.mark.parametrize("width", [390, 1200])
def test_a_five_year_old_known_by_day(site: Site, ids: Ids, width: int) -> None:
    page = opened(site, ids, "Noor", width)
    september = page.get_by_role("img", name="september")
    expect(september).to_have_accessible_name(
        "september 2026: 31 van de 39 halve dagen op school; gemist: ma 7, ma 14, ma 21, ma 28"
    )
    expect(page.get_by_text("8 halve dagen zonder aanvaarde reden (code B)")).to_be_visible()
    expect(page.get_by_role("heading", name="Leerplicht op vijf jaar")).to_be_visible()
    assert axe.faults(page) == []


@pytest.mark.parametrize("width", [390, 1200])
def test_what_cannot_be_reached_any_more_is_said_once_and_calmly(site: Site, ids: Ids, width: int) -> None:
    page = opened(site, ids, "Mia", width)
    said = page.get_by_text("Het gevraagde aantal kan dit schooljaar niet meer gehaald worden")
    expect(said).to_have_count(1)
    expect(page.get_by_text("pas weg na twee schooljaren")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "language", "welcome"),
    [
        ("Ayaan", "nl", "Ayaan is altijd welkom"),
        ("Noor", "fr", "voir Noor"),
        ("Mia", "en", "Mia is always welcome"),
    ],
)
def test_the_sheet_for_parents_is_one_page(site: Site, ids: Ids, name: str, language: str, welcome: str) -> None:
    page = opened(site, ids, name, 390)
    page.get_by_role("link", name="Blad om met de ouders te praten").click()
    page.wait_for_url("**/sheet*")
    assert fits(page)
    if language != "nl":
        page.get_by_role("link", name={"fr": "Français", "en": "English"}[language]).click()
    expect(page.get_by_text(welcome)).to_be_visible()
    assert axe.faults(page) == []
    assert pages_in(page.pdf(format="A4", prefer_css_page_size=True)) == 1


@pytest.mark.parametrize("width", [390, 1200])
def test_after_a_second_report_the_school_sees_whom_an_action_helped(site: Site, width: int) -> None:
    """In January an agreement was made with Ayaan's parents; the report before Easter says how it went."""

    def made(session: Session) -> None:
        field = site.field
        field.session = session
        report(field, date(2026, 12, 14), attended("Ayaan", 55, 120), attended("Noor", 110, 120))
        rows = rows_to_go_through(session, field.school)
        newest = latest_reports(session, field.school, field.organisations["de-linde"].id)[0]
        (opened,) = open_attendance(
            session, [Wish(row, date(2022, 6, 13)) for row in rows], report=newest, by=field.school
        )
        for outcome, facts in (("reason_known", {"reason": "home_situation"}), ("agreement_made", {})):
            step = newest_step(session, opened.case)
            report_outcome(session, opened.case, step, outcome=outcome, facts=facts, by=field.school)
        report(field, EASTER, attended("Ayaan", 140, 229), attended("Noor", 210, 229))

    site.do(made)
    site.move_clock(clock.moment_of(date(2027, 3, 30), 10))
    page = site.sign_in(site.field.school, width=width)
    axe.bring(page)
    page.goto("/attendance")
    page.get_by_role("link", name="Wat hielp, en voor wie").click()
    expect(page.get_by_role("heading", name="Contact uit zorg: Afspraak gemaakt")).to_be_visible()
    page.get_by_text("Wie", exact=True).click()
    row = page.get_by_role("row", name="Ayaan Safi")
    expect(row).to_contain_text("46 %")
    expect(row).to_contain_text("78 %")
    expect(row).to_contain_text("vaker op school")
    assert fits(page)
    assert axe.faults(page) == []
    page.goto("/my-work")
    page.get_by_role("link", name="Ayaan Safi").first.click()
    expect(page.get_by_text("Nieuw participatierapport van de school")).to_be_visible()
