"""Reporting a visit or another attempt to reach a family, for all its children at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from outreach.cases.commands.at_the_visit import ContactTold
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.forms.at_the_visit import Known
from outreach.cases.forms.facts import Offered
from outreach.cases.forms.visit import OF_THE_OCCASION, VisitForm, visit_form
from outreach.cases.models import Case, Step
from outreach.cases.queries.choices import visited_together
from outreach.cases.queries.family import contacts_of
from outreach.cases.queries.my_work import last_attempts
from outreach.cases.queries.naming import names
from outreach.cases.queries.offline import what_is_seen
from outreach.cases.queries.outcomes import possible_outcomes
from outreach.cases.queries.visits import newest_attempt
from outreach.cases.queries.with_two import visits_with_two
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import attempt_shown
from outreach.cases.routes.family import is_hidden, residence_of
from outreach.cases.routes.reports import (
    ICONS,
    answer_shown,
    checklist_of,
    may_report,
    offered_at,
    refused_now,
    rule_of,
    said_next,
    with_proposed_closure,
)
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.shown import place, street, with_two_said
from outreach.cases.routes.visit_parts import parts_shown
from outreach.cases.words import label
from outreach.cases.workflow import Outcome
from outreach.children.grants import Scope
from outreach.children.models import Child
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import age, language


@blueprint.route("/cases/<reference>/steps/<int:number>/visit", methods=["GET", "POST"])
@allowed(*WORKING)
def visit(reference: str, number: int) -> Page:
    """What happened at the door, on the phone or by letter."""
    saying = Saying(
        may=lambda spot: may_report(spot) and rule_of(spot.step)[1].report == "visit",
        form=_form_at_the_door,
        say=record_visit,
        shown=shown_of,
        template="cases/visit.html",
        then=_kept_url,
        version=lambda spot: "-".join(str(step.version) for _case, step, _child in together_at(spot)),
    )
    return answer(saying, reference, number)


def _form_at_the_door(spot: Spot) -> VisitForm:
    """The form; a card of My work may have said already what came of it ("not home")."""
    form = form_of(spot)
    said = request.args.get("outcome")
    if request.method == "GET" and said in {each.key for each in form.offered.outcomes}:
        form["outcome"].data = said
    return form


def together_at(spot: Spot) -> list[tuple[Case, Step, Child]]:
    """The children of this visit; alone for who does not see the whole case."""
    _process, rule = rule_of(spot.step)
    together = visited_together(db.session, spot.actor, spot.case, spot.step, rule)
    return together if spot.scope is Scope.FULL else together[:1]


def form_of(spot: Spot, together: Sequence[tuple[Case, Step, Child]] | None = None, *, late: bool = False) -> VisitForm:
    """The form of this visit; for other children than those at home now, when a report says so.

    A `late` one knows every outcome, also those that cannot be said any more: to read it, not to record it.
    """
    _process, rule = rule_of(spot.step)
    together = together or together_at(spot)
    possible = [possible_outcomes(db.session, case, step) for case, step, _child in together]
    children: list[tuple[str, list[Outcome]]] = [
        (_first_name(spot, child), [each.outcome for each in its if late or each.refusal is None])
        for (_case, _step, child), its in zip(together, possible, strict=True)
    ]
    offered = _offered_to_all(spot, children)
    return visit_form(offered, children, checklist_of(rule), known_of(spot))


def known_of(spot: Spot) -> Known:
    """What is known of the family, for who may see it."""
    child, full = spot.child, spot.scope is Scope.FULL
    if child is None:
        return Known(full=False)
    contacts = contacts_of(db.session, spot.actor, child.household_id) if full else []
    return Known(
        language=child.language,
        interpreter=bool(child.interpreter),
        contacts=[ContactTold(one.id, one.name, one.relation, one.phone, one.language) for one in contacts],
        with_two=full and child.household_id in visits_with_two(db.session, spot.actor, [child.household_id]),
        full=full,
    )


def _offered_to_all(spot: Spot, children: list[tuple[str, list[Outcome]]]) -> Offered:
    """The facts that any child's outcome may ask."""
    possible = possible_outcomes(db.session, spot.case, spot.step)
    offered = offered_at(spot.case, spot.step, possible, OF_THE_OCCASION)
    every = {outcome.key: outcome for _name, its in children for outcome in its}
    return Offered(**{**vars(offered), "outcomes": list(every.values())})


def _first_name(spot: Spot, child: Child) -> str:
    return child.first_name if spot.scope is not Scope.REFERENCE else spot.case.reference


