"""New children of a list who are probably known: one known child each, never merged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.children.likeness import Likeness, Portrait
from outreach.children.resembling import one_to_one, resembling
from outreach.imports.checking import ListedChild
from outreach.imports.queries.comparing import CaseOfChild, Compared, cases_of


@dataclass(frozen=True, slots=True)
class Probably:
    """A new child of a list beside the known child it probably is."""

    listed: Compared
    child_id: int
    case: CaseOfChild
    likeness: Likeness


def probably_known(session: Session, compared: Sequence[Compared]) -> list[Probably]:
    """The new children of a list that somebody is asked about, in the order of the list.

    Who is on the list under their own number or name is nobody else on it: that keeps twins apart.
    """
    new = [one for one in compared if one.match is None]
    on_it = {one.match.child_id for one in compared if one.match}
    found = one_to_one(resembling(session, [portrait_of(one.child) for one in new], besides=on_it))
    cases = cases_of(session, [one.child_id for one in found])
    return [
        Probably(new[one.place], one.child_id, cases[one.child_id], one.likeness)
        for one in sorted(found, key=lambda one: one.place)
        if one.child_id in cases
    ]


def portrait_of(child: ListedChild) -> Portrait:
    """A listed child as far as it helps to know it again."""
    return Portrait(
        child.first_name, child.last_name, child.born_on, child.insz, child.address_key, child.reference_person
    )
