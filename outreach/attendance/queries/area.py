"""What the schools of an area report, as counts: none that is small, none one could reckon back to a silent school."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import CountsShared, SchoolReport
from outreach.attendance.queries.school import FEWEST, NEAR, percent
from outreach.children.grants import sight
from outreach.partners.models import Area, Organisation

FEWEST_SCHOOLS = 3
"""Counts of schools together are shown from so many schools on, unless each of them agreed."""


@dataclass(frozen=True)
class Counted:
    """Kleuters counted, none of the numbers small: those at risk, and the others."""

    children: int
    at_risk: int

    @property
    def percent(self) -> int:
        """At risk per hundred, half up."""
        return percent(self.at_risk, self.children)


@dataclass(frozen=True)
class SchoolCounts:
    """One school that agreed; `counted` is None when a number is small."""

    school: str
    as_of: date
    counted: Counted | None


@dataclass(frozen=True)
class AreaCounts:
    """What an area sees. `total` is None when it would tell of a school or of few; `held_back`: so would the schools
    that agreed, beside the total. `inside` schools keep their counts to themselves."""

    area: Area
    schools: int
    first_on: date | None
    last_on: date | None
    total: Counted | None
    shown: Sequence[SchoolCounts]
    inside: int
    held_back: bool


@dataclass(frozen=True)
class OfSchool:
    """What a school reported last, and whether it lets its counts be seen."""

    school_id: int
    school: str
    as_of: date
    children: int
    at_risk: int
    shares: bool


def area_counts(session: Session, actor: Actor, area: Area) -> AreaCounts:
    """The newest report of each school, of the month that ends with the newest of all."""
    reports = newest_reports(session, actor, area)
    days = [each.as_of for each in reports]
    together = _counted(reports) if len(reports) >= FEWEST_SCHOOLS or all(each.shares for each in reports) else None
    shown = [SchoolCounts(each.school, each.as_of, _counted([each])) for each in reports if each.shares]
    told = {each.school_id for each in reports if each.shares and _counted([each])}
    rest = [each for each in reports if each.school_id not in told]
    held_back = together is not None and bool(rest) and (len(rest) < FEWEST_SCHOOLS or _counted(rest) is None)
    return AreaCounts(
        area,
        len(reports),
        min(days, default=None),
        max(days, default=None),
        together,
        [] if held_back else shown,
        sum(not each.shares for each in reports),
        held_back and bool(shown),
    )


def present_sharing(session: Session, school_ids: Collection[int]) -> dict[int, CountsShared]:
    """What these schools said last about their counts."""
    statement = select(CountsShared).where(
        CountsShared.school_id.in_(list(school_ids)), CountsShared.replaced_at.is_(None)
    )
    return {row.school_id: row for row in session.scalars(statement)}


def _counted(reports: Iterable[OfSchool]) -> Counted | None:
    """The sum of these reports, unless a number in it is small."""
    kept = list(reports)
    children, at_risk = sum(each.children for each in kept), sum(each.at_risk for each in kept)
    return None if min(at_risk, children - at_risk) < FEWEST else Counted(children, at_risk)


def newest_reports(session: Session, actor: Actor, area: Area) -> list[OfSchool]:
    """The newest report of each school that reported within a month of the newest of all."""
    here = and_(SchoolReport.area_id == area.id, SchoolReport.replaced_at.is_(None))
    last_on = session.scalar(select(func.max(SchoolReport.as_of)).where(here), execution_options=sight(actor))
    if last_on is None:
        return []
    statement = (
        select(SchoolReport, Organisation.name)
        .join(Organisation, Organisation.id == SchoolReport.school_id)
        .where(here, SchoolReport.as_of >= last_on - NEAR)
        .order_by(Organisation.name, Organisation.id, SchoolReport.as_of.desc())
    )
    newest: dict[int, tuple[SchoolReport, str]] = {}
    for report, name in session.execute(statement, execution_options=sight(actor)):
        newest.setdefault(report.school_id, (report, name))
    sharing = present_sharing(session, newest)
    return [
        OfSchool(
            school_id, name, one.as_of, one.children, one.at_risk, school_id in sharing and sharing[school_id].shares
        )
        for school_id, (one, name) in newest.items()
    ]
