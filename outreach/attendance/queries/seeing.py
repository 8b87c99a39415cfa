"""Whose pupils somebody sees: the one filter every read of them goes through."""

from sqlalchemy import ColumnElement, and_, exists, false
from sqlalchemy.orm import aliased

from outreach.accounts.actors import Actor
from outreach.attendance.models import Pupil, PupilCare
from outreach.attendance.policy import BY_NAME, is_school


def sees_pupil(actor: Actor) -> ColumnElement[bool]:
    """True for pupils this actor may see by name: the contact of a school those of that school, somebody who rings
    for it those given to them by name, nobody else any."""
    if is_school(actor):
        return Pupil.school_id == actor.organisation_id
    if actor.role == BY_NAME:
        care = aliased(PupilCare)
        given = exists().where(care.pupil_id == Pupil.id, care.rings_id == actor.person_id, care.replaced_at.is_(None))
        return and_(Pupil.school_id == actor.organisation_id, given)
    return false()
