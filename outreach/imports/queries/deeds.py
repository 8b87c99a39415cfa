"""What an organisation decided about a list, to look back on and to take back."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.cases.models import Case, Deed, DeedItem
from outreach.children.grants import sight
from outreach.imports.models import Batch
from outreach.imports.queries.begun import BY_LOADING
from outreach.imports.queries.receipts import source_of


@dataclass(frozen=True)
class Done:
    """A decision on this list, how many cases it was about, and how many of them were left when it was taken back."""

    deed: Deed
    by: str
    cases: int
    left: tuple[str, ...]


def deeds_of(session: Session, actor: Actor, batch: Batch) -> list[Done]:
    """What this person's organisation decided about a list, the newest first."""
    statement = select(Deed, Person.name).join(Person, Person.id == Deed.by_id).where(*_decided(actor, batch))
    statement = statement.order_by(Deed.id.desc())
    return [
        Done(deed, name, *_about(session, actor, deed))
        for deed, name in session.execute(statement, execution_options=sight(actor))
    ]


def find_deed(session: Session, actor: Actor, batch: Batch, deed_id: int) -> Deed | None:
    """A decision of this person's organisation about this list, held until the transaction ends."""
    statement = select(Deed).where(Deed.id == deed_id, *_decided(actor, batch)).with_for_update()
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def _decided(actor: Actor, batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """What the list did by itself is not a decision; it goes back with the list."""
    ours = Deed.organisation_id == actor.organisation_id
    return (Deed.origin == source_of(batch), Deed.key.not_in(BY_LOADING), ours)


def _about(session: Session, actor: Actor, deed: Deed) -> tuple[int, tuple[str, ...]]:
    statement = (
        select(Case.reference, DeedItem.left_at)
        .join(Case, Case.id == DeedItem.case_id)
        .where(DeedItem.deed_id == deed.id)
        .order_by(Case.reference)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    return len(rows), tuple(reference for reference, left_at in rows if left_at is not None)
