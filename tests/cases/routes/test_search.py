"""Karim looks for a child whose name he heard at a door; and what nobody may find by asking."""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Search
from outreach.accounts.searching import FREE
from outreach.cases.commands.family import add_contact, end_contact, set_secrecy
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, SearchWords
from outreach.cases.references import check_character
from outreach.children.models import Child, FamilyContact, Grant
from tests.ground.field import Field, make_field
from tests.ground.pages import without_tokens

from .conftest import READ, Visitor, _last, at_school_choice, at_welcome

Enter = Callable[[Actor | None], Visitor]

BORN = date(2022, 3, 10)
EMPTY_PAGE = "Niemand gevonden"


class Searcher:
    """Somebody who looks for children."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.get, self.read = visitor.get, visitor.read

    def ask(self, words: str, *, follow: bool = False) -> TestResponse:
        """Type words and press Enter."""
        fields = self.visitor.open_form("/search")
        return self.visitor.browser.post("/search", data={**fields, "words": words}, follow_redirects=follow)

    def look(self, words: str) -> TestResponse:
        """Type words, press Enter and see the page that answers."""
        return self.ask(words, follow=True)

    def finds(self, words: str) -> list[str]:
        """The names on the page, in order."""
        return re.findall(r'<h3><a href="[^"]+">([^<]+)</a></h3>', self.look(words).text)


@pytest.fixture
def looking(enter: Enter) -> Callable[[Actor], Searcher]:
    """Somebody signed in, in front of the search box."""
    return lambda actor: Searcher(enter(actor))


Looking = Callable[[Actor], Searcher]


@pytest.fixture
def yusuf(field: Field) -> Case:
    """Youssef Van den Broecke, whose visit is Wim's."""
    return _visited(field, "Youssef", "Van den Broecke")


def _visited(field: Field, first_name: str, last_name: str, born_on: date = BORN) -> Case:
    case = field.case(first_name, born_on, last_name=last_name)
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    field.session.flush()
    report_outcome(field.session, case, _last(field, case), outcome="assign", facts=facts, by=field.coordinator)
    field.session.commit()
    return case


def _mother(field: Field, case: Case, *, phone: str | None = "0470 12 34 56", school: bool = False) -> FamilyContact:
    contact = add_contact(
        field.session,
        case,
        name="Fatima El Amrani",
        relation="mother",
        phone=phone,
        email=None if phone else "f@example.test",
        language="ar",
        school_may_ring=school,
        by=field.worker,
    )
    field.session.commit()
    return contact


@pytest.mark.parametrize(
    "words",
    [
        "Yusuf Van den Broecke",
        "vandenbroecke yusuf",
        "YOUSSEF BROECKE",
        "Joesoef 10/3/2022",
        "broeke 10 maart 2022",
        "2022-03-10 yusuf",
    ],
)
def test_the_owner_finds_the_child_however_it_is_written(
    field: Field, yusuf: Case, looking: Looking, words: str
) -> None:
    assert looking(field.worker).finds(words) == ["Youssef Van den Broecke"]


def test_a_card_says_who_whose_move_and_why_it_was_found(field: Field, yusuf: Case, looking: Looking) -> None:
    page = looking(field.worker).look("Yusuf vandenbroecke").text
    assert "Youssef klinkt als Yusuf" in page
    assert "klinkt als vandenbroecke" not in page  # written the same, but for a space
    assert "4 jaar 9 maanden" in page
    assert yusuf.reference in page
    assert "Inloopteam De Brug, Wim" in page
    assert f'href="/cases/{yusuf.reference}"' in page


def test_a_slip_of_the_pen_is_forgiven(field: Field, yusuf: Case, looking: Looking) -> None:
    assert "Youssef lijkt op Yousself" in looking(field.worker).look("Yousself van den Broecke").text
    assert looking(field.worker).finds("Yousself Broecke 10/3/2022") == ["Youssef Van den Broecke"]


