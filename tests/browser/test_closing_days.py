"""A coordinator closes the schools of the area for two days, on a phone and at a desk: look first, then confirm."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach.accounts.actors import builtin
from outreach.accounts.commands import set_password
from outreach.accounts.models import Person
from outreach.accounts.passwords import hash_password
from tests.cases.area.field_of_many import give, in_order
from tests.looking.width import fits

from .site import PASSWORD, Site


@pytest.fixture
def at_work(site: Site) -> Site:
    """Milan's visit counts from 4 January; Dirk administers."""

    def made(session) -> None:
        site.field.session = session
        milan = site.field.case("Milan", date(2022, 3, 10))
        give(site.field, in_order(site.field, milan), first_on=date(2027, 1, 4))
        dirk = site.field.person("Dirk", "lop-gent", "administrator")
        person = session.scalars(select(Person).where(Person.id == dirk.person_id)).one()
        set_password(session, person=person, password_hash=hash_password(PASSWORD), by=builtin(session, "console"))

    site.do(made)
    return site


def close(page: Page, reason: str) -> None:
    """Fill in two days in January and look."""
    page.get_by_role("link", name="Sluitingsdagen toevoegen").click()
    page.get_by_label("Eerste dag").fill("2027-01-11")
    page.get_by_label("Laatste dag").fill("2027-01-12")
    page.get_by_label("Reden").fill(reason)
    page.get_by_role("button", name="Kijken wat er verandert").click()
    expect(page.get_by_role("heading", name="Voor u bevestigt")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1200])
def test_a_coordinator_sees_what_moves_and_confirms(at_work: Site, width: int) -> None:
    page = at_work.sign_in(at_work.field.coordinator, width=width)
    page.goto("/areas/gent")
    assert fits(page)
    page.get_by_role("link", name="Dagen en partners").click()
    expect(page.get_by_role("heading", name="Aanmeldingsperiodes")).to_be_visible()
    assert fits(page)
    close(page, "Staking")
    assert fits(page)
    row = page.get_by_role("row", name="Contact en huisbezoek")
    expect(row.locator("del").first).to_have_text("ma 18 jan 2027")
    expect(row.locator("ins").first).to_have_text("wo 20 jan 2027")
    page.get_by_role("button", name="Terug naar het formulier").click()
    expect(page.get_by_label("Reden")).to_have_value("Staking")
    page.get_by_role("button", name="Kijken wat er verandert").click()
    page.get_by_role("button", name="Deze sluitingsdagen toevoegen").dblclick()
    expect(page.get_by_text("De sluitingsdagen zijn genoteerd.")).to_be_visible()
    expect(page.get_by_text("1 open datum verschoof")).to_have_count(1)
    page.get_by_role("link", name="ma 11 jan 2027").click()
    page.get_by_role("link", name="Verwijderen").click()
    page.get_by_role("button", name="Kijken wat er verandert").click()
    page.get_by_role("button", name="Deze sluitingsdagen verwijderen").click()
    expect(page.get_by_text("De sluitingsdagen zijn verwijderd.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1200])
def test_an_administrator_keeps_a_school_and_sees_counts(at_work: Site, width: int) -> None:
    page = at_work.sign_in(at_work.field.people["Dirk"], width=width, lands_on="/people")
    page.goto("/administration/organisations")
    page.get_by_role("link", name="Basisschool De Linde").click()
    expect(page.get_by_text("Scholen krijgen geen herinneringen in juli en augustus")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Wijzigen", exact=True).click()
    page.get_by_label("Gedeelde mailbox").fill("zorg@linde.example")
    page.get_by_label("woensdag").uncheck()
    assert fits(page)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("zorg@linde.example").first).to_be_visible()
    expect(page.get_by_text("maandag, dinsdag, donderdag, vrijdag").first).to_be_visible()
    page.goto("/administration/areas/gent")
    close(page, "Sneeuw")
    expect(page.get_by_text("Contact en huisbezoek: 1")).to_be_visible()
    assert page.locator("a[href^='/cases/']").count() == 0
    assert fits(page)
