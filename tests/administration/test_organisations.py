"""An organisation's page: who may change what, said once, and what then holds."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.administration.models import PartnerChange
from outreach.cases.models import Case
from outreach.database import seen_by
from outreach.partners.models import Organisation
from tests.administration.conftest import Enter
from tests.cases.routes.conftest import Filled, Visitor
from tests.ground.field import Field

READ = seen_by("test")
LIST = "/administration/organisations"


def page_of(field: Field, key: str) -> str:
    """The page of an organisation of the field."""
    return f"{LIST}/{field.organisations[key].id}"


def stored(session: Session, key: str) -> Organisation:
    """An organisation as the database has it now."""
    session.rollback()
    found = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    session.refresh(found)
    session.expunge(found)
    session.rollback()
    return found


def test_an_administrator_adds_an_organisation_once(dirk: Visitor, session: Session) -> None:
    fields = {**dirk.open_form(f"{LIST}/add"), "kind": "school", "name": "De Eik", "number": "012345", "areas": "gent"}
    answers = [dirk.browser.post(f"{LIST}/add", data={**fields, "days": ["0", "1"]}) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0].location == answers[1].location
    eik = session.scalars(select(Organisation).where(Organisation.name == "De Eik")).one()
    assert (eik.key, eik.number, eik.working_days) == ("de-eik", "012345", [0, 1])
    session.rollback()
    page = dirk.read(answers[0].location)
    assert "maandag, dinsdag" in page
    assert "Toegevoegd als De Eik" in page
    assert "De Eik" in dirk.read(f"{LIST}?words=eik&kind=school")
    assert "De Eik" not in dirk.read(f"{LIST}?words=linde")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": "12"}, "zes cijfers"),
        ({"number": "000004"}, "al van"),
        ({"mailbox": "de brug"}, "geen e-mailadres"),
        ({"opens": "16", "closes": "9"}, "eerst beginnen"),
        ({"days": None}, "minstens één werkdag"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    dirk: Visitor, field: Field, typed: dict[str, str], said: str
) -> None:
    url = f"{page_of(field, 'de-brug')}/change"
    answer = dirk.send(url, {**dirk.open_form(url), "name": "De Brug en co", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "De Brug en co" in answer.text


def test_a_team_lead_changes_the_mailbox_and_hours_of_the_own_team(
    tine: Visitor, field: Field, session: Session
) -> None:
    url = f"{page_of(field, 'de-brug')}/change"
    assert tine.get(LIST).location == page_of(field, "de-brug")
    form = tine.open_form(url)
    assert "name" not in form
    answer = tine.browser.post(
        url, data={**form, "name": "Iets anders", "mailbox": "team@brug.example", "opens": "9", "days": ["0", "3"]}
    )
    assert answer.status_code == 302
    brug = stored(session, "de-brug")
    assert (brug.name, brug.mailbox) == ("Inloopteam De Brug", "team@brug.example")
    assert (brug.working_days, brug.opens_hour, brug.closes_hour) == ([0, 3], 9, None)
    page = tine.read(page_of(field, "de-brug"))
    assert "team@brug.example" in page
    assert "Tine, Inloopteam De Brug" in page


@pytest.mark.parametrize(("name", "expected"), [("Tine", 404), ("Wim", 403), ("Sofie", 404), ("Lies", 403)])
def test_nobody_changes_the_organisation_of_somebody_else(field: Field, enter: Enter, name: str, expected: int) -> None:
    """Lies coordinates the area: she sees its partners and leaves their mailboxes to them."""
    assert enter(field.people[name]).get(f"{page_of(field, 'hvhk-gent')}/change").status_code == expected


def test_a_mailbox_can_be_taken_away(dirk: Visitor, field: Field, session: Session) -> None:
    url = f"{page_of(field, 'de-linde')}/change"
    form = {**dirk.open_form(url), "mailbox": "", "days": ["0", "1", "2", "3", "4"]}
    assert dirk.browser.post(url, data=form).status_code == 302
    assert stored(session, "de-linde").mailbox is None


def test_two_people_change_one_organisation(dirk: Visitor, tine: Visitor, field: Field, session: Session) -> None:
    url, days = f"{page_of(field, 'de-brug')}/change", ["0", "1", "2", "3", "4"]
    hers = tine.open_form(url)
    dirk.browser.post(url, data={**dirk.open_form(url), "mailbox": "dirk@brug.example", "days": days})
    both = tine.browser.post(url, data={**hers, "mailbox": "tine@brug.example", "days": days})
    assert both.status_code == 409
    assert "dirk@brug.example" in both.text
    assert "tine@brug.example" in both.text
    kept = tine.browser.post(url, data={**Filled(both.text).fields, "days": days, "keep": "theirs"})
    assert kept.status_code == 302
    assert stored(session, "de-brug").mailbox == "dirk@brug.example"


def test_an_organisation_stops_when_nothing_hangs_on_it_any_more(dirk: Visitor, field: Field, session: Session) -> None:
    brug, clb = page_of(field, "de-brug"), page_of(field, "clb-gent")
    refused = dirk.fill(f"{brug}/end")
    assert refused.status_code == 422
    assert "open stappen: 1" in refused.text
    assert "coördineert nog: Gent" in dirk.fill(f"{page_of(field, 'lop-gent')}/end").text
    assert dirk.fill(f"{clb}/end").status_code == 302
    assert stored(session, "clb-gent").ended_on == clock.today()
    assert "CLB Gent" not in dirk.read(LIST)
    assert "CLB Gent" in dirk.read(f"{LIST}?state=ended")
    assert dirk.fill(f"{clb}/end").status_code == 302
    assert "CLB Gent" in dirk.read(LIST)


def test_an_organisation_works_in_one_more_area_and_no_longer(dirk: Visitor, field: Field, session: Session) -> None:
    made = dirk.fill("/administration/areas/add", name="Aalst", coordinator="", municipalities="Aalst\n41018")
    assert made.location == "/administration/areas/aalst"
    clb = page_of(field, "clb-gent")
    offered = dirk.read(f"{clb}/areas").split('value="')
    chosen = next(part.split('"')[0] for part in offered if part.split("</option>")[0].endswith(">Aalst"))
    assert dirk.fill(f"{clb}/areas", area=chosen).status_code == 302
    page = dirk.read(clb)
    assert "Werkt nu ook in Aalst" in page
    end = next(part.split('"')[0] for part in page.split('href="') if "/areas/" in part and "/end" in part)
    assert dirk.fill(end).status_code == 302
    assert "Werkt niet meer in" in dirk.read(clb)


def test_an_area_takes_a_municipality_and_lets_it_go(dirk: Visitor, field: Field, session: Session) -> None:
    """Lochristi comes and goes; open cases of Gent stay, and say so before it is confirmed."""
    add = "/administration/areas/gent/municipalities/add"
    preview = dirk.fill(add, nis="44087", from_on="2026-12-15")
    assert "Er verschuift geen enkele open datum" in preview.text
    assert dirk.send(add, Filled(preview.text).fields).status_code == 302
    page = dirk.read("/administration/areas/gent")
    assert "Lochristi" in page
    ends = [part.split('"')[0] for part in page.split('href="') if "/municipalities/" in part and "/end" in part]
    assert len(ends) == 4
    told = [dirk.read(url) for url in ends]
    gent = next(url for url, text in zip(ends, told, strict=True) if "2 open dossiers" in text)
    leaving = dirk.fill(gent, until_on="2026-12-31")
    assert dirk.send(gent, Filled(leaving.text).fields).status_code == 302
    assert "tot en met do 31 dec 2026" in dirk.read("/administration/areas/gent")
    cases = session.scalars(select(Case.area_id).where(Case.ended_at.is_(None)), execution_options=READ).all()
    assert set(cases) == {field.area.id}


def test_who_gets_a_step_and_under_which_paper_a_list_comes(dirk: Visitor, field: Field, session: Session) -> None:
    area = "/administration/areas/gent"
    brug = field.organisations["de-brug"].id
    assert dirk.fill(f"{area}/routing/add", step="home_visit", organisation=brug, age="3", nis="").status_code == 302
    page = dirk.read(area)
    assert "Contact en huisbezoek gaat naar Inloopteam De Brug" in page
    remove = next(part.split('"')[0] for part in page.split('href="') if "/routing/" in part and "/remove" in part)
    assert dirk.fill(remove).status_code == 302
    paper = {"source": "not-enrolled", "from_on": "2026-09-01", "until_on": "2027-08-31", "reference": "DOSSIER 12"}
    assert dirk.fill(f"{area}/agreements/add", **paper).status_code == 302
    page = dirk.read(area)
    assert "gent-not-enrolled-2026" in page
    change = next(part.split('"')[0] for part in page.split('href="') if "/agreements/" in part and "add" not in part)
    assert dirk.fill(change, until_on="2026-12-31").status_code == 302
    assert dirk.fill(change, until_on="2026-01-01").status_code == 422
    session.rollback()
    kinds = session.scalars(select(PartnerChange.kind).order_by(PartnerChange.id)).all()
    assert kinds == ["routing_set", "routing_removed", "agreement_added", "agreement_changed"]
    assert "Overeenkomst gent-not-enrolled-2026 gewijzigd" in dirk.read(area)


def test_an_administrator_meets_no_child(dirk: Visitor, field: Field) -> None:
    """Neither on the pages nor by asking for a case: product.md, no child data."""
    pages = (LIST, "/administration/areas", "/administration/areas/gent", page_of(field, "de-brug"))
    text = " ".join(dirk.read(url) for url in pages)
    assert "Milan" not in text
    assert 'href="/cases/' not in text
    reference = field.session.scalars(select(Case.reference), execution_options=READ).first()
    field.session.rollback()
    assert dirk.get(f"/cases/{reference}").status_code in (403, 404)


def test_the_page_of_a_school_says_when_it_hears_nothing(enter: Enter, field: Field) -> None:
    """Its own calendar counts: the third school day of September after the coming summer."""
    sofie = enter(field.school)
    page = sofie.read(page_of(field, "de-linde"))
    assert "Scholen krijgen geen herinneringen in juli en augustus" in page
    assert "vr 3 sep 2027" in page
    assert "juli en augustus" not in enter(field.people["Tine"]).read(page_of(field, "de-brug"))
