"""How a person last narrowed a page, kept with the person, so that every device shows it so again."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import KeptFilter


def find_kept_filter(session: Session, actor: Actor, page: str) -> dict[str, Any]:
    """What this person chose on this page for the organisation they act for; empty when nothing."""
    found = session.scalar(select(KeptFilter.chosen).filter_by(**_of(actor, page)))
    return dict(found or {})


def keep_filter(session: Session, *, page: str, chosen: dict[str, Any], by: Actor) -> None:
    """Remember this choice instead of the one before; an empty one is forgotten."""
    session.execute(delete(KeptFilter).filter_by(**_of(by, page)))
    if chosen and by.organisation_id is not None:
        session.add(KeptFilter(**_of(by, page), chosen=chosen, at=clock.now()))


def _of(actor: Actor, page: str) -> dict[str, Any]:
    return {"person_id": actor.person_id, "organisation_id": actor.organisation_id, "page": page}
