"""Guarded cases in statements: whose address and school somebody may see; the same rule as policy.place_is_hidden."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Step
from outreach.cases.models.step import IS_LIVING


def in_the_open(actor: Actor, case: Any = Case) -> ColumnElement[bool]:
    """Cases that are not guarded, and guarded ones of which this actor has the lead, a living step or the trust."""
    if actor.organisation_id is None:
        return false()
    owned = select(Step.id).where(Step.case_id == case.id, IS_LIVING, Step.organisation_id == actor.organisation_id)
    if actor.role == "bridge-person":
        owned = owned.where(Step.person_id == actor.person_id)
    shown = [case.secrecy.is_(None), case.companion_id == actor.person_id, owned.exists()]
    if actor.role in ("coordinator", "team-lead"):
        shown.append(case.lead_id == actor.organisation_id)
    return or_(*shown)