def test_another_birth_date_or_another_name_is_another_child(field: Field, yusuf: Case, looking: Looking) -> None:
    wim = looking(field.worker)
    for words in ("Youssef 11/3/2022", "Lotte Van den Broecke", "Youssef Peeters", "Emma 10/3/2022"):
        assert wim.finds(words) == []


@pytest.mark.parametrize("words", ["", "Youssef", "Van den Broecke", "10/3/2022", "y b"])
def test_one_name_alone_is_kindly_refused_and_nothing_is_looked_for(
    field: Field, yusuf: Case, looking: Looking, session: Session, words: str
) -> None:
    answer = looking(field.worker).look(words)
    assert answer.status_code == 400
    assert "Zeg nog iets meer" in answer.text
    assert "/cases/" not in answer.text.split("<main", 1)[1]
    assert session.scalars(select(Search)).all() == []


def test_a_case_number_leads_straight_to_the_case(field: Field, yusuf: Case, looking: Looking) -> None:
    wim = looking(field.worker)
    for typed in (yusuf.reference, yusuf.reference.lower(), yusuf.reference.replace("-", ""), f" {yusuf.reference} "):
        answer = wim.look(typed)
        assert answer.request.path == f"/cases/{yusuf.reference}"


def test_a_misread_character_of_a_case_number_is_forgiven(field: Field, yusuf: Case, looking: Looking) -> None:
    yusuf.reference = _with(yusuf.reference, "Q")
    field.session.commit()
    wim = looking(field.worker)
    assert wim.finds(yusuf.reference.replace("Q", "0")) == ["Youssef Van den Broecke"]
    assert "lijkt op" in wim.look(yusuf.reference.replace("Q", "o")).text
    assert wim.look(yusuf.reference).request.path == f"/cases/{yusuf.reference}"


def _with(reference: str, first: str) -> str:
    """A reference with this character in front and the check it asks for."""
    body = f"{first}{reference[1:5].translate(str.maketrans('QD', '33'))}"
    return f"{body}-{check_character(body)}"


def test_a_parent_leads_to_the_child_for_who_may_know_the_parent(field: Field, yusuf: Case, looking: Looking) -> None:
    _mother(field, yusuf)
    wim = looking(field.worker)
    for words in ("Fatima Elamrani", "amrani fatma", "Yusuf Amrani", "0470/12.34.56", "+32 470 12 34 56"):
        assert wim.finds(words) == ["Youssef Van den Broecke"], words
    page = wim.look("Fatima Amrani").text
    assert "Fatima El Amrani, moeder" in page
    assert "Telefoonnummer van Fatima El Amrani" in wim.look("0470123456").text


def test_a_parent_or_number_that_is_no_longer_right_finds_nothing(
    field: Field, yusuf: Case, looking: Looking, session: Session
) -> None:
    contact = _mother(field, yusuf)
    end_contact(session, yusuf, contact, by=field.worker)
    session.commit()
    wim = looking(field.worker)
    assert wim.finds("Fatima El Amrani") == []
    assert wim.finds("0470 12 34 56") == []
    assert wim.finds("Youssef Broecke") == ["Youssef Van den Broecke"]


def test_a_school_finds_parents_only_when_they_agreed(field: Field, looking: Looking, session: Session) -> None:
    case = at_welcome(field)
    _mother(field, case)
    sofie = looking(field.school)
    assert sofie.finds("Milan Peeters") == ["Milan Peeters"]
    assert sofie.finds("Fatima El Amrani") == []
    assert sofie.finds("0470 12 34 56") == []
    session.rollback()
    agreed = session.scalars(select(FamilyContact), execution_options=READ).one()
    agreed.school_may_ring = True
    session.commit()
    assert sofie.finds("Fatima El Amrani") == ["Milan Peeters"]
    assert sofie.finds("0470 12 34 56") == ["Milan Peeters"]


