"""Lies finds one child twice: lays both cases beside each other, makes them one, and takes it back."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outreach.cases.commands.words import add_note
from tests.looking.width import fits

from .site import Site

PHONE, DESK = 390, 1200


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (LOOK_AT_MERGING names the folder)."""
    if folder := os.environ.get("LOOK_AT_MERGING"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def twice(site: Site) -> tuple[str, str]:
    """Youssef El Amrani, and Yusuf Amrani, of whom Wim noted something; their case numbers."""

    def made(session) -> tuple[str, str]:
        site.field.session = session
        youssef = site.field.case("Youssef", date(2022, 3, 10), last_name="El Amrani")
        yusuf = site.field.case("Yusuf", date(2022, 3, 10), last_name="Amrani")
        add_note(session, yusuf, text="De buurvrouw kent het gezin.", shared=True, by=site.field.coordinator)
        return youssef.reference, yusuf.reference

    return site.do(made)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_two_cases_become_one_and_two_again(site: Site, twice: tuple[str, str], width: int) -> None:
    one, other = twice
    lies = site.sign_in(site.field.coordinator, width=width)
    lies.goto(f"/cases/{one}/merge")
    look(lies, f"choose-{width}")
    assert fits(lies)
    lies.get_by_role("link", name="Yusuf Amrani").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Is dit hetzelfde kind?")
    look(lies, f"pair-{width}")
    assert fits(lies)
    lies.get_by_role("button", name="Het is één kind: samenvoegen").click()
    expect(lies.get_by_text("Het is nu één dossier.")).to_be_visible()
    expect(lies.get_by_text("De buurvrouw kent het gezin.").first).to_be_visible()
    expect(lies.get_by_text(f"Uit dossier {other} van hetzelfde kind").first).to_be_visible()
    look(lies, f"merged-{width}")
    lies.goto(f"/cases/{other}")
    expect(lies.get_by_text(f"Dit kind staat ook in dossier {one}")).to_be_visible()
    lies.goto(f"/cases/{one}/merge")
    look(lies, f"after-{width}")
    lies.get_by_role("button", name="Weer uit elkaar halen").click()
    expect(lies.get_by_text("Het zijn weer twee dossiers.")).to_be_visible()
    assert lies.get_by_text(f"Uit dossier {other}").count() == 0


def test_two_children_are_said_to_be_two_and_nobody_asks_again(site: Site, twice: tuple[str, str]) -> None:
    one, other = twice
    lies = site.sign_in(site.field.coordinator)
    lies.goto(f"/cases/{one}/merge?other={other}")
    lies.get_by_role("button", name="Het zijn twee kinderen").click()
    expect(lies.get_by_text("Het wordt niet meer gevraagd.")).to_be_visible()
    lies.goto(f"/cases/{one}/merge")
    expect(lies.get_by_text("Niemand hier lijkt op dit kind")).to_be_visible()
    lies.get_by_label("Dossiernummer van het andere dossier").fill("ABCDE-2")
    lies.get_by_role("button", name="Naast elkaar leggen").click()
    expect(lies.get_by_role("alert")).to_contain_text("Je ziet geen ander dossier met dit nummer volledig.")
    look(lies, "unknown")
    lies.goto(f"/cases/{one}/merge?other={other}")
    expect(lies.get_by_text("Iemand zei eerder dat dit twee kinderen zijn.")).to_be_visible()


def test_who_does_not_lead_the_case_merges_nothing(site: Site, twice: tuple[str, str]) -> None:
    wim = site.sign_in(site.field.worker)
    assert wim.goto(f"/cases/{twice[0]}/merge").status == 404
