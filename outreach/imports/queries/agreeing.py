"""Under which agreement a list may be received."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.imports.models import NOT_ENROLLED
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements_for


def agreements_valid(session: Session, area: Area, as_of: date) -> list[Agreement]:
    """The agreements under which this area may receive such a list of that day."""
    return agreements_for(session, area.id, source=NOT_ENROLLED, on=as_of)


def require_valid(agreement: Agreement, area: Area, as_of: date) -> None:
    """Raises Refused when the agreement is of another area, for another list, or not valid on the list's day."""
    if agreement.area_id != area.id or agreement.source != NOT_ENROLLED:
        raise Refused("agreement_of_other_list", agreement=agreement.key, area=area.name)
    if not agreement.from_on <= as_of <= agreement.until_on:
        days = {"from_on": agreement.from_on.isoformat(), "until_on": agreement.until_on.isoformat()}
        raise Refused("agreement_not_valid", agreement=agreement.key, as_of=as_of.isoformat(), **days)


def only_agreement(session: Session, area: Area, as_of: date) -> Agreement | None:
    """The agreement to take when nobody named one: the only valid one."""
    found = agreements_valid(session, area, as_of)
    return found[0] if len(found) == 1 else None
