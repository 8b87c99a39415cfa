"""Long reports of schools are looked at and loaded outside the request, under the same rules as short ones."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.models import AbsentHalfDay, SchoolReport
from outreach.imports.models import ReportUpload
from outreach.imports.routes import report_uploads
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.ground.pages import without_tokens
from tests.imports import test_absences_by_upload as by_day
from tests.imports.loading import number_of_rows
from tests.imports.test_report_pages import LINDE, WILG, allow, report, send
from tests.imports.working import work

__all__ = ["sign_in"]


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of more than two hundred bytes together count as long here."""
    monkeypatch.setattr(report_uploads, "LONG", 200)


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def test_long_reports_of_a_school(app: Flask, sign_in: SignIn, field: Field, session: Session) -> None:
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        allow(session, field)
        sofie = sign_in(field.school)
        content = report(*((f"S-{number}", f"Kind{number}", 60) for number in range(8)), ("S-9", "Lou", "veel"))
        sent = send(sofie, content)
        assert re.fullmatch(r"/uploads/\d+", sent.location), sent.text
        assert "Wordt nagekeken" in sofie.open("/reports").text
        assert work(app)
        looked = sofie.open(sent.location).location
        page = sofie.open(looked).text
        assert "veel" in page
        loading = sofie.send(looked).location
        assert sofie.send(looked).location == loading
        assert number_of_rows(session, SchoolReport) == [0]
        session.rollback()
        assert work(app)
        assert sofie.open(loading).location == "/attendance"
        assert number_of_rows(session, SchoolReport, ReportUpload) == [1, 0]


def test_a_school_that_sends_the_pupils_of_another_is_told_so(
    app: Flask, sign_in: SignIn, field: Field, session: Session
) -> None:
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        allow(session, field)
        sofie = sign_in(field.school)
        sent = send(sofie, report(*((f"S-{number}", "Noor", 60) for number in range(8)), school="000005"))
        work(app)
        assert "000005" in sofie.open(sent.location).text
        assert LINDE in sofie.open(sent.location).text


def test_a_coordinator_sees_counts_of_long_absences_and_no_name(
    app: Flask, sign_in: SignIn, field: Field, session: Session
) -> None:
    with clock.at(clock.parse_moment("2026-12-18T17:00")):
        by_day.allow(session, field, "absences")
        lies = sign_in(field.coordinator)
        rows = [by_day.of(LINDE), by_day.of(LINDE, "12/10/2026", ""), by_day.of(WILG, "13/10/2026", "VM", "QQ")]
        sent = by_day.send(lies, by_day.told(*rows))
        pages = [lies.open(sent.location).text]
        assert work(app)
        looked = lies.open(sent.location).location
        pages.append(lies.open(looked).text)
        loading = lies.send(looked).location
        assert work(app)
        receipt = lies.open(loading).location
        pages.append(lies.open(receipt).text)
        for name in ("Ayaan", "Safi", "QQ", "S-1"):
            assert not any(name in without_tokens(page) for page in pages), name
        assert number_of_rows(session, SchoolReport, AbsentHalfDay) == [1, 3]
