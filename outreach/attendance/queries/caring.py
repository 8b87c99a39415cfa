"""The kleuters a school goes through: those at risk, what was noted for them, and the cases that run."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import Pupil, PupilCare
from outreach.attendance.policy import is_school
from outreach.attendance.queries.school import Reported, latest_reports, reported
from outreach.attendance.queries.seeing import sees_pupil
from outreach.cases.models import Case, Track
from outreach.cases.queries.of_children import ATTENDANCE
from outreach.children.grants import scopes_of, sight
from outreach.children.models import Child


@dataclass(frozen=True)
class Running:
    """The open case of a kleuter; `reference` only for who may open it."""

    case_id: int
    reference: str | None


@dataclass(frozen=True)
class Row:
    """One kleuter of the table."""

    one: Reported
    care: PupilCare | None
    running: Running | None

    @property
    def pupil(self) -> Pupil:
        """The kleuter."""
        return self.one.pupil


def rows_to_go_through(session: Session, actor: Actor, only: Collection[int] | None = None) -> list[Row]:
    """The kleuters at risk in the newest report, and those something was noted for; by class and name.

    Somebody who has kleuters by name sees those alone. `only`: these.
    """
    if actor.organisation_id is None:
        return []
    reports = latest_reports(session, actor, actor.organisation_id)
    if not reports:
        return []
    everybody = reported(session, actor, reports[0], only)
    cares = present_care(session, actor, [one.pupil.id for one in everybody])
    shown = [
        one for one in everybody if one.projection.marked or _says(cares.get(one.pupil.id)) or not is_school(actor)
    ]
    running = running_cases(session, actor, [one.pupil for one in shown])
    return [Row(one, cares.get(one.pupil.id), running.get(one.pupil.id)) for one in shown]


def _says(care: PupilCare | None) -> bool:
    """Whether anything is noted."""
    return care is not None and any((care.reason, care.rings_id, care.followed))


def present_care(session: Session, actor: Actor, pupil_ids: Collection[int]) -> dict[int, PupilCare]:
    """What is noted now for these kleuters, as far as this actor sees them."""
    statement = (
        select(PupilCare)
        .join(Pupil, Pupil.id == PupilCare.pupil_id)
        .where(PupilCare.pupil_id.in_(list(pupil_ids)), PupilCare.replaced_at.is_(None), sees_pupil(actor))
    )
    return {care.pupil_id: care for care in session.scalars(statement, execution_options=sight(actor))}


def running_cases(session: Session, actor: Actor, pupils: Collection[Pupil]) -> dict[int, Running]:
    """The open cases in which the presence of these kleuters is followed, by pupil."""
    statement = (
        select(Pupil.id, Case.id, Case.reference)
        .join(Child, Child.id == Pupil.child_id)
        .join(Case, Case.child_id == func.coalesce(Child.merged_into_id, Child.id))
        .join(Track, and_(Track.case_id == Case.id, Track.process == ATTENDANCE, Track.ended_at.is_(None)))
        .where(Pupil.id.in_([pupil.id for pupil in pupils]), Case.ended_at.is_(None), sees_pupil(actor))
    )
    found = session.execute(statement, execution_options=sight(actor)).all()
    seen = scopes_of(session, actor, [row[1] for row in found])
    return {pupil_id: Running(case_id, ref if case_id in seen else None) for pupil_id, case_id, ref in found}
