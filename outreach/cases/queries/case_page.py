"""Everything the page of one case shows to one person: no more than the widest of their grants allows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, CaseAnchor, Closure, Note, Pause, Placement, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import leads, owns, place_is_hidden
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.merges import doubles_of
from outreach.cases.queries.naming import Names, names
from outreach.cases.queries.nudges import nudged_steps_of
from outreach.cases.queries.standing import Standing, standing
from outreach.cases.queries.with_two import goes_visiting, visits_with_two
from outreach.cases.workflow import Anchor
from outreach.children.grants import Scope, scope_of, sight, visible
from outreach.children.models import Child, FamilyContact, Grant, Household, Residence, VisitWithTwo
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area
from outreach.schoolyear import SchoolCalendar


@dataclass(frozen=True)
class Relative:
    """A child of the household whose case the reader may see as well."""

    case: Case
    child: Child
    step: Step | None
    track: Track | None
    chosen_on: date | None = None
    """The entry day that was chosen, which may be past."""


@dataclass(frozen=True)
class Scene:
    """One case as one person may see it; what they may not see is None or empty."""

    actor: Actor
    case: Case
    scope: Scope
    area: Area
    child: Child | None
    hidden: bool
    steps: list[Step]
    tracks: list[Track]
    names: Names
    calendar: SchoolCalendar
    residence: Residence | None = None
    household: Household | None = None
    relatives: list[Relative] = field(default_factory=list)
    contacts: list[FamilyContact] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    placement: Placement | None = None
    closures: list[Closure] = field(default_factory=list)
    anchors: dict[Anchor, date] = field(default_factory=dict)
    pauses: dict[int, Pause] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    goes_visiting: bool = False
    with_two: VisitWithTwo | None = None
    nudged: set[int] = field(default_factory=set)

    @property
    def living(self) -> list[Step]:
        """The steps that wait for somebody, side steps last."""
        return sorted((step for step in self.steps if step.living), key=lambda s: (s.side_of_id is not None, s.number))

    def track_of(self, step: Step) -> Track:
        """The track a step belongs to."""
        return next(track for track in self.tracks if track.id == step.track_id)

    def standing(self, step: Step) -> Standing:
        """How a step stands today."""
        pause = self.pauses.get(step.id)
        return standing(step, clock.today(), self.calendar, pause.until_on if pause else None)


def case_scene(session: Session, actor: Actor, case: Case) -> Scene:
    """Gather the page of a case that was fetched as visible to this actor."""
    scope = scope_of(session, actor, case.id) or Scope.REFERENCE
    full, see = scope is Scope.FULL, sight(actor)
    steps = _steps(session, actor, case, scope)
    tracks = list(
        session.scalars(select(Track).where(Track.case_id == case.id).order_by(Track.id), execution_options=see)
    )
    hidden = place_is_hidden(actor, case, steps)
    child = session.get_one(Child, case.child_id, execution_options=see) if scope is not Scope.REFERENCE else None
    household = session.get_one(Household, child.household_id, execution_options=see) if child and full else None
    notes = _notes(session, actor, case, scope, steps)
    placement = _placement(session, actor, case) if child and not hidden else None
    grants = _grants(session, actor, case) if full else []
    visiting = full and goes_visiting(actor, _in_tracks(steps, tracks))
    warned = visits_with_two(session, actor, [household.id]) if household and visiting else {}
    return Scene(
        actor=actor,
        case=case,
        scope=scope,
        area=session.get_one(Area, case.area_id),
        child=child,
        hidden=hidden,
        steps=steps,
        tracks=[track for track in tracks if full or any(step.track_id == track.id for step in steps)],
        names=_names(session, case, steps, notes, grants, placement, hidden),
        calendar=calendar_for(session, case.area_id),
        residence=_residence(session, actor, case) if full and not hidden else None,
        household=household,
        relatives=_relatives(session, actor, household) if household and not hidden else [],
        contacts=_contacts(session, actor, child, scope) if child else [],
        notes=notes,
        placement=placement,
        closures=_closures(session, actor, case) if child else [],
        anchors=_anchors(session, actor, case) if child else {},
        pauses=_pauses(session, actor, steps),
        grants=grants,
        goes_visiting=visiting,
        with_two=next(iter(warned.values()), None),
        nudged=nudged_steps_of(session, actor, case.id, clock.today()) if leads(actor, case) else set(),
    )


def scenes_of_doubles(session: Session, scene: Scene) -> list[Scene]:
    """The cases that turned out to be doubles of this one, for who sees this one whole: seen as this one is."""
    if scene.scope is not Scope.FULL:
        return []
    found = []
    for double in doubles_of(session, scene.actor, scene.case):
        steps = _steps(session, scene.actor, double, scene.scope)
        tracks = select(Track).where(Track.case_id == double.id).order_by(Track.id)
        notes = _notes(session, scene.actor, double, scene.scope, steps)
        found.append(
            replace(
                scene,
                case=double,
                steps=steps,
                tracks=list(session.scalars(tracks, execution_options=sight(scene.actor))),
                notes=notes,
                names=_names(session, double, steps, notes, [], None, scene.hidden),
            )
        )
    return found


def _in_tracks(steps: list[Step], tracks: list[Track]) -> list[tuple[Step, Track]]:
    known = {track.id: track for track in tracks}
    return [(step, known[step.track_id]) for step in steps]


def _steps(session: Session, actor: Actor, case: Case, scope: Scope) -> list[Step]:
    """Every step for who sees all; else those of one's own organisation."""
    found = session.scalars(
        select(Step).where(Step.case_id == case.id).order_by(Step.number), execution_options=sight(actor)
    ).all()
    return [step for step in found if scope is Scope.FULL or owns(actor, step)]


