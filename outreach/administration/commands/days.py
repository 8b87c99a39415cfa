"""Closing days, registration windows and report days, as somebody on a page says them."""

from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.administration.commands.noting import Place, differences, note
from outreach.administration.models import PartnerChange
from outreach.errors import Refused
from outreach.partners import commands
from outreach.partners.models import Area, Closing, RegistrationWindow, ReportDay
from outreach.partners.queries import closings_of, report_days, windows_for

LONGEST = 100
"""Days nobody closes longer than at once: a wrong year is a slip, not a closing."""

_FURTHEST = 3 * 366
"""Days before or after today nobody needs closing days."""


def close(session: Session, place: Place, *, from_on: date, until_on: date, reason: str, by: Actor) -> PartnerChange:
    """Closing days of an area or organisation. Raises Refused when they are not in order, too many, or known."""
    _check(session, place, from_on, until_on)
    where = {"area": place} if isinstance(place, Area) else {"organisation": place}
    closing = commands.add_closing(session, **where, from_on=from_on, until_on=until_on, reason=reason)
    return note(session, "closing_added", place, closing, by=by, **_told(closing))


def change_closing(
    session: Session, place: Place, closing: Closing, *, from_on: date, until_on: date, reason: str, by: Actor
) -> PartnerChange:
    """Other days or another reason."""
    _check(session, place, from_on, until_on, but=closing)
    before = _told(closing)
    commands.change_closing(session, closing=closing, from_on=from_on, until_on=until_on, reason=reason)
    return note(session, "closing_changed", place, closing, by=by, fields=differences(before, _told(closing)))


def remove_closing(session: Session, place: Place, closing: Closing, *, by: Actor) -> PartnerChange:
    """These are days like any other after all."""
    change = note(session, "closing_removed", place, closing, by=by, **_told(closing))
    commands.remove_closing(session, closing=closing)
    return change


def _check(session: Session, place: Place, from_on: date, until_on: date, *, but: Closing | None = None) -> None:
    if until_on < from_on:
        raise Refused("days_not_in_order")
    if (until_on - from_on).days >= LONGEST:
        raise Refused("closing_too_long", days=LONGEST)
    if abs((from_on - clock.today()).days) > _FURTHEST:
        raise Refused("closing_far_away")
    where = {"area_id": place.id} if isinstance(place, Area) else {"organisation_id": place.id}
    for known in closings_of(session, **where, since=from_on):
        if known is not but and known.from_on <= until_on:
            raise Refused("closing_known", from_on=known.from_on, until_on=known.until_on, reason=known.reason)


def _told(closing: Closing) -> dict[str, object]:
    return {"from_on": closing.from_on, "until_on": closing.until_on, "reason": closing.reason}


def open_window(
    session: Session,
    area: Area,
    *,
    birth_year: int,
    closes_on: date,
    result_on: date | None,
    ticket_expires_on: date | None,
    by: Actor,
) -> PartnerChange:
    """The window of a birth year that has none. Raises Refused when it has one, or the days are not in order."""
    if windows_for(session, area.id, birth_year) is not None:
        raise Refused("window_known", birth_year=birth_year)
    days = {"closes_on": closes_on, "result_on": result_on, "ticket_expires_on": ticket_expires_on}
    window = commands.add_window(session, area=area, birth_year=birth_year, **days)  # type: ignore[arg-type]
    return note(session, "window_added", area, window, by=by, birth_year=birth_year, **days)


def change_window(
    session: Session,
    area: Area,
    window: RegistrationWindow,
    *,
    closes_on: date,
    result_on: date | None,
    ticket_expires_on: date | None,
    by: Actor,
) -> PartnerChange:
    """Other days for a birth year."""
    names = ("closes_on", "result_on", "ticket_expires_on")
    before = {name: getattr(window, name) for name in names}
    days = {"closes_on": closes_on, "result_on": result_on, "ticket_expires_on": ticket_expires_on}
    commands.add_window(session, area=area, birth_year=window.birth_year, **days)  # type: ignore[arg-type]
    fields = differences(before, days)
    return note(session, "window_changed", area, window, by=by, birth_year=window.birth_year, fields=fields)


def remove_window(session: Session, area: Area, window: RegistrationWindow, *, by: Actor) -> PartnerChange:
    """A window that was noted by mistake."""
    change = note(session, "window_removed", area, window, by=by, birth_year=window.birth_year)
    commands.remove_window(session, window=window)
    return change


def expect_reports(session: Session, area: Area, *, on: date, by: Actor) -> PartnerChange:
    """A day on which the area has its participation reports. Raises Refused when it is noted, or far away."""
    if abs((on - clock.today()).days) > _FURTHEST:
        raise Refused("closing_far_away")
    if any(each.on == on for each in report_days(session, area.id)):
        raise Refused("report_day_known")
    day = commands.add_report_day(session, area=area, on=on)
    return note(session, "reports_expected", area, day, by=by, on=on)


def expect_no_reports(session: Session, area: Area, day: ReportDay, *, by: Actor) -> PartnerChange:
    """There are none on this day after all."""
    change = note(session, "reports_not_expected", area, day, by=by, on=day.on)
    commands.remove_report_day(session, day=day)
    return change
