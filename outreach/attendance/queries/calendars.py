"""The calendar a projection counts in: the Flemish one, less the free days a school registered itself."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.partners.calendars import calendar_for
from outreach.partners.models import Closing
from outreach.schoolyear import SchoolCalendar


def calendars_of(session: Session, school_ids: Collection[int]) -> Mapping[int, SchoolCalendar]:
    """For each school; those without free days of their own share one calendar, so that counting is done once."""
    own = set(session.scalars(select(Closing.organisation_id).where(Closing.organisation_id.is_not(None))))
    plain = calendar_for(session)
    return {each: calendar_for(session, None, each) if each in own else plain for each in school_ids}