def _residence(session: Session, actor: Actor, case: Case) -> Residence | None:
    statement = select(Residence).where(Residence.child_id == case.child_id, Residence.until_at.is_(None))
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def _contacts(session: Session, actor: Actor, child: Child, scope: Scope) -> list[FamilyContact]:
    """Who may be rung; a school rings only whom the parents agreed to."""
    agreed = true() if scope is Scope.FULL else FamilyContact.school_may_ring.is_(True)
    statement = select(FamilyContact).where(
        FamilyContact.household_id == child.household_id, FamilyContact.ended_at.is_(None), agreed
    )
    return list(session.scalars(statement.order_by(FamilyContact.id), execution_options=sight(actor)))


def _notes(session: Session, actor: Actor, case: Case, scope: Scope, steps: list[Step]) -> list[Note]:
    """One's own organisation's notes; shared ones for who sees all; the question of a side step for who was asked."""
    sides = [step.id for step in steps if step.side_of_id is not None and owns(actor, step)]
    readable = [Note.organisation_id == actor.organisation_id, and_(Note.shared.is_(True), Note.step_id.in_(sides))]
    if scope is Scope.FULL:
        readable.append(Note.shared.is_(True))
    statement = select(Note).where(Note.case_id == case.id, or_(*readable)).order_by(Note.id.desc())
    found = session.scalars(statement, execution_options=sight(actor)).all()
    corrected = {note.corrects_id for note in found}
    return [note for note in found if note.id not in corrected]


def _placement(session: Session, actor: Actor, case: Case) -> Placement | None:
    statement = select(Placement).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def _closures(session: Session, actor: Actor, case: Case) -> list[Closure]:
    statement = select(Closure).where(Closure.case_id == case.id).order_by(Closure.id)
    return list(session.scalars(statement, execution_options=sight(actor)))


def _anchors(session: Session, actor: Actor, case: Case) -> dict[Anchor, date]:
    statement = select(CaseAnchor).where(CaseAnchor.case_id == case.id, CaseAnchor.replaced_at.is_(None))
    return {Anchor(row.key): row.on for row in session.scalars(statement, execution_options=sight(actor))}


def _pauses(session: Session, actor: Actor, steps: list[Step]) -> dict[int, Pause]:
    ids = [step.id for step in steps]
    statement = select(Pause).where(Pause.step_id.in_(ids), Pause.ended_at.is_(None))
    return {row.step_id: row for row in session.scalars(statement, execution_options=sight(actor))}


def _grants(session: Session, actor: Actor, case: Case) -> list[Grant]:
    """Who can see the case now, one row for each organisation, person and scope."""
    statement = (
        select(Grant)
        .where(Grant.case_id == case.id, or_(Grant.until.is_(None), Grant.until > clock.now()))
        .order_by(Grant.until.is_not(None), Grant.id)
    )
    seen: dict[tuple[int, int | None, str], Grant] = {}
    for grant in session.scalars(statement, execution_options=sight(actor)):
        seen.setdefault((grant.organisation_id, grant.person_id, grant.scope), grant)
    return list(seen.values())


def _relatives(session: Session, actor: Actor, household: Household) -> list[Relative]:
    """The children of the household whose case this person sees in full, each with its newest case and living step.

    A guarded child whose address stays hidden from them is left out: the page of another would tell where it lives.
    """
    statement = (
        select(Case, Child, Step, Track, CaseAnchor.on)
        .join(Child, Child.id == Case.child_id)
        .outerjoin(Step, and_(Step.case_id == Case.id, IS_LIVING, Step.side_of_id.is_(None)))
        .outerjoin(Track, Track.id == Step.track_id)
        .outerjoin(
            CaseAnchor,
            and_(CaseAnchor.case_id == Case.id, CaseAnchor.key == Anchor.ENTRY_DAY, CaseAnchor.replaced_at.is_(None)),
        )
        .where(Child.household_id == household.id, Child.merged_into_id.is_(None), Child.died_on.is_(None))
        .where(visible(actor, Case.id, Scope.FULL))
        .order_by(Child.born_on, Child.id, Case.id.desc(), Step.number)
    )
    newest: dict[int, Relative] = {}
    rows: Sequence[Any] = session.execute(statement, execution_options=sight(actor)).all()
    for case, child, step, track, chosen_on in rows:
        if not place_is_hidden(actor, case, [step] if step else []):
            newest.setdefault(child.id, Relative(case, child, step, track, chosen_on))
    return list(newest.values())


def _names(
    session: Session,
    case: Case,
    steps: list[Step],
    notes: list[Note],
    grants: list[Grant],
    placement: Placement | None,
    hidden: bool,
) -> Names:
    people = {case.companion_id, *(step.person_id for step in steps), *(note.by_id for note in notes)}
    people |= {grant.person_id for grant in grants}
    organisations = {case.lead_id, *(step.organisation_id for step in steps), *(note.organisation_id for note in notes)}
    organisations |= {grant.organisation_id for grant in grants}
    if placement:
        organisations.add(placement.school_id)
    return names(session, people, organisations, hide_schools=hidden)


def newest_closure(session: Session, case: Case) -> Closure:
    """The closure that ended the last track of a case."""
    statement = select(Closure).where(Closure.case_id == case.id).order_by(Closure.id.desc()).limit(1)
    return session.scalars(statement, execution_options=INSIDE).one()
