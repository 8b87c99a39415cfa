"""Who may load lists, and for which areas."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.policy import is_school
from outreach.partners.models import LOP, Area
from outreach.partners.queries import areas, areas_served

LOADING_KINDS = frozenset({LOP, "kind-en-gezin", "municipality"})
"""Organisations that receive lists (process: Lead)."""


def areas_to_load(session: Session, actor: Actor, on: date) -> list[Area]:
    """The areas a coordinator's organisation coordinates, or serves as one that receives lists."""
    if actor.role != "coordinator" or actor.organisation_id is None:
        return []
    served = areas_served(session, on).get(actor.organisation_id, [])
    receives = actor.organisation_kind in LOADING_KINDS
    return [
        area
        for area in areas(session)
        if area.coordinator_id == actor.organisation_id or (receives and area.key in served)
    ]


def areas_to_report(session: Session, actor: Actor, on: date) -> list[Area]:
    """The areas one may send reports of participation for: a coordinator's own, and those a school serves."""
    if not is_school(actor):
        return areas_to_load(session, actor, on)
    served = areas_served(session, on).get(actor.organisation_id or 0, [])
    return [area for area in areas(session) if area.key in served]


def may_lead(kind: str) -> bool:
    """Whether an organisation of this kind may lead the cases of an age group."""
    return kind in LOADING_KINDS
