"""The first walk: three hints for each role, one after another, and how far a person has come in them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.database import Model
from outreach.labels import Catalogue

HINTS = Catalogue.load(Path(__file__).parent / "walk_texts" / "labels.toml")

LENGTH = 3
"""So many hints has each walk."""


class Walk(Model):
    """How many hints of one walk a person has seen; without a row none."""

    __tablename__ = "walk"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    walk: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("seen BETWEEN 0 AND 3", name="within_walk"),)


def walk_of(actor: Actor) -> str:
    """Which walk fits: by role, and for who guides the school choice by where they work."""
    if actor.role == "worker" and actor.organisation_kind == "huis-van-het-kind":
        return "guide"
    return actor.role or "worker"


def hints_seen(session: Session, actor: Actor) -> int:
    """How many hints of their walk somebody has seen."""
    row = session.get(Walk, (actor.person_id, walk_of(actor)))
    return row.seen if row else 0


def note_hints_seen(session: Session, *, seen: int, by: Actor) -> None:
    """Remember how far somebody has come; 0 begins anew, 3 is the end. Told out of order, the farthest counts."""
    row = session.get(Walk, (by.person_id, walk_of(by)))
    if row is None:
        session.add(Walk(person_id=by.person_id, walk=walk_of(by), seen=min(max(seen, 0), LENGTH), at=clock.now()))
        return
    row.seen = 0 if seen <= 0 else min(max(seen, row.seen), LENGTH)
    row.at = clock.now()
