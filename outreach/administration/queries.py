"""What the administration pages ask: whom somebody may see, and what was changed about it."""

from collections.abc import Set

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from outreach.accounts.actors import Actor
from outreach.administration import policy
from outreach.administration.models import PartnerChange
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import areas, areas_coordinated, serving_area

SHOWN = 20
"""Changes on a page."""


def areas_of(session: Session, actor: Actor) -> list[Area]:
    """The areas somebody may see, by name."""
    if policy.may_administer(actor):
        return areas(session)
    return areas_coordinated(session, actor.organisation_id) if actor.role == policy.COORDINATOR else []


def in_own_areas(session: Session, actor: Actor) -> Set[int]:
    """The organisations that serve the areas a coordinator answers for; empty for anybody else."""
    if actor.role != policy.COORDINATOR:
        return frozenset()
    own = [area.id for area in areas_coordinated(session, actor.organisation_id)]
    return frozenset(session.scalars(serving_area(*own)))


def changes_of(session: Session, subject: str) -> list[PartnerChange]:
    """What was changed last on the page of a subject, newest first."""
    query = select(PartnerChange).where(PartnerChange.subject == subject)
    return list(session.scalars(_newest_first(query).limit(SHOWN)))


def last_change(session: Session, about: str) -> PartnerChange | None:
    """The newest change of one row."""
    query = select(PartnerChange).where(PartnerChange.about == about)
    return session.scalar(_newest_first(query).limit(1))


def _newest_first(query: Select[PartnerChange]) -> Select[PartnerChange]:
    return query.options(joinedload(PartnerChange.by), joinedload(PartnerChange.organisation)).order_by(
        PartnerChange.id.desc()
    )


def version_of(session: Session, about: str) -> str:
    """What tells one state of a row from the next; 0 while nobody changed it here."""
    found = last_change(session, about)
    return str(found.id if found else 0)


def subject_of(place: Area | Organisation) -> str:
    """How changes name the place they stand with."""
    return f"area:{place.id}" if isinstance(place, Area) else f"organisation:{place.id}"
