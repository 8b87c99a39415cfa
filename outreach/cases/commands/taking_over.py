"""A case somebody followed in a list of their own goes on here: where it stood, who has it, what was tried last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.commands.closing import close_track
from outreach.cases.commands.events import record
from outreach.cases.commands.noting_facts import next_list_on, write_placement
from outreach.cases.commands.owning import move_step, note_handover, scope_for
from outreach.cases.commands.stepping import Opening, end_step, open_step
from outreach.cases.models import Attempt, Case, Step, StepState, Track
from outreach.cases.queries.assigning import assigned_to
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.next_visit import TAKEN_OVER
from outreach.cases.queries.owners import owner_of_next, person_of_next
from outreach.cases.workflow import Anchor, Owner, StepRule, processes
from outreach.children.grants import Scope
from outreach.children.models import Child
from outreach.partners.models import SCHOOL, Organisation


@dataclass(frozen=True)
class Standing:
    """Where a case stands according to the list: at a step, or ended with a closure, which goes before it.

    The step goes to this organisation and person if the list names who follows the child, else as the process says.
    `parents_agree`: the parents know that a partner has the case and agree; otherwise it sees step and number alone.
    """

    step: str
    closure: str | None = None
    organisation: Organisation | None = None
    person_id: int | None = None
    school: Organisation | None = None
    entry_on: date | None = None
    parents_agree: bool = False


@dataclass(frozen=True)
class LastContact:
    """The last time the family was sought before Outreach; `channel` and `reached` None when the list does not tell."""

    on: date
    channel: str | None
    reached: bool | None
    occasion: str


def take_over(
    session: Session, case: Case, step: Step, standing: Standing, *, told: Mapping[str, Any], origin: str, by: Actor
) -> Step:
    """Bring a case that just opened to where it stands; dates count from today. The step that is its last one now.

    `told` is what the list said in its own words: it is kept with the event. `origin` names the list.
    """
    if standing.entry_on is not None:
        write_anchor(session, case, Anchor.ENTRY_DAY, standing.entry_on, by=by)
    if standing.school is not None:
        write_placement(session, case, school=standing.school, entry_on=standing.entry_on, by=by)
    last = step
    if standing.closure is not None:
        _close(session, case, step, standing.closure, by)
    elif standing.step != step.key:
        last = _go_on(session, case, step, standing, by)
    elif standing.person_id is not None and _may_have(session, standing, step.organisation_id):
        team, person_id = step.organisation_id, standing.person_id
        move_step(session, case, step, organisation_id=team, person_id=person_id, reason="assigned", by=by)
    days = {} if standing.closure else {"aim_on": last.aim_on, "too_late_on": last.too_late_on}
    data = {"origin": origin, "step": last.key, "closure": standing.closure, "person": last.person_id, **days}
    record(session, case, "taken_over", by=by, step=last, data=data, personal={"list": dict(told)} if told else None)
    return last


def note_contact(session: Session, case: Case, step: Step, contact: LastContact, *, origin: str, by: Actor) -> None:
    """Keep the last attempt to reach the family as the list tells it, under its own day."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    known = {"channel": contact.channel is not None, "reached": contact.reached is not None}
    attempt = Attempt(
        case_id=case.id,
        step_id=step.id,
        report_id=None,
        household_id=child.household_id,
        occasion=contact.occasion,
        channel=contact.channel or "elsewhere",
        on=contact.on,
        at=clock.moment_of(contact.on),
        reached=bool(contact.reached),
        spoke_with=None,
        language=None,
        interpreter=False,
        advice=None,
        details={TAKEN_OVER: known},
        recorded_at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id or step.organisation_id,
    )
    session.add(attempt)
    session.flush()
    if step.living and step.last_fact_on < contact.on:
        step.last_fact_on = contact.on
    data = {"attempt": attempt.id, "origin": origin, "on": contact.on}
    record(session, case, "contact_taken_over", by=by, step=step, data=data)


def _close(session: Session, case: Case, step: Step, key: str, by: Actor) -> None:
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    peace = next_list_on(clock.today()) if processes().closure(key).leave_in_peace else None
    close_track(session, case, track, key=key, leave_in_peace_until=peace, by=by)


def _go_on(session: Session, case: Case, step: Step, standing: Standing, by: Actor) -> Step:
    """End the first step, that nobody took here, and open the one the case stands at, for who follows it."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    rule = processes().step(track.process, track.process_version, standing.step)
    owner = owner_of_next(session, case, rule, named=_named(case, rule, standing))
    scope, agreed = _sight(session, case, rule, owner, track, parents_agree=standing.parents_agree)
    end_step(session, step, outcome=None, state=StepState.WITHDRAWN)
    opening = Opening(rule, owner, person_id=_person(session, case, rule, owner, standing), scope=scope)
    opened = open_step(session, case, track, opening, by=by)
    if agreed is not None:
        note_handover(session, case, opened, owner.organisation_id, parents_know=agreed, parents_agree=agreed, by=by)
    return opened


def _named(case: Case, rule: StepRule, standing: Standing) -> Organisation | None:
    """The school where the child starts; else who follows the child. A step of the lead stays with the lead."""
    if SCHOOL in rule.owner.kinds and standing.school is not None:
        return standing.school
    named = standing.organisation
    return None if named is None or (rule.owner.lead and named.id != case.lead_id) else named


def _person(session: Session, case: Case, rule: StepRule, owner: Owner, standing: Standing) -> int | None:
    if standing.person_id is not None and _may_have(session, standing, owner.organisation_id):
        return standing.person_id
    return person_of_next(session, case, rule.key, owner.organisation_id)


def _may_have(session: Session, standing: Standing, organisation_id: int) -> bool:
    return standing.person_id is not None and is_member(session, standing.person_id, organisation_id, clock.today())


def _sight(
    session: Session, case: Case, rule: StepRule, owner: Owner, track: Track, *, parents_agree: bool
) -> tuple[Scope, str | None]:
    """What the owner sees, and what is noted of the parents: who visits and who leads see all, as when a case is given
    to them; any other partner what the parents agreed to."""
    if owner.to_assign or owner.organisation_id == case.lead_id:
        return Scope.FULL, None
    organisation = session.get_one(Organisation, owner.organisation_id)
    if rule.key in assigned_to(processes().process(track.process, track.process_version)):
        return scope_for(organisation, "yes", "yes"), None
    agreed = "yes" if parents_agree else "not_asked"
    return scope_for(organisation, agreed, agreed), agreed