def test_who_may_know_the_reference_only_finds_nothing_by_name(field: Field, looking: Looking) -> None:
    case = at_school_choice(field, know="no", agree="not_asked")
    hanne = looking(field.guide)
    assert hanne.finds("Milan Peeters") == []
    assert hanne.finds("Milan 10/3/2022") == []
    _mother(field, case)
    assert hanne.finds("0470 12 34 56") == []
    misread = _misread(case.reference)
    if misread:
        page = hanne.look(misread).text
        assert f"Dossier {case.reference}" in page
        assert "Milan" not in page
        assert "Peeters" not in page
    assert hanne.look(case.reference).request.path == f"/cases/{case.reference}"


def _misread(reference: str) -> str | None:
    pairs = {"2": "Z", "5": "S", "6": "G", "8": "B", "U": "V", "D": "Q"}
    for good, wrong in [*pairs.items(), *((b, a) for a, b in pairs.items())]:
        if good in reference[:5]:
            return reference.replace(good, wrong, 1)
    return None


def test_what_one_may_not_see_looks_like_what_is_not_there(field: Field, yusuf: Case, looking: Looking) -> None:
    _mother(field, yusuf)
    hanne = looking(field.guide)
    absent = without_words(hanne.look("Karel Verstraete").text)
    assert EMPTY_PAGE in absent
    for words in ("Youssef Van den Broecke", "Youssef 10/3/2022", "Fatima El Amrani", "0470 12 34 56", yusuf.reference):
        assert without_words(hanne.look(words).text) == absent


def without_words(page: str) -> str:
    """The page without the words typed and its tokens."""
    page = re.sub(r'(name="words"[^>]*) value="[^"]*"', r"\1", re.sub(r'value="[^"]*"([^>]*name="words")', r"\1", page))
    page = re.sub(r"/search/[\w-]{22}", "/search/", page)
    return without_tokens(page)


def test_another_area_finds_nothing(field: Field, yusuf: Case, looking: Looking, session: Session) -> None:
    aalst = make_field(session, key="aalst", nis=("41002",))
    coordinator = aalst.coordinator if "Lies" not in field.people else aalst.person("Leen", "lop-aalst", "coordinator")
    session.commit()
    assert looking(coordinator).finds("Youssef Van den Broecke") == []
    assert looking(field.coordinator).finds("Youssef Van den Broecke") == ["Youssef Van den Broecke"]


def test_a_closed_case_is_found_as_closed_and_the_school_of_a_guarded_family_is_not_told(
    field: Field, looking: Looking, session: Session
) -> None:
    closed = field.case("Adam", date(2024, 1, 5))
    report_outcome(session, closed, _last(field, closed), outcome="already_enrolled", facts={}, by=field.coordinator)
    session.commit()
    assert "dossier afgesloten" in looking(field.coordinator).look("Adam Peeters").text
    guarded = at_welcome(field)
    assert "Basisschool De Linde" in looking(field.guide).look("Milan Peeters").text
    session.rollback()
    case = session.get_one(Case, guarded.id, execution_options=READ)
    set_secrecy(session, case, secrecy="parent_must_not_know", by=field.coordinator)
    session.commit()
    page = looking(field.guide).look("Milan Peeters").text
    assert "Milan Peeters" in page
    assert "De Linde" not in page
    assert "Sleepstraat" not in page


def test_a_child_that_died_is_not_named(field: Field, yusuf: Case, looking: Looking, session: Session) -> None:
    child = session.get_one(Child, yusuf.child_id, execution_options=READ)
    child.died_on = date(2026, 12, 1)
    session.commit()
    assert looking(field.worker).finds("Youssef Van den Broecke") == []


def test_many_alike_show_twenty_and_ask_for_more(field: Field, looking: Looking, session: Session) -> None:
    for number in range(23):
        field.case("Mohamed", date(2022, 1, 1) + timedelta(days=number), last_name="El Amrani")
    session.commit()
    lies = looking(field.coordinator)
    page = without_tokens(lies.look("Muhammad Elamrani").text)
    assert page.count("<h3><a href") == 20
    assert "Er zijn er nog die hierop lijken" in page
    assert "23" not in page.split("<main", 1)[1].split("</main>", 1)[0]  # no totals
    assert len(lies.finds("Muhammad 5/1/2022")) == 1


