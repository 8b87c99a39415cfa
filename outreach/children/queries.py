"""What is known of children: names, number, birth date and where they live now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.children.matching import MATCHING
from outreach.children.models import IS_SPECIAL, Child, Residence
from outreach.database.among import MANY, among
from outreach.database.many import in_chunks


@dataclass(frozen=True, slots=True)
class Known:
    """A known child as it stands in our rows; `address` on one line."""

    child_id: int
    first_name: str
    last_name: str
    born_on: date
    insz_index: str | None
    address: str
    address_key: str


def known_children(session: Session, child_ids: Iterable[int]) -> dict[int, Known]:
    """These children with their present address, to compare a list with."""
    found = {}
    for chunk in in_chunks(child_ids):
        statement = (
            select(Child.id, Child.first_name, Child.last_name, Child.born_on, Child.insz_index, Residence)
            .outerjoin(Residence, (Residence.child_id == Child.id) & Residence.until_at.is_(None))
            .where(Child.id.in_(chunk))
        )
        for child_id, first_name, last_name, born_on, index, home in session.execute(
            statement, execution_options=MATCHING
        ):
            there = home is not None
            address = f"{home.line}, {home.postcode} {home.municipality}".strip(", ") if there else ""
            key = home.address_key if there else ""
            found[child_id] = Known(child_id, first_name, last_name, born_on, index, address, key)
    return found


def special_addresses(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    """Of these address keys, those somebody said are no ordinary home, with their kind."""
    found: dict[str, str] = {}
    for chunk in in_chunks(addresses, MANY):
        statement = select(Residence.address_key, Residence.kind).where(
            among(session, Residence.address_key, chunk), Residence.until_at.is_(None), IS_SPECIAL
        )
        there = session.execute(statement.distinct(), execution_options=MATCHING)
        found |= {row.address_key: row.kind for row in there}
    return found
