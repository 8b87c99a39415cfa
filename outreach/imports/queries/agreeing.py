"""Under which agreement a list may be received."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.imports.models import NOT_ENROLLED
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements_for


def agreements_valid(session: Session, area: Area, as_of: date, source: str = NOT_ENROLLED) -> list[Agreement]:
    """The agreements under which this area may receive such a list of that day."""
    return agreements_for(session, area.id, source=source, on=as_of)


def require_valid(agreement: Agreement, area: Area, as_of: date, source: str = NOT_ENROLLED) -> None:
    """Raises Refused when the agreement is of another area, for another list, or not valid on the list's day."""
    if agreement.area_id != area.id or agreement.source != source:
        raise Refused("agreement_of_other_list", agreement=agreement.key, area=area.name, source=source)
    if not agreement.from_on <= as_of <= agreement.until_on:
        days = {"from_on": agreement.from_on.isoformat(), "until_on": agreement.until_on.isoformat()}
        raise Refused("agreement_not_valid", agreement=agreement.key, as_of=as_of.isoformat(), **days)


def only_agreement(session: Session, area: Area, as_of: date, source: str = NOT_ENROLLED) -> Agreement | None:
    """The agreement to take when nobody named one: the only valid one."""
    found = agreements_valid(session, area, as_of, source)
    return found[0] if len(found) == 1 else None
