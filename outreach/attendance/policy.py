"""Who may do what with the attendance of a school; whose pupils one sees is decided when they are fetched."""

from collections.abc import Iterable

from outreach.accounts.actors import Actor
from outreach.partners.models import SCHOOL, Area

CONTACT, BY_NAME, COORDINATOR = "school-contact", "bridge-person", "coordinator"


def is_school(actor: Actor) -> bool:
    """Whether the actor is the contact of a school: sees its pupils, and sends its report."""
    return actor.role == CONTACT and actor.organisation_kind == SCHOOL


def of_school(actor: Actor) -> bool:
    """Whether the actor is here for a school: its contact, or who rings for it and has kleuters by name."""
    return actor.role in (CONTACT, BY_NAME) and actor.organisation_kind == SCHOOL


def counts_of(actor: Actor, areas: Iterable[Area]) -> list[Area]:
    """The areas whose counts this actor sees: those its organisation coordinates."""
    if actor.role != COORDINATOR:
        return []
    return [area for area in areas if area.coordinator_id == actor.organisation_id]
