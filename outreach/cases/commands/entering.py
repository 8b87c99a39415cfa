"""A child nobody had on a list is entered by hand, once it is clear that it is not known already."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.door import require_newcomer
from outreach.cases.commands.family import become_companion
from outreach.cases.commands.opening import NewCase, open_case
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.newcomers import surely_known
from outreach.children.commands import NewChild, add_children
from outreach.children.households import move_in
from outreach.children.models import Child, Household
from outreach.children.queries import special_addresses
from outreach.errors import Refused
from outreach.partners.models import Area
from outreach.partners.queries import municipalities_of

_SHELTER = "shelter"


def enter_case(session: Session, newcomer: NewChild, *, area: Area, household: Household | None, by: Actor) -> Case:
    """Open a case at intake, led by who coordinates the area; who enters it for another team becomes the companion.

    `household`: the family at this address it is said to be of; None: one of its own, unless address and reference
    person are those of one household. Raises Refused when the child is surely known, or cannot be one of ours.
    """
    require_newcomer(newcomer.first_name, newcomer.last_name, newcomer.born_on)
    if surely_known(session, newcomer) is not None:
        raise Refused("child_known")
    kinds = special_addresses(session, [newcomer.address_key] if newcomer.address_key else [])
    added = add_children(session, [newcomer], kinds=kinds, by=by)[0]
    if household is not None and household.id != added.household_id:
        child = session.scalars(select(Child).where(Child.id == added.id), execution_options=INSIDE).one()
        move_in(session, child, household, by=by)
    here = municipalities_of(session, area.id, clock.today())
    hidden = _SHELTER if kinds.get(newcomer.address_key) == _SHELTER else None
    outside = newcomer.nis is not None and newcomer.nis not in here
    wanted = NewCase(added, area.id, area.coordinator_id, outside=outside, secrecy=hidden)
    case = open_case(session, wanted, origin="by_hand", by=by)
    if by.organisation_id != area.coordinator_id:
        become_companion(session, case, by=by)
    return case
