"""The reminder ladder of each area: the process's numbers, and over them those the area chose last."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from outreach.cases.models import LadderChange
from outreach.cases.workflow import Ladder, adjusted, processes
from outreach.partners.models import Area


def default_ladder() -> Ladder:
    """The ladder of an area that chose nothing."""
    return processes().common.ladder


def area_ladders(session: Session) -> dict[int, Ladder]:
    """The ladder that holds now in every area."""
    last = (
        select(func.max(LadderChange.number)).where(LadderChange.area_id == Area.id).correlate(Area).scalar_subquery()
    )
    newest = and_(LadderChange.area_id == Area.id, LadderChange.number == last)
    rows = session.execute(select(Area.id, LadderChange.numbers).join(LadderChange, newest, isouter=True))
    return {area_id: adjusted(default_ladder(), numbers or {}) for area_id, numbers in rows}


def ladder_changes(session: Session, area_id: int) -> list[LadderChange]:
    """Every change of an area's ladder, the newest first."""
    statement = select(LadderChange).where(LadderChange.area_id == area_id).order_by(LadderChange.number.desc())
    return list(session.scalars(statement))


def ladder_after(changes: list[LadderChange]) -> tuple[int, Ladder]:
    """The number of the last change (0: none yet) and the ladder that holds after it."""
    if not changes:
        return 0, default_ladder()
    return changes[0].number, adjusted(default_ladder(), changes[0].numbers)
