"""Kleuters of a school with their reports, one of them with a case, and who asks to see them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.commands.receiving import RECEIVING, Attended, Terms, receive_reports
from outreach.attendance.commands.receiving_days import DayPupil, receive_absences
from outreach.attendance.day_by_day import HalfDay
from outreach.attendance.models import Pupil
from outreach.attendance.queries.caring import rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Step
from outreach.partners.commands import add_agreement
from outreach.partners.models import Agreement
from tests.ground.field import Field, make_field

CHRISTMAS, EASTER = date(2026, 12, 18), date(2027, 3, 26)
BORN, MILAN = date(2022, 6, 13), date(2023, 3, 10)

EVERYBODY = {
    "Sofie": ("de-linde", "school-contact"),
    "Wilma": ("de-wilg", "school-contact"),
    "Theo": ("de-brug", "school-contact"),
    "Bram": ("de-linde", "bridge-person"),
    "Lies": ("lop-gent", "coordinator"),
    "Wim": ("de-brug", "worker"),
    "Clara": ("clb-gent", "clb"),
    "Dirk": ("lop-gent", "administrator"),
}
"""One of every kind who could ask to see the kleuters of De Linde: Sofie is its contact, Bram has none by name."""


def attended(name: str, present: int, possible: int, **also: Any) -> Attended:
    """Four years old, of the first class, unless said otherwise; the first name is the pupil number."""
    told: dict[str, Any] = {"born_on": BORN, "class_name": "K1", "site": "", "entry_on": None} | also
    born = told["born_on"]
    return Attended(name, name, "Safi", born_year=born.year, present=present, possible=possible, **told)


def report(field: Field, as_of: date, *kleuters: Attended, school: str = "de-linde") -> None:
    """De Linde reports totals."""
    school_id = field.organisations[school].id
    receive_reports(field.session, {school_id: kleuters}, terms(field, as_of), by=builtin(field.session, "console"))


def report_days(field: Field, as_of: date, of: Mapping[str, Mapping[HalfDay, str]], **also: Any) -> None:
    """De Linde reports absences by day: half days of each kleuter with their code."""
    told: dict[str, Any] = {"born_on": BORN, "class_name": "K1", "site": "", "entry_on": None} | also
    born = told["born_on"]
    pupils = [
        DayPupil(each, each, "Safi", born_year=born.year, half_days=dict(days), **told) for each, days in of.items()
    ]
    by = builtin(field.session, "console")
    receive_absences(
        field.session, {field.organisations["de-linde"].id: pupils}, terms(field, as_of, by_day=True), by=by
    )


def terms(field: Field, as_of: date, *, by_day: bool = False) -> Terms:
    """Under an agreement that covers the school year."""
    source = "absences" if by_day else "participation"
    agreement = field.session.scalar(select(Agreement).where(Agreement.key == f"kleuters-{source}"))
    if agreement is None:
        days = {"from_on": date(2016, 9, 1), "until_on": date(2027, 8, 31)}
        key = f"kleuters-{source}"
        agreement = add_agreement(field.session, key=key, area=field.area, source=source, reference="x", **days)
        field.session.flush()
    return Terms(as_of, field.area.id, agreement.id, "batch:1", by_day=by_day)


def pupil_id(session: Session, name: str) -> int:
    """The id of a kleuter by its number."""
    return session.scalars(select(Pupil.id).where(Pupil.number == name), execution_options=RECEIVING).one()


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """The first week of January 2027; Ayaan was there 60 of 132 half days, and De Linde opened a case."""
    made = make_field(session)
    with clock.at(clock.parse_moment("2027-01-05T10:00")):
        report(made, CHRISTMAS, attended("Ayaan", 60, 132), attended("Noor", 130, 132))
        rows = rows_to_go_through(session, made.school)
        newest = latest_reports(session, made.school, made.organisations["de-linde"].id)[0]
        open_attendance(session, [Wish(row, BORN) for row in rows], report=newest, by=made.school)
        session.flush()
        yield made


def case_of(session: Session) -> Case:
    """The only case there is."""
    return session.scalars(select(Case), execution_options=RECEIVING).one()


def newest_step(session: Session) -> Step:
    """Where it is."""
    session.flush()
    return session.scalars(select(Step).order_by(Step.number.desc()).limit(1), execution_options=RECEIVING).one()


def say(field: Field, outcome: str, **facts: Any) -> Step:
    """The school says what came of the step the case is at; where it is then."""
    step = newest_step(field.session)
    report_outcome(field.session, case_of(field.session), step, outcome=outcome, facts=facts, by=field.school)
    return newest_step(field.session)


def asked_for_a_visit(field: Field) -> Step:
    """The school could not reach the family; the visit has until the threshold is lost."""
    say(field, "reason_unknown")
    return say(field, "help_needed", parents_know="yes", parents_agree="yes")


def rarely_there(field: Field, name: str, *, last_name: str = "Safi", born: date = MILAN) -> Case:
    """Found, enrolled at De Linde, started, and rarely present in its first weeks."""
    session, case = field.session, field.case(name, born, last_name=last_name)
    linde, entry = field.organisations["de-linde"].id, date(2027, 1, 6)
    agreed = {"parents_know": "yes", "parents_agree": "yes"}
    steps: list[tuple[str, Any, dict[str, Any]]] = [
        ("assign", field.coordinator, {"organisation": field.organisations["de-brug"].id}),
        ("wants_school", field.worker, agreed),
        ("enrolled", field.guide, {"school": linde, "entry_day": entry, **agreed}),
        ("started", field.school, {"entry_day": entry}),
        ("rarely_present", field.school, {"half_days_present": 3, "half_days_possible": 40}),
    ]
    for outcome, by, facts in steps:
        session.flush()
        newest = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
        step = session.scalars(newest, execution_options=RECEIVING).one()
        report_outcome(session, case, step, outcome=outcome, facts=facts, by=by)
    session.flush()
    return case