def test_names_stand_in_no_address_and_in_no_log(
    field: Field, yusuf: Case, looking: Looking, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wim = looking(field.worker)
    answer = wim.ask("Yusuf Broecke")
    assert answer.status_code == 302
    assert re.fullmatch(r"/search/[\w-]{22}", answer.location)
    page = wim.get(answer.location)
    assert page.headers["Cache-Control"] == "no-store"
    said = caplog.text + "".join(capsys.readouterr())
    assert not re.search("yusuf|youssef|broecke", said, re.IGNORECASE)


def test_going_back_shows_the_results_again_for_an_hour_and_to_nobody_else(
    field: Field, yusuf: Case, looking: Looking, session: Session
) -> None:
    wim = looking(field.worker)
    answer = wim.ask("Yusuf Broecke")
    assert "Youssef Van den Broecke" in wim.read(answer.location)
    assert "Youssef Van den Broecke" in wim.read(answer.location)
    assert 'value="Yusuf Broecke"' in wim.read(answer.location)
    assert looking(field.coordinator).get(answer.location).location == "/search"
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert wim.get(answer.location).location == "/search"
        wim.look("Emma Peeters")
        session.rollback()
        kept = session.scalars(select(SearchWords), execution_options=READ).all()
        assert [row.words for row in kept] == ["Emma Peeters"]


def test_going_back_shows_nothing_that_one_may_no_longer_see(
    field: Field, yusuf: Case, looking: Looking, session: Session
) -> None:
    wim = looking(field.worker)
    answer = wim.ask("Yusuf Broecke")
    other = _visited(field, "Yussuf", "Broecke")
    assert other.reference not in wim.read(answer.location)  # what was not written down is not shown
    for grant in session.scalars(select(Grant), execution_options=READ):
        grant.until = clock.now() - timedelta(days=1)
    session.commit()
    assert "Youssef" not in wim.read(answer.location)


def test_each_search_is_written_down_without_the_words(
    field: Field, yusuf: Case, looking: Looking, session: Session
) -> None:
    wim = looking(field.worker)
    wim.look("Yusuf Broecke")
    wim.look("Emma 10/3/2022")
    session.rollback()
    rows = session.scalars(select(Search).order_by(Search.id)).all()
    assert [(row.person_id, row.kind, row.count, row.found) for row in rows] == [
        (field.worker.person_id, "names", 1, [f"case:{yusuf.reference}"]),
        (field.worker.person_id, "birth_date", 0, []),
    ]
    stored = session.connection().exec_driver_sql("SELECT words FROM search_words", execution_options=READ)
    assert not re.search("yusuf|broecke|emma", " ".join(row[0] for row in stored), re.IGNORECASE)


def test_who_searches_very_often_is_asked_to_wait(
    field: Field, yusuf: Case, looking: Looking, session: Session
) -> None:
    for _ in range(FREE):
        session.add(
            Search(person_id=field.worker.person_id, kind="names", count=0, found=[], braked=False, at=clock.now())
        )
    session.commit()
    wim = looking(field.worker)
    answer = wim.look("Yusuf Broecke")
    assert answer.status_code == 429
    assert "Zoeken rust even" in answer.text
    assert "Youssef" not in answer.text
    session.rollback()
    assert session.scalars(select(Search).where(Search.braked)).one().found == []
    assert looking(field.coordinator).finds("Yusuf Broecke") == ["Youssef Van den Broecke"]
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert wim.finds("Yusuf Broecke") == ["Youssef Van den Broecke"]


def test_the_field_stands_in_the_header_of_who_has_cases(field: Field, enter: Enter) -> None:
    page = enter(field.worker).read("/my-work")
    assert 'action="/search"' in page
    assert 'href="/search"' in page
    dirk = field.person("Dirk", "lop-gent", "administrator")
    field.session.commit()
    administrator = enter(dirk)
    assert 'action="/search"' not in administrator.get("/people").text
    assert administrator.get("/search").status_code == 403
