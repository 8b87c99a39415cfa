"""Side steps: the owner asks one other partner one thing; it never moves the track and ends with it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import INSIDE, record
from outreach.cases.commands.owning import granted_owner, subject_of, write_assignment
from outreach.cases.commands.stepping import derive_side, next_number
from outreach.cases.models import Case, Note, Step, StepState, Track
from outreach.cases.models.step import LIVING
from outreach.children.grants import Scope, end_grants, grant
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.models import Organisation


def ask_side_step(
    session: Session, case: Case, step: Step, *, kind: str, organisation: Organisation, question: str, by: Actor
) -> Step:
    """Ask another partner one thing beside a step. It sees step, reference and the question, nothing of the child."""
    if not step.living:
        raise Refused("step_ended", number=step.number)
    if step.side_of_id is not None:
        raise Refused("side_of_side")
    if not question.strip():
        raise Refused("question_empty")
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    today, now = clock.today(), clock.now()
    dates = derive_side(session, case, track, kind, organisation, today)
    side = Step(
        case_id=case.id,
        track_id=track.id,
        number=next_number(session, case),
        key=kind,
        side_of_id=step.id,
        organisation_id=organisation.id,
        person_id=None,
        area_id=case.area_id,
        to_assign=False,
        owner_reason="asked",
        state=StepState.OPEN,
        scope=Scope.REFERENCE,
        opened_on=today,
        opened_at=now,
        told_at=now,
        starts_on=today,
        planned_on=None,
        tight=False,
        new_aim_at=None,
        stays=0,
        pauses=0,
        last_fact_on=today,
        ended_at=None,
        outcome=None,
        **dates,
    )
    session.add(side)
    session.flush()
    grant(session, [granted_owner(case, side)])
    write_assignment(session, case, side, reason="asked", by=by)
    session.add(_question(case, side, question, by))
    record(session, case, "side_step_asked", by=by, step=side, data={"kind": kind, "organisation": organisation.id})
    return side


def _question(case: Case, side: Step, text: str, by: Actor) -> Note:
    if by.organisation_id is None:
        raise Refused("note_without_organisation")
    return Note(
        case_id=case.id,
        step_id=side.id,
        text=text.strip(),
        shared=True,
        at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id,
        corrects_id=None,
    )


def answer_side_step(session: Session, case: Case, side: Step, *, outcome: str, answer: str, by: Actor) -> None:
    """Answer what was asked; the words are shared with who asked."""
    if side.side_of_id is None or not side.living:
        raise Refused("step_ended", number=side.number)
    if answer.strip():
        session.add(_question(case, side, answer, by))
    end_side(session, side, outcome=outcome, state=StepState.DONE)
    record(session, case, "side_step_answered", by=by, step=side, data={"outcome": outcome})


def end_side(session: Session, side: Step, *, outcome: str | None, state: StepState) -> None:
    """Close a side step, its grant and its unsent lines."""
    side.state = state
    side.outcome = outcome
    side.ended_at = clock.now()
    end_grants(session, [subject_of(side)])
    withdraw_lines(session, about=[subject_of(side)])


def withdraw_sides(session: Session, step: Step) -> None:
    """The side steps of a step that ends are no longer needed."""
    statement = select(Step).where(Step.side_of_id == step.id, Step.state.in_(LIVING))
    for side in session.scalars(statement, execution_options=INSIDE).all():
        end_side(session, side, outcome=None, state=StepState.WITHDRAWN)
