"""Reporting a step: the general report, and what both kinds of report have in common."""

from typing import Any

from flask_babel import gettext as _

from outreach.accounts.signed_in import current_actor
from outreach.cases import policy
from outreach.cases.commands import words as notes
from outreach.cases.commands.reporting import Reported, report_outcome
from outreach.cases.forms.facts import Offered, parts_of
from outreach.cases.forms.report import ReportForm, report_form
from outreach.cases.models import Case, Closure, Step, Track
from outreach.cases.queries import choices, finding
from outreach.cases.queries.case_page import newest_closure
from outreach.cases.queries.outcomes import is_compulsory, possible_outcomes
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.next_visit_shown import planned_said
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.shown import dates_shown
from outreach.cases.words import closure_label, not_now, step_label
from outreach.cases.workflow import Fact, Outcome, Possible, Process, StepRule, processes, proposed_closure
from outreach.children.models import Child
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.web.access import allowed
from outreach.web.filters import day, language

ICONS = {
    "wants_school": "school",
    "nobody_reached": "not-home",
    "could_not_talk": "language",
    "spoke_with_somebody_else": "talk",
    "wrong_address": "place",
    "wants_later": "entry",
    "says_goes_to_school": "check",
    "care_needs": "care",
    "not_reached_after_tries": "decide",
    "goes_to_another_school": "building",
    "moved_within_flanders": "moved",
    "moved_abroad": "moved",
    "refuses": "refuse",
}
"""Pictures of the answers one taps most; an answer without one has only its words."""


def process_of(step: Step) -> tuple[Process, Track]:
    """The process of a step, in the version its track began with."""
    track = finding.track_of(db.session, current_actor(), step)
    return processes().process(track.process, track.process_version), track


def rule_of(step: Step) -> tuple[Process, StepRule]:
    """The rule of a step. Raises LookupError for a side step, which has none."""
    process, _track = process_of(step)
    rule = process.find_step(step.key)
    if rule is None:
        raise LookupError(step.key)
    return process, rule


def child_of(case: Case) -> Child:
    """The child a case is about; for deciding what a form offers, not for showing."""
    return finding.child_of(db.session, current_actor(), case)


def offered_at(case: Case, step: Step, possible: list[Possible], leave_out: frozenset[Fact] = frozenset()) -> Offered:
    """What the report of this step offers now."""
    process, rule = rule_of(step)
    child = child_of(case)
    outcomes = [each.outcome for each in possible if each.refusal is None]
    rules = [process.find_step(each.to) for each in outcomes if Fact.ORGANISATION in each.may_ask]
    owners = choices.possible_owners(db.session, case, [each.owner for each in rules if each])
    return Offered(
        outcomes=outcomes,
        compulsory=is_compulsory(child),
        schools=[(each.id, each.name) for each in choices.schools_of(db.session, case)],
        organisations=[(each.id, each.name) for each in owners],
        entry_days=choices.entry_days_for(db.session, case, child),
        defaults=choices.defaults_of(db.session, case, child),
        assigns=rule.assigns,
        leave_out=leave_out,
    )


def checklist_of(rule: StepRule) -> list[tuple[str, str]]:
    """The checklist of a step."""
    return [(choice.key, choice.label[language()]) for choice in rule.checklist]


def refused_now(possible: list[Possible]) -> list[dict[str, str]]:
    """The outcomes that cannot be said now, each with the reason."""
    spoken = language()
    return [
        {"label": each.outcome.label[spoken], "reason": not_now(each.refusal, each.data, spoken)}
        for each in possible
        if each.refusal is not None
    ]


def may_report(spot: Spot) -> bool:
    """A step of one's own team that is no side step."""
    return spot.step.side_of_id is None and policy.may_report(spot.actor, spot.case, spot.step)


@blueprint.route("/cases/<reference>/steps/<int:number>/report", methods=["GET", "POST"])
@allowed(*WORKING)
def report(reference: str, number: int) -> Page:
    """Report what came of a step."""

    def form(spot: Spot) -> ReportForm:
        possible = possible_outcomes(db.session, spot.case, spot.step)
        _process, rule = rule_of(spot.step)
        return report_form(offered_at(spot.case, spot.step, possible), checklist_of(rule))

    saying = Saying(may=may_report, form=form, say=_report, shown=_shown, template="cases/report.html")
    return answer(saying, reference, number)


