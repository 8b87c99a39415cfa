"""A school says which kleuter of its report is a child it follows; and what a report of last year adds to its page."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.caring import Care, note_care
from outreach.attendance.models import Pupil
from tests.attendance.kleuters import EASTER, MILAN, attended, pupil_id, rarely_there, report
from tests.browser.test_attendance import DESK, PHONE, look
from tests.imports.loading import READ

from .site import Site


@pytest.fixture
def february(site: Site) -> Site:
    """Milan is followed at De Linde; its report spells another name, and names Ada, of whom nobody knows more."""
    site.move_clock(clock.moment_of(date(2027, 1, 5), 10))

    def happen(session: Session) -> None:
        field = site.field
        field.session = session
        rarely_there(field, "Milan")
        rarely_there(field, "Lou", born=date(2023, 4, 2))
        report(field, date(2026, 6, 30), attended("Ada", 100, 320))
        told = [attended("Millan", 60, 97, born_on=MILAN), attended("Ada", 10, 229)]
        report(field, EASTER, *told, attended("Lou", 60, 97, born_on=date(2023, 4, 2)))
        ada = session.get_one(Pupil, pupil_id(session, "Ada"), execution_options=READ)
        note_care(session, ada, Care("not_known"), seen_id=None, by=field.school)

    site.do(happen)
    return site


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_same_child_is_asked_on_my_work_and_said_side_by_side(february: Site, width: int) -> None:
    sofie = february.sign_in(february.field.school, width=width)
    expect(sofie.get_by_text("Van 1 kleuter met risico weet nog niemand waarom")).to_be_visible()
    look(sofie, f"work-{width}")
    sofie.get_by_role("link", name="Hetzelfde kind?").click()
    expect(sofie.get_by_role("heading", name="Millan Safi")).to_be_visible()
    expect(sofie.get_by_role("heading", name="Vanzelf herkend")).to_be_visible()
    look(sofie, f"same-child-{width}")
    sofie.get_by_role("button", name="Ja, hetzelfde kind").click()
    expect(sofie.get_by_text("hoort wat het rapport zegt")).to_be_visible()
    expect(sofie.get_by_text("Niets te vragen")).to_be_visible()
    look(sofie, f"same-child-done-{width}")
    sofie.get_by_role("button", name="Niet dit kind").click()
    expect(sofie.get_by_text("het zijn twee kinderen")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_year_before_stands_on_the_page_and_the_sheet(february: Site, width: int) -> None:
    ada = february.do(lambda session: pupil_id(session, "Ada"))
    sofie = february.sign_in(february.field.school, width=width)
    sofie.goto(f"/attendance/pupils/{ada}")
    expect(sofie.get_by_text("Ook vorig schooljaar waren het er te weinig: 100 van de 150.")).to_be_visible()
    look(sofie, f"year-before-{width}")
    sofie.goto(f"/attendance/pupils/{ada}/sheet")
    expect(sofie.get_by_text("Vorig schooljaar waren het er 100.")).to_be_visible()
    look(sofie, f"year-before-sheet-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_who_coordinates_notes_when_reports_are_there(february: Site, width: int) -> None:
    lies = february.sign_in(february.field.coordinator, width=width)
    lies.goto("/administration/areas/gent")
    expect(lies.get_by_text("de gebruikelijke dagen gelden")).to_be_visible()
    look(lies, f"report-days-none-{width}")
    lies.get_by_role("link", name="Dag van rapporten toevoegen").click()
    lies.get_by_label("Rapporten zijn er op").fill("2027-02-01")
    look(lies, f"report-days-add-{width}")
    lies.get_by_role("button", name="Kijken wat er verandert").click()
    expect(lies.get_by_role("heading", name="Voor u bevestigt")).to_be_visible()
    look(lies, f"report-days-preview-{width}")
    lies.get_by_role("button", name="Deze dag toevoegen").click()
    expect(lies.get_by_role("row").filter(has_text="ma 1 feb 2027")).to_be_visible()
    look(lies, f"report-days-{width}")
