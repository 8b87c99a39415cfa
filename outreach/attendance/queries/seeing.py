"""Whose pupils somebody sees: the one filter every read of them goes through."""

from sqlalchemy import ColumnElement, false

from outreach.accounts.actors import Actor
from outreach.attendance.models import Pupil
from outreach.attendance.policy import is_school


def sees_pupil(actor: Actor) -> ColumnElement[bool]:
    """True for pupils this actor may see by name: the contact of a school those of that school, nobody else any."""
    return Pupil.school_id == actor.organisation_id if is_school(actor) else false()
