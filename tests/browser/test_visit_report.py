"""A visit told at the door, with one hand on a phone: how many taps it takes, and what becomes of them."""

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Attempt, Note, Step
from outreach.children.models import Child, FamilyContact, HouseholdMembership
from outreach.database import seen_by

from .site import Site

READ = seen_by("test")
PHONE = 390


class Hand:
    """One hand on a phone, counting what it taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: Locator) -> None:
        """Tap something that stands on the screen."""
        what.click()
        self.taps += 1

    def answer(self, question: str, word: str) -> None:
        """Tap one answer of a question."""
        self.tap(self.page.get_by_role("group", name=question).get_by_text(word, exact=True))


def at(day: int, hour: int) -> datetime:
    """A moment in January 2027, by the Brussels clock."""
    return clock.moment_of(date(2027, 1, day), hour)


def assigned(site: Site, *children: tuple[str, date]) -> None:
    """Children of one household whose visit is Wim's."""

    def made(session):
        field = site.field
        field.session = session
        first = None
        for name, born_on in children:
            case = field.case(name, born_on)
            child = session.get_one(Child, case.child_id, execution_options=READ)
            if first is None:
                first = child.household_id
            child.household_id = first
            joined = select(HouseholdMembership).where(HouseholdMembership.child_id == child.id)
            session.scalars(joined, execution_options=READ).one().household_id = first
            step = session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ).one()
            facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
            report_outcome(session, case, step, outcome="assign", facts=facts, by=field.coordinator)

    site.do(made)


def all_of(site: Site, model: type) -> list:
    """Every row there is."""
    return site.do(lambda session: session.scalars(select(model).order_by(model.id), execution_options=READ).all())


def look(page: Page, name: str) -> None:
    """Keep a picture, if somebody wants to look."""
    if os.environ.get("LOOK_AT_VISITS"):
        page.screenshot(path=Path(os.environ["LOOK_AT_VISITS"]) / f"{name}.png", full_page=True)


def at_the_door(site: Site, moment: datetime) -> Hand:
    """Wim in front of the door, My work in his hand."""
    site.move_clock(moment)
    page = site.sign_in(site.field.worker, width=PHONE)
    page.goto("/my-work")
    return Hand(page)


def report(hand: Hand) -> None:
    """From the card on My work to the report."""
    hand.tap(hand.page.get_by_role("link", name="Bezoek melden").first)
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Contact en huisbezoek")


def proposed(hand: Hand) -> Locator:
    """The next visit as the report proposes it now."""
    return hand.page.locator(".proposal p:visible")


def save(hand: Hand) -> None:
    """Keep it; the page says that it was kept."""
    hand.tap(hand.page.get_by_role("button", name="Bewaren"))
    expect(hand.page.get_by_role("status")).to_be_visible()


@pytest.fixture
def elif_and_can(site: Site) -> Site:
    """Elif and Can live together; nobody has been there yet."""
    assigned(site, ("Elif", date(2023, 6, 10)), ("Can", date(2022, 3, 1)))
    return site


def test_not_home_is_told_in_four_taps_at_most(elif_and_can: Site) -> None:
    hand = at_the_door(elif_and_can, at(5, 10))
    report(hand)
    hand.answer("Wat is er gebeurd?", "Niemand bereikt")
    look(hand.page, "not-home")
    expect(proposed(hand)).to_have_text("dinsdag 12 januari, namiddag: ’s morgens niemand bereikt")
    save(hand)
    assert hand.taps <= 4
    look(hand.page, "kept")
    expect(hand.page.get_by_role("status")).to_contain_text("Volgende keer: dinsdag 12 januari, namiddag")
    assert [(each.channel, each.reached) for each in all_of(elif_and_can, Attempt)] == [("door", False)] * 2


def test_the_proposal_follows_what_is_tapped(elif_and_can: Site) -> None:
    """Twice in the morning nobody in: an afternoon; unless the neighbour knows better."""
    report(first := at_the_door(elif_and_can, at(5, 10)))
    first.answer("Wat is er gebeurd?", "Niemand bereikt")
    save(first)
    second = at_the_door(elif_and_can, at(12, 9))
    report(second)
    second.answer("Wat is er gebeurd?", "Niemand bereikt")
    expect(proposed(second)).to_have_text("dinsdag 19 januari, namiddag: twee keer ’s morgens niemand bereikt")
    second.answer("Hoe?", "Telefoon")
    expect(proposed(second)).to_contain_text("donderdag 14 januari, namiddag: twee keer")
    second.answer("Beter op een ander moment?", "’s avonds")
    expect(proposed(second)).to_have_text("donderdag 14 januari, avond: ’s avonds past beter")
    save(second)
    expect(second.page.get_by_role("status")).to_contain_text("donderdag 14 januari, avond")


def test_a_full_talk_is_a_few_taps_and_little_typing(elif_and_can: Site) -> None:
    hand = at_the_door(elif_and_can, at(6, 14))
    report(hand)
    page = hand.page
    hand.answer("Wat is er gebeurd?", "Wil naar school")
    look(page, "talk-first")
    hand.answer("Weten de ouders dat een andere dienst verder helpt?", "ja")
    hand.answer("Zijn ze akkoord?", "ja")
    hand.answer("Gesproken met", "Moeder")
    page.get_by_label("Taal van het gezin").select_option("Turks")
    hand.tap(page.get_by_label("Er is een tolk nodig"))
    hand.answer("Wat staat in de weg", "Kosten")
    hand.answer("Welke hulp is gewenst", "hulp bij aanmelden of inschrijven")
    hand.tap(page.get_by_text("Ouders en wie je kunt bellen"))
    mother = page.get_by_role("group", name="Moeder")
    mother.get_by_label("Naam").fill("Fatma Yıldız")
    mother.get_by_label("Telefoon").fill("0470 00 00 01")
    hand.tap(page.get_by_text("Een notitie erbij"))
    page.locator("#note").fill("Mama wil graag samen naar de open dag.")
    look(page, "talk-filled")
    save(hand)
    assert hand.taps <= 12
    look(page, "talk-kept")
    text = page.get_by_label("Het bezoek als tekst").input_value()
    assert "Mama wil graag samen naar de open dag." in text
    assert "Elif" not in text
    children = all_of(elif_and_can, Child)
    assert {(child.language, child.interpreter) for child in children} == {("tr", True)}
    assert [contact.phone for contact in all_of(elif_and_can, FamilyContact)] == ["0470 00 00 01"]
    assert len({note.case_id for note in all_of(elif_and_can, Note)}) == 2


def test_a_dog_is_known_before_the_next_visit(elif_and_can: Site) -> None:
    hand = at_the_door(elif_and_can, at(5, 10))
    report(hand)
    hand.answer("Wat is er gebeurd?", "Niemand bereikt")
    hand.tap(hand.page.get_by_text("Nog een kind, met twee op bezoek"))
    hand.page.get_by_label("Met twee op bezoek").select_option("hond")
    save(hand)
    hand.page.goto("/my-work")
    warning = "Ga hier met twee op bezoek: hond (tot ma 5 jul 2027)."
    expect(hand.page.get_by_text(warning).first).to_be_visible()
    look(hand.page, "warned-work")
    report(hand)
    expect(hand.page.get_by_text(warning)).to_be_visible()
    look(hand.page, "warned-visit")
