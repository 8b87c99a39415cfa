"""New children of a list who are probably known: one known child each, never merged by itself."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from sqlalchemy.orm import Session

from outreach.children.likeness import Likeness, Portrait
from outreach.children.resembling import one_to_one, resembling
from outreach.imports.listed import ListedChild
from outreach.imports.queries.comparing import CaseOfChild, Comparison, cases_of


@dataclass(frozen=True, slots=True)
class Probably:
    """A new child of a list beside the known child it probably is."""

    listed: ListedChild
    child_id: int
    case: CaseOfChild
    likeness: Likeness


def probably_known(session: Session, comparison: Comparison) -> list[Probably]:
    """The new children of a list that somebody is asked about, in the order of the list.

    Who is on the list under their own number or name is nobody else on it: that keeps twins apart.
    """
    new = array("L", (place for place, match in enumerate(comparison.matches) if match is None))
    on_it = {match.child_id for match in comparison.matches if match}
    children = comparison.judged.children
    found = one_to_one(resembling(session, Portraits(children, new), besides=on_it))
    cases = cases_of(session, [one.child_id for one in found])
    return [
        Probably(children[new[one.place]], one.child_id, cases[one.child_id], one.likeness)
        for one in sorted(found, key=lambda one: one.place)
        if one.child_id in cases
    ]


class Portraits(Sequence[Portrait]):
    """The portraits of the children at these places of a list, each made when it is looked at."""

    def __init__(self, children: Sequence[ListedChild], places: Sequence[int]) -> None:
        self._children, self._places = children, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Portrait: ...

    @overload
    def __getitem__(self, place: slice) -> "Portraits": ...

    def __getitem__(self, place: int | slice) -> "Portrait | Portraits":
        if isinstance(place, slice):
            return Portraits(self._children, self._places[place])
        return portrait_of(self._children[self._places[place]])


def portrait_of(child: ListedChild) -> Portrait:
    """A listed child as far as it helps to know it again."""
    return Portrait(
        child.first_name, child.last_name, child.born_on, child.insz, child.address_key, child.reference_person
    )
