"""The day of those who steer: a coordinator with a list, a team lead with a team, an administrator with a newcomer."""

import re
from datetime import date

from playwright.sync_api import expect

from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import set_password
from outreach.accounts.models import Person
from outreach.accounts.passwords import hash_password
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Step
from outreach.database import seen_by
from tests.imports.loading import DECEMBER, agree

from .site import PASSWORD, Site

READ = seen_by("test")


def joined(site: Site, name: str, organisation: str, role: str) -> Actor:
    """Somebody else of the field, with the password of all."""

    def made(session):
        site.field.session = session
        actor = site.field.person(name, organisation, role)
        person = session.get_one(Person, actor.person_id)
        set_password(session, person=person, password_hash=hash_password(PASSWORD), by=builtin(session, "console"))
        return actor

    return site.do(made)


def test_a_coordinator_loads_the_december_list_and_assigns_in_waves(site: Site) -> None:
    def agreed(session):
        site.field.session = session
        agree(site.field)

    site.do(agreed)
    lies = site.sign_in(site.field.coordinator)
    lies.goto("/lists/upload")
    lies.get_by_label("Bestand").set_input_files(DECEMBER)
    lies.get_by_label("Datum van de lijst").fill("2026-12-15")
    lies.get_by_role("button", name="Bekijken wat erin staat").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wat er in de lijst staat")
    main = lies.get_by_role("main")
    for told in ("183", "180", "3"):  # rows, new, double
        expect(main.get_by_text(told, exact=True).first).to_be_visible()
    lies.get_by_role("button", name="Lijst opladen").click()
    lies.wait_for_url(re.compile(r"/lists/\d+$"))

    lies.goto("/areas/gent")
    lies.get_by_label("Alles op deze pagina").check()
    lies.get_by_label(re.compile("^Team, of iemand van het team")).select_option(
        "Inloopteam De Brug: de postbak van het team"
    )
    lies.get_by_label(re.compile("^Gezinnen per week")).fill("12")
    lies.get_by_label(re.compile("^Eerste startdag")).fill("2027-01-04")
    lies.get_by_role("button", name="Aangevinkte gezinnen toewijzen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wie start wanneer")
    expect(lies.get_by_role("heading", name="maandag 4 januari 2027")).to_be_visible()
    expect(lies.get_by_text("12 gezinnen").first).to_be_visible()
    lies.get_by_role("group", name=re.compile("controle op de leerplicht")).get_by_label("Nee", exact=True).check()
    lies.get_by_role("button", name="Deze gezinnen toewijzen").click()
    expect(lies.get_by_role("status").first).to_be_visible()


def test_a_team_lead_gives_a_visit_to_a_colleague(site: Site) -> None:
    marleen, karim = joined(site, "Marleen", "de-brug", "team-lead"), joined(site, "Karim", "de-brug", "worker")

    def visit(session):
        field = site.field
        field.session = session
        case = field.case("Lotte", date(2023, 3, 10))
        step = session.query(Step).filter(Step.case_id == case.id).execution_options(**READ).one()
        facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
        report_outcome(session, case, step, outcome="assign", facts=facts, by=field.coordinator)
        return case.reference

    reference = site.do(visit)
    page = site.sign_in(marleen)
    expect(page.get_by_role("heading", name="Werk in het team")).to_be_visible()
    page.goto(f"/cases/{reference}")
    page.get_by_role("link", name="Aan een collega geven").click()
    page.get_by_role("main").get_by_role("combobox").first.select_option(karim.name)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("status").first).to_contain_text("Karim")
    his = site.sign_in(karim, width=390)
    his.goto("/my-work")
    expect(his.get_by_role("link", name="Lotte Peeters").first).to_be_visible()
