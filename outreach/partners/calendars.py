"""The school calendar of one area and one organisation, quick enough to be asked for every step of a sweep."""

from collections import defaultdict
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.partners.models import SCHOOL, Closing as ClosingRow, Organisation
from outreach.schoolyear import Closing, SchoolCalendar

_CACHE = "school_calendars"

Closings = tuple[Closing, ...]


class _Calendars:
    """All closings as one transaction sees them, and the calendars already asked for."""

    def __init__(self, session: Session) -> None:
        self.made: dict[tuple[int | None, int | None], SchoolCalendar] = {}
        self._of_area: dict[int, list[Closing]] = defaultdict(list)
        self._of_owner: dict[int, list[Closing]] = defaultdict(list)
        self._schools: set[int] = set()
        query = select(ClosingRow, Organisation.kind).join(
            Organisation, Organisation.id == ClosingRow.organisation_id, isouter=True
        )
        for row, kind in session.execute(query.order_by(ClosingRow.from_on, ClosingRow.id)):
            closing = Closing(row.from_on, row.until_on, row.reason)
            if row.area_id is not None:
                self._of_area[row.area_id].append(closing)
            if row.organisation_id is not None:
                self._of_owner[row.organisation_id].append(closing)
                if kind == SCHOOL:
                    self._schools.add(row.organisation_id)
        self.transaction = session.get_transaction()  # the one that began with the query, if none had

    def make(self, area_id: int | None, organisation_id: int | None) -> SchoolCalendar:
        area = self._of_area.get(area_id, []) if area_id else []
        owner = self._of_owner.get(organisation_id, []) if organisation_id else []
        school = owner if organisation_id in self._schools else []
        return _calendar(tuple(area + school), tuple(owner))


@lru_cache(maxsize=1024)
def _calendar(closings: Closings, owner_closings: Closings) -> SchoolCalendar:
    return SchoolCalendar(closings=closings, owner_closings=owner_closings)


def calendar_for(session: Session, area_id: int | None = None, organisation_id: int | None = None) -> SchoolCalendar:
    """The calendar with the closing days of the area and of the organisation a step belongs to.

    A school's own closing days are days without school; any other organisation's only stop its own outreach days.
    One query in each transaction; after that a look-up.
    """
    calendars: _Calendars | None = session.info.get(_CACHE)
    if calendars is None or calendars.transaction is not session.get_transaction():
        calendars = session.info[_CACHE] = _Calendars(session)
    place = (area_id, organisation_id)
    calendar = calendars.made.get(place)
    if calendar is None:
        calendar = calendars.made[place] = calendars.make(area_id, organisation_id)
    return calendar


def forget_calendars(session: Session) -> None:
    """The closings changed in this very transaction: read them again when next asked."""
    session.info.pop(_CACHE, None)
