"""Who may administer people: administrators everybody, a team lead the substitutes of the own team."""

from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD


def may_manage_people(actor: Actor) -> bool:
    """See everybody, add people, give a new password, end a membership."""
    return actor.role == ADMINISTRATOR


def may_arrange_substitute(actor: Actor, organisation_id: int) -> bool:
    """Name or remove a substitute in this organisation."""
    return actor.role == ADMINISTRATOR or (actor.role == TEAM_LEAD and actor.organisation_id == organisation_id)
