"""Which children of a list are already known: by number, or by birth date, names and address (doors, import).

A record that was merged answers for the child it became."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, aliased

from outreach.children.models import Child, Residence
from outreach.database import seen_by
from outreach.database.among import MANY, among, pairs_among
from outreach.database.many import in_chunks

MATCHING = seen_by("import: matching")
"""Execution options of the reads by which a list is compared; they name nobody to a person."""

Identity = tuple[date, str]
_PORTION = 10_000

_BECAME = func.coalesce(Child.merged_into_id, Child.id)


@dataclass(frozen=True, slots=True)
class Sought:
    """A child as a list tells it: `insz_index` is the blind index of the number, None without one.

    An empty `address_key` (no address) is equal to nothing.
    """

    insz_index: str | None
    born_on: date
    name_key: str
    address_key: str


@dataclass(frozen=True, slots=True)
class Match:
    """The known child; `renumbered` when it was found with another number, or without one, and the list has one."""

    child_id: int
    renumbered: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    child_id: int
    insz_index: str | None

    def is_in(self, indexes: Collection[bytes]) -> bool:
        """Whether its own number is one of these."""
        return self.insz_index is not None and bytes.fromhex(self.insz_index) in indexes


def match_children(session: Session, sought: Iterable[Sought]) -> list[Match | None]:
    """The known child of each, in the same order; no child is found twice, but for both numbers of a merged one.

    By number first. Else by the same birth date, names and address, if that leaves exactly one child that no other
    row of this list is, and whose own number is not in this list. Only a portion of those sought is held at a time.
    """
    found: list[Match | None] = []
    in_list: set[bytes] = set()
    perhaps: list[tuple[int, Sought, list[_Candidate]]] = []
    for portion in in_chunks(enumerate(sought), _PORTION):
        indexes = {one.insz_index for _, one in portion if one.insz_index}
        in_list.update(map(bytes.fromhex, indexes))
        by_number = _by_number(session, indexes)
        found += [Match(by_number[one.insz_index]) if one.insz_index in by_number else None for _, one in portion]
        rest = [(place, one) for place, one in portion if found[place] is None and one.address_key]
        candidates = _by_identity(session, {(one.born_on, one.name_key) for _, one in rest})
        for place, one in rest:
            if there := candidates.get((one.born_on, one.name_key, one.address_key)):
                perhaps.append((place, one, there))
    taken = {match.child_id for match in found if match}
    for place, one, there in perhaps:
        free = [each for each in there if each.child_id not in taken and not each.is_in(in_list)]
        if len(free) == 1:
            taken.add(free[0].child_id)
            found[place] = Match(free[0].child_id, renumbered=one.insz_index is not None)
    return found


def children_named(session: Session, identities: Collection[Identity]) -> dict[Identity, list[int]]:
    """Known children of the same birth date and names, wherever they live: somebody says whether it is the same."""
    found: dict[Identity, list[int]] = {}
    for chunk in in_chunks(identities):
        statement = (
            select(Child.born_on, Child.name_key, Child.id)
            .where(tuple_(Child.born_on, Child.name_key).in_(chunk))
            .where(Child.merged_into_id.is_(None), Child.died_on.is_(None))
            .order_by(Child.id)
        )
        for born_on, name_key, child_id in session.execute(statement, execution_options=MATCHING):
            found.setdefault((born_on, name_key), []).append(child_id)
    return found


def children_by_id(session: Session, child_ids: Collection[int]) -> dict[int, Child]:
    """Children that were found, by id; for one that was merged, the child it became."""
    found: dict[int, Child] = {}
    became = aliased(Child)
    for chunk in in_chunks(child_ids):
        statement = (
            select(Child.id, became)
            .join(became, became.id == func.coalesce(Child.merged_into_id, Child.id))
            .where(Child.id.in_(chunk))
        )
        found |= {row[0]: row[1] for row in session.execute(statement, execution_options=MATCHING)}
    return found


def _by_number(session: Session, indexes: set[str]) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for chunk in in_chunks(indexes, MANY):
        for own in (Child.merged_into_id.is_not(None), Child.merged_into_id.is_(None)):  # each has an index of its own
            statement = select(Child.insz_index, _BECAME).where(among(session, Child.insz_index, chunk), own)
            found |= dict(session.execute(statement, execution_options=MATCHING).all())
    return found


def _by_identity(session: Session, identities: set[Identity]) -> dict[tuple[date, str, str], list[_Candidate]]:
    """Known children by birth date, names and present address."""
    found: dict[tuple[date, str, str], list[_Candidate]] = {}
    for chunk in in_chunks(identities, MANY):
        statement = (
            select(Child.born_on, Child.name_key, Residence.address_key, _BECAME, Child.insz_index)
            .join(Residence, Residence.child_id == Child.id)
            .where(pairs_among(session, (Child.born_on, Child.name_key), chunk))
            .where(Residence.until_at.is_(None))
            .order_by(Child.merged_into_id.is_not(None), Child.id)
        )
        for born_on, name_key, address_key, child_id, insz_index in session.execute(
            statement, execution_options=MATCHING
        ):
            there = found.setdefault((born_on, name_key, address_key), [])
            if child_id not in {each.child_id for each in there}:
                there.append(_Candidate(child_id, insz_index))
    return found
