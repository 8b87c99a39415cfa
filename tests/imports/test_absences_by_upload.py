"""Absences by day in the browser: a school sends its own, a coordinator those of many; looked at first, then kept."""

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.attendance.models import AbsentHalfDay, Pupil, SchoolReport
from outreach.imports.models import Batch, ReportUpload, UploadedFile
from outreach.partners.commands import add_agreement
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.ground.pages import without_tokens
from tests.imports.files import csv_bytes
from tests.imports.loading import number_of_rows
from tests.imports.test_absences import TITLES, absent
from tests.imports.test_report_pages import LINDE, WILG, report

__all__ = ["sign_in"]


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


@pytest.fixture(autouse=True)
def december(session: Session) -> Any:
    """It is the Friday before the Christmas holiday."""
    with clock.at(clock.parse_moment("2026-12-18T17:00")):
        yield


def allow(session: Session, field: Field, *sources: str) -> None:
    for source in sources:
        days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
        add_agreement(session, key=f"a-{source}", area=field.area, source=source, reference="protocol", **days)
    session.commit()


def told(*rows: Any, titles: Any = TITLES) -> bytes:
    return csv_bytes([titles, *rows])


def of(school: str, *given: str, **cells: Any) -> list[Any]:
    return absent(*given, Schoolnr=school, **cells)


def send(visitor: Visitor, content: bytes, kind: str = "absences") -> TestResponse:
    sent = (io.BytesIO(content), "afwezig.csv")
    return visitor.send("/reports/upload", files=sent, as_of="2026-12-18", kind=kind)


def test_a_school_loads_its_absences_after_seeing_what_is_in_them(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    allow(session, field, "absences")
    sofie = sign_in(field.school)
    rows = [of(LINDE), of(LINDE, "12/10/2026", ""), of(LINDE, "13/10/2026", "VM", "QQ")]
    looked = send(sofie, told(*rows))
    page = without_tokens(sofie.open(looked.location).text)
    assert "Afwezigheden" in page
    assert "QQ" in page, "a school reads what its own rows say"
    assert number_of_rows(session, Pupil, SchoolReport, AbsentHalfDay) == [0, 0, 0]
    session.rollback()
    assert sofie.send(looked.location).location == "/attendance"
    counted = (Pupil, SchoolReport, AbsentHalfDay, ReportUpload, UploadedFile)
    assert number_of_rows(session, *counted) == [1, 1, 3, 0, 0]
    assert "Afwezigheden per dag" in sofie.open("/reports").text
    assert sofie.open("/reports/1").status_code == 200
    refused = sofie.open("/reports/1/refused.csv")
    assert "QQ" in refused.text
    assert "Rij" in refused.text


def test_an_agreement_for_totals_does_not_cover_absences(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "participation")
    sofie = sign_in(field.school)
    looked = send(sofie, told(of(LINDE)))
    assert "alleen bekijken" in sofie.open(looked.location).text
    sofie.send(looked.location)
    assert number_of_rows(session, Pupil, Batch, AbsentHalfDay) == [0, 0, 0]


def test_a_school_cannot_send_the_absences_of_another(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "absences")
    answer = send(sign_in(field.school), told(of(LINDE), of(WILG)))
    assert answer.status_code == 422
    assert WILG in answer.text
    assert number_of_rows(session, ReportUpload, Pupil) == [0, 0]


def test_a_coordinator_sees_counts_and_no_name(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "absences")
    lies = sign_in(field.coordinator)
    looked = send(lies, told(of(LINDE), of(WILG, "05/10/2026", "VM", "QQ"), of(WILG)))
    pages = [lies.open(looked.location).text]
    assert lies.send(looked.location).location == "/reports/1"
    pages += [lies.open(path).text for path in ("/reports", "/reports/1", "/reports/1/refused.csv")]
    for name in ("Ayaan", "Safi", "QQ", "S-1"):
        assert not any(name in without_tokens(page) for page in pages), name
    assert "Code" in pages[3], "where it stands is told"


def test_totals_sent_as_absences_are_taken_for_what_they_are(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "absences", "participation")
    sofie = sign_in(field.school)
    looked = send(sofie, report(("S-1", "Ayaan", 60), born="13/06/2022"), kind="absences")
    sofie.send(looked.location)
    assert number_of_rows(session, SchoolReport, AbsentHalfDay) == [1, 0]


def test_absences_sent_or_confirmed_twice_are_kept_once(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "absences")
    sofie = sign_in(field.school)
    content = told(of(LINDE))
    looked = send(sofie, content)
    sofie.send(looked.location)
    assert sofie.send(looked.location).status_code == 404
    again = send(sofie, content)
    assert "was al opgeladen" in sofie.open(again.location).text
    assert number_of_rows(session, SchoolReport, AbsentHalfDay, Batch) == [1, 1, 1]


def test_strange_titles_are_said_once(sign_in: SignIn, field: Field, session: Session) -> None:
    allow(session, field, "absences")
    sofie = sign_in(field.school)
    strange = ["Huis", "", "Stam", "Fam", "Roep", "Ter wereld", "Wanneer", "Stuk", "Waarom"]
    asked = send(sofie, told(of(LINDE), titles=strange))
    assert asked.location.endswith("/columns"), asked.text
    said = ["school_number", "", "pupil_number", "last_name", "first_name", "born_on", "day", "half", "code"]
    looked = sofie.send(asked.location, row="1", **{f"column_{place}": one for place, one in enumerate(said)})
    sofie.send(looked.location)
    assert number_of_rows(session, SchoolReport, AbsentHalfDay) == [1, 1]
