"""Whose mail a coordinator looks after: of the areas the organisation coordinates, and its own."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR, Membership, Person
from outreach.accounts.queries import active
from outreach.cases.models import SignedLink
from outreach.children.grants import sight
from outreach.partners.models import Area, Organisation, OrganisationArea
from outreach.partners.queries import valid


def near(actor: Actor) -> ColumnElement[bool]:
    """Whether an organisation is one's own, or serves an area that is coordinated from it."""
    own = select(Area.id).where(Area.coordinator_id == actor.organisation_id)
    serving = select(OrganisationArea.organisation_id).where(
        OrganisationArea.area_id.in_(own), valid(OrganisationArea, clock.today())
    )
    return or_(Organisation.id.in_(serving), Organisation.id == actor.organisation_id)


def addresses_near(session: Session, actor: Actor) -> Collection[str] | None:
    """The addresses of people and teams there, and of partners who had a link from here; None: an administrator looks
    after every mail."""
    if actor.role == ADMINISTRATOR:
        return None
    people = (
        select(func.lower(Person.email))
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(near(actor), active(clock.today()), Person.email.is_not(None))
    )
    teams = select(func.lower(Organisation.mailbox)).where(near(actor), Organisation.mailbox.is_not(None))
    partners = select(func.lower(SignedLink.address)).where(SignedLink.organisation_id == actor.organisation_id)
    found = {*session.scalars(people), *session.scalars(teams)}
    return found | set(session.scalars(partners, execution_options=sight(actor)))
