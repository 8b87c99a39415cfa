"""Reports of participation by upload: a school sends its own and no other; a coordinator sees counts and no name."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.imports.models import Batch, ReportUpload, UploadedFile
from outreach.partners.commands import add_agreement
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.imports.files import csv_bytes
from tests.imports.loading import number_of_rows

__all__ = ["sign_in"]

TITLES = ["Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Klas", "Aanwezig", "Mogelijk"]
LINDE, WILG = "000004", "000005"


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


@pytest.fixture(autouse=True)
def march(session: Session) -> Any:
    """It is the end of March 2027."""
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        yield


def allow(session: Session, field: Field, key: str = "deelname") -> None:
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    add_agreement(session, key=key, area=field.area, source="participation", reference="protocol", **days)
    session.commit()


def report(*rows: Sequence[Any], school: str = LINDE, born: str = "13/06/2023") -> bytes:
    """A file with these kleuters: number, first name, half days present of 236."""
    told = [[school, "De Linde", number, "Safi", name, born, "K1", present, 236] for number, name, present in rows]
    return csv_bytes([TITLES, *told])


def send(visitor: Visitor, *files: bytes, as_of: str = "2027-03-26", **fields: Any) -> TestResponse:
    sent = [(io.BytesIO(content), f"rapport-{place}.csv") for place, content in enumerate(files)]
    return visitor.send("/reports/upload", files=sent, as_of=as_of, **fields)


def test_a_school_loads_its_own_report_after_seeing_what_is_in_it(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    allow(session, field)
    sofie = sign_in(field.school)
    assert "Nog geen rapport" in sofie.open("/attendance").text
    looked = send(sofie, report(("S-1", "Ayaan", 60), ("S-2", "Noor", 230), ("S-3", "Lou", "veel")))
    assert looked.status_code == 302, looked.text
    page = sofie.open(looked.location).text
    assert number_of_rows(session, Pupil, SchoolReport, PresenceRow) == [0, 0, 0]
    assert "veel" in page, "a school reads what its own rows say"
    session.rollback()
    done = sofie.send(looked.location)
    assert done.location == "/attendance"
    assert number_of_rows(session, Pupil, SchoolReport, PresenceRow, ReportUpload, UploadedFile) == [2, 1, 2, 0, 0]
    page = sofie.open("/attendance").text
    assert "50 % van je kleuters" in page
    assert "rapport-0.csv" in sofie.open("/reports").text


def test_a_report_confirmed_twice_or_sent_twice_is_loaded_once(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field)
    sofie = sign_in(field.school)
    content = report(("S-1", "Ayaan", 60))
    looked = send(sofie, content, submission_key="once")
    assert send(sofie, content, submission_key="once").location == looked.location
    sofie.send(looked.location)
    assert sofie.send(looked.location).status_code == 404
    again = send(sofie, content)
    assert "was al opgeladen" in sofie.open(again.location).text
    assert number_of_rows(session, SchoolReport, Batch) == [1, 1]


def test_a_school_cannot_send_the_pupils_of_another_school(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field)
    answer = send(sign_in(field.school), report(("S-1", "Ayaan", 60), school=WILG))
    assert answer.status_code == 422
    assert WILG in answer.text
    assert number_of_rows(session, ReportUpload, Pupil) == [0, 0]


@pytest.mark.parametrize("how_many", [0, 2])
def test_without_exactly_one_agreement_a_report_is_only_looked_at(
    sign_in: SignIn, field: Field, session: Session, how_many: int
) -> None:
    for number in range(how_many):
        allow(session, field, key=f"deelname-{number}")
    sofie = sign_in(field.school)
    looked = send(sofie, report(("S-1", "Ayaan", 60)))
    page = sofie.open(looked.location).text
    assert "alleen bekijken" in page
    assert "Dit rapport opladen?" not in page
    sofie.send(looked.location)
    assert number_of_rows(session, Pupil, Batch) == [0, 0]


def test_a_coordinator_loads_many_schools_and_never_reads_a_name(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    allow(session, field)
    lies = sign_in(field.coordinator)
    looked = send(
        lies,
        report(("S-1", "Ayaan", 60), ("S-2", "Noor", 230), ("S-3", "Lou", "veel")),
        report(("S-1", "Mira", 235), school=WILG),
    )
    pages = [lies.open(looked.location).text]
    assert lies.send(looked.location).location == "/reports"
    pages += [lies.open(path).text for path in ("/reports", "/reports/1", "/reports/2")]
    for name in ("Ayaan", "Noor", "Mira", "Safi", "Lou", "veel", "S-3"):
        assert not any(name in page for page in pages), name
    assert ">50 %<" in pages[2]
    assert ">0 %<" in pages[3], "each receipt has its own schools"
    assert lies.open("/attendance").status_code == 403
    assert number_of_rows(session, SchoolReport) == [2]


def test_another_school_sees_neither_receipt_nor_upload(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field)
    sofie = sign_in(field.school)
    looked = send(sofie, report(("S-1", "Ayaan", 60)))
    sofie.send(looked.location)
    second = send(sofie, report(("S-2", "Noor", 60)))
    sofie.send("/sign-out")
    other = sign_in(field.person("Karim", "de-wilg", "school-contact"))
    assert other.open(second.location).status_code == 404
    assert other.send(second.location).status_code == 404
    assert other.open("/reports/1").status_code == 404
    assert "Ayaan" not in other.open("/attendance").text


def test_the_same_file_for_another_day_is_refused(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field)
    sofie = sign_in(field.school)
    content = report(("S-1", "Ayaan", 60))
    sofie.send(send(sofie, content).location)
    looked = send(sofie, content, as_of="2027-03-25")
    assert sofie.send(looked.location).location == "/reports/upload"
    assert "Kijk na welke dag juist is" in sofie.open("/reports/upload").text
    assert number_of_rows(session, SchoolReport) == [1]


@pytest.mark.parametrize("day", ["2027-04-01", ""])
def test_a_day_that_cannot_be_is_said_on_the_same_page(
    sign_in: SignIn, field: Field, session: Session, day: str
) -> None:
    allow(session, field)
    answer = send(sign_in(field.school), report(("S-1", "Ayaan", 60)), as_of=day)
    assert answer.status_code == 400
    assert number_of_rows(session, ReportUpload) == [0]


def test_a_school_year_nobody_has_a_calendar_of_is_said(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field)
    answer = send(sign_in(field.school), report(("S-1", "Ayaan", 60), born="01/03/1987"), as_of="1990-03-01")
    assert answer.status_code == 422
    assert "geen schoolkalender" in answer.text
