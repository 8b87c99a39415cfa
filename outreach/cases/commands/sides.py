"""Side steps: the owner asks one other partner one thing; it never moves the track and ends with it."""

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.hearing import hear_beside
from outreach.cases.commands.stepping import Opening, end_step, open_step
from outreach.cases.commands.words import new_note
from outreach.cases.models import Case, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Owner, processes
from outreach.children.grants import Scope
from outreach.errors import Refused
from outreach.partners.models import Organisation


def ask_side_step(
    session: Session, case: Case, step: Step, *, kind: str, organisation: Organisation, question: str, by: Actor
) -> Step:
    """Ask another partner one thing beside a step. It sees step, reference and the question, nothing of the child."""
    if not step.living:
        raise Refused("step_ended", number=step.number)
    if step.side_of_id is not None:
        raise Refused("side_of_side")
    opening = Opening(
        rule=processes().side(kind),
        owner=Owner(organisation.id, "asked"),
        scope=Scope.REFERENCE,
        side_of_id=step.id,
    )
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    side = open_step(session, case, track, opening, by=by)
    hear_beside(session, [step.id])
    session.add(new_note(case, text=question, shared=True, by=by, step=side))
    record(session, case, "side_step_asked", by=by, step=side, data={"kind": kind, "organisation": organisation.id})
    return side


def answer_side_step(session: Session, case: Case, side: Step, *, outcome: str, answer: str, by: Actor) -> None:
    """Answer what was asked, and something is heard of the step it was asked beside.

    The words are shared with who asked; those that go with a reason of absence stay inside the own organisation.
    Raises Refused when it has ended or is no side, or for an answer that is not one of its own.
    """
    if side.side_of_id is None or not side.living:
        raise Refused("step_ended", number=side.number)
    if outcome not in {choice.key for choice in processes().answers_to(side.key)}:
        raise Refused("outcome_unknown", outcome=outcome)
    if answer.strip():
        shared = not processes().asks_reason(side.key)
        session.add(new_note(case, text=answer, shared=shared, by=by, step=side))
    end_step(session, side, outcome=outcome)
    hear_beside(session, [side.side_of_id])
    record(session, case, "side_step_answered", by=by, step=side, data={"outcome": outcome})
