"""What a loaded list leaves to decide: numbers that changed, and one address with several reference persons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.children.commands import INSZ, reference_key
from outreach.children.grants import sight
from outreach.children.models import Child, IdentityChange
from outreach.imports.listed import ListedChild
from outreach.imports.models import Batch, BatchRow


@dataclass(frozen=True)
class SameAddress:
    """Children of a list at one address with other reference persons: shown, joined only by a person."""

    address: str
    children: tuple[ListedChild, ...]


def number_changes(session: Session, actor: Actor, batch: Batch) -> list[tuple[IdentityChange, BatchRow]]:
    """The numbers this list changed and nobody took back, each with its row."""
    statement = (
        select(IdentityChange, BatchRow)
        .join(BatchRow, BatchRow.child_id == IdentityChange.child_id)
        .where(BatchRow.batch_id == batch.id, IdentityChange.source == source_of(batch))
        .where(IdentityChange.field == INSZ, IdentityChange.undone_at.is_(None))
        .order_by(BatchRow.row_number)
    )
    found = session.execute(statement, execution_options=sight(actor))
    return [(change, row) for change, row in found]


def find_number_change(
    session: Session, actor: Actor, batch: Batch, change_id: int
) -> tuple[IdentityChange, Child] | None:
    """A number this list changed, with its child."""
    statement = (
        select(IdentityChange, Child)
        .join(Child, Child.id == IdentityChange.child_id)
        .where(IdentityChange.id == change_id, IdentityChange.field == INSZ)
        .where(IdentityChange.source == source_of(batch))
    )
    found = session.execute(statement, execution_options=sight(actor)).one_or_none()
    return (found[0], found[1]) if found else None


def source_of(batch: Batch) -> str:
    """How a change names the list it came from."""
    return f"batch:{batch.id}"


def same_addresses(children: Iterable[ListedChild]) -> list[SameAddress]:
    """Addresses where children of a list live who did not become one household."""
    at: dict[str, list[ListedChild]] = {}
    for child in children:
        if child.address_key:
            at.setdefault(child.address_key, []).append(child)
    return [_same(there) for there in at.values() if _several(there)]


def _several(there: Sequence[ListedChild]) -> bool:
    """More than one reference person, or children without one beside others."""
    references = {reference_key(child.reference_person) for child in there}
    return len(there) > 1 and (len(references) > 1 or references == {""})


def _same(there: Sequence[ListedChild]) -> SameAddress:
    first = there[0]
    box = f" bus {first.box}" if first.box else ""
    return SameAddress(f"{first.street} {first.number}{box}, {first.postcode} {first.municipality}", tuple(there))
