"""What goes along on a phone, and what a late report may lean on."""

from datetime import timedelta

from sqlalchemy import case as when, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Step, StepState, TakenAlong, Track
from outreach.cases.policy import may_report
from outreach.cases.workflow import processes
from outreach.children.grants import sight, visible
from outreach.database import seen_by

MOST_VISITS = 30
"""More doors than this nobody knocks at in a day."""

KEPT_FOR = timedelta(days=7)
"""How long after taking a visit along its report is still taken, also from who may no longer see the case."""

_OWN = seen_by("what a person took along is that person's own trace")


def visits_of_today(session: Session, actor: Actor) -> list[tuple[Case, Step]]:
    """The visits of this person that are planned or due today, or late; today's first."""
    today = clock.today()
    statement = (
        select(Case, Step, Track)
        .join(Step, Step.case_id == Case.id)
        .join(Track, Track.id == Step.track_id)
        .where(
            Step.organisation_id == actor.organisation_id,
            Step.person_id == actor.person_id,
            Step.state == StepState.OPEN,
            Step.side_of_id.is_(None),
            or_(Step.planned_on == today, Step.due_on <= today),
            visible(actor, Step.case_id),
        )
        .order_by(when((Step.planned_on == today, 0), else_=1), Step.due_on, Step.id)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    found = [(case, step) for case, step, track in rows if _is_visit(track, step) and may_report(actor, case, step)]
    return found[:MOST_VISITS]


def find_visit(session: Session, actor: Actor, step_id: int) -> tuple[Case, Step] | None:
    """A step somebody reports on, with its case held until the transaction ends, if the actor may see it."""
    statement = (
        select(Case)
        .join(Step, Step.case_id == Case.id)
        .where(Step.id == step_id, visible(actor, Case.id))
        .with_for_update(of=Case)
    )
    case = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    return (case, session.get_one(Step, step_id, execution_options=sight(actor))) if case else None


def _is_visit(track: Track, step: Step) -> bool:
    return processes().step(track.process, track.process_version, step.key).report == "visit"


def taken_along(session: Session, person_id: int, step_id: int) -> TakenAlong | None:
    """The last time this person took the visit of this step along, if that is not too long ago."""
    statement = (
        select(TakenAlong)
        .where(
            TakenAlong.person_id == person_id,
            TakenAlong.step_id == step_id,
            TakenAlong.at > clock.now() - KEPT_FOR,
        )
        .order_by(TakenAlong.at.desc(), TakenAlong.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=_OWN).one_or_none()
