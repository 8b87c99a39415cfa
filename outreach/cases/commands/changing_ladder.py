"""An area gets another reminder ladder, or the default again: one more row, and no step is touched."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import LadderChange
from outreach.cases.queries.ladders import default_ladder, ladder_after, ladder_changes
from outreach.cases.workflow import Ladder, check_ladder
from outreach.errors import Refused
from outreach.partners.models import Area


def change_ladder(session: Session, area: Area, *, ladder: Ladder, seen: int, by: Actor) -> LadderChange:
    """Let a ladder hold in an area from now on; `seen` is the number of the last change its author knew of.

    Raises Refused when somebody else changed it meanwhile, when nothing would change, or when the numbers cannot be.
    """
    check_ladder(ladder)
    session.execute(select(Area.id).where(Area.id == area.id).with_for_update())  # one at a time
    number, present = ladder_after(ladder_changes(session, area.id))
    if ladder == present:
        raise Refused("ladder_same")
    if number != seen:
        raise Refused("ladder_changed_meanwhile")
    default = default_ladder().model_dump()
    numbers = {name: value for name, value in ladder.model_dump().items() if value != default[name]}
    change = LadderChange(area_id=area.id, number=number + 1, numbers=numbers, at=clock.now(), by_id=by.person_id)
    session.add(change)
    session.flush()
    return change
