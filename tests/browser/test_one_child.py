"""One child from the December list to taking part, and one family nobody finds, as people see it on their screens."""

import re
from datetime import date, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.cases.models import Case, Closure
from outreach.database import seen_by

from .conftest import Site

READ = seen_by("test")


def new_case(site: Site, first_name: str, born_on: date) -> str:
    """A case of the December list, waiting at the LOP; its reference."""

    def opened(session):
        site.field.session = session
        return site.field.case(first_name, born_on).reference

    return site.do(opened)


def closure_of(site: Site, reference: str) -> str:
    """How the case ended."""

    def found(session):
        statement = select(Closure.key).join(Case, Case.id == Closure.case_id).where(Case.reference == reference)
        return session.scalars(statement, execution_options=READ).one()

    return site.do(found)


def open_case(page: Page, name: str) -> None:
    """From My work to the case of a child."""
    page.goto("/my-work")
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def report(page: Page, name: str, button: str = "Resultaat melden") -> None:
    """Open the report of the step that stands open."""
    open_case(page, name)
    page.get_by_role("link", name=button).first.click()


def choose(page: Page, question: str, answer: str) -> None:
    """Tap one answer of a question."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def save(page: Page) -> None:
    """Keep what was filled in; the page says what happens next."""
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("status")).to_be_visible()


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    """A Brussels moment."""
    return clock.moment_of(date(year, month, day), hour)


def assigned(site: Site, name: str) -> None:
    """Lies of the LOP gives the child to the inloopteam."""
    lies = site.sign_in(site.field.coordinator)
    report(lies, name)
    choose(lies, "Wat is het resultaat?", "Toewijzen voor huisbezoek")
    lies.get_by_label("Wie doet de volgende stap?").select_option("Inloopteam De Brug")
    save(lies)
    expect(lies.get_by_role("status")).to_contain_text("Contact en huisbezoek is nu aan Inloopteam De Brug")
    lies.context.close()


def agreed(page: Page) -> None:
    """The parents know who goes on, and agree."""
    choose(page, "Weten de ouders dat een andere dienst verder helpt?", "ja")
    choose(page, "Zijn ze akkoord?", "ja")


def visited(site: Site, name: str) -> None:
    """Wim takes the visit up and tells about it on his phone."""
    wim = site.sign_in(site.field.worker, width=390)
    open_case(wim, name)
    wim.get_by_role("link", name="Zelf opnemen").click()
    wim.get_by_role("button", name="Opnemen").click()
    report(wim, name, "Bezoek melden")
    choose(wim, "Wat is er gebeurd?", "Wil naar school")
    agreed(wim)
    wim.get_by_label("Gesproken met").select_option("Moeder")
    wim.get_by_label("In welke taal").select_option("Turks")
    wim.get_by_label("Ik ben voortaan de vaste begeleider van dit gezin").check()
    save(wim)
    expect(wim.get_by_role("status")).to_contain_text("Schoolkeuze is nu aan Huis van het Kind Gent")
    expect(wim.get_by_text("vaste begeleider: Wim")).to_be_visible()


def enrolled(site: Site, name: str) -> None:
    """Hanne and the family choose De Linde, from 4 January."""
    hanne = site.sign_in(site.field.guide)
    report(hanne, name)
    choose(hanne, "Wat is het resultaat?", "Ingeschreven")
    hanne.get_by_label(re.compile("^School")).select_option("Basisschool De Linde")
    hanne.get_by_label("Instapdatum").fill("2027-01-04")
    agreed(hanne)
    save(hanne)
    expect(hanne.get_by_role("status")).to_contain_text("Warm onthaal is nu aan Basisschool De Linde")


def test_milan_takes_part_by_the_work_of_four_people(site: Site) -> None:
    """Born 10 March 2022: the LOP assigns, the inloopteam visits, Huis van het Kind enrols, the school welcomes him."""
    name, reference = "Milan Peeters", new_case(site, "Milan", date(2022, 3, 10))
    assigned(site, name)
    site.move_clock(at(2026, 12, 17, 14))  # the mail to the worker comes in between
    visited(site, name)
    site.move_clock(at(2026, 12, 18))
    enrolled(site, name)

    site.move_clock(at(2027, 1, 4, 16))
    sofie = site.sign_in(site.field.school)
    report(sofie, name)
    choose(sofie, "Wat is het resultaat?", "Gestart")
    save(sofie)
    expect(sofie.get_by_role("status")).to_contain_text("Eerste weken is nu aan Basisschool De Linde")
    expect(sofie.locator("body")).not_to_contain_text("Sleepstraat")

    site.move_clock(at(2027, 2, 1))
    sofie = site.sign_in(site.field.school)
    report(sofie, name)
    choose(sofie, "Wat is het resultaat?", "Aanwezig: neemt deel")
    sofie.get_by_label("Halve dagen aanwezig").fill("31")
    sofie.get_by_label("Halve dagen mogelijk").fill("36")
    save(sofie)
    expect(sofie.get_by_role("status")).to_contain_text("Afgesloten: Neemt deel")
    assert closure_of(site, reference) == "takes_part"


def nobody_home(page: Page, name: str, how: str) -> None:
    """A closed door or a phone that rings on: a few taps."""
    report(page, name, "Bezoek melden")
    choose(page, "Wat is er gebeurd?", "Niemand bereikt")
    choose(page, "Hoe?", how)
    choose(page, "Beter op een ander moment?", "’s avonds")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("Volgende keer")


def test_nobody_home_three_times_and_a_call_unanswered(site: Site) -> None:
    """Born 10 June 2023: only after four tries over three weeks can anybody say "not reached"; then the LOP decides."""
    reference = new_case(site, "Aya", date(2023, 6, 10))
    assigned(site, "Aya Peeters")

    for moment, how in (
        (at(2026, 12, 16), "Aan de deur"),
        (at(2026, 12, 23, 15), "Telefoon"),
        (at(2027, 1, 5, 17), "Aan de deur"),
    ):
        site.move_clock(moment)
        wim = site.sign_in(site.field.worker, width=390)
        nobody_home(wim, "Aya Peeters", how)
        report(wim, "Aya Peeters", "Bezoek melden")
        expect(wim.get_by_label("Niet bereikt na alle pogingen")).to_have_count(0)
        wim.context.close()

    site.move_clock(at(2027, 1, 12, 17))
    wim = site.sign_in(site.field.worker, width=390)
    nobody_home(wim, "Aya Peeters", "Aan de deur")
    site.move_clock(timedelta(minutes=5))
    report(wim, "Aya Peeters", "Bezoek melden")
    choose(wim, "Wat is er gebeurd?", "Niet bereikt na alle pogingen")
    choose(wim, "Hoe?", "Brief")
    save(wim)
    expect(wim.get_by_role("status")).to_contain_text("Beslissing is nu aan LOP Gent")

    lies = site.sign_in(site.field.coordinator)
    report(lies, "Aya Peeters")
    choose(lies, "Wat is het resultaat?", "Afsluiten: niet bereikt")
    save(lies)
    expect(lies.get_by_role("status")).to_contain_text(re.compile("Afgesloten: Niet bereikt.*met rust gelaten tot"))
    assert closure_of(site, reference) == "not_reached"