def _report(spot: Spot, form: ReportForm) -> str:
    outcome = form.chosen
    if outcome is None:
        raise LookupError("validated as chosen")
    facts = with_proposed_closure(spot.case, outcome, form.facts(outcome))
    done = report_outcome(db.session, spot.case, spot.step, outcome=outcome.key, facts=facts, by=spot.actor)
    keep_note(spot, form)
    return said_next(spot.case, spot.step, done)


def with_proposed_closure(case: Case, outcome: Outcome, facts: dict[str, Any]) -> dict[str, Any]:
    """The closure that fits the day of enrolment, where the person left it to the dates."""
    if len(outcome.closures) < 2 or facts.get("closure"):
        return facts
    proposed = proposed_closure(
        [processes().closure(key) for key in outcome.closures],
        enrolled_on=facts.get(Fact.ENROLLED_ON) or case.opened_on,
        case_opened_on=case.opened_on,
        first_contact_on=choices.first_contact_on(db.session, case),
    )
    return {**facts, "closure": proposed.key if proposed else None}


def keep_note(spot: Spot, form: Any) -> None:
    """The words that came with a report, as a note."""
    if (form["note"].data or "").strip():
        shared = form["note_shared"].data
        notes.add_note(db.session, spot.case, text=form["note"].data, shared=shared, by=spot.actor, step=spot.step)


def said_next(case: Case, step: Step, done: Reported) -> str:
    """What happens next and when: Schoolkeuze is nu aan Huis van het Kind, streefdatum di 12 jan 2027."""
    if done.next_step is not None:
        return _said_of(done.next_step)
    if done.closed:
        closure: Closure = newest_closure(db.session, case)
        said = _("Closed: %(closure)s.", closure=closure_label(closure.key, language()))
        peace = closure.leave_in_peace_until
        rest = _("The family is left in peace until %(day)s.", day=day(peace)) if peace else ""
        return f"{said} {rest}".strip()
    if step.planned_on is not None:
        return str(_("Saved. Next time: %(day)s.", day=planned_said(step.planned_on, step.planned_part)))
    return str(_("Saved. %(step)s goes on, aim %(day)s.", step=_named(step), day=day(step.due_on)))


def _named(step: Step) -> str:
    _process, track = process_of(step)
    return step_label(track.process, step.key, language())


def _said_of(step: Step) -> str:
    owner = db.session.get_one(Organisation, step.organisation_id).name
    said = _(
        "%(step)s is now with %(name)s, aim %(day)s.",
        step=_named(step),
        name=owner,
        day=day(step.aim_on or step.due_on),
    )
    still = _("Still to be assigned.") if step.to_assign else ""
    return f"{said} {still}".strip()


def _shown(spot: Spot, form: ReportForm) -> dict[str, Any]:
    process, rule = rule_of(spot.step)
    dates = dates_shown(spot.step)
    return {
        "title": rule.label[language()],
        "step": {
            "label": rule.label[language()],
            "text": rule.help[language()] if rule.help else "",
            "due_text": dates["due_text"],
            "why": dates["why"],
        },
        "answers": [answer_shown(spot.name, None, form.outcome, process, same=False)],
        "parts": [*parts_of(form, form.offered), note_part(form)],
        "icons": {},
        "not_now": refused_now(possible_outcomes(db.session, spot.case, spot.step)),
        "checklist": form["checklist"] if rule.checklist else None,
    }


def answer_shown(name: str, age: str | None, outcome: Any, process: Process, *, same: bool) -> dict[str, Any]:
    """The outcomes of one child; what can be said at every step stands apart, behind a tap."""
    apart = [each.key for each in process.always]
    return {"name": name, "age": age, "outcome": outcome, "parts": [], "same": same, "apart": apart}


def note_part(form: Any) -> dict[str, Any]:
    """The note, folded."""
    fields = [form["note"], form["note_shared"]]
    title, typed = _("Write a note with it"), bool(form["note"].data)
    return {"title": title, "when": None, "fields": fields, "folded": True, "open": typed}
