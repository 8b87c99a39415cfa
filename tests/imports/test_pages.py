"""A coordinator uploads a list, looks what is in it, loads it, and decides what the receipt asks."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.cases.commands.closing import close_track
from outreach.cases.models import Case, Proposal, Track
from outreach.children.models import Child, Residence
from outreach.database import transaction
from outreach.imports.models import Batch, BatchRow, BatchState, ListDifference
from outreach.partners.models import Agreement
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.imports.files import TITLES, csv_bytes, number_of, read, row, xlsx_bytes
from tests.imports.loading import DECEMBER, READ, agree, children, load, number_of_rows

__all__ = ["sign_in"]


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    agree(made)
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Visitor:
    """The coordinator of the LOP, signed in."""
    return sign_in(field.coordinator)


def upload(visitor: Visitor, content: bytes, name: str = "lijst.csv", **fields: Any) -> TestResponse:
    page = visitor.open("/lists/upload").text
    area = page.split('name="area"')[1].split('value="')[1].split('"')[0]
    sent = {"area": area, "as_of": "2026-12-15", "file": (io.BytesIO(content), name), **fields}
    return visitor.send("/lists/upload", **sent)


def some_child(number: int, **changes: Any) -> list[Any]:
    """A row of a child of a household of its own."""
    born_on = date(2022, 1, 1) + timedelta(days=number)
    given = {
        "INSZ": number_of(born_on),
        "Voornaam": f"Kind{number}",
        "Geboortedatum": f"{born_on:%d/%m/%Y}",
        "Huisnummer": str(number + 1),
        "Referentiepersoon": f"Ouder {number}",
    }
    return row(**{**given, **changes})


def test_the_december_list_by_upload(lies: Visitor, session: Session) -> None:
    looked = upload(lies, DECEMBER.read_bytes(), "niet-ingeschreven.csv")
    assert looked.status_code == 302
    page = lies.open(looked.location)
    assert page.status_code == 200
    assert "niet-ingeschreven.csv" in page.text
    assert number_of_rows(session, Child, Case) == [0, 0]
    session.rollback()
    done = lies.send(looked.location)
    assert done.status_code == 302, done.text
    receipt = lies.open(done.location).text
    assert "180" in receipt
    assert "183" in receipt
    assert number_of_rows(session, Child, Case, BatchRow) == [180, 180, 183]
    assert "niet-ingeschreven.csv" in lies.open("/lists").text


def test_a_list_confirmed_twice_is_loaded_once(lies: Visitor, session: Session) -> None:
    looked = upload(lies, csv_bytes([TITLES, some_child(1)]))
    first, second = lies.send(looked.location), lies.send(looked.location)
    assert first.location == second.location
    assert number_of_rows(session, Child, Case, Batch) == [1, 1, 1]


def test_a_file_that_is_no_list_is_said_on_the_same_page(lies: Visitor) -> None:
    answer = upload(lies, b"%PDF-1.7 not a list", "lijst.pdf")
    assert answer.status_code == 422
    assert "lijst.pdf" in answer.text


def test_refused_rows_come_back_corrected(lies: Visitor, session: Session) -> None:
    wrong = some_child(2, Geboortedatum="31/02/2023", INSZ="")
    looked = upload(lies, csv_bytes([TITLES, some_child(1), wrong]))
    page = lies.open(looked.location).text
    assert "Geboortedatum" in page
    done = lies.send(looked.location)
    batch = done.location.rsplit("/", 1)[1]
    for layout in ("xlsx", "csv"):
        file = lies.open(f"/lists/{batch}/refused.{layout}")
        assert file.status_code == 200
        back = read(file.data, f"geweigerd.{layout}")
        (kept,) = back.rows()
        assert kept.cells["first_name"] == "Kind2"
    values = [
        value if title != "Geboortedatum" else "27/02/2023"
        for title, value in zip(back.titles, kept.values, strict=True)
    ]
    corrected = xlsx_bytes(("Lijst", [back.titles, values]))
    again = upload(lies, corrected, "verbeterd.xlsx")
    lies.send(again.location)
    assert number_of_rows(session, Child, Case) == [2, 2]


def test_more_than_six_children_at_an_address_and_one_says_it_is_a_shelter(lies: Visitor, session: Session) -> None:
    crowd = [some_child(number, Huisnummer="40") for number in range(1, 8)]
    looked = upload(lies, csv_bytes([TITLES, *crowd, some_child(20)]))
    assert "place_0" in lies.open(looked.location).text
    assert lies.send(looked.location).status_code == 400
    assert lies.send(looked.location, place_0="shelter").status_code == 302
    kinds = session.scalars(select(Residence.kind), execution_options=READ).all()
    assert sorted(kinds) == ["home", *["shelter"] * 7]
    secrecy = session.scalars(select(Case.secrecy), execution_options=READ).all()
    assert sorted(map(str, secrecy)) == ["None", *["shelter"] * 7]


def test_the_lead_of_the_threes_goes_to_kind_en_gezin(lies: Visitor, field: Field, session: Session) -> None:
    kind_en_gezin = field.organisations["kg-gent"].id
    lop = field.area.coordinator_id
    session.rollback()
    looked = upload(lies, csv_bytes([TITLES, some_child(1), some_child(400)]))
    page = lies.open(looked.location).text
    assert "lead_2022" in page
    lies.send(looked.location, lead_2022=str(lop), lead_2023=str(kind_en_gezin))
    statement = select(Child.born_on, Case.lead_id).join(Case, Case.child_id == Child.id).order_by(Child.born_on)
    leads = [(born_on.year, lead) for born_on, lead in session.execute(statement, execution_options=READ)]
    assert leads == [(2022, lop), (2023, kind_en_gezin)]


def test_a_child_whose_case_is_closed_is_asked_about(lies: Visitor, field: Field, session: Session) -> None:
    load(field, some_child(1))
    close_case(session, field, "takes_part")
    looked = upload(lies, csv_bytes([TITLES, some_child(1), some_child(2)]))
    receipt = lies.send(looked.location).location
    page = lies.open(receipt).text
    (proposal,) = session.scalars(select(Proposal), execution_options=READ).all()
    assert proposal.key == "dropped_out"
    session.rollback()
    assert "group=again" in page
    group = f"{receipt}/differences"
    assert "Dossier heropenen" in lies.open(f"{group}?group=again").text
    (waiting,) = session.scalars(select(ListDifference).where(ListDifference.kind == "again"), execution_options=READ)
    looked = lies.send(group, group="again", item=str(waiting.id), answer="reopen")
    assert "1 dossier gaat weer open" in looked.text
    key = looked.text.split('name="item" value="')[1].split('"')[0]
    session.rollback()
    assert lies.send(f"{group}/confirm", group="again", item=key, answer="reopen").status_code == 302
    session.rollback()
    (kind1, _) = children(session)
    case = session.scalars(select(Case).where(Case.child_id == kind1.id), execution_options=READ).one()
    assert case.ended_at is None
    assert "group=again" not in lies.open(receipt).text


def test_a_changed_number_can_be_taken_back(lies: Visitor, field: Field, session: Session) -> None:
    load(field, some_child(1))
    (child,) = children(session)
    before = child.insz
    session.rollback()
    looked = upload(lies, csv_bytes([TITLES, some_child(1, INSZ=number_of(date(2022, 1, 2), 0))]))
    receipt = lies.send(looked.location).location
    page = lies.open(receipt).text
    url = page.split('action="')[1].split('"')[0]
    assert "/numbers/" in page
    url = next(part.split('"')[0] for part in page.split('action="') if "/numbers/" in part.split('"')[0])
    assert lies.send(url).status_code == 302
    session.rollback()
    (child,) = children(session)
    assert child.insz == before


def test_lists_of_another_area_do_not_exist(sign_in: SignIn, field: Field, session: Session) -> None:
    session.commit()
    batch = load(field, some_child(1)).batch_id
    other = make_field(session, "aalst", ("41002",))
    stranger = sign_in(other.person("Stef", "lop-aalst", "coordinator"))
    for path in (f"/lists/{batch}", f"/lists/{batch}/preview", f"/lists/{batch}/refused.csv"):
        assert stranger.open(path).status_code == 404
    assert "lijst.csv" not in stranger.open("/lists").text


def test_a_list_nobody_confirms_is_forgotten(lies: Visitor, session: Session) -> None:
    upload(lies, csv_bytes([TITLES, some_child(1)]))
    looked = upload(lies, csv_bytes([TITLES, some_child(2)]))
    lies.send(looked.location)
    states = session.scalars(select(Batch.state), execution_options=READ).all()
    assert states == [BatchState.LOADED]
    assert number_of_rows(session, BatchRow) == [1]


def close_case(session: Session, field: Field, key: str, peace_until: date | None = None) -> None:
    """Every open case ends so."""
    with clock.at(clock.now()), transaction(session):
        statement = select(Case, Track).join(Track, Track.case_id == Case.id).where(Track.ended_at.is_(None))
        for case, track in session.execute(statement, execution_options=READ).all():
            close_track(session, case, track, key=key, leave_in_peace_until=peace_until, by=field.coordinator)


def test_without_an_agreement_a_list_is_looked_at_and_not_loaded(lies: Visitor, field: Field, session: Session) -> None:
    """It is said what to do; as soon as the agreement is noted the same preview can be loaded."""
    session.execute(delete(Agreement))
    session.commit()
    looked = upload(lies, csv_bytes([TITLES, some_child(1)]))
    page = lies.open(looked.location).text
    assert "kan nog niet geladen worden" in page
    assert f"/administration/areas/{field.area.key}#agreements-title" in page
    assert lies.send(looked.location).status_code == 409
    assert number_of_rows(session, Child, Case) == [0, 0]
    session.rollback()
    with transaction(session):
        agreement = agree(field)
    assert lies.send(looked.location).status_code == 302
    assert session.scalars(select(Batch.agreement_id), execution_options=READ).one() == agreement.id
