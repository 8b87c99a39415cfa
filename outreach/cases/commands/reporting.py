"""An owner reports what came of a step: the facts are written, and the step goes on, leads to the next, or closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.closing import close_all_tracks, close_track
from outreach.cases.commands.events import plain, record
from outreach.cases.commands.hearing import hear_of
from outreach.cases.commands.leading import lead_on, open_other_track
from outreach.cases.commands.noting_facts import Facts, write_facts
from outreach.cases.commands.planning import take_up
from outreach.cases.commands.staying import stay
from outreach.cases.commands.stepping import end_step
from outreach.cases.commands.transferring import offer_transfer
from outreach.cases.models import Case, Report, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.outcomes import find_possible
from outreach.cases.workflow import CLOSURE, STAY, Fact, Outcome
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.queries import area_named


@dataclass(frozen=True)
class Reported:
    """What a report led to: the next step, or the closure, or the same step going on."""

    report: Report
    next_step: Step | None
    closed: bool


def report_outcome(
    session: Session, case: Case, step: Step, *, outcome: str, facts: Mapping[str, Any], by: Actor
) -> Reported:
    """Report an outcome of an open step with the facts it asks for.

    Raises Refused when the outcome cannot be said now, a fact is missing or cannot be right.
    """
    chosen = _checked(session, case, step, outcome)
    given = Facts(dict(facts))
    report = _report(step, case, chosen, given, by)
    session.add(report)
    write_facts(session, case, step, chosen, given, by=by)
    hear_of(session, step)
    before = {"aim_on": step.aim_on, "too_late_on": step.too_late_on}
    next_step, closed = _follow(session, case, step, chosen, given, by)
    session.flush()
    record(
        session,
        case,
        "outcome_reported",
        by=by,
        step=step,
        data={
            "step": step.key,
            "outcome": chosen.key,
            "to": chosen.to,
            "report": report.id,
            "next": next_step.number if next_step else None,
            "closure": given.closure(chosen) if chosen.to == CLOSURE else None,
            "before": before,
            **_new_dates(next_step or (step if chosen.to == STAY else None)),
        },
    )
    return Reported(report, next_step, closed)


def _checked(session: Session, case: Case, step: Step, outcome: str) -> Outcome:
    if not step.living:
        raise Refused("step_ended", number=step.number)
    if step.side_of_id is not None:
        raise Refused("side_step_is_answered")
    possible = find_possible(session, case, step, outcome)
    if possible is None:
        raise Refused("outcome_unknown", outcome=outcome)
    if possible.refusal is not None:
        raise Refused(possible.refusal, **(possible.data or {}))
    return possible.outcome


def _report(step: Step, case: Case, outcome: Outcome, facts: Facts, by: Actor) -> Report:
    return Report(
        case_id=case.id,
        step_id=step.id,
        outcome=outcome.key,
        facts=plain(facts.kept()),
        at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id or step.organisation_id,
    )


def _follow(
    session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, by: Actor
) -> tuple[Step | None, bool]:
    if outcome.to == STAY:
        take_up(session, step)
        stay(session, case, step, outcome, facts, by=by)
        return None, _moved_away(session, case, step, outcome, facts, by)
    if outcome.to == CLOSURE:
        return _close(session, case, step, outcome, facts, by), True
    end_step(session, step, outcome=outcome.key)
    return lead_on(session, case, step, outcome, facts, by=by), False


def _moved_away(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, by: Actor) -> bool:
    """Offer a family that moved to its new area; an area that does not work with Outreach is written a letter."""
    if outcome.transfer is None:
        return False
    area = area_named(session, str(facts.get(Fact.DESTINATION)), clock.today())
    if area is not None:
        offer_transfer(session, case, step, outcome, area=area, by=by)
        return False
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    close_track(session, case, track, key=outcome.transfer.accepted, leave_in_peace_until=None, by=by)
    return True


def _close(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, by: Actor) -> Step | None:
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    key = facts.closure(outcome)
    end_step(session, step, outcome=outcome.key)
    opened = open_other_track(session, case, step, outcome, by=by) if outcome.opens else None
    if outcome.stops_everything:
        session.get_one(Child, case.child_id, execution_options=INSIDE).died_on = clock.today()
        close_all_tracks(session, case, key=key, by=by)
        withdraw_lines(session, about=[f"case:{case.id}"])
    else:
        close_track(session, case, track, key=key, leave_in_peace_until=facts.peace_until(case, key), by=by)
    return opened


def _new_dates(step: Step | None) -> dict[str, date | None]:
    return {"aim_on": step.aim_on, "too_late_on": step.too_late_on, "planned_on": step.planned_on} if step else {}
