"""Lists and reports come in as they do: read, judged and loaded by the importer, in the name of the coordinator."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.queries import members
from outreach.children.addresses import AddressKind, address_key
from outreach.errors import Unsound
from outreach.imports.absences import receive_days
from outreach.imports.commands import Terms, load_list
from outreach.imports.commands.loading_absences import load_absences
from outreach.imports.commands.loading_reports import LoadedReports, ReportTerms, load_reports
from outreach.imports.judging import receive
from outreach.imports.models import PARTICIPATION
from outreach.imports.participation import receive_files
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.reading import read_list
from outreach.partners.models import Area
from outreach.partners.queries import find_agreement, find_area
from outreach.training.world.lists import Incoming
from outreach.training.world.partners import GENT, REPORT_AGREEMENTS
from outreach.training.world.reports import IncomingReports
from outreach.training.world.streets import RECEPTION_CENTRE

_CENTRE = address_key(
    street=RECEPTION_CENTRE.name, number="40", box="", postcode=RECEPTION_CENTRE.postcode, nis=RECEPTION_CENTRE.nis
)


def load(session: Session, incoming: Incoming) -> dict[str, int]:
    """Load this list: the account of its rows."""
    area, agreement = find_area(session, incoming.area), find_agreement(session, incoming.agreement)
    if area is None or agreement is None:
        raise Unsound("world_without_area", area=incoming.area)
    terms = Terms(
        area=area,
        as_of=incoming.on,
        organisation_id=area.coordinator_id,
        agreement_id=agreement.id,
        address_kinds={_CENTRE: AddressKind.RECEPTION_CENTRE},
    )
    received = receive(read_list(incoming.file), incoming.on)
    return load_list(session, received, terms, by=_coordinator(session, area)).counts


def load_of_schools(session: Session, incoming: IncomingReports) -> LoadedReports:
    """Load these reports of participation, or absences by day."""
    area, agreement = find_area(session, GENT), find_agreement(session, REPORT_AGREEMENTS[incoming.kind])
    if area is None or agreement is None:
        raise Unsound("world_without_area", area=GENT)
    terms = ReportTerms(area, incoming.as_of, area.coordinator_id, agreement)
    list_file = read_list(incoming.file, vocabulary=vocabulary_for(session, area.coordinator_id, incoming.kind))
    by = _coordinator(session, area)
    if incoming.kind == PARTICIPATION:
        return load_reports(session, receive_files([list_file], incoming.as_of), terms, by=by)
    return load_absences(session, receive_days([list_file], incoming.as_of), terms, by=by)


def _coordinator(session: Session, area: Area) -> Actor:
    return actor_for(members(session, area.coordinator_id, role="coordinator", on=clock.today())[0])
