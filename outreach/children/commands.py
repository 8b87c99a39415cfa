"""Children become known, get another number, or turn out to live in another kind of place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

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
from outreach.database.among import MANY, among
from outreach.database.copying import Columns, Same
from outreach.database.many import in_chunks, insert_columns, insert_columns_with_ids
from outreach.errors import Refused

INSZ = "insz"


class Newcomer(Protocol):
    """A child nobody knew yet, with where it lives; what is not known is empty or None.

    `address_key` is equal for the same address, and empty without a street.
    """

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def born_on(self) -> date: ...
    @property
    def insz(self) -> Insz | None: ...
    @property
    def street(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def box(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def municipality(self) -> str: ...
    @property
    def nis(self) -> str | None: ...
    @property
    def reference_person(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def address_key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewChild:
    """A newcomer somebody told of, not a list."""

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

    def __post_init__(self) -> None:
        key = address_key(self.street, self.number, self.box, self.postcode, self.nis)
        object.__setattr__(self, "address_key", key)


class AddedChild(NamedTuple):
    """A child that was just written, with what is asked of it next."""

    id: int
    born_on: date
    household_id: int
    first_name: str
    last_name: str


Home = tuple[str, str]
"""What makes one household: address and reference person, as keys."""


@lru_cache(maxsize=8192)
def reference_key(reference_person: str) -> str:
    """Equal for the same person, whichever name comes first."""
    return token_key("", reference_person)


def insz_index(insz: Insz | None) -> str | None:
    """The blind index a number is found by."""
    return crypto.keys().blind_index(insz.number, INSZ) if insz else None


def add_children(
    session: Session, children: Sequence[Newcomer], *, kinds: Mapping[str, str] | None = None, by: Actor
) -> list[AddedChild]:
    """Write many children at once, each in its household, in the same order; `kinds`: address key -> kind of address.

    A child joins a household when address (box included) and reference person are the same and it is the only one;
    anything less makes a household of its own.
    """
    now, count = clock.now(), len(children)
    addresses = [child.address_key for child in children]
    homes = [_home(address, child) for address, child in zip(addresses, children, strict=True)]
    known = _known_households(session, {home for home in homes if home})
    households = _households(session, children, addresses, homes, known, now)
    ids = _write_children(session, children, households, now)
    since: Columns = {"child_id": ids, "from_at": Same(now), "by_id": Same(by.person_id)}
    insert_columns(session, HouseholdMembership, count, {**since, "household_id": households})
    insert_columns(session, Residence, count, {**since, **_where_they_live(children, addresses, kinds or {})})
    names = [[getattr(child, name) for child in children] for name in ("first_name", "last_name")]
    added = list(map(AddedChild, ids, [child.born_on for child in children], households, *names))
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
    session: Session, children: Sequence[Newcomer], added: Sequence[AddedChild], known: set[int]
) -> None:
    """`known`: the households that were there before, which may have some of these keys."""
    write_child_keys(session, {child.id: (child.first_name, child.last_name) for child in added})
    grown_ups: dict[int, set[str]] = {}
    for child, there in zip(children, added, strict=True):
        grown_ups.setdefault(there.household_id, set()).update(grown_up_keys(child.reference_person))
    add_family_keys(session, {household: keys for household, keys in grown_ups.items() if household in known})
    write_family_keys(session, {household: keys for household, keys in grown_ups.items() if household not in known})


def _home(address: str, child: Newcomer) -> Home | None:
    """None when one of the two is not known: then nobody is of the same household."""
    reference = reference_key(child.reference_person)
    return (address, reference) if address and reference else None


def _households(
    session: Session,
    children: Sequence[Newcomer],
    addresses: Sequence[str],
    homes: Sequence[Home | None],
    known: Mapping[Home, Sequence[int]],
    now: datetime,
) -> list[int]:
    """The household of each: the only one at its address with its reference person, else a new one."""
    household_of: dict[Home | int, int] = {home: there[0] for home, there in known.items() if len(there) == 1}
    makes: dict[Home | int, int] = {}
    """The first child of each new household: by home, or by its own place when it has none."""
    for place, home in enumerate(homes):
        if home not in household_of:
            makes.setdefault(home or place, place)
    firsts = list(makes.values())
    people = [children[place].reference_person for place in firsts]
    ids = insert_columns_with_ids(
        session,
        Household,
        len(firsts),
        {
            "address_key": [addresses[place] for place in firsts],
            "reference_person": [person or None for person in people],
            "reference_key": list(map(reference_key, people)),
            "created_at": Same(now),
        },
    )
    household_of |= zip(makes, ids, strict=True)
    return [household_of[home or place] for place, home in enumerate(homes)]


def _known_households(session: Session, homes: set[Home]) -> dict[Home, list[int]]:
    found: dict[Home, list[int]] = {}
    for chunk in in_chunks({address for address, _ in homes}, MANY):
        statement = (
            select(Household.address_key, Household.reference_key, Household.id)
            .where(among(session, Household.address_key, chunk))
            .order_by(Household.id)
        )
        for address, reference, household_id in session.execute(statement, execution_options=MATCHING):
            found.setdefault((address, reference), []).append(household_id)
    return found


def _write_children(
    session: Session, children: Sequence[Newcomer], households: Sequence[int], now: datetime
) -> Sequence[int]:
    return insert_columns_with_ids(
        session,
        Child,
        len(children),
        {
            "first_name": [child.first_name for child in children],
            "last_name": [child.last_name for child in children],
            "name_key": [name_key(child.first_name, child.last_name) for child in children],
            "born_on": [child.born_on for child in children],
            "insz": [child.insz.number if child.insz else None for child in children],
            "insz_index": [insz_index(child.insz) for child in children],
            "language": [child.language or None for child in children],
            "household_id": households,
            "created_at": Same(now),
            "version": Same(1),
        },
    )


def _where_they_live(
    children: Sequence[Newcomer], addresses: Sequence[str], kinds: Mapping[str, str]
) -> dict[str, list[str] | list[str | None]]:
    """The columns of where each child lives now, with what kind of place that is."""
    home, none = AddressKind.HOME.value, AddressKind.NONE.value
    columns = ("street", "number", "box", "postcode", "municipality", "nis")
    return {
        **{name: [getattr(child, name) for child in children] for name in columns},
        "kind": [kinds.get(address, home if address else none) for address in addresses],
        "address_key": list(addresses),
    }
