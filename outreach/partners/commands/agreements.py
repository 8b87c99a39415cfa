"""What one can change about agreements: the papers under which an area receives lists."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.partners import queries
from outreach.partners.models import SOURCES, Agreement, Area


def add_agreement(
    session: Session, *, key: str, area: Area, source: str, from_on: date, until_on: date, reference: str
) -> Agreement:
    """The paper for one kind of list; given again it may be prolonged, never moved to another area or source."""
    if source not in SOURCES:
        raise Refused("source_unknown", source=source, known=", ".join(SOURCES))
    if until_on < from_on:
        raise Refused("days_not_in_order")
    agreement = queries.find_agreement(session, key)
    if agreement is None:
        agreement = Agreement(key=key, area_id=area.id, source=source)
        session.add(agreement)
    elif (agreement.area_id, agreement.source) != (area.id, source):
        raise Refused("agreement_is_fixed", agreement=key, source=agreement.source)
    agreement.from_on, agreement.until_on, agreement.reference = from_on, until_on, reference
    session.flush()
    return agreement
