"""Whoever works at a desk gets about by keyboard, and can switch the single keys off."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Step
from outreach.database import seen_by

from .conftest import Site

READ = seen_by("test")


@pytest.fixture
def desk(site: Site) -> Page:
    """Wim at his desk, with two visits to make."""

    def visits(session):
        site.field.session = session
        for name, born_on in (("Milan", date(2022, 3, 10)), ("Noor", date(2023, 6, 10))):
            case = site.field.case(name, born_on)
            session.flush()
            step = session.query(Step).execution_options(**READ).filter(Step.case_id == case.id).one()
            facts = {"organisation": site.field.organisations["de-brug"].id, "person": site.field.worker.person_id}
            report_outcome(session, case, step, outcome="assign", facts=facts, by=site.field.coordinator)

    site.do(visits)
    site.move_clock(timedelta(days=40))  # both are late by now
    return site.sign_in(site.field.worker)


def names_of_cards(page: Page) -> list[str]:
    return page.locator(".step-card h3 a").all_inner_texts()


def test_cards_are_gone_through_and_opened_by_key(desk: Page) -> None:
    first, second = names_of_cards(desk)
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name=first, exact=True)).to_be_focused()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name=second, exact=True)).to_be_focused()
    desk.keyboard.press("k")
    desk.keyboard.press("o")
    expect(desk.get_by_role("heading", level=1)).to_have_text(first)
    desk.wait_for_load_state()
    desk.keyboard.press("n")
    desk.wait_for_url("**/notes")
    desk.keyboard.press("g")
    desk.keyboard.press("w")
    desk.wait_for_url("**/my-work")
    desk.keyboard.press("j")
    desk.keyboard.press("v")
    desk.wait_for_url(re.compile(r"/steps/\d+/visit"))


def test_in_a_field_a_letter_is_a_letter(desk: Page) -> None:
    desk.goto(desk.locator(".step-card h3 a").first.get_attribute("href") or "")
    desk.keyboard.press("n")
    desk.wait_for_url("**/notes")
    field = desk.locator("main textarea").first
    field.focus()
    desk.keyboard.type("g w? /jn")
    expect(field).to_have_value("g w? /jn")
    expect(desk).to_have_url(re.compile("/notes$"))
    expect(desk.locator("#shortcuts")).to_be_hidden()


def test_a_question_mark_shows_the_keys_and_they_can_be_switched_off(desk: Page) -> None:
    window = desk.get_by_role("dialog", name="Sneltoetsen")
    desk.keyboard.press("?")
    expect(window).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("Escape")
    expect(window).to_be_hidden()
    desk.keyboard.press("?")
    window.get_by_label("Sneltoetsen aan").uncheck()
    window.get_by_role("button", name="Sluiten").click()
    desk.reload()
    for key in ("?", "g", "w", "j", "v"):
        desk.keyboard.press(key)
    expect(window).to_be_hidden()
    expect(desk).to_have_url(re.compile("/my-work$"))
    desk.goto("/help/shortcuts")
    desk.get_by_role("button", name="Toon de sneltoetsen").click()
    window.get_by_label("Sneltoetsen aan").check()
    window.get_by_role("button", name="Sluiten").click()
    desk.keyboard.press("g")
    desk.keyboard.press("w")
    desk.wait_for_url("**/my-work")


def test_keys_with_ctrl_belong_to_the_browser(desk: Page) -> None:
    desk.keyboard.press("g")
    desk.keyboard.press("Control+w")
    desk.keyboard.press("Alt+j")
    expect(desk).to_have_url(re.compile("/my-work$"))
    assert desk.evaluate("document.activeElement.tagName") in ("BODY", "MAIN")


def test_a_slash_leads_to_search(desk: Page) -> None:
    desk.keyboard.press("/")
    expect(desk.locator("[data-search]").first).to_be_focused()
