"""Kleuters of a school with their reports, for tests that look at pages or sums."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.attendance.commands.receiving import RECEIVING, Attended, Terms, receive_reports
from outreach.attendance.commands.receiving_days import DayPupil, receive_absences
from outreach.attendance.day_by_day import HalfDay
from outreach.attendance.models import Pupil
from outreach.partners.commands import add_agreement
from outreach.partners.models import Agreement
from tests.ground.field import Field

CHRISTMAS, EASTER = date(2026, 12, 18), date(2027, 3, 26)


def attended(name: str, present: int, possible: int, **also: Any) -> Attended:
    """Four years old, of the first class, unless said otherwise; the first name is the pupil number."""
    told: dict[str, Any] = {"born_on": date(2022, 6, 13), "class_name": "K1", "site": "", "entry_on": None} | also
    born = told["born_on"]
    return Attended(name, name, "Safi", born_year=born.year, present=present, possible=possible, **told)


def report(field: Field, as_of: date, *kleuters: Attended, school: str = "de-linde") -> None:
    """De Linde reports totals."""
    school_id = field.organisations[school].id
    receive_reports(field.session, {school_id: kleuters}, terms(field, as_of), by=builtin(field.session, "console"))


def report_days(field: Field, as_of: date, of: Mapping[str, Mapping[HalfDay, str]], **also: Any) -> None:
    """De Linde reports absences by day: half days of each kleuter with their code."""
    told: dict[str, Any] = {"born_on": date(2022, 6, 13), "class_name": "K1", "site": "", "entry_on": None} | also
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
