"""What one can change about the days of an area or organisation: closing days, registration windows, report days."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.partners import queries
from outreach.partners.calendars import forget_calendars
from outreach.partners.models import Area, Closing, Organisation, RegistrationWindow, ReportDay


def add_window(
    session: Session,
    *,
    area: Area,
    birth_year: int,
    closes_on: date,
    result_on: date | None = None,
    ticket_expires_on: date | None = None,
) -> RegistrationWindow:
    """The registration window for one birth year; given again, the new dates replace the old."""
    later = [day for day in (closes_on, result_on, ticket_expires_on) if day is not None]
    if later != sorted(later):
        raise Refused("window_not_in_order")
    window = queries.windows_for(session, area.id, birth_year)
    if window is None:
        window = RegistrationWindow(area_id=area.id, birth_year=birth_year, closes_on=closes_on)
        session.add(window)
    window.closes_on, window.result_on, window.ticket_expires_on = closes_on, result_on, ticket_expires_on
    session.flush()
    return window


def remove_window(session: Session, *, window: RegistrationWindow) -> None:
    """This birth year has no window after all; open steps keep the days they counted from it."""
    session.delete(window)
    session.flush()


def add_report_day(session: Session, *, area: Area, on: date) -> ReportDay:
    """A day on which the area has its participation reports; noted again it stays one.

    Open steps keep their dates until they are derived again.
    """
    known = next((each for each in queries.report_days(session, area.id) if each.on == on), None)
    if known is None:
        known = ReportDay(area_id=area.id, on=on)
        session.add(known)
        session.flush()
    return known


def remove_report_day(session: Session, *, day: ReportDay) -> None:
    """There are no reports on this day after all; open steps keep their dates until they are derived again."""
    session.delete(day)
    session.flush()


def add_closing(
    session: Session,
    *,
    from_on: date,
    until_on: date,
    reason: str,
    area: Area | None = None,
    organisation: Organisation | None = None,
) -> Closing:
    """Extra closing days of one area or one organisation; open steps keep their dates until they are derived again."""
    if (area is None) == (organisation is None):
        raise Refused("closing_needs_one_place")
    if until_on < from_on:
        raise Refused("days_not_in_order")
    place = {"area_id": area.id if area else None, "organisation_id": organisation.id if organisation else None}
    known = select(Closing).filter_by(**place, from_on=from_on, until_on=until_on)
    closing = session.scalar(known.limit(1))
    if closing is None:
        closing = Closing(**place, from_on=from_on, until_on=until_on, reason=reason)
        session.add(closing)
    closing.reason = reason
    session.flush()
    forget_calendars(session)
    return closing


def change_closing(session: Session, *, closing: Closing, from_on: date, until_on: date, reason: str) -> None:
    """Other days, or another reason; open steps keep their dates until they are derived again."""
    if until_on < from_on:
        raise Refused("days_not_in_order")
    closing.from_on, closing.until_on, closing.reason = from_on, until_on, reason
    session.flush()
    forget_calendars(session)


def remove_closing(session: Session, *, closing: Closing) -> None:
    """These are days like any other after all; open steps keep their dates until they are derived again."""
    session.delete(closing)
    session.flush()
    forget_calendars(session)
