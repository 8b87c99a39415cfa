"""Wim meets a child on no list: who looks like it is shown before a case opens."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.looking.width import fits

from .site import Site
from .test_merging import look


def fill_in(page: Page, first_name: str, last_name: str) -> None:
    page.get_by_label("Voornaam").fill(first_name)
    page.get_by_label("Familienaam").fill(last_name)
    page.get_by_label("Geboren op").fill("2023-03-10")
    page.get_by_label("Straat").fill("Sleepstraat")
    page.get_by_label("Nummer", exact=True).fill("12")
    page.get_by_label("Postcode").fill("9000")
    page.get_by_label("Gemeente").fill("Gent")
    page.get_by_role("button", name="Nakijken en openen").click()


@pytest.mark.parametrize("width", [390, 1200])
def test_a_child_like_one_we_know_is_looked_at_first(site: Site, width: int) -> None:
    def made(session) -> str:
        site.field.session = session
        return site.field.case("Youssef", date(2023, 3, 10), last_name="El Amrani").reference

    known = site.do(made)
    lies = site.sign_in(site.field.coordinator, width=width)
    lies.get_by_role("link", name="Nieuw dossier").click()
    look(lies, f"new-{width}")
    assert fits(lies)
    lies.get_by_role("button", name="Nakijken en openen").click()
    expect(lies.get_by_role("alert")).to_be_visible()
    fill_in(lies, "Yusuf", "Amrani")
    expect(lies.get_by_text("Misschien is dit kind al gekend")).to_be_visible()
    expect(lies.get_by_text(known)).to_be_visible()
    look(lies, f"new-check-{width}")
    assert fits(lies)
    lies.get_by_role("button", name="Het is een ander kind: dossier openen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Yusuf Amrani")


def test_a_worker_opens_a_case_and_stays_with_the_family(site: Site) -> None:
    """Of a child he may not see he reads who coordinates, and nothing else."""

    def made(session) -> None:
        site.field.session = session
        site.field.case("Youssef", date(2023, 3, 10), last_name="El Amrani")

    site.do(made)
    wim = site.sign_in(site.field.worker)
    wim.goto("/cases/new")
    fill_in(wim, "Yusuf", "Amrani")
    expect(wim.get_by_text("Een kind dat je hier niet ziet")).to_be_visible()
    expect(wim.get_by_text("Gecoördineerd door LOP Gent")).to_be_visible()
    assert wim.get_by_text("Youssef").count() == 0
    wim.goto("/cases/new")
    fill_in(wim, "Hodan", "Warsame")
    expect(wim.get_by_role("heading", level=1)).to_have_text("Hodan Warsame")
    expect(wim.get_by_text("Het dossier is open.")).to_be_visible()
