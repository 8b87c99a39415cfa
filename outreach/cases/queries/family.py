"""Whom to ring of a household, for who sees it whole."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.children.grants import sight
from outreach.children.models import FamilyContact


def contacts_of(session: Session, actor: Actor, household_id: int) -> list[FamilyContact]:
    """Those who may be rung now, in the order they were added."""
    statement = (
        select(FamilyContact)
        .where(FamilyContact.household_id == household_id, FamilyContact.ended_at.is_(None))
        .order_by(FamilyContact.id)
    )
    return list(session.scalars(statement, execution_options=sight(actor)))
