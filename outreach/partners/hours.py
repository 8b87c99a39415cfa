"""When an organisation is at work: its weekdays, its hours, its own closing days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.partners.models import Closing, Organisation

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
OPENS, CLOSES = 8, 17
"""Working hours of who did not say otherwise (Brussels): the first hour, and the hour from which none is."""

EARLIEST, LATEST = 6, 20
"""Before and after these hours nobody is at work, whatever they say."""


@dataclass(frozen=True)
class Hours:
    """One organisation on one day. `works`: none of its free weekdays and closing days (holidays are everybody's)."""

    works: bool = True
    opens: int = OPENS
    closes: int = CLOSES


def hours_on(session: Session, day: date) -> dict[int, Hours]:
    """The hours of every organisation that keeps other hours, other weekdays or is closed that day; two statements."""
    closed = set(
        session.scalars(
            select(Closing.organisation_id).where(
                Closing.organisation_id.is_not(None), Closing.from_on <= day, Closing.until_on >= day
            )
        )
    )
    columns = (Organisation.id, Organisation.working_days, Organisation.opens_hour, Organisation.closes_hour)
    found: dict[int, Hours] = defaultdict(Hours)
    for id_, days, opens, closes in session.execute(select(*columns)):
        if id_ in closed or days is not None or opens is not None or closes is not None:
            works = id_ not in closed and day.weekday() in _weekdays(days)
            found[id_] = Hours(works, OPENS if opens is None else opens, CLOSES if closes is None else closes)
    return found


def _weekdays(days: Sequence[int] | None) -> Sequence[int]:
    return MONDAY_TO_FRIDAY if days is None else days
