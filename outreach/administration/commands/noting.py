"""The trace of a change, and the guard against two people changing one thing at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.administration.models import PartnerChange
from outreach.administration.queries import subject_of, version_of
from outreach.errors import Conflict
from outreach.partners.models import Area, Organisation

Place = Area | Organisation


def hold(session: Session, place: Place, *, about: str | None = None, seen: str | None = None) -> None:
    """Keep this place for oneself until the transaction ends, so that changes to it come one after the other.

    Raises Conflict when the row `about` is no longer in the version that was `seen`.
    """
    model = type(place)
    session.execute(select(model.id).where(model.id == place.id).with_for_update())
    if about is not None and seen and seen != version_of(session, about):
        raise Conflict("somebody_else_first")


def note(session: Session, kind: str, place: Place, about: Any = None, *, by: Actor, **data: Any) -> PartnerChange:
    """Write down what was changed about a place: `about` the row of it that changed, if not the place itself."""
    row = about if about is not None else place
    change = PartnerChange(
        at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id,
        via=by.via,
        subject=subject_of(place),
        about=f"{row.__tablename__}:{row.id}",
        kind=kind,
        data={key: plain(value) for key, value in data.items()},
    )
    session.add(change)
    session.flush()
    return change


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields that differ, each with what stood there and what stands there now."""
    pairs = {key: (before[key], after[key]) for key in after}
    return {key: [plain(was), plain(now)] for key, (was, now) in pairs.items() if was != now}


def plain(value: Any) -> Any:
    """The same as JSON holds it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
