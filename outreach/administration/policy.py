"""Who may change what about organisations and areas.

Administrators everything, and they see no child: of dates that move they get counts. A coordinator keeps the closing
days and registration windows of the areas of the own organisation, and the closing days of the schools there, which
often have nobody to do so. Team leads, school contacts and coordinators keep the mailbox, hours and closing days of
their own organisation.
"""

from collections.abc import Collection

from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD
from outreach.partners.models import SCHOOL, Area, Organisation

COORDINATOR = "coordinator"
SCHOOL_CONTACT = "school-contact"

OF_AREAS = (ADMINISTRATOR, COORDINATOR)
OF_ORGANISATIONS = (*OF_AREAS, TEAM_LEAD, SCHOOL_CONTACT)
_KEEPERS = frozenset({COORDINATOR, TEAM_LEAD, SCHOOL_CONTACT})


def may_administer(actor: Actor) -> bool:
    """Add, rename and end organisations and areas, their municipalities, routing and agreements."""
    return actor.role == ADMINISTRATOR


def may_see_area(actor: Actor, area: Area) -> bool:
    """See the page of an area, and keep its closing days and windows."""
    return may_administer(actor) or (actor.role == COORDINATOR and area.coordinator_id == actor.organisation_id)


def may_see_organisation(actor: Actor, organisation: Organisation, in_own_areas: Collection[int]) -> bool:
    """See the page of an organisation: the own one; for a coordinator also those that serve the own areas."""
    if may_keep_organisation(actor, organisation):
        return True
    return actor.role == COORDINATOR and organisation.id in in_own_areas


def may_keep_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Change its mailbox, language, working days and hours."""
    return may_administer(actor) or (actor.role in _KEEPERS and actor.organisation_id == organisation.id)


def may_keep_closings(actor: Actor, organisation: Organisation, in_own_areas: Collection[int]) -> bool:
    """Add, change and remove its closing days."""
    if may_keep_organisation(actor, organisation):
        return True
    return organisation.kind == SCHOOL and may_see_organisation(actor, organisation, in_own_areas)
