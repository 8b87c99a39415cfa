"""Which kleuter of a report is which child whose presence is followed at that school: surely, or perhaps. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from outreach.children.likeness import Portrait, compare_children
from outreach.children.names import name_key
from outreach.children.names_alike import NameReason, compare_names

_OTHER_CHILD = (NameReason.OTHER, NameReason.LAST_NAME_OTHER)


@dataclass(frozen=True, slots=True)
class Known:
    """A kleuter or a child, as far as one is known again by it; a report may give the year of birth alone."""

    id: int
    first_name: str
    last_name: str
    born_year: int
    born_on: date | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A kleuter and a child."""

    pupil_id: int
    child_id: int


@dataclass(frozen=True)
class Found:
    """`sure`: day of birth and name agree, for one kleuter and one child alone. `asked`: perhaps, somebody says."""

    sure: tuple[Pair, ...]
    asked: tuple[Pair, ...]


def lay_beside(pupils: Sequence[Known], children: Sequence[Known], apart: Collection[Pair] = ()) -> Found:
    """Lay the kleuters of one school nobody recognised yet beside the children followed there whom no kleuter is.

    `apart`: pairs of which somebody said that they are two children.
    """
    equal = [pair for pair in _pairs(pupils, children, apart) if _equal(*pair)]
    of_pupil, of_child = Counter(one.id for one, _ in equal), Counter(other.id for _, other in equal)
    sure = [(one, other) for one, other in equal if of_pupil[one.id] == of_child[other.id] == 1]
    done, found = {one.id for one, _ in sure}, {other.id for _, other in sure}
    asked = (
        (one, other)
        for one, other in _pairs(pupils, children, apart)
        if one.id not in done and other.id not in found and _alike(one, other)
    )
    return Found(_as_pairs(sure), _as_pairs(asked))


def _pairs(
    pupils: Sequence[Known], children: Sequence[Known], apart: Collection[Pair]
) -> Iterator[tuple[Known, Known]]:
    return ((one, other) for other in children for one in pupils if Pair(one.id, other.id) not in apart)


def _equal(one: Known, other: Known) -> bool:
    same = name_key(one.first_name, one.last_name) == name_key(other.first_name, other.last_name)
    return same and one.born_on is not None and one.born_on == other.born_on


def _alike(one: Known, other: Known) -> bool:
    """Worth a question: never twins, nor cousins."""
    if one.born_on is None or other.born_on is None:
        names = compare_names((one.first_name, one.last_name), (other.first_name, other.last_name))
        return one.born_year == other.born_year and names.reason not in _OTHER_CHILD
    portraits = (Portrait(each.first_name, each.last_name, each.born_on) for each in (one, other) if each.born_on)
    return not compare_children(*portraits).apart


def _as_pairs(found: Iterable[tuple[Known, Known]]) -> tuple[Pair, ...]:
    return tuple(Pair(one.id, other.id) for one, other in found)
