"""New children of a list who are probably known: one known child each, never merged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from sqlalchemy.orm import Session

from outreach.children.likeness import Likeness, Portrait
from outreach.children.resembling import one_to_one, resembling
from outreach.imports.checking import ListedChild
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
    pairs = zip(comparison.judged.children, comparison.matches, strict=True)
    new = [child for child, match in pairs if match is None]
    on_it = {match.child_id for match in comparison.matches if match}
    found = one_to_one(resembling(session, Portraits(new), besides=on_it))
    cases = cases_of(session, [one.child_id for one in found])
    return [
        Probably(new[one.place], one.child_id, cases[one.child_id], one.likeness)
        for one in sorted(found, key=lambda one: one.place)
        if one.child_id in cases
    ]


class Portraits(Sequence[Portrait]):
    """The portraits of listed children, each made when it is looked at."""

    def __init__(self, children: Sequence[ListedChild]) -> None:
        self._children = children

    def __len__(self) -> int:
        return len(self._children)

    @overload
    def __getitem__(self, place: int) -> Portrait: ...

    @overload
    def __getitem__(self, place: slice) -> "Portraits": ...

    def __getitem__(self, place: int | slice) -> "Portrait | Portraits":
        if isinstance(place, slice):
            return Portraits(self._children[place])
        return portrait_of(self._children[place])


def portrait_of(child: ListedChild) -> Portrait:
    """A listed child as far as it helps to know it again."""
    return Portrait(
        child.first_name, child.last_name, child.born_on, child.insz, child.address_key, child.reference_person
    )
