"""A name or birth date was wrong, or is written otherwise now: what stood there before is kept beside it."""

from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.models import Child, IdentityChange
from outreach.children.names import name_key
from outreach.children.search_keys import add_child_keys

NAME, BORN_ON = "name", "born_on"


def rename_child(
    session: Session, child: Child, *, first_name: str, last_name: str, source: str, by: Actor
) -> IdentityChange:
    """Write the name otherwise. Whoever looks for the name of before still finds the child."""
    before = child.name
    child.first_name, child.last_name = first_name, last_name
    child.name_key = name_key(first_name, last_name)
    session.flush()
    add_child_keys(session, {child.id: (first_name, last_name)})
    return _changed(session, child, NAME, before, child.name, source, by)


def correct_birth_date(session: Session, child: Child, *, born_on: date, source: str, by: Actor) -> IdentityChange:
    """Write another birth date."""
    before, child.born_on = child.born_on, born_on
    return _changed(session, child, BORN_ON, before.isoformat(), born_on.isoformat(), source, by)


def _changed(
    session: Session, child: Child, field: str, before: str, after: str, source: str, by: Actor
) -> IdentityChange:
    change = IdentityChange(
        child_id=child.id,
        field=field,
        before=before,
        after=after,
        source=source,
        at=clock.now(),
        by_id=by.person_id,
        undone_at=None,
    )
    session.add(change)
    session.flush()
    return change
