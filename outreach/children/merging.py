"""Two records turn out to be of one child: one of them stays, and nothing that only the other knew is lost."""

from collections.abc import Collection

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.commands import note_number
from outreach.children.households import bring_along
from outreach.children.insz import Insz
from outreach.children.likeness import is_provisional
from outreach.children.matching import MATCHING
from outreach.children.models import Child, Household, TwoChildren
from outreach.children.search_keys import add_child_keys
from outreach.database.many import in_chunks
from outreach.errors import Refused


def merge_child(session: Session, kept: Child, double: Child, *, source: str, by: Actor) -> None:
    """`double` becomes `kept`: it is found by both names and both numbers, and whoever may be rung may be rung.

    Name, birth date and address of `kept` stay. Its number does too, unless it has none, or a provisional one where
    the other has one of the National Register. Raises Refused for a child with itself, one that was merged already, or
    one that died.
    """
    if kept.id == double.id or kept.merged_into_id is not None or double.merged_into_id is not None:
        raise Refused("children_merged_already")
    if kept.died_on is not None or double.died_on is not None:
        raise Refused("child_died")
    earlier = update(Child).where(Child.merged_into_id == double.id).values(merged_into_id=kept.id)
    session.execute(earlier.execution_options(synchronize_session=False))
    double.merged_into_id = kept.id
    session.flush()
    _take_number(session, kept, double, source, by)
    kept.language = kept.language or double.language
    kept.interpreter = double.interpreter if kept.interpreter is None else kept.interpreter
    add_child_keys(session, {kept.id: (double.first_name, double.last_name)})
    if kept.household_id != double.household_id:
        here, there = (session.get_one(Household, id_, execution_options=MATCHING) for id_ in _homes(kept, double))
        bring_along(session, there, here, by)
    session.flush()


def records_of(session: Session, child_id: int) -> list[int]:
    """The child, and every record that became it."""
    merged = select(Child.id).where(Child.merged_into_id == child_id).order_by(Child.id)
    return [child_id, *session.scalars(merged, execution_options=MATCHING)]


def records_of_all(session: Session, child_ids: Collection[int]) -> dict[int, int]:
    """Every record of these children, each with the child it became: themselves, what they became, what became them."""
    found: dict[int, int] = {}
    became = func.coalesce(Child.merged_into_id, Child.id)
    for part in in_chunks(child_ids):
        kept = select(became).where(Child.id.in_(part)).scalar_subquery()
        statement = select(Child.id, became).where(or_(Child.id.in_(kept), Child.merged_into_id.in_(kept)))
        found |= {row[0]: row[1] for row in session.execute(statement, execution_options=MATCHING)}
    return found


def say_two_children(session: Session, one: Child, other: Child, *, by: Actor) -> None:
    """These records, however alike, are two children: nobody is asked about them again. Said twice it is said once."""
    if one.id == other.id or one.merged_into_id is not None or other.merged_into_id is not None:
        raise Refused("children_merged_already")
    low, high = sorted((one.id, other.id))
    if high in two_children(session, low):
        return
    session.add(TwoChildren(child_id=low, other_id=high, at=clock.now(), by_id=by.person_id))
    session.flush()


def two_children(session: Session, child_id: int) -> set[int]:
    """The records of which somebody said that they are another child than this one."""
    statement = select(TwoChildren).where(or_(TwoChildren.child_id == child_id, TwoChildren.other_id == child_id))
    found = session.scalars(statement, execution_options=MATCHING)
    return {one.other_id if one.child_id == child_id else one.child_id for one in found}


def number_stays(kept: str | None, double: str | None) -> bool:
    """Whether a merged child keeps the number it has."""
    if double is None or kept == double:
        return True
    return kept is not None and (not is_provisional(Insz(kept)) or is_provisional(Insz(double)))


def _take_number(session: Session, kept: Child, double: Child, source: str, by: Actor) -> None:
    if double.insz is not None and not number_stays(kept.insz, double.insz):
        note_number(session, kept, Insz(double.insz), source=source, by=by)


def _homes(kept: Child, double: Child) -> tuple[int, int]:
    return kept.household_id, double.household_id
