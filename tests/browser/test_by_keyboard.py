"""Every journey by keyboard alone: no key is a trap, and one always sees where one is."""

from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.partners.commands import add_agreement
from outreach.partners.queries import find_area
from tests.imports.loading import DECEMBER

from .keys import Keys
from .site import PASSWORD, Site


def at_the_door(site: Site) -> Page:
    """A page nobody is signed in to."""
    context = site.browser.new_context(base_url=site.address, locale="nl-BE", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    return context.new_page()


def signed_in(site: Site, actor: Actor) -> Keys:
    """Sign in as this person."""
    keys = Keys(at_the_door(site))
    keys.page.goto("/sign-in")
    keys.type("E-mailadres", f"{actor.name.lower()}@example.test")
    keys.type("Wachtwoord", PASSWORD)
    keys.press("Aanmelden")
    keys.page.wait_for_url("**/my-work")
    return keys


def listed(site: Site, *children: tuple[str, date]) -> None:
    """Children of the area, not enrolled."""

    def opened(session):
        site.field.session = session
        for first_name, born_on in children:
            site.field.case(first_name, born_on)

    site.do(opened)


def test_the_first_key_leads_past_the_menu(site: Site) -> None:
    keys = signed_in(site, site.field.worker)
    keys.page.goto("/my-work")
    keys.page.keyboard.press("Tab")
    expect(keys.page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("main")).to_be_focused()


def test_a_coordinator_filters_assigns_and_a_worker_reports(site: Site) -> None:
    listed(site, ("Lotte", date(2023, 3, 10)), ("Milan", date(2022, 6, 1)))
    lies = signed_in(site, site.field.coordinator)
    lies.page.goto("/areas/gent")
    lies.unfold(lies.page.locator("details.filters > summary"))
    lies.pick(lies.page.get_by_label("Alleen", exact=True), "Toe te wijzen")
    lies.press("Tonen")
    lies.page.wait_for_url("**only=to-assign**")
    lies.pick(lies.page.locator("select[name=organisation]"), "Inloopteam De Brug")
    lies.tick(lies.page.locator("[data-row]").first)
    lies.press("Aangevinkte gezinnen toewijzen")
    expect(lies.page.get_by_role("heading", level=1)).to_have_text("Wie start wanneer")
    lies.press("Deze gezinnen toewijzen")
    expect(lies.page.get_by_role("status").first).to_be_visible()

    wim = signed_in(site, site.field.worker)
    wim.page.goto("/my-work")
    wim.follow("Lotte Peeters")
    expect(wim.page.get_by_role("heading", level=1)).to_have_text("Lotte Peeters")
    wim.follow("Bezoek melden")
    wim.choose("Wat is er gebeurd?", "Niemand bereikt")
    wim.press("Bewaren")
    expect(wim.page.get_by_role("status").first).to_be_visible()


def test_a_coordinator_loads_a_list(site: Site) -> None:
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}

    def agree(session: Session) -> None:
        area = find_area(session, "gent")
        assert area is not None
        add_agreement(session, key="gent", area=area, source="not-enrolled", reference="protocol", **days)

    site.do(agree)
    lies = signed_in(site, site.field.coordinator)
    lies.page.goto("/lists")
    lies.follow("Lijst opladen")
    with lies.page.expect_file_chooser() as chosen:
        lies.unfold(lies.page.get_by_label("Bestand"))
    chosen.value.set_files(DECEMBER)
    lies.go_to(lies.page.get_by_label("Datum van de lijst"))
    lies.page.keyboard.type("15122026")
    lies.press("Bekijken wat erin staat")
    expect(lies.page.get_by_role("heading", level=1)).to_have_text("Wat er in de lijst staat")
    lies.press("Lijst opladen")
    lies.page.wait_for_url("**/lists/*")
    expect(lies.page.get_by_role("status").first).to_be_visible()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(site: Site) -> None:
    keys = signed_in(site, site.field.worker)
    keys.page.goto("/my-work")
    menu = keys.page.locator("details.me > summary")
    keys.unfold(menu)
    keys.go_to(keys.page.get_by_role("button", name="Afmelden"))
    keys.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(keys.page.get_by_role("button", name="Afmelden")).to_be_hidden()
