"""What a list says otherwise of a child is taken over: its name, its birth date, the address of a family that moved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.family import correct_address
from outreach.cases.commands.rederiving import rederive_case
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children.addresses import AddressKind, address_key
from outreach.children.correcting import correct_birth_date, rename_child
from outreach.children.households import children_of, split_off
from outreach.children.models import Child, Household
from outreach.children.queries import special_addresses


def correct_name(session: Session, case: Case, *, first_name: str, last_name: str, source: str, by: Actor) -> None:
    """Write the child's name otherwise."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    change = rename_child(session, child, first_name=first_name, last_name=last_name, source=source, by=by)
    personal = {"before": change.before, "after": change.after}
    record(session, case, "name_corrected", by=by, data={"change": change.id}, personal=personal)


def correct_birth(session: Session, case: Case, *, born_on: date, source: str, by: Actor) -> None:
    """Write another birth date; the days that hang on it move."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    change = correct_birth_date(session, child, born_on=born_on, source=source, by=by)
    personal = {"before": change.before, "after": change.after}
    record(session, case, "birth_date_corrected", by=by, data={"change": change.id}, personal=personal)
    session.flush()
    rederive_case(session, case, because="birth_date", by=by)


def stays_behind(session: Session, household_id: int, moving: Sequence[int]) -> bool:
    """Whether children of this household stay where they live when these children move."""
    return any(child.id not in moving for child in children_of(session, household_id))


def move_together(
    session: Session,
    cases: Sequence[Case],
    *,
    address: Mapping[str, Any],
    reference_person: str = "",
    by: Actor,
) -> None:
    """Children of one household live elsewhere now, and stay together: the household moves with them, or splits when
    some stay behind. Teams and steps stay as they are."""
    children = [session.get_one(Child, case.child_id, execution_options=INSIDE) for case in cases]
    key = address_key(address["street"], address["number"], address["box"], address["postcode"], address["nis"] or None)
    kind = AddressKind(special_addresses(session, [key]).get(key, AddressKind.HOME))
    for case in cases:
        correct_address(session, case, address=address, kind=kind, by=by)
    session.flush()
    household_id = children[0].household_id
    if stays_behind(session, household_id, [child.id for child in children]):
        made = split_off(session, children, with_contacts=True, reference_person=reference_person, by=by)
        for case in cases:
            data = {"household": household_id, "made": made.id}
            record(session, case, "moved_apart", by=by, data=data)
    else:
        session.get_one(Household, household_id, execution_options=INSIDE).address_key = key
        session.flush()
