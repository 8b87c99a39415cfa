"""Reporting a visit or another attempt to reach a family, for all its children at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.forms.facts import Offered, parts_of
from outreach.cases.forms.visit import OF_THE_OCCASION, VisitForm, visit_form
from outreach.cases.models import Case, Step
from outreach.cases.queries.choices import visited_together
from outreach.cases.queries.my_work import last_attempts
from outreach.cases.queries.naming import names
from outreach.cases.queries.offline import what_is_seen
from outreach.cases.queries.outcomes import possible_outcomes
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import attempt_shown
from outreach.cases.routes.family import is_hidden, residence_of
from outreach.cases.routes.reports import (
    ICONS,
    answer_shown,
    checklist_of,
    keep_note,
    may_report,
    note_part,
    offered_at,
    refused_now,
    rule_of,
    said_next,
    with_proposed_closure,
)
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.shown import place, street
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
        form=form_of,
        say=record_visit,
        shown=shown_of,
        template="cases/visit.html",
        version=lambda spot: "-".join(str(step.version) for _case, step, _child in together_at(spot)),
    )
    return answer(saying, reference, number)


def together_at(spot: Spot) -> list[tuple[Case, Step, Child]]:
    """The children of this visit; alone for who does not see the whole case."""
    _process, rule = rule_of(spot.step)
    together = visited_together(db.session, spot.actor, spot.case, spot.step, rule)
    return together if spot.scope is Scope.FULL else together[:1]


def form_of(
    spot: Spot, together: Sequence[tuple[Case, Step, Child]] | None = None, *, late: bool = False
) -> VisitForm:
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
    known = spot.child.language if spot.child else None
    return visit_form(offered, children, checklist_of(rule), known)


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
) -> str:
    """Record it; `said` names the children by field when it is not for all, `given` facts in place of typed ones."""
    visited = []
    for name, case, step in said if said is not None else _said(spot, form):
        key = form.key_for(name)
        outcome = next(each for each in form.offered.outcomes if each.key == key)
        facts = {**form.facts(key), **(given or {}).get(name, {})}
        visited.append(Visited(case, step, key, with_proposed_closure(case, outcome, facts)))
    done = record_home_visit(db.session, visited, occasion_of(form), by=spot.actor)
    keep_note(spot, form)
    return said_next(spot.case, spot.step, done[0])


def _said(spot: Spot, form: VisitForm) -> list[tuple[str, Case, Step]]:
    together = together_at(spot)
    return [(name, case, step) for (case, step, _child), name in zip(together, form.children, strict=True)]


def occasion_of(form: VisitForm) -> Occasion:
    """What is the same for all its children."""
    details = {"barriers": form["barriers"].data, "help": form["help"].data}
    return Occasion(
        channel=form.channel.data,
        at=form.at,
        spoke_with=form["spoke_with"].data or None,
        language=form["language"].data or None,
        interpreter=form["with_interpreter"].data,
        advice=form["advice"].data or None,
        details={key: value for key, value in details.items() if value},
        companion=form["companion"].data,
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
    secrecy = spot.case.secrecy
    warning = label("warning", "hidden" if is_hidden(spot) else secrecy, language()) if secrecy and full else None
    return {
        "title": rule.label[language()],
        "step": {"label": rule.label[language()]},
        "age": _age(spot, spot.child),
        "place": {"street": street(residence), "neighbourhood": place(residence), "maps_url": None}
        if residence
        else None,
        "language_at_home": _spoken(spot),
        "warnings": [{"tone": "late", "icon": "shelter", "text": warning}] if warning else [],
        "last_attempt": attempt_shown(last, names(db.session, [last.by_id], [])) if last else None,
        "answers": answers,
        "parts": _parts(form, spot),
        "taken": {"step": spot.step.id, "seen": seen_at(spot, form)},
        "icons": ICONS,
        "not_now": refused_now(possible_outcomes(db.session, spot.case, spot.step)),
    }


def _age(spot: Spot, child: Child | None) -> str | None:
    return age(child.born_on) if child and spot.scope is not Scope.REFERENCE else None


def _spoken(spot: Spot) -> dict[str, Any] | None:
    known = spot.child.language if spot.child else None
    return {"label": label("language", known, language()), "interpreter": False} if known else None


def seen_at(spot: Spot, form: VisitForm) -> dict[str, Any]:
    """What stands now, to be kept beside the form: a report that comes late is compared with it."""
    together = zip(form.children, together_at(spot), strict=True)
    children = [(name, case, step) for name, (case, step, _child) in together]
    return what_is_seen(db.session, children, whole=spot.scope is Scope.FULL)


def _parts(form: VisitForm, spot: Spot) -> list[dict[str, Any]]:
    """What the answer needs first, then what may be told; the rest behind a tap."""
    talked = [each.key for each in form.offered.outcomes if each.reached]
    missed = [each.key for each in form.offered.outcomes if not each.reached]
    how = {"title": None, "when": None, "fields": [form.channel], "look": {"channel": "tight"}}
    parts = [
        how,
        *parts_of(form, form.offered),
        _when(_("After nobody was reached"), missed, [form["advice"]], {"advice": "even"}),
        _when(_("After a talk"), talked, [form["spoke_with"], form["language"], form["with_interpreter"]], {}),
        _folded(_("What stands in the way, which help"), talked, [form["barriers"], form["help"]]),
        _folded(_("What was talked about (not needed)"), talked, [form["checklist"]]),
        _moment(form),
        note_part(form),
    ]
    if spot.case.companion_id != spot.actor.person_id and spot.scope is Scope.FULL:
        parts.append(_when(_("After a talk"), talked, [form["companion"]], {}))
    return parts


def _when(text: str, keys: list[str], fields: list[Any], look: dict[str, str]) -> dict[str, Any]:
    return {"title": None, "when": keys, "when_text": text, "fields": fields, "look": look}


def _folded(title: str, keys: list[str], fields: list[Any]) -> dict[str, Any]:
    looks = {one.short_name: "even" for one in fields}
    given = any(one.data for one in fields)
    part = _when(title, keys, fields, looks)
    return {**part, "title": title, "folded": True, "open": given}


def _moment(form: VisitForm) -> dict[str, Any]:
    fields = [form.visited_on, form.visited_at]
    wrong = any(one.errors for one in fields)
    title = _("Another moment than now")
    return {"title": title, "when": None, "folded": True, "fields": fields, "columns": True, "open": wrong}
