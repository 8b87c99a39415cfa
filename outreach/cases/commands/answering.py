"""The answer of somebody without an account: once, by the same commands as everybody else, or to the sender."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, builtin
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.commands.planning import plan_visit
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step
from outreach.cases.commands.stepping import Opening, open_step
from outreach.cases.models import Case, Placement, SignedLink, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.circumstances import chosen_anchors
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.links import WAITING, Asked, hold_asked
from outreach.cases.workflow import Anchor, Fact, General, Owner, processes
from outreach.children.grants import Scope
from outreach.errors import Refused

LONGEST = timedelta(days=60)
"""A link puts a step off no further than this; beyond it people talk."""

RING_THEM, LOOK_AT_IT = "ring_them", "link_answer"
"""The side steps that come back to the sender."""


@dataclass(frozen=True)
class Answer:
    """One of the offers, or a general answer; `on` is the day of "not yet"."""

    key: str
    on: date | None = None


def possible_answers(asked: Asked) -> tuple[str, ...]:
    """What can be chosen: the offers (else "done"), and what can always be said."""
    first = asked.offers or (General.DONE.value,)
    asked_beside = processes().is_side(asked.step)  # whose own answers say already that it is not for them
    always = (General.NOT_YET, *(() if asked_beside else (General.NOT_MINE,)), General.UNKNOWN_CHILD)
    return (*first, *(each.value for each in always))


def open_link(session: Session, asked: Asked) -> None:
    """Note that somebody went beyond the first page; nothing else follows from it."""
    first = update(SignedLink).where(SignedLink.id == asked.link_id, SignedLink.first_opened_at.is_(None))
    session.execute(first.values(first_opened_at=clock.now()).execution_options(synchronize_session=False))


def answer_link(session: Session, asked: Asked, answer: Answer) -> None:
    """Take the one answer. Raises Refused when it was given, the link is not out any more, or the day cannot be."""
    _check(asked, answer)
    link, case, step = hold_asked(session, asked.link_id)
    if step.state not in WAITING or not _claimed(session, link, answer):
        raise Refused("link_gone")
    by = builtin(session, "link")
    if answer.key == General.NOT_YET and answer.on is not None:
        _put_off(session, case, step, link, answer, by)
    elif answer.key not in link.offers or not _said(session, case, step, answer.key, by):
        _tell_sender(session, case, step, link, answer, by)


def _check(asked: Asked, answer: Answer) -> None:
    if answer.key not in possible_answers(asked):
        raise Refused("link_answer_missing")
    if answer.key == General.NOT_YET:
        if answer.on is None:
            raise Refused("link_day_missing")
        if not clock.today() <= answer.on <= clock.today() + LONGEST:
            raise Refused("link_day_impossible", until=clock.today() + LONGEST)


def _claimed(session: Session, link: SignedLink, answer: Answer) -> bool:
    """Whether this answer is the one: of two at the same moment the database lets one through."""
    now = clock.now()
    statement = (
        update(SignedLink)
        .where(
            SignedLink.id == link.id,
            SignedLink.answered_at.is_(None),
            SignedLink.withdrawn_at.is_(None),
            SignedLink.expires_at > now,
        )
        .values(answered_at=now, answer=answer.key, answer_on=answer.on if answer.key == General.NOT_YET else None)
        .execution_options(synchronize_session=False)
    )
    claimed: bool = session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
    session.expire(link)
    return claimed


def _put_off(session: Session, case: Case, step: Step, link: SignedLink, answer: Answer, by: Actor) -> None:
    """The day becomes the agreed day; one on which it would be too late goes to the sender as well."""
    on = answer.on or clock.today()
    plan_visit(session, case, step, on=on, by=by)
    if step.too_late_on is not None and on > step.too_late_on:
        _tell_sender(session, case, step, link, answer, by)


def _said(session: Session, case: Case, step: Step, outcome: str, by: Actor) -> bool:
    """Say it as somebody signed in would; False when it cannot be said now, and nothing has changed."""
    try:
        with session.begin_nested():
            if step.side_of_id is not None:
                answer_side_step(session, case, step, outcome=outcome, answer="", by=by)
            else:
                facts = _known(session, case, step, outcome)
                report_outcome(session, case, step, outcome=outcome, facts=facts, by=by)
    except Refused:
        return False
    return True


def _known(session: Session, case: Case, step: Step, outcome: str) -> dict[str, Any]:
    """What the outcome asks and the case knows already; a day that lies ahead was not confirmed by anybody."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    rule = processes().outcome(track.process, track.process_version, step.key, outcome)
    school = select(Placement.school_id).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    entry_on = chosen_anchors(session, case).get(Anchor.ENTRY_DAY)
    known = {
        Fact.SCHOOL: session.scalar(school, execution_options=INSIDE),
        Fact.ENTRY_DAY: entry_on if entry_on is not None and entry_on <= clock.today() else None,
    }
    return {fact: known.get(fact) for fact in rule.asks} if rule else {}


def _tell_sender(session: Session, case: Case, step: Step, link: SignedLink, answer: Answer, by: Actor) -> None:
    """What moves nothing comes back to who asked, as a side step of theirs; one of each kind at a time."""
    record(session, case, "link_answered", by=by, step=step, data={"link": link.id, "answer": answer.key})
    kind = RING_THEM if answer.key == General.UNKNOWN_CHILD else LOOK_AT_IT
    beside = step.side_of_id or step.id
    waiting = select(Step.id).where(Step.side_of_id == beside, Step.key == kind, IS_LIVING)
    if session.scalar(waiting.limit(1), execution_options=INSIDE) is not None:
        return
    there = is_member(session, link.sent_by_id, link.organisation_id, clock.today())
    opening = Opening(
        rule=processes().side(kind),
        owner=Owner(link.organisation_id, "asked"),
        person_id=link.sent_by_id if there else None,
        scope=Scope.REFERENCE,
        side_of_id=beside,
    )
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    side = open_step(session, case, track, opening, by=by)
    record(
        session, case, "side_step_asked", by=by, step=side, data={"kind": kind, "organisation": link.organisation_id}
    )
