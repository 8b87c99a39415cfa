"""The days that were given for many cases at once: registration windows of an area, days chosen with families."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach.cases.models import CaseAnchor
from outreach.cases.workflow import Anchor
from outreach.partners.queries import report_days, windows

Days = dict[Anchor, date]


def window_days(session: Session, area_id: int) -> dict[int, Days]:
    """The registration days of an area, by birth year."""
    found = {}
    for window in windows(session, area_id):
        days = {Anchor.REGISTRATION_CLOSES: window.closes_on, Anchor.TICKET_EXPIRES: window.ticket_expires_on}
        found[window.birth_year] = {anchor: day for anchor, day in days.items() if day is not None}
    return found


def days_of_reports(session: Session, area_id: int) -> tuple[date, ...]:
    """The days on which an area has its participation reports, as far as it noted them."""
    return tuple(each.on for each in report_days(session, area_id))


def chosen_days(
    session: Session, cases: Select[*tuple[Any, ...]], execution_options: dict[str, Any]
) -> dict[int, Days]:
    """The days chosen or reported in the cases whose ids this statement selects, as they stand now."""
    statement = select(CaseAnchor.case_id, CaseAnchor.key, CaseAnchor.on).where(
        CaseAnchor.case_id.in_(cases), CaseAnchor.replaced_at.is_(None)
    )
    found: dict[int, Days] = defaultdict(dict)
    for case_id, key, on in session.execute(statement, execution_options=execution_options):
        found[case_id][Anchor(key)] = on
    return dict(found)
