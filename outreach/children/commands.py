"""Children become known, get another number, or turn out to live in another kind of place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock, crypto
from outreach.accounts.actors import Actor
from outreach.children.addresses import AddressKind, address_key
from outreach.children.insz import Insz
from outreach.children.matching import MATCHING
from outreach.children.models import Child, Household, HouseholdMembership, IdentityChange, Residence
from outreach.children.names import name_key, token_key
from outreach.children.search_keys import add_family_keys, grown_up_keys, write_child_keys, write_family_keys
from outreach.database.many import in_chunks, insert_rows, insert_with_ids
from outreach.errors import Refused

INSZ = "insz"


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child nobody knew yet, with where it lives; what is not known is empty or None."""

    first_name: str
    last_name: str
    born_on: date
    insz: Insz | None
    street: str
    number: str
    box: str
    postcode: str
    municipality: str
    nis: str | None
    reference_person: str = ""
    language: str = ""
    address_key: str = field(init=False)
    """Equal for the same address; empty without a street."""

    def __post_init__(self) -> None:
        key = address_key(self.street, self.number, self.box, self.postcode, self.nis)
        object.__setattr__(self, "address_key", key)

    @property
    def home(self) -> tuple[str, str] | None:
        """What makes one household: address and reference person, both known; else None."""
        reference = reference_key(self.reference_person)
        return (self.address_key, reference) if self.address_key and reference else None


@dataclass(frozen=True, slots=True)
class AddedChild:
    """A child that was just written, with what is asked of it next."""

    id: int
    born_on: date
    household_id: int
    first_name: str
    last_name: str


@lru_cache(maxsize=16384)
def reference_key(reference_person: str) -> str:
    """Equal for the same person, whichever name comes first."""
    return token_key("", reference_person)


def insz_index(insz: Insz | None) -> str | None:
    """The blind index a number is found by."""
    return crypto.keys().blind_index(insz.number, INSZ) if insz else None


def add_children(
    session: Session, children: Sequence[NewChild], *, kinds: Mapping[str, str] | None = None, by: Actor
) -> list[AddedChild]:
    """Write many children at once, each in its household, in the same order; `kinds`: address key -> kind of address.

    A child joins a household when address (box included) and reference person are the same and it is the only one;
    anything less makes a household of its own.
    """
    now = clock.now()
    known = _known_households(session, {child.home for child in children if child.home})
    households = _households(session, children, known, now)
    rows = [_child_row(child, household, now) for child, household in zip(children, households, strict=True)]
    ids = insert_with_ids(session, Child, rows)
    insert_rows(
        session,
        HouseholdMembership,
        [
            {"child_id": child_id, "household_id": household, "from_at": now, "by_id": by.person_id}
            for child_id, household in zip(ids, households, strict=True)
        ],
    )
    insert_rows(
        session,
        Residence,
        [_residence_row(child, child_id, kinds or {}, now, by) for child, child_id in zip(children, ids, strict=True)],
    )
    added = [
        AddedChild(child_id, child.born_on, household, child.first_name, child.last_name)
        for child_id, child, household in zip(ids, children, households, strict=True)
    ]
    _add_search_keys(session, children, added, {each for there in known.values() for each in there})
    return added


def note_number(session: Session, child: Child, insz: Insz, *, source: str, by: Actor) -> IdentityChange:
    """The child has another number now (a BIS number replaced, one that was missing); can be undone.

    Raises Refused when another child has that number.
    """
    _require_free(session, child, insz_index(insz))
    change = IdentityChange(
        child_id=child.id,
        field=INSZ,
        before=child.insz,
        after=insz.number,
        source=source,
        at=clock.now(),
        by_id=by.person_id,
        undone_at=None,
    )
    session.add(change)
    _put_number(session, child, insz.number)
    return change


def undo_number(session: Session, change: IdentityChange, child: Child) -> None:
    """The number before this change again. Raises Refused when it is undone, no longer the last, or taken."""
    if change.undone_at is not None or child.insz != change.after:
        raise Refused("change_not_the_last")
    before = change.before
    if before is not None:
        _require_free(session, child, insz_index(Insz(before)))
    change.undone_at = clock.now()
    _put_number(session, child, before)


