"""What helped in an area: kleuters of the schools that show their counts, counted by action; never a school, a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import true
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import Pupil
from outreach.attendance.queries.area import newest_reports
from outreach.attendance.queries.helping import Course, Deed, Helped, Whose, helped_of
from outreach.attendance.queries.school import FEWEST
from outreach.database import seen_by
from outreach.partners.models import Area
from outreach.schoolyear import school_year_of

_COUNTED = seen_by("attendance: what helped, counted over the schools of an area that show their counts")


@dataclass(frozen=True)
class Action:
    """Kleuters for whom something was done and of whom a later report tells; `better`: of these more often there, None
    when that count or the rest is small."""

    deed: Deed
    children: int
    better: int | None


def helped_in_area(session: Session, actor: Actor, area: Area) -> list[Action]:
    """By action, the one done most first; those for whom there are too few kleuters are left out."""
    reports = newest_reports(session, actor, area)
    schools = [each.school_id for each in reports if each.shares]
    if not schools:
        return []
    year = school_year_of(max(each.as_of for each in reports))
    found = helped_of(session, Whose(Pupil.school_id.in_(schools), true(), _COUNTED), year)
    return actions_of([each for each in found if each.course is not Course.WAITING])


def actions_of(those: Sequence[Helped]) -> list[Action]:
    """Count by action; a kleuter stands once at each."""
    actions = []
    for deed in {each.deed for each in those}:
        courses = [each.course for each in those if each.deed == deed]
        better = courses.count(Course.BETTER)
        enough = min(better, len(courses) - better) >= FEWEST
        if len(courses) >= FEWEST:
            actions.append(Action(deed, len(courses), better if enough else None))
    return sorted(actions, key=lambda each: (-each.children, each.deed))
