"""Known children who are probably the child somebody tells of, though nothing matches by itself; many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.children.insz import Insz
from outreach.children.likeness import Likeness, Portrait, compare_children
from outreach.children.matching import MATCHING
from outreach.children.models import Child, Household, Residence
from outreach.children.names import words
from outreach.children.names_alike import heard
from outreach.children.near_dates import near_dates
from outreach.children.search import name_keys
from outreach.children.search_sounds import sounds
from outreach.database.many import in_chunks

_STREAMED = {**MATCHING, "yield_per": 2_000}
_PORTION = 25_000
"""So many are laid beside the known children at a time: what is remembered of a list has a bound."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A known child that may be the one at this place of those sought, and how much they are alike."""

    place: int
    child_id: int
    likeness: Likeness


def resembling(session: Session, sought: Sequence[Portrait], *, besides: Collection[int] = ()) -> list[Resemblance]:
    """Every known child that is to be proposed for one of those sought, the most alike first.

    `besides`: children who are not looked at, because another row is they. Merged children and those who died are
    never proposed.
    """
    if not sought:
        return []
    others = frozenset(besides)
    pairs: list[tuple[int, int]] = []
    for first in range(0, len(sought), _PORTION):
        pairs += sorted(_candidates(session, list(enumerate(sought[first : first + _PORTION], first)), others))
    known = portraits(session, {child_id for _, child_id in pairs})
    found = [
        Resemblance(place, child_id, compare_children(sought[place], known[child_id])) for place, child_id in pairs
    ]
    return sorted(
        (one for one in found if one.likeness.proposed), key=lambda one: (-one.likeness.score, one.place, one.child_id)
    )


def one_to_one(found: Iterable[Resemblance]) -> list[Resemblance]:
    """The most alike pairs, so that no place and no child stands in two."""
    places: set[int] = set()
    children: set[int] = set()
    chosen = []
    for one in found:
        if one.place not in places and one.child_id not in children:
            places.add(one.place)
            children.add(one.child_id)
            chosen.append(one)
    return chosen


def portraits(session: Session, child_ids: Iterable[int]) -> dict[int, Portrait]:
    """These children as far as it helps to know them again."""
    found = {}
    for chunk in in_chunks(child_ids):
        statement = (
            select(Child, Residence.address_key, Household.reference_person)
            .join(Household, Household.id == Child.household_id)
            .outerjoin(Residence, (Residence.child_id == Child.id) & Residence.until_at.is_(None))
            .where(Child.id.in_(chunk))
        )
        for child, address, reference in session.execute(statement, execution_options=MATCHING):
            number = Insz(child.insz) if child.insz else None
            found[child.id] = Portrait(
                child.first_name, child.last_name, child.born_on, number, address or "", reference or ""
            )
    return found


def _candidates(
    session: Session, portion: Sequence[tuple[int, Portrait]], besides: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of place and child worth a closer look: born the same day with a first name that sounds so, or born on a
    day that a slip of the pen makes of it, when every word of the names sounds the same."""
    same_day: dict[tuple[date, str], list[int]] = defaultdict(list)
    same_sound: dict[str, list[tuple[int, date]]] = defaultdict(list)
    days = {one.born_on for _, one in portion}
    known = _born_on(session, days.union(*map(near_dates, days)))
    first = next(known, None)
    if first is None:  # nobody is known yet who was born around then
        return
    for place, one in portion:
        same_sound[_sound(one.first_name, one.last_name)].append((place, one.born_on))
        for key in _keys(one.first_name):
            same_day[one.born_on, key].append(place)
    for child_id, first_name, last_name, born_on in chain((first,), known):
        if child_id in besides:
            continue
        places: set[int] = set()
        if born_on in days:
            for key in _keys(first_name) | _keys(last_name):
                places.update(same_day.get((born_on, key), ()))
        alike = same_sound.get(_sound(first_name, last_name), ())
        places.update(place for place, day in alike if born_on in near_dates(day))
        yield from ((place, child_id) for place in places)


def _born_on(session: Session, dates: set[date]) -> Iterator[tuple[int, str, str, date]]:
    for chunk in in_chunks(sorted(dates)):
        statement = select(Child.id, Child.first_name, Child.last_name, Child.born_on).where(
            Child.born_on.in_(chunk), Child.merged_into_id.is_(None), Child.died_on.is_(None)
        )
        for row in session.execute(statement, execution_options=_STREAMED):
            yield row[0], row[1], row[2], row[3]


def _sound(first_name: str, last_name: str) -> str:
    """How the words of a name sound, in whatever order."""
    return " ".join(sorted(_sounds(first_name) + _sounds(last_name)))


@lru_cache(maxsize=20_000)  # a quarter of a million children share far fewer names
def _keys(name: str) -> frozenset[str]:
    return frozenset(name_keys(heard(name)))


@lru_cache(maxsize=20_000)
def _sounds(name: str) -> tuple[str, ...]:
    return tuple(min(sounds(word)) for word in words(heard(name)))
