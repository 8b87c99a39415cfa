"""What the dates of a case hang on, gathered from its rows: birth date, calendar, window, chosen and known days."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, CaseAnchor
from outreach.cases.queries.given_days import days_of_reports
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor, Circumstances
from outreach.children.models import Child
from outreach.partners.calendars import calendar_for
from outreach.partners.queries import windows_for


def circumstances(
    session: Session, case: Case, child: Child, *, organisation_id: int, opened_on: date
) -> Circumstances:
    """The circumstances of a step of this case that this organisation has."""
    given = {**window_anchors(session, case.area_id, child.born_on.year), **chosen_anchors(session, case)}
    return Circumstances(
        born_on=child.born_on,
        case_opened_on=case.opened_on,
        opened_on=opened_on,
        calendar=calendar_for(session, case.area_id, organisation_id),
        given=given,
        report_days=days_of_reports(session, case.area_id),
    )


def window_anchors(session: Session, area_id: int, birth_year: int) -> Mapping[Anchor, date]:
    """The registration days of the area for children of one birth year."""
    window = windows_for(session, area_id, birth_year)
    if window is None:
        return {}
    days = {Anchor.REGISTRATION_CLOSES: window.closes_on, Anchor.TICKET_EXPIRES: window.ticket_expires_on}
    return {anchor: day for anchor, day in days.items() if day is not None}


def chosen_anchors(session: Session, case: Case) -> Mapping[Anchor, date]:
    """The days that were chosen or reported in this case, as they stand now."""
    statement = select(CaseAnchor.key, CaseAnchor.on).where(
        CaseAnchor.case_id == case.id, CaseAnchor.replaced_at.is_(None)
    )
    return {Anchor(key): on for key, on in session.execute(statement, execution_options=INSIDE)}