def set_address_kind(session: Session, child_ids: Sequence[int], address: str, kind: AddressKind) -> None:
    """What kind of place this address is, for those of these children who live there now."""
    for chunk in in_chunks(child_ids):
        session.execute(
            update(Residence)
            .where(Residence.child_id.in_(chunk), Residence.address_key == address, Residence.until_at.is_(None))
            .values(kind=kind.value)
            .execution_options(synchronize_session=False)
        )


def _require_free(session: Session, child: Child, index: str | None) -> None:
    statement = select(Child.id).where(Child.insz_index == index, Child.merged_into_id.is_(None), Child.id != child.id)
    if session.scalar(statement, execution_options=MATCHING) is not None:
        raise Refused("number_of_other_child")


def _put_number(session: Session, child: Child, number: str | None) -> None:
    child.insz = number
    child.insz_index = insz_index(Insz(number)) if number else None
    session.flush()


def _add_search_keys(
    session: Session, children: Sequence[NewChild], added: Sequence[AddedChild], known: set[int]
) -> None:
    """`known`: the households that were there before, which may have some of these keys."""
    write_child_keys(session, {child.id: (child.first_name, child.last_name) for child in added})
    grown_ups: dict[int, set[str]] = {}
    for child, there in zip(children, added, strict=True):
        grown_ups.setdefault(there.household_id, set()).update(grown_up_keys(child.reference_person))
    add_family_keys(session, {household: keys for household, keys in grown_ups.items() if household in known})
    write_family_keys(session, {household: keys for household, keys in grown_ups.items() if household not in known})


def _households(
    session: Session, children: Sequence[NewChild], known: Mapping[tuple[str, str], list[int]], now: datetime
) -> list[int]:
    """The household of each: the only one at its address with its reference person, else a new one."""
    rows: list[dict[str, Any]] = []
    place_of: dict[tuple[str, str], int] = {}
    places: list[tuple[bool, int]] = []
    for child in children:
        home = child.home
        if home is not None and len(known.get(home, ())) == 1:
            places.append((True, known[home][0]))
            continue
        if home is None or home not in place_of:
            rows.append(_household_row(child) | {"created_at": now})
            if home is not None:
                place_of[home] = len(rows) - 1
        places.append((False, place_of[home] if home is not None else len(rows) - 1))
    made = insert_with_ids(session, Household, rows)
    return [place if is_known else made[place] for is_known, place in places]


def _known_households(session: Session, homes: set[tuple[str, str]]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for chunk in in_chunks({address for address, _ in homes}):
        statement = (
            select(Household.address_key, Household.reference_key, Household.id)
            .where(Household.address_key.in_(chunk))
            .order_by(Household.id)
        )
        for address, reference, household_id in session.execute(statement, execution_options=MATCHING):
            found.setdefault((address, reference), []).append(household_id)
    return found


def _household_row(child: NewChild) -> dict[str, Any]:
    return {
        "address_key": child.address_key,
        "reference_person": child.reference_person or None,
        "reference_key": reference_key(child.reference_person),
    }


def _child_row(child: NewChild, household_id: int, now: datetime) -> dict[str, Any]:
    return {
        "first_name": child.first_name,
        "last_name": child.last_name,
        "name_key": name_key(child.first_name, child.last_name),
        "born_on": child.born_on,
        "insz": child.insz.number if child.insz else None,
        "insz_index": insz_index(child.insz),
        "language": child.language or None,
        "household_id": household_id,
        "created_at": now,
        "version": 1,
    }


def _residence_row(
    child: NewChild, child_id: int, kinds: Mapping[str, str], now: datetime, by: Actor
) -> dict[str, Any]:
    kind = AddressKind.HOME if child.address_key else AddressKind.NONE
    return {
        "child_id": child_id,
        "street": child.street,
        "number": child.number,
        "box": child.box,
        "postcode": child.postcode,
        "municipality": child.municipality,
        "nis": child.nis,
        "kind": kinds.get(child.address_key, kind.value),
        "address_key": child.address_key,
        "from_at": now,
        "by_id": by.person_id,
    }
