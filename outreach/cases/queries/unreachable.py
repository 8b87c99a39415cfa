"""Who in a coordinator's areas gets no mail any more, because the address is wrong."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership, Person
from outreach.accounts.queries import active
from outreach.cases.models import SignedLink
from outreach.cases.queries.mail_near import near
from outreach.children.grants import sight
from outreach.notifications.addresses import wrong_addresses
from outreach.partners.models import Organisation


@dataclass(frozen=True)
class Unreachable:
    """Somebody, a team, or a partner without an account, whose address is wrong; `name` is empty for a team."""

    name: str
    organisation: str
    address: str


def unreachable(session: Session, actor: Actor) -> list[Unreachable]:
    """By organisation and name; empty when every address takes mail, which is one small statement to know."""
    wrong = [row.address for row in wrong_addresses(session)]
    if not wrong:
        return []
    people = (
        select(Person.name, Organisation.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(near(actor), active(clock.today()), func.lower(Person.email).in_(wrong))
    )
    teams = select(Organisation.name, Organisation.mailbox).where(
        near(actor), func.lower(Organisation.mailbox).in_(wrong)
    )
    links = select(SignedLink.address).where(
        SignedLink.organisation_id == actor.organisation_id,
        SignedLink.answered_at.is_(None),
        SignedLink.withdrawn_at.is_(None),
        func.lower(SignedLink.address).in_(wrong),
    )
    found = {Unreachable(name, place, address or "") for name, place, address in session.execute(people)}
    found |= {Unreachable("", place, address or "") for place, address in session.execute(teams)}
    known = {each.address for each in found}
    partners = {address for address in session.scalars(links, execution_options=sight(actor)) if address not in known}
    found |= {Unreachable("", "", address) for address in partners}
    return sorted(found, key=lambda each: (each.organisation, each.name, each.address))
