"""Kleuters of a school beside the children whose presence is followed there: surely the same, or to be asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import PresenceRow, Pupil, SameChild, SchoolReport
from outreach.attendance.policy import is_school
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.same_child import Found, Known, Pair, lay_beside
from outreach.cases.models import Case
from outreach.cases.queries.of_children import ATTENDANCE, cases_followed_at
from outreach.children.grants import Scope, scopes_of
from outreach.children.matching import children_by_id
from outreach.children.merging import records_of_all
from outreach.children.models import Child
from outreach.database import seen_by
from outreach.database.many import in_chunks

_READ = seen_by("attendance: kleuters of a report laid beside the children followed at their school")


@dataclass
class Beside:
    """What a school has: kleuters nobody recognised yet, and children followed there whom no kleuter is."""

    pupils: dict[int, Pupil] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    """By child."""
    apart: set[Pair] = field(default_factory=set)

    @property
    def found(self) -> Found:
        """What they say about each other."""
        return lay_beside(
            [_known(each, each.born_year) for each in self.pupils.values()],
            [_known(each, each.born_on.year) for each in self.children.values()],
            self.apart,
        )


@dataclass(frozen=True)
class Question:
    """A kleuter and a child its school may be asked about; with an `answer` one it was recognised as by itself."""

    pupil: Pupil
    child: Child
    case: Case
    answer: SameChild | None = None


def beside(session: Session, report_ids: Collection[int]) -> dict[int, Beside]:
    """By school of these reports: who is still to be recognised. Without a followed child there is nothing."""
    schools = _schools(session, report_ids)
    found: dict[int, Beside] = {}
    followed = cases_followed_at(session, list(schools.values()), process=ATTENDANCE)
    children = children_by_id(session, {case.child_id for _, case in followed})
    for school_id, case in followed:
        child = children[case.child_id]
        here = found.setdefault(school_id, Beside())
        here.children[child.id], here.cases[child.id] = child, case
    for school_id, here in found.items():
        _add_pupils(session, here, school_id, [each for each, of in schools.items() if of == school_id])
    return found


def questions(session: Session, actor: Actor) -> list[Question]:
    """What the school is asked: kleuters of its newest report who may be a child it follows, and which it may see."""
    if not is_school(actor) or actor.organisation_id is None:
        return []
    newest = latest_reports(session, actor, actor.organisation_id)[:1]
    here = beside(session, [each.id for each in newest]).get(actor.organisation_id)
    if here is None:
        return []
    asked = (*here.found.sure, *here.found.asked)
    made = [
        Question(here.pupils[pair.pupil_id], here.children[pair.child_id], here.cases[pair.child_id]) for pair in asked
    ]
    return _seen(session, actor, made)


def recognised(session: Session, actor: Actor) -> list[Question]:
    """Found of the school that were made without asking, while the case runs."""
    if not is_school(actor) or actor.organisation_id is None:
        return []
    cases = {case.child_id: case for _, case in cases_followed_at(session, [actor.organisation_id], process=ATTENDANCE)}
    became = records_of_all(session, cases)
    statement = (
        select(Pupil, SameChild)
        .join(SameChild, SameChild.pupil_id == Pupil.id)
        .where(Pupil.school_id == actor.organisation_id, SameChild.child_id.in_(became))
        .where(SameChild.same, SameChild.by_itself, SameChild.replaced_at.is_(None))
        .order_by(Pupil.last_name, Pupil.first_name, Pupil.id)
    )
    rows = session.execute(statement, execution_options=_READ).all()
    children = children_by_id(session, {said.child_id for _, said in rows})
    made = [Question(pupil, children[said.child_id], cases[children[said.child_id].id], said) for pupil, said in rows]
    return _seen(session, actor, made)


def _seen(session: Session, actor: Actor, made: list[Question]) -> list[Question]:
    """Those whose child the actor may know by name."""
    scopes = scopes_of(session, actor, [each.case.id for each in made])
    return [each for each in made if scopes.get(each.case.id, Scope.REFERENCE) is not Scope.REFERENCE]


def _schools(session: Session, report_ids: Collection[int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for part in in_chunks(report_ids):
        statement = select(SchoolReport.id, SchoolReport.school_id).where(SchoolReport.id.in_(part))
        found |= {row[0]: row[1] for row in session.execute(statement, execution_options=_READ)}
    return found


def _add_pupils(session: Session, here: Beside, school_id: int, report_ids: list[int]) -> None:
    """The kleuters of these reports nobody recognised; children that have a kleuter at this school are left out."""
    records = records_of_all(session, here.children)
    known = select(Pupil.child_id).where(Pupil.school_id == school_id, Pupil.child_id.in_(records))
    for record in session.scalars(known, execution_options=_READ):
        if record is not None:
            here.children.pop(records[record], None)
    if not here.children:
        return
    years = {each.born_on.year for each in here.children.values()}
    statement = (
        select(Pupil)
        .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
        .where(PresenceRow.report_id.in_(report_ids), Pupil.child_id.is_(None))
        .where(Pupil.born_year.between(min(years) - 1, max(years) + 1))
        .order_by(Pupil.id)
    )
    here.pupils = {pupil.id: pupil for pupil in session.scalars(statement, execution_options=_READ)}
    said = select(SameChild.pupil_id, SameChild.child_id).where(
        SameChild.child_id.in_(records), SameChild.replaced_at.is_(None), ~SameChild.same
    )
    here.apart = {Pair(row[0], records[row[1]]) for row in session.execute(said, execution_options=_READ)}


def _known(one: Any, born_year: int) -> Known:
    return Known(one.id, one.first_name, one.last_name, born_year, one.born_on)


def standing_answer(session: Session, pupil: Pupil, child_ids: Collection[int]) -> SameChild | None:
    """What was said last about a kleuter and a child, under any record of it."""
    statement = select(SameChild).where(
        SameChild.pupil_id == pupil.id, SameChild.child_id.in_(list(child_ids)), SameChild.replaced_at.is_(None)
    )
    return session.scalars(statement.order_by(SameChild.id.desc()).limit(1), execution_options=_READ).first()


def newest_report_id(session: Session, pupil: Pupil) -> int | None:
    """The newest report of the kleuter's school, when it names the kleuter."""
    newest = select(func.max(SchoolReport.as_of)).where(
        SchoolReport.school_id == pupil.school_id, SchoolReport.replaced_at.is_(None)
    )
    statement = (
        select(SchoolReport.id)
        .join(PresenceRow, PresenceRow.report_id == SchoolReport.id)
        .where(SchoolReport.school_id == pupil.school_id, SchoolReport.replaced_at.is_(None))
        .where(PresenceRow.pupil_id == pupil.id, SchoolReport.as_of == newest.scalar_subquery())
    )
    return session.scalars(statement, execution_options=_READ).one_or_none()
