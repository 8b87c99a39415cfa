"""One step leads to the next: who owns it, what it may see, and what the parents said about that."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.commands.noting_facts import Facts
from outreach.cases.commands.opening import granted_lead, lead_subject
from outreach.cases.commands.owning import note_handover, scope_for
from outreach.cases.commands.stepping import Opening, open_step
from outreach.cases.models import Case, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.owners import companion_team, owner_of_next, person_of_next
from outreach.cases.workflow import Fact, Outcome, Owner, StepRule, TooLate, processes
from outreach.children.grants import Scope, end_grants, grant
from outreach.errors import Refused
from outreach.partners.models import SCHOOL, Area, Organisation


def lead_on(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, *, by: Actor) -> Step:
    """Open the step an outcome leads to, for the owner found by the rule of the process."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    ended = processes().step(track.process, track.process_version, step.key)
    _pass_lead(session, case, processes().step(track.process, track.process_version, outcome.to), by=by)
    rule = _with_own_dates(processes().step(track.process, track.process_version, outcome.to), outcome)
    owner = owner_of_next(session, case, rule, named=_named(session, case, rule, outcome, facts))
    scope = _scope(session, step, ended, owner, facts)
    opening = Opening(
        rule=rule,
        owner=owner,
        person_id=_person(session, case, rule, outcome, owner, facts),
        scope=scope,
        starts_on=facts.day("starts_on"),
    )
    opened = open_step(session, case, track, opening, by=by)
    if owner.organisation_id != step.organisation_id and not ended.assigns:
        note_handover(
            session,
            case,
            opened,
            owner.organisation_id,
            parents_know=facts.get("parents_know") or "not_asked",
            parents_agree=facts.get("parents_agree") or "not_asked",
            by=by,
        )
    return opened


def open_other_track(session: Session, case: Case, step: Step, outcome: Outcome, *, by: Actor) -> Step:
    """Begin the track of another process at the step the outcome names, with the organisation that has the case now."""
    key, _, first = (outcome.opens or "").partition("/")
    process = processes().current(key)
    track = Track(
        case_id=case.id,
        process=process.key,
        process_version=process.version,
        opened_on=clock.today(),
        opened_at=clock.now(),
        ended_at=None,
    )
    session.add(track)
    session.flush()
    rule = processes().step(process.key, process.version, first)
    opening = Opening(rule, Owner(step.organisation_id, "previous"), person_id=step.person_id, scope=Scope(step.scope))
    return open_step(session, case, track, opening, by=by)


def _named(session: Session, case: Case, rule: StepRule, outcome: Outcome, facts: Facts) -> Organisation | None:
    """The organisation the form names: chosen outright, the school the child is enrolled at, the companion's team."""
    named = facts.get(Fact.ORGANISATION)
    if named is None and SCHOOL in rule.owner.kinds:
        named = facts.get(Fact.SCHOOL)
    if named is None and outcome.companion:
        named = companion_team(session, case)
    if named is None:
        return None
    organisation = session.get(Organisation, int(named))
    if organisation is None:
        raise Refused("organisation_unknown", organisation=named)
    return organisation


def _person(session: Session, case: Case, rule: StepRule, outcome: Outcome, owner: Owner, facts: Facts) -> int | None:
    named = facts.get("person")
    if outcome.companion and owner.organisation_id == companion_team(session, case):
        return case.companion_id
    if named is None:
        return person_of_next(session, case, rule.key, owner.organisation_id)
    if not is_member(session, int(named), owner.organisation_id, clock.today()):
        raise Refused("person_not_of_team")
    return int(named)


def _scope(session: Session, step: Step, ended: StepRule, owner: Owner, facts: Facts) -> Scope:
    """Who keeps the case keeps its view; an assignment shows all; a hand-over what the parents agreed to."""
    organisation = session.get_one(Organisation, owner.organisation_id)
    if owner.reason == "lead" or owner.to_assign:
        return Scope.FULL
    if owner.organisation_id == step.organisation_id:
        return Scope(step.scope)
    if ended.assigns or facts.get(Fact.PARENTS_TOLD) is not None:
        return scope_for(organisation, "yes", "yes")
    return scope_for(organisation, str(facts.get("parents_know")), str(facts.get("parents_agree")))


def _pass_lead(session: Session, case: Case, rule: StepRule, *, by: Actor) -> None:
    """Where a school leads, asking a visit or decision passes the lead to the area's coordinating organisation."""
    lead = session.get_one(Organisation, case.lead_id)
    if not rule.coordinated or lead.kind != SCHOOL:
        return
    end_grants(session, [lead_subject(case)])
    case.lead_id = session.get_one(Area, case.area_id).coordinator_id
    grant(session, [granted_lead(case)])
    record(session, case, "lead_passed", by=by, data={"before": lead.id, "lead": case.lead_id})


def _with_own_dates(rule: StepRule, outcome: Outcome) -> StepRule:
    """An outcome may ask for quicker dates than the step it leads to."""
    aim = (outcome.aim,) if outcome.aim else rule.aim
    last = TooLate(otherwise=(outcome.too_late,)) if outcome.too_late else rule.too_late
    return rule.model_copy(update={"aim": aim, "too_late": last})
