"""How closing days stand in a list."""

from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from outreach import clock
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import closings_of
from outreach.web.filters import day

_BEFORE = timedelta(days=60)
"""So long closing days that are over stay on the page: dates still count from them."""


def closings_shown(
    session: Session, *, area: Area | None = None, organisation: Organisation | None = None, may_change: bool
) -> list[dict[str, Any]]:
    """The closing days that count, by date; with a way to change them for who may."""
    today = clock.today()
    rows = closings_of(
        session,
        area_id=area.id if area else None,
        organisation_id=organisation.id if organisation else None,
        since=today - _BEFORE,
    )
    return [
        {
            "days": day(row.from_on) if row.from_on == row.until_on else f"{day(row.from_on)} – {day(row.until_on)}",
            "reason": row.reason,
            "past": row.until_on < today,
            "now": row.from_on <= today <= row.until_on,
            "change_url": url_for("administration.change_closing", closing_id=row.id) if may_change else None,
        }
        for row in rows
    ]
