"""A coordinator takes over the Excel of years, on a phone and on a desk: says what the words mean, and confirms."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.database import seen_by
from outreach.partners.commands import add_agreement
from outreach.partners.models import Area
from tests.imports.running_files import own_spreadsheet

from .site import Site


def _reference_of(session: Session) -> str:
    statement = select(Case.reference).join(Child, Child.id == Case.child_id).where(Child.last_name == "EL AMRANI")
    return session.scalars(statement, execution_options=seen_by("test")).one()


@pytest.fixture(autouse=True)
def _agreed(site: Site) -> None:
    """There is a paper under which the list of Ghent comes in."""

    def sign(session: Session) -> None:
        area = session.scalars(select(Area).where(Area.key == "gent")).one()
        days = {"from_on": date(2026, 1, 1), "until_on": date(2027, 12, 31)}
        add_agreement(session, key="lijst", area=area, source="not-enrolled", reference="protocol", **days)

    site.do(sign)


@pytest.mark.parametrize("width", [390, 1200])
def test_a_coordinator_takes_over_the_own_excel(site: Site, tmp_path: Path, width: int) -> None:
    file = tmp_path / "werklijst.xlsx"
    file.write_bytes(own_spreadsheet())
    lies = site.sign_in(site.field.coordinator, width=width)
    lies.goto("/lists")
    lies.get_by_role("link", name="Eigen lijst overnemen").click()
    lies.get_by_label("Bestand").set_input_files(file)
    lies.get_by_label("Datum van de lijst").fill("2026-11-27")
    lies.get_by_role("button", name="Bekijken wat erin staat").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wat betekenen je woorden?")
    expect(lies.get_by_label("Wat betekent “2x niet thuis”?")).to_have_value("step:home_visit")
    lies.get_by_label("Wat betekent “ingeschreven”?").select_option("Inschrijving nagaan")
    lies.get_by_label("Wie is “Lies”?").select_option("Lies (LOP Gent)")
    lies.get_by_role("button", name="Bekijken waar elk dossier komt").click()
    lies.wait_for_url(re.compile(r"/lists/running/\d+/preview$"))
    expect(lies.get_by_text("afgesloten: Verhuisd naar het buitenland")).to_be_visible()
    lies.get_by_role("radio", name="Ja, van al deze gezinnen").check()
    lies.get_by_role("button", name="De lijst overnemen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("De lijst is overgenomen")
    receipt = lies.url
    lies.goto(f"/cases/{site.do(_reference_of)}")
    expect(lies.get_by_text("Status in de lijst: 2x niet thuis")).to_be_visible()
    lies.goto(receipt)
    lies.get_by_role("button", name="De lijst terugdraaien").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("De lijst is teruggedraaid")
