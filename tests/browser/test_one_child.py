"""One child from the December list to taking part, and one family nobody finds, as people see it on their screens."""

import re
from datetime import date, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Closure, Step
from outreach.children.models import Child
from outreach.database import seen_by
from outreach.imports.commands import Terms, load_list
from outreach.imports.judging import receive
from outreach.imports.reading import read_list
from outreach.partners.models import Area
from tests.conftest import IMPORT_DAY
from tests.ground.smtp import Received, SmtpServer
from tests.imports.loading import DECEMBER

from .conftest import Site

READ = seen_by("test")


def listed(site: Site, first_name: str, born_on: date) -> str:
    """The December list comes in as it arrives; the reference of one of its children."""

    def loaded(session):
        area = session.get_one(Area, site.field.area.id)
        incoming = receive(read_list(DECEMBER), IMPORT_DAY.date())
        terms = Terms(area, IMPORT_DAY.date(), area.coordinator_id)
        answer = load_list(session, incoming, terms, by=builtin(session, "console")).answer()
        assert (answer["rows"], answer["new"], answer["double"]) == (183, 180, 3)
        statement = select(Case.reference).join(Child, Child.id == Case.child_id)
        child = (Child.first_name == first_name, Child.born_on == born_on)
        return session.scalars(statement.where(*child), execution_options=READ).one()

    return site.do(loaded)


def reminded(site: Site, server: SmtpServer) -> Received:
    """The morning sweep and the post, by a real mail server; the one mail of that morning."""

    def swept(session):
        assert remind(session).digests_queued == 1

    site.do(swept)
    assert site.deliver(server.url).sent == 1
    (mail,) = server.received
    return mail


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


def assigned(site: Site, reference: str) -> None:
    """Lies of the LOP gives the child to the inloopteam."""
    lies = site.sign_in(site.field.coordinator)
    lies.goto(f"/cases/{reference}")
    lies.get_by_role("link", name="Resultaat melden").first.click()
    choose(lies, "Wat is het resultaat?", "Toewijzen voor huisbezoek")
    lies.get_by_label("Wie doet de volgende stap?").select_option("Inloopteam De Brug")
    save(lies)
    expect(lies.get_by_role("status")).to_contain_text("Contact en huisbezoek is nu aan Inloopteam De Brug")
    lies.context.close()


def agreed(page: Page) -> None:
    """The parents know who goes on, and agree."""
    choose(page, "Weten de ouders dat een andere dienst verder helpt?", "ja")
    choose(page, "Zijn ze akkoord?", "ja")


def visited(site: Site, name: str, path: str) -> None:
    """Wim follows the link of the mail, takes the visit up and tells about it on his phone."""
    wim = site.sign_in(site.field.worker, width=390)
    wim.goto(path)
    expect(wim.get_by_role("heading", level=1)).to_have_text("Contact en huisbezoek")
    open_case(wim, name)
    wim.get_by_role("link", name="Zelf opnemen").click()
    wim.get_by_role("button", name="Opnemen").click()
    report(wim, name, "Bezoek melden")
    choose(wim, "Wat is er gebeurd?", "Wil naar school")
    agreed(wim)
    choose(wim, "Gesproken met", "Moeder")
    wim.get_by_label("Taal van het gezin").select_option("Turks")
    wim.get_by_label("Ik ben voortaan de vaste begeleider van dit gezin").check()
    save(wim)
    expect(wim.get_by_role("status")).to_contain_text("Schoolkeuze is nu aan Huis van het Kind Gent")
    wim.get_by_role("link", name="Naar het dossier").click()
    expect(wim.get_by_text("vaste begeleider: Wim")).to_be_visible()


def enrolled(site: Site, name: str) -> None:
    """Hanne and the family choose De Linde, from 18 January."""
    hanne = site.sign_in(site.field.guide)
    report(hanne, name)
    choose(hanne, "Wat is het resultaat?", "Ingeschreven")
    hanne.get_by_label(re.compile("^School")).select_option("Basisschool De Linde")
    hanne.get_by_label("Instapdatum").fill("2027-01-18")
    agreed(hanne)
    save(hanne)
    expect(hanne.get_by_role("status")).to_contain_text("Warm onthaal is nu aan Basisschool De Linde")


def test_adam_takes_part_by_the_work_of_four_people(site: Site, smtp_server: SmtpServer) -> None:
    """Three years old on the December list: the LOP assigns, a mail reminds the team, the inloopteam visits, Huis van
    het Kind enrols, the school welcomes him."""
    name, reference = "Adam Horváthová", listed(site, "Adam", date(2023, 11, 3))
    assigned(site, reference)

    site.move_clock(at(2026, 12, 16, 8))
    empty_intake(site, reference)
    site.move_clock(at(2027, 1, 7, 8))  # three outreach days before the visit is due
    mail = reminded(site, smtp_server)
    assert mail.recipient == "de-brug@example.test"
    assert not re.search("Adam|Horv|Sleepstraat", mail.body() + mail.body("html") + str(mail.message["Subject"]))
    (path,) = re.findall(rf"/cases/{reference}/steps/[0-9]+", mail.body())
    site.move_clock(at(2027, 1, 7, 14))
    visited(site, name, path)
    site.move_clock(at(2027, 1, 8))
    enrolled(site, name)
    welcomed(site, name)
    assert closure_of(site, reference) == "takes_part"


def empty_intake(site: Site, reference: str) -> None:
    """The other children of the list are checked too, so that only this visit is reminded."""

    def checked(session):
        statement = (
            select(Case, Step)
            .join(Step, Step.case_id == Case.id)
            .where(Case.reference != reference, Case.ended_at.is_(None), Step.state == "open")
        )
        by = site.field.coordinator
        for case, step in session.execute(statement, execution_options=READ).all():
            report_outcome(session, case, step, outcome="already_enrolled", facts={}, by=by)

    site.do(checked)


def welcomed(site: Site, name: str) -> None:
    """Sofie confirms the first day, and after four weeks how often he was there."""
    site.move_clock(at(2027, 1, 18, 16))
    sofie = site.sign_in(site.field.school)
    report(sofie, name)
    choose(sofie, "Wat is het resultaat?", "Gestart")
    save(sofie)
    expect(sofie.get_by_role("status")).to_contain_text("Eerste weken is nu aan Basisschool De Linde")
    expect(sofie.locator("body")).not_to_contain_text("Sleepstraat")

    site.move_clock(at(2027, 2, 22))
    sofie = site.sign_in(site.field.school)
    report(sofie, name)
    choose(sofie, "Wat is het resultaat?", "Aanwezig: neemt deel")
    sofie.get_by_label("Halve dagen aanwezig").fill("31")
    sofie.get_by_label("Halve dagen mogelijk").fill("36")
    save(sofie)
    expect(sofie.get_by_role("status")).to_contain_text("Afgesloten: Neemt deel")


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
    assigned(site, reference)

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
