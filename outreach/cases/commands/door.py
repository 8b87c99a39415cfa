"""At the door there turns out to be another child: it gets a case of its own, in the same household."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.opening import NewCase, open_case
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children.commands import insz_index
from outreach.children.insz import Insz
from outreach.children.models import Child, HouseholdMembership, Residence
from outreach.children.names import name_key
from outreach.children.search_keys import add_child_keys
from outreach.errors import Refused
from outreach.schoolyear import months_after

_OLDEST = 7 * 12
"""Months: from the age of compulsory primary school on a child is no longer ours."""


def add_child_at_door(
    session: Session, case: Case, *, first_name: str, last_name: str, born_on: date, insz: Insz | None, by: Actor
) -> Case:
    """Open a case at intake for a child met at the door of this family, led by who leads this one.

    Raises Refused when the child is known already (by its number, or by name and birth date), its birth date cannot
    be right, or its name is missing.
    """
    require_newcomer(first_name, last_name, born_on)
    index = insz_index(insz)
    if _known(session, name_key(first_name, last_name), born_on, index):
        raise Refused("child_known")
    met = session.get_one(Child, case.child_id, execution_options=INSIDE)
    child = Child(
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        name_key=name_key(first_name, last_name),
        born_on=born_on,
        insz=insz.number if insz else None,
        insz_index=index,
        language=met.language,
        household_id=met.household_id,
        created_at=clock.now(),
    )
    session.add(child)
    session.flush()
    add_child_keys(session, {child.id: (child.first_name, child.last_name)})
    _settle(session, met, child, by)
    wanted = NewCase(child, case.area_id, case.lead_id, case.outside)
    opened = open_case(session, wanted, origin="door", by=by)
    opened.secrecy = case.secrecy
    record(session, case, "child_added", by=by, data={"case": opened.reference, "child": child.id})
    return opened


def require_newcomer(first_name: str, last_name: str, born_on: date) -> None:
    """Raises Refused without a name, or when the birth date cannot be that of a child of ours."""
    if not first_name.strip() or not last_name.strip():
        raise Refused("child_without_name")
    today = clock.today()
    if born_on > today:
        raise Refused("born_in_future", on=born_on)
    if months_after(born_on, _OLDEST) <= today:
        raise Refused("child_too_old", on=born_on)


def _known(session: Session, key: str, born_on: date, index: str | None) -> bool:
    """The same number; or the same name and birth date, unless both have a number and these differ."""
    same = and_(Child.born_on == born_on, Child.name_key == key)
    if index is not None:
        same = or_(Child.insz_index == index, and_(same, Child.insz_index.is_(None)))
    known = select(Child.id).where(same, Child.merged_into_id.is_(None)).limit(1)
    return session.scalars(known, execution_options=INSIDE).first() is not None


def _settle(session: Session, met: Child, child: Child, by: Actor) -> None:
    """The new child lives where the child of the case lives."""
    now = clock.now()
    session.add(
        HouseholdMembership(
            child_id=child.id, household_id=met.household_id, from_at=now, until_at=None, by_id=by.person_id
        )
    )
    here = select(Residence).where(Residence.child_id == met.id, Residence.until_at.is_(None))
    known = session.scalars(here, execution_options=INSIDE).one_or_none()
    if known is None:
        return
    session.add(
        Residence(
            child_id=child.id,
            street=known.street,
            number=known.number,
            box=known.box,
            postcode=known.postcode,
            municipality=known.municipality,
            nis=known.nis,
            kind=known.kind,
            address_key=known.address_key,
            from_at=now,
            until_at=None,
            by_id=by.person_id,
        )
    )
