"""The March list beside the December one, in a browser: looked at, decided by group, taken back."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outreach import clock
from tests.imports.files import row
from tests.imports.loading import DECEMBER, MARCH, load, load_sample
from tests.looking.axe import bring, faults

from .site import Site

PHONE, DESK = 390, 1200


def coordinator(site: Site, width: int) -> Page:
    """Lies, signed in, with axe at hand."""
    page = site.sign_in(site.field.coordinator, width=width)
    bring(page)
    return page


def look(page: Page, name: str) -> None:
    """Axe finds nothing; a picture is kept when somebody wants to look (LOOK_AT_LISTS names the folder)."""
    assert faults(page) == [], name
    if folder := os.environ.get("LOOK_AT_LISTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def batch_id(site: Site) -> int:
    """Both lists are loaded for the organisation that coordinates; the second is looked at."""

    def loaded(session):
        field = site.field
        field.session = session
        load_sample(field, DECEMBER, date(2026, 12, 15))
        with clock.at(clock.now() + timedelta(days=90)):
            return load_sample(field, MARCH, date(2027, 3, 15)).batch_id

    return site.do(loaded)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_addresses_are_taken_over_in_bulk_and_put_back(site: Site, batch_id: int, width: int) -> None:
    lies = coordinator(site, width)
    lies.goto(f"/lists/{batch_id}")
    look(lies, f"receipt-{width}")
    lies.get_by_role("link", name="Naar de verschillen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Verschillen")
    expect(lies.get_by_role("heading", name="Niet meer op de lijst")).to_be_visible()
    look(lies, f"gone-{width}")
    lies.get_by_role("link", name="verhuisd").click()
    lies.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(lies.get_by_role("alert")).to_contain_text("Vink minstens één kind aan")
    lies.get_by_label("Alles op deze pagina").check()
    look(lies, f"moved-{width}")
    lies.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(lies.get_by_text("adressen wijzigen")).to_be_visible()
    look(lies, f"preview-{width}")
    lies.get_by_role("button", name="Dit beslissen").click()
    expect(lies.get_by_role("status")).to_contain_text("kinderen beslist")
    expect(lies.get_by_text("Hier is alles beslist")).to_be_visible()
    look(lies, f"decided-{width}")
    lies.get_by_role("button", name="Terugnemen").first.click()
    expect(lies.get_by_role("status")).to_contain_text("alles is weer zoals ervoor")
    look(lies, f"taken-back-{width}")


def test_capitals_take_one_click(site: Site, batch_id: int) -> None:
    lies = coordinator(site, PHONE)
    lies.goto(f"/lists/{batch_id}/differences?group=capitals")
    look(lies, "capitals-phone")
    lies.get_by_role("button", name="De schrijfwijze van de lijst overnemen").click()
    expect(lies.get_by_role("status")).to_contain_text("beslist")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_account_of_all_lists_is_one_page(site: Site, batch_id: int, width: int) -> None:
    lies = coordinator(site, width)
    lies.goto("/lists")
    look(lies, f"lists-{width}")
    lies.get_by_role("link", name="rekening van Gent").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Rekening van de lijsten")
    expect(lies.get_by_text("klopt niet")).to_have_count(0)
    expect(lies.get_by_role("button", name="Afdrukken")).to_be_visible()
    look(lies, f"account-{width}")
    if folder := os.environ.get("LOOK_AT_LISTS"):
        lies.pdf(path=Path(folder) / f"account-{width}.pdf")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_pair_is_one_child_or_two(site: Site, width: int) -> None:
    """Ayaan, respelt, moved and without a number: joined with the one we know, and taken back."""

    def loaded(session):
        site.field.session = session
        load(site.field, row(), as_of=date(2026, 12, 15))
        again = row(INSZ="", Voornaam="Ayan", Naam="Saffi", Straat="Kerkstraat", Huisnummer="5")
        return load(site.field, again, as_of=date(2027, 3, 15)).batch_id

    lies = coordinator(site, width)
    lies.goto(f"/lists/{site.do(loaded)}/differences")
    lies.get_by_role("link", name="waarschijnlijk al gekend").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Waarschijnlijk hetzelfde kind")
    look(lies, f"pair-{width}")
    lies.get_by_role("button", name="Eén kind: samenvoegen").click()
    expect(lies.get_by_role("status")).to_contain_text("Nu één kind")
    look(lies, f"pair-said-{width}")
    lies.get_by_role("button", name="Terugnemen").click()
    expect(lies.get_by_role("status")).to_contain_text("wacht weer op een antwoord")
