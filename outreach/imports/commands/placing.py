"""Where the list of a source stands in its files is said once, and remembered until somebody says otherwise."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.imports.models import ListPlace
from outreach.imports.queries.known_lists import find_place
from outreach.imports.reading import Choice


def remember_place(session: Session, organisation_id: int, kind: str, choice: Choice, *, by: Actor) -> None:
    """Look there first in every next file of this kind that this organisation receives."""
    place = find_place(session, organisation_id, kind)
    if place is None:
        place = ListPlace(organisation_id=organisation_id, kind=kind)
        session.add(place)
    place.sheet, place.title_row = choice.sheet, choice.title_row or 0
    place.at, place.by_id = clock.now(), by.person_id
    session.flush()


def forget_place(session: Session, organisation_id: int, kind: str) -> None:
    """From now on the list is found by itself."""
    place = find_place(session, organisation_id, kind)
    if place is not None:
        session.delete(place)
        session.flush()
