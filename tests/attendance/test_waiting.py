"""What a school notes without a case is work: a quiet count on My work, until a choice or a report ends it."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.caring import Care, note_care
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.commands.receiving import RECEIVING
from outreach.attendance.models import Pupil
from outreach.attendance.queries.caring import present_care, rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.queries.waiting import waiting
from outreach.notifications.models import OutboxMessage
from tests.attendance.kleuters import BORN, CHRISTMAS, EASTER, attended, report
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field

__all__ = ["sign_in"]

WORK = "/my-work"


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """January 2027: Ayaan and Mia are at risk at De Linde, Noor is not."""
    made = make_field(session)
    with clock.at(clock.parse_moment("2027-01-05T10:00")):
        report(made, CHRISTMAS, attended("Ayaan", 60, 132), attended("Mia", 60, 132), attended("Noor", 130, 132))
        yield made


def note(
    field: Field, name: str, reason: str | None = None, *, followed: bool = False, rings: int | None = None
) -> None:
    """Sofie writes it down."""
    session = field.session
    pupil = session.scalars(select(Pupil).where(Pupil.number == name), execution_options=RECEIVING).one()
    seen = present_care(session, field.school, [pupil.id]).get(pupil.id)
    note_care(session, pupil, Care(reason, rings, followed), seen_id=seen.id if seen else None, by=field.school)


def counts(field: Field) -> tuple[int, int]:
    """Reasons to find, kleuters followed."""
    found = waiting(field.session, field.school)
    return found.to_find, found.followed


@pytest.mark.parametrize("reason", ["not_known", "not_noticed"])
def test_a_reason_nobody_knows_is_work_until_it_is_found(sign_in: SignIn, field: Field, reason: str) -> None:
    note(field, "Ayaan", reason)
    sofie = sign_in(field.school)
    page = sofie.open(WORK).text
    assert "Van 1 kleuter met risico weet nog niemand waarom die er zelden is." in page
    assert "Ayaan" not in page, "a count, no name"
    note(field, "Ayaan", "lives_far")
    field.session.commit()
    assert "met risico" not in sofie.open(WORK).text


def test_who_is_followed_without_a_case_is_not_forgotten(sign_in: SignIn, field: Field) -> None:
    for name in ("Ayaan", "Mia"):
        note(field, name, "lives_far", followed=True)
    sofie = sign_in(field.school)
    assert "2 kleuters die je zonder dossier opvolgt, hebben in het rapport" in sofie.open(WORK).text
    note(field, "Mia", "lives_far")
    assert counts(field) == (0, 1)


def test_one_kleuter_is_counted_once(field: Field) -> None:
    note(field, "Ayaan", "not_known", followed=True)
    assert counts(field) == (1, 0)


def test_a_case_takes_the_work_over(field: Field) -> None:
    note(field, "Ayaan", "not_known")
    note(field, "Mia", followed=True)
    session = field.session
    newest = latest_reports(session, field.school, field.organisations["de-linde"].id)[0]
    rows = rows_to_go_through(session, field.school)
    open_attendance(session, [Wish(row, BORN) for row in rows], report=newest, by=field.school)
    session.flush()
    assert counts(field) == (0, 0)


def test_a_report_in_which_it_goes_better_ends_it_and_one_in_which_it_does_not_says_so(
    sign_in: SignIn, field: Field
) -> None:
    note(field, "Ayaan", "not_known")
    for name in ("Mia", "Noor"):
        note(field, name, followed=True)
    assert counts(field) == (1, 1), "Noor is there enough: nothing is left to do"
    report(field, EASTER, attended("Ayaan", 100, 229), attended("Mia", 100, 229))
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        assert counts(field) == (1, 1)
        assert "in het rapport van vr 26 mrt 2027 nog altijd" in sign_in(field.school).open(WORK).text
        report(field, date(2027, 3, 29), attended("Ayaan", 190, 230), attended("Noor", 200, 230))
        assert counts(field) == (0, 0), "Ayaan is there enough now, Mia left"


def test_who_rings_has_what_was_given_by_name_and_nobody_elses(sign_in: SignIn, field: Field) -> None:
    fatma = field.person("Fatma", "de-linde", "bridge-person")
    note(field, "Ayaan", "not_known", rings=fatma.person_id)
    note(field, "Mia", "not_known")
    assert "Van 1 kleuter met risico" in sign_in(fatma).open(WORK).text


@pytest.mark.parametrize(
    ("name", "organisation", "role"),
    [("Wilma", "de-wilg", "school-contact"), ("Lies", "lop-gent", "coordinator"), ("Wim", "de-brug", "worker")],
)
def test_nobody_else_is_told_and_no_mail_goes_out(
    sign_in: SignIn, field: Field, name: str, organisation: str, role: str
) -> None:
    note(field, "Ayaan", "not_known")
    assert "met risico" not in sign_in(field.person(name, organisation, role)).open(WORK).text
    assert field.session.scalars(select(OutboxMessage.id)).all() == []
