"""Looking for children is written down and slowed: for whom it is meant that is never felt."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Search

A_WHILE = timedelta(hours=1)
FREE = 60
"""Searches of one person within the hour; a telephone duty needs some twenty."""


def searched_enough(session: Session, actor: Actor) -> bool:
    """Whether this person must wait; searches that were refused do not count, so every wait ends."""
    since = clock.now() - A_WHILE
    made = select(func.count()).where(Search.person_id == actor.person_id, Search.at > since, Search.braked.is_(False))
    return (session.scalar(made) or 0) >= FREE


def note_search(session: Session, actor: Actor, *, kind: str, found: Sequence[str], braked: bool = False) -> Search:
    """Write down that somebody searched and which cases (by reference) were shown, without what was typed."""
    row = Search(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        kind=kind,
        count=len(found),
        found=[f"case:{reference}" for reference in found],
        braked=braked,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
