"""A coordinator takes over the own list by upload: says what the words mean, looks, confirms, and takes it back."""

import html
import io
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.cases.models import Attempt, Case, Note
from outreach.children.models import Child
from outreach.imports.models import ColumnTie, WordTie
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field
from tests.imports.loading import READ, number_of_rows
from tests.imports.running_files import own_spreadsheet, running_csv, running_row
from tests.imports.running_loading import broken, case_of, living, running_field

__all__ = ["sign_in"]


@pytest.fixture
def field(session: Session) -> Field:
    return running_field(session)


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Visitor:
    """The coordinator of the LOP, signed in."""
    return sign_in(field.coordinator)


def upload(visitor: Visitor, content: bytes, name: str = "lopend.csv", as_of: str = "2026-11-27") -> TestResponse:
    page = visitor.open("/lists/running/upload").text
    area = page.split('name="area"')[1].split('value="')[1].split('"')[0]
    return visitor.send("/lists/running/upload", area=area, as_of=as_of, file=(io.BytesIO(content), name))


def chosen(page: str) -> dict[str, str]:
    """What stands chosen in each list of choices."""
    found: dict[str, str] = {}
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        one = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = html.unescape(one[1]) if one else ""
    return found


def words_of(page: str) -> dict[str, str]:
    """The field that asks about each word."""
    labels = re.findall(r'<label class="visually-hidden" for="(\w+)">[^“]*“([^”]*)”', html.unescape(page))
    return {word: name for name, word in labels}


def test_an_excel_of_years_by_upload(lies: Visitor, field: Field, session: Session) -> None:
    asked = upload(lies, own_spreadsheet(), "werklijst.xlsx")
    assert asked.location.endswith("/words"), asked.text
    page = lies.open(asked.location).text
    guesses, fields = chosen(page), words_of(page)
    assert guesses[fields["2x niet thuis"]] == "step:home_visit"
    assert guesses[fields["verhuisd naar buitenland"]] == "closure:moved_abroad"
    assert guesses[fields["Wim"]].startswith("person:")
    assert "Yusra EL AMRANI" in page
    looked = lies.send(asked.location, **guesses)
    assert looked.location.endswith("/preview")
    preview = html.unescape(lies.open(looked.location).text)
    for told in ("Contact en huisbezoek", "afgesloten: Verhuisd naar het buitenland", "Wim (Inloopteam De Brug)",
                 "begin november"):  # fmt: skip
        assert told in preview
    assert number_of_rows(session, Child, Case) == [0, 0]
    session.rollback()
    done = lies.send(looked.location, parents="yes")
    receipt = html.unescape(lies.open(done.location).text)
    assert "De lijst is overgenomen" in receipt
    assert living(session, "EL AMRANI").person_id == field.worker.person_id
    assert living(session, "NOWAK").scope == "full", "the parents know of the Huis van het Kind"
    assert number_of_rows(session, Child, Case, Attempt, Note) == [5, 5, 3, 3]
    assert broken(session) == []
    assert "werklijst.xlsx" in lies.open("/lists").text
    assert "werklijst.xlsx" in lies.open("/lists/account/gent").text


def test_the_timeline_tells_it_came_from_the_list_in_its_own_words(lies: Visitor, session: Session) -> None:
    confirm(lies, own_spreadsheet(), "werklijst.xlsx")
    page = html.unescape(lies.open(f"/cases/{case_of(session, 'EL AMRANI').reference}").text)
    for told in (
        "Overgenomen uit de eigen lijst: Contact en huisbezoek",
        "Status in de lijst: 2x niet thuis",
        "Gevolgd door, volgens de lijst: Wim",
        "Aan de deur op ",
        "kaartje gestoken",
    ):
        assert told in page
    assert "om 12:00" not in page, "nobody wrote an hour down"


def confirm(lies: Visitor, content: bytes, name: str = "lopend.csv", **fields: Any) -> TestResponse:
    asked = upload(lies, content, name)
    if asked.location.endswith("/words"):
        asked = lies.send(asked.location, **chosen(lies.open(asked.location).text))
    return lies.send(asked.location, **fields)