def record_visit(
    spot: Spot,
    form: VisitForm,
    said: Sequence[tuple[str, Case, Step]] | None = None,
    given: Mapping[str, Mapping[str, Any]] | None = None,
    occasion: Occasion | None = None,
) -> str:
    """Record it; `said` names the children by field when it is not for all, `given` facts and `occasion` what is put in
    place of what was typed."""
    visited = []
    for name, case, step in said if said is not None else _said(spot, form):
        key = form.key_for(name)
        outcome = next(each for each in form.offered.outcomes if each.key == key)
        facts = {**form.facts(key), **(given or {}).get(name, {})}
        visited.append(Visited(case, step, key, with_proposed_closure(case, outcome, facts)))
    done = record_home_visit(db.session, visited, occasion or occasion_of(form), by=spot.actor)
    return said_next(spot.case, spot.step, done[0])


def _said(spot: Spot, form: VisitForm) -> list[tuple[str, Case, Step]]:
    together = together_at(spot)
    return [(name, case, step) for (case, step, _child), name in zip(together, form.children, strict=True)]


def occasion_of(form: VisitForm) -> Occasion:
    """What is the same for all its children."""
    return Occasion(
        channel=form.channel.data,
        at=form.at,
        spoke_with=form["spoke_with"].data or None,
        language=form["language"].data or None,
        interpreter=form["with_interpreter"].data,
        advice=form["advice"].data or None,
        details=form.details,
        companion=form["companion"].data,
        planned_part=form["planned_part"].data or None,
        told=form.told,
    )


def shown_of(spot: Spot, form: VisitForm) -> dict[str, Any]:
    """What the page of the visit shows around the form."""
    process, rule = rule_of(spot.step)
    full = spot.scope is Scope.FULL
    residence = residence_of(spot) if full and not is_hidden(spot) else None
    household = spot.child.household_id if spot.child and full else 0
    last = last_attempts(db.session, spot.actor, [household]).get(household)
    together = together_at(spot)
    answers = [
        answer_shown(_first_name(spot, child), _age(spot, child), form[name], process, same=number > 0)
        for number, ((_case, _step, child), name) in enumerate(zip(together, form.children, strict=True))
    ]
    where = {"street": street(residence), "neighbourhood": place(residence), "maps_url": None} if residence else None
    return {
        "title": rule.label[language()],
        "step": {"label": rule.label[language()]},
        "age": _age(spot, spot.child),
        "place": where,
        "language_at_home": _spoken(spot),
        "warnings": _warnings(spot),
        "last_attempt": attempt_shown(last, names(db.session, [last.by_id], [])) if last else None,
        "answers": answers,
        "parts": parts_shown(form, spot, ", ".join(one for one in (street(residence), place(residence)) if one)),
        "taken": {"step": spot.step.id, "seen": seen_at(spot, form)},
        "icons": ICONS,
        "not_now": refused_now(possible_outcomes(db.session, spot.case, spot.step)),
    }


def _age(spot: Spot, child: Child | None) -> str | None:
    return age(child.born_on) if child and spot.scope is not Scope.REFERENCE else None


def _spoken(spot: Spot) -> dict[str, Any] | None:
    known = spot.child.language if spot.child else None
    interpreter = bool(spot.child and spot.child.interpreter)
    return {"label": label("language", known, language()), "interpreter": interpreter} if known else None


def _warnings(spot: Spot) -> list[dict[str, str]]:
    """What to know before one rings the bell."""
    if spot.child is None or spot.scope is not Scope.FULL:
        return []
    found, secrecy = [], spot.case.secrecy
    if secrecy:
        text = label("warning", "hidden" if is_hidden(spot) else secrecy, language())
        found.append({"tone": "late", "icon": "shelter", "text": text})
    said = visits_with_two(db.session, spot.actor, [spot.child.household_id]).get(spot.child.household_id)
    return [*found, {"tone": "late", "icon": "people", "text": with_two_said(said)}] if said else found


def _kept_url(spot: Spot, _form: VisitForm) -> str:
    """Where to go on: the page of the visit that was kept, for who sees the whole case."""
    attempt = newest_attempt(db.session, spot.actor, spot.case) if spot.scope is Scope.FULL else None
    if attempt is None:
        return spot.case_url
    return url_for("cases.visit_kept", reference=spot.case.reference, attempt_id=attempt.id)


def seen_at(spot: Spot, form: VisitForm) -> dict[str, Any]:
    """What stands now, to be kept beside the form: a report that comes late is compared with it."""
    together = zip(form.children, together_at(spot), strict=True)
    children = [(name, case, step) for name, (case, step, _child) in together]
    return what_is_seen(db.session, children, whole=spot.scope is Scope.FULL)
