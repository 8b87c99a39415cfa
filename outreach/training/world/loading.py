"""A list comes in as lists do: read, judged and loaded by the importer, in the name of the area's coordinator."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import actor_for
from outreach.accounts.queries import members
from outreach.children.addresses import AddressKind, address_key
from outreach.errors import Unsound
from outreach.imports.commands import Terms, load_list
from outreach.imports.judging import receive
from outreach.imports.reading import read_list
from outreach.partners.queries import find_agreement, find_area
from outreach.training.world.lists import Incoming
from outreach.training.world.streets import RECEPTION_CENTRE

_CENTRE = address_key(
    street=RECEPTION_CENTRE.name, number="40", box="", postcode=RECEPTION_CENTRE.postcode, nis=RECEPTION_CENTRE.nis
)


def load(session: Session, incoming: Incoming) -> dict[str, int]:
    """Load this list: the account of its rows."""
    area, agreement = find_area(session, incoming.area), find_agreement(session, incoming.agreement)
    if area is None or agreement is None:
        raise Unsound("world_without_area", area=incoming.area)
    coordinator = members(session, area.coordinator_id, role="coordinator", on=clock.today())[0]
    terms = Terms(
        area=area,
        as_of=incoming.on,
        organisation_id=area.coordinator_id,
        agreement_id=agreement.id,
        address_kinds={_CENTRE: AddressKind.RECEPTION_CENTRE},
    )
    received = receive(read_list(incoming.file), incoming.on)
    return load_list(session, received, terms, by=actor_for(coordinator)).counts
