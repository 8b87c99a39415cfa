"""What a school's reports say: its kleuters by class and age, what changed since the last one, the area beside it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.attendance.projection import MARKED, Presence, Projection, Standing, project
from outreach.attendance.queries.calendars import calendars_of
from outreach.attendance.queries.seeing import sees_pupil
from outreach.children.grants import sight
from outreach.schoolyear import school_year_of

FEWEST = 5
"""A count below this is shown to nobody but the school itself and on the receipt of who loaded it."""

OTHER_SCHOOLS = 4
"""So many other schools must have reported before an average is shown: with fewer one could reckon whose it is."""

NEAR = timedelta(days=31)
"""Reports lie beside each other when their days differ no more than this."""

Key = TypeVar("Key", str, int)

_FROM_GOOD_TO_BAD = (Standing.REACHED, Standing.ON_TRACK, Standing.AT_RISK, Standing.NO_LONGER)


@dataclass(frozen=True)
class Reported:
    """One kleuter in one report, and what is to be expected of it."""

    pupil: Pupil
    presence: PresenceRow
    projection: Projection
    as_of: date

    @property
    def name(self) -> str:
        """First name and last name."""
        return f"{self.pupil.first_name} {self.pupil.last_name}".strip()

    @property
    def standing(self) -> Standing | None:
        """Where it stands."""
        return self.projection.standing


@dataclass(frozen=True)
class Tally:
    """Kleuters counted: all, those at risk (no longer attainable included), those, and those who never could."""

    children: int
    at_risk: int
    no_longer: int
    never: int

    @property
    def percent(self) -> int:
        """At risk per hundred kleuters, half up."""
        return percent(self.at_risk, self.children)


@dataclass
class Changes:
    """What is otherwise than in the report before: who moved towards the threshold or away from it, came or left."""

    better: list[Reported] = field(default_factory=list)
    worse: list[Reported] = field(default_factory=list)
    new: list[Reported] = field(default_factory=list)
    left: list[Reported] = field(default_factory=list)


@dataclass(frozen=True)
class Average:
    """The area beside a school: how many schools, and per hundred of their kleuters."""

    schools: int
    percent: int


def percent(part: int, whole: int) -> int:
    """Per hundred, half up."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def latest_reports(session: Session, actor: Actor, school_id: int) -> list[SchoolReport]:
    """The newest report of a school, and the one before it in the same school year."""
    statement = (
        select(SchoolReport)
        .where(SchoolReport.school_id == school_id, SchoolReport.replaced_at.is_(None))
        .order_by(SchoolReport.as_of.desc())
        .limit(2)
    )
    found = session.scalars(statement, execution_options=sight(actor)).all()
    return [each for each in found if school_year_of(each.as_of) == school_year_of(found[0].as_of)]


def reported(
    session: Session, actor: Actor, report: SchoolReport, only: Collection[int] | None = None
) -> list[Reported]:
    """The kleuters of a report whom this actor may see, by class and name, each with its projection; `only`: these."""
    statement = (
        select(Pupil, PresenceRow)
        .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
        .where(PresenceRow.report_id == report.id, sees_pupil(actor))
        .order_by(PresenceRow.class_name, Pupil.last_name, Pupil.first_name, Pupil.id)
    )
    if only is not None:
        statement = statement.where(Pupil.id.in_(list(only)))
    calendar = calendars_of(session, [report.school_id])[report.school_id]
    found = []
    for pupil, row in session.execute(statement, execution_options=sight(actor)):
        presence = Presence(pupil.born_year, report.as_of, row.present, row.possible, row.accepted)
        found.append(Reported(pupil, row, project(presence, calendar), report.as_of))
    return found


def tally(those: Iterable[Reported]) -> Tally:
    """Count kleuters."""
    standings = [each.standing for each in those]
    return Tally(
        len(standings),
        sum(each in MARKED for each in standings),
        standings.count(Standing.NO_LONGER),
        standings.count(Standing.NEVER),
    )


def tallies(those: Sequence[Reported], key: Callable[[Reported], Key]) -> list[tuple[Key, Tally]]:
    """Count kleuters by class, by year of birth; in the order of the key."""
    groups: dict[Key, list[Reported]] = {}
    for each in those:
        groups.setdefault(key(each), []).append(each)
    return [(group, tally(groups[group])) for group in sorted(groups)]


def changes(now: Iterable[Reported], before: Iterable[Reported]) -> Changes:
    """Lay a report beside the one before it, kleuter by kleuter."""
    earlier = {each.pupil.id: each for each in before}
    found = Changes()
    for each in now:
        known = earlier.pop(each.pupil.id, None)
        if known is None:
            found.new.append(each)
        elif each.standing in _FROM_GOOD_TO_BAD and known.standing in _FROM_GOOD_TO_BAD:
            moved = _FROM_GOOD_TO_BAD.index(each.standing) - _FROM_GOOD_TO_BAD.index(known.standing)
            if moved:
                (found.worse if moved > 0 else found.better).append(each)
    found.left.extend(earlier.values())
    return found


def area_average(session: Session, actor: Actor, report: SchoolReport) -> Average | None:
    """What the schools of the area reported about the same day, this one included; None when the others are too few, or
    so few of their kleuters are at risk, or not, that a school could reckon who, taking its own away."""
    near = and_(
        SchoolReport.area_id == report.area_id,
        SchoolReport.replaced_at.is_(None),
        SchoolReport.as_of.between(report.as_of - NEAR, report.as_of + NEAR),
    )
    newest = (
        select(SchoolReport.school_id, func.max(SchoolReport.as_of).label("as_of"))
        .where(near)
        .group_by(SchoolReport.school_id)
        .subquery()
    )
    statement = (
        select(SchoolReport.school_id, SchoolReport.children, SchoolReport.at_risk)
        .join(newest, and_(newest.c.school_id == SchoolReport.school_id, newest.c.as_of == SchoolReport.as_of))
        .where(near, SchoolReport.children >= FEWEST)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    others = [row for row in rows if row[0] != report.school_id]
    at_risk, children = sum(row[2] for row in others), sum(row[1] for row in others)
    if len(others) < OTHER_SCHOOLS or min(at_risk, children - at_risk) < FEWEST:
        return None
    return Average(len(rows), percent(sum(row[2] for row in rows), sum(row[1] for row in rows)))
