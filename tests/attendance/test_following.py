"""A second report comes in: cases on an attendance track hear of it, and their last day is that of the new numbers."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.commands.receiving import receive_reports
from outreach.attendance.queries.caring import rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.cases.models import CaseAnchor, Event, Note, Step, Track
from outreach.cases.workflow import Anchor
from outreach.partners.models import Organisation
from tests.attendance.kleuters import (
    EASTER,
    asked_for_a_visit,
    attended,
    case_of,
    field,
    newest_step,
    pupil_id,
    rarely_there,
    report,
    say,
    terms,
)
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field
from tests.imports.loading import READ

__all__ = ["field", "sign_in"]


def last_days(session: Session) -> list[date]:
    """The day until which the threshold can be reached, as it stands in the case."""
    session.flush()
    statement = select(CaseAnchor.on).where(
        CaseAnchor.key == Anchor.THRESHOLD_LAST_DAY.value, CaseAnchor.replaced_at.is_(None)
    )
    return list(session.scalars(statement, execution_options=READ))


def events(session: Session, kind: str) -> list[dict[str, Any]]:
    statement = select(Event.data).where(Event.kind == kind).order_by(Event.seq)
    return list(session.scalars(statement, execution_options=READ))


def test_the_visit_has_until_the_last_day_of_the_new_report(field: Field, session: Session) -> None:
    visit = asked_for_a_visit(field)
    assert [visit.too_late_on] == last_days(session)
    before = visit.too_late_on
    with clock.at(clock.parse_moment("2027-01-20T10:00")):
        report(field, date(2027, 1, 15), attended("Ayaan", 75, 150), attended("Noor", 130, 150))
    session.expire_all()
    after = newest_step(session).too_late_on
    assert [after] == last_days(session)
    assert after is not None
    assert before is not None
    assert after > before, "fifteen half days were earned"
    assert events(session, "dates_rederived")[-1]["because"] == "report"
    assert events(session, "presence_reported")[-1]["since"] == [15, 18]


def test_a_threshold_that_is_lost_makes_nothing_late(field: Field, session: Session) -> None:
    visit = asked_for_a_visit(field)
    before = visit.too_late_on
    report(field, EASTER, attended("Ayaan", 65, 229))
    session.expire_all()
    assert last_days(session) == []
    assert newest_step(session).too_late_on == before
    assert events(session, "dates_rederived") == []


def test_a_report_of_an_earlier_day_and_one_of_another_school_change_nothing(field: Field, session: Session) -> None:
    known = last_days(session)
    report(field, date(2026, 11, 27), attended("Ayaan", 20, 100))
    report(field, EASTER, attended("Ayaan", 20, 229), school="de-wilg")
    assert last_days(session) == known
    assert events(session, "presence_reported") == []


def test_a_child_without_a_case_and_a_case_that_ended_hear_nothing(field: Field, session: Session) -> None:
    say(field, "followed_by_us")
    report(field, EASTER, attended("Ayaan", 118, 229), attended("Noor", 220, 229))
    assert events(session, "presence_reported") == []


def test_what_the_report_says_stands_in_the_story_of_the_case(sign_in: SignIn, field: Field, session: Session) -> None:
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        report(field, EASTER, attended("Ayaan", 118, 229))
        reference = case_of(session).reference
        session.commit()
        page = sign_in(field.school).open(f"/cases/{reference}").text
        assert "Nieuw participatierapport van de school" in page
        assert "118 van de 229 halve dagen op school" in page
        assert "Sinds het vorige rapport: 58 van de 97" in page


def test_a_coordinator_who_loads_many_schools_writes_it_in_each_case(field: Field, session: Session) -> None:
    school = field.organisations["de-linde"].id
    by = builtin(session, "console")
    receive_reports(session, {school: [attended("Ayaan", 118, 229)]}, terms(field, EASTER), by=by)
    assert len(events(session, "presence_reported")) == 1


def test_rarely_present_in_the_first_weeks_opens_the_attendance_track_at_the_school(field: Field) -> None:
    """Its enrolment track closes as started, rarely present; the school goes on with the talk."""
    session = field.session
    milan = rarely_there(field, "Milan")
    tracks = session.execute(
        select(Track.process, Track.ended_at.is_(None)).where(Track.case_id == milan.id).order_by(Track.id),
        execution_options=READ,
    ).all()
    assert [tuple(each) for each in tracks] == [("enrolment", False), ("attendance", True)]
    step = session.scalars(
        select(Step).where(Step.case_id == milan.id).order_by(Step.number.desc()).limit(1), execution_options=READ
    ).one()
    assert (step.key, step.organisation_id) == ("school_contact", field.organisations["de-linde"].id)


@pytest.mark.parametrize(("unlawful", "asked"), [(4, []), (5, ["clb-gent"])])
def test_from_five_unlawful_half_days_the_school_begins_with_its_clb(
    field: Field, session: Session, unlawful: int, asked: list[str]
) -> None:
    """The CLB is asked beside the talk, and reads the question without the name."""
    made = attended("Mia", 60, 132, born_on=date(2021, 3, 2), accepted=0, unlawful=unlawful)
    report(field, date(2026, 12, 22), made)
    newest = latest_reports(session, field.school, field.organisations["de-linde"].id)[0]
    rows = rows_to_go_through(session, field.school)
    (opened,) = open_attendance(session, [Wish(row, date(2021, 3, 2)) for row in rows], report=newest, by=field.school)
    session.flush()
    statement = select(Organisation.key).join(Step, Step.organisation_id == Organisation.id)
    sides = statement.where(Step.case_id == opened.case.id, Step.side_of_id.is_not(None))
    assert session.scalars(sides, execution_options=READ).all() == asked
    notes = session.scalars(select(Note.text).where(Note.case_id == opened.case.id), execution_options=READ).all()
    assert all("5 halve dagen" in each and "Mia" not in each for each in notes)


def test_that_the_clb_will_be_asked_is_said_before(sign_in: SignIn, field: Field) -> None:
    made = attended("Mia", 60, 132, born_on=date(2021, 3, 2), accepted=0, unlawful=5)
    report(field, date(2026, 12, 22), made)
    field.session.commit()
    mia = pupil_id(field.session, "Mia")
    field.session.rollback()
    page = sign_in(field.school).open(f"/attendance/open-cases?pupil={mia}").text
    assert "5 halve dagen met code B: CLB Gent krijgt meteen de vraag om mee te kijken" in page