def test_words_said_once_are_not_asked_again_and_can_be_said_otherwise(lies: Visitor, session: Session) -> None:
    confirm(lies, running_csv(running_row(1, "2x niet thuis", "Wim")))
    again = upload(lies, running_csv(running_row(2, "2x niet thuis", "Wim")), "later.csv")
    assert again.location.endswith("/preview")
    words = again.location.replace("/preview", "/words")
    said = chosen(lies.open(words).text)
    assert said["status_0"] == "step:home_visit"
    lies.send(words, **(said | {"status_0": "step:decision"}))
    lies.send(again.location)
    assert living(session, "Safi2").key == "decision"
    session.rollback()
    left = upload(lies, running_csv(running_row(3, "2x niet thuis", "Wim")), "nog later.csv")
    lies.send(left.location.replace("/preview", "/words"), **(said | {"status_0": ""}))
    statement = select(WordTie.about)
    assert session.scalars(statement).all() == ["who"], "what was left open is forgotten"


def test_a_column_nobody_knows_can_be_left_out_of_the_notes(lies: Visitor, session: Session) -> None:
    titles = ("Clan", "Roepmij", "Ter wereld", "Hoe ver", "Rekeningnr", "Kleur")
    rows = [["Safi1", "Ayaan", "04/05/2023", "2x niet thuis", "BE01", "groen"]]
    asked = upload(lies, running_csv(*rows, titles=titles), "vreemd.csv")
    assert asked.location.endswith("/columns")
    page = html.unescape(lies.open(asked.location).text)
    assert "Bewaren als notitie" in page
    said = {"column_0": "last_name", "column_1": "first_name", "column_2": "born_on", "column_3": "status",
            "column_4": "left_alone"}  # fmt: skip
    words = lies.send(asked.location, row="1", **said)
    assert words.location.endswith("/words"), words.text
    looked = lies.send(words.location, **chosen(lies.open(words.location).text))
    lies.send(looked.location)
    assert session.scalars(select(Note.text), execution_options=READ).one() == "Kleur: groen"
    ties = session.scalars(select(ColumnTie.field).order_by(ColumnTie.title_key)).all()
    assert sorted(map(str, ties)) == sorted(("last_name", "left_alone", "first_name", "born_on", "status"))


def test_confirmed_twice_it_is_taken_over_once(lies: Visitor, session: Session) -> None:
    looked = upload(lies, running_csv(running_row(1)))
    first, second = lies.send(looked.location), lies.send(looked.location)
    assert first.location == second.location
    assert number_of_rows(session, Child, Case) == [1, 1]


def test_the_wrong_list_is_taken_back_on_its_receipt(lies: Visitor, session: Session) -> None:
    done = confirm(lies, running_csv(running_row(1, "2x niet thuis", "Wim"), running_row(2)))
    assert "De lijst terugdraaien" in lies.open(done.location).text
    back = lies.send(done.location.replace("/running", "") + "/undo")
    page = html.unescape(lies.open(back.location).text)
    assert "De lijst is teruggedraaid" in page
    assert case_of(session, "Safi1").ended_at is not None
    assert "teruggedraaid" in lies.open("/lists").text
    session.rollback()
    assert confirm(lies, running_csv(running_row(1, "2x niet thuis", "Wim"), running_row(2))).status_code == 302
    assert case_of(session, "Safi1").ended_at is None
    assert broken(session) == []


def test_a_case_that_was_closed_stays_so_and_is_named_on_the_receipt(lies: Visitor, session: Session) -> None:
    confirm(lies, running_csv(running_row(1, "naar buitenland")))
    session.rollback()
    done = confirm(lies, running_csv(running_row(1, "2x niet thuis")), "later.csv")
    case = case_of(session, "Safi1")
    assert case.reference in lies.open(done.location).text
    assert case.ended_at is not None
    assert broken(session) == []


def test_refused_rows_come_back_as_a_file(lies: Visitor) -> None:
    done = confirm(lies, running_csv(running_row(1), running_row(2, Geboortedatum="straks")))
    page = html.unescape(lies.open(done.location).text)
    assert "‘straks’ is geen datum" in page
    batch = done.location.rsplit("/", 1)[1]
    file = lies.open(f"/lists/{batch}/refused.csv")
    assert "straks" in file.text
    assert "Geboortedatum" in file.text


def test_a_list_of_a_day_without_agreement_is_shown_and_not_taken_over(lies: Visitor, session: Session) -> None:
    looked = upload(lies, running_csv(running_row(1)), as_of="2029-11-27")
    assert "kan nog niet overgenomen worden" in lies.open(looked.location).text
    assert lies.send(looked.location).status_code == 409
    assert number_of_rows(session, Case) == [0]


def test_a_file_that_is_no_list_is_said_on_the_same_page(lies: Visitor) -> None:
    answer = upload(lies, b"%PDF-1.7 not a list", "lijst.pdf")
    assert answer.status_code == 422
    assert "lijst.pdf" in answer.text
