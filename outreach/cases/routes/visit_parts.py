"""What the form of a visit shows for which answer: what an outcome needs first, then what may be told."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from outreach import clock
from outreach.cases.forms.facts import parts_of
from outreach.cases.forms.visit import VisitForm
from outreach.cases.queries.next_visit import proposed_visit, proposes_visit, sought_before, with_this_try
from outreach.cases.routes.next_visit_shown import proposal_said
from outreach.cases.routes.reports import child_of, note_part
from outreach.cases.routes.saying import Spot
from outreach.cases.words import choices
from outreach.cases.workflow import Fact, Outcome, Sought
from outreach.children.grants import Scope
from outreach.extensions import db
from outreach.web.filters import hour, language

Part = dict[str, Any]

_AT_THE_DOOR = "door"
_CHANNEL = "channel"


def parts_shown(form: VisitForm, spot: Spot, place: str) -> list[Part]:
    """The parts of the form, in the order they are needed."""
    offered = form.offered.outcomes
    talked = [each.key for each in offered if each.reached]
    missed = [each.key for each in offered if not each.reached]
    parts = [
        _how(form, missed, place),
        *parts_of(form, form.offered),
        *_next(form, spot),
        _when(_("After a talk"), talked, _talk(form, spot), {"spoke_with": "tight"}),
        _when(_("After a talk"), talked, [form["barriers"], form["help"]], {"barriers": "tight", "help": "tight"}),
        _folded(_("What was talked about (not needed)"), talked, [form["checklist"]]),
    ]
    if "contacts" in form:
        parts += [_contacts(form), _family(form)]
    return [*parts, _moment(form), note_part(form)]


def _when(text: str, keys: list[str], fields: list[Any], look: dict[str, str]) -> Part:
    return {"title": None, "when": keys, "when_text": text, "fields": fields, "look": look}


def _folded(title: str, keys: list[str] | None, fields: list[Any], **more: Any) -> Part:
    opened = any(one.errors or (one.data and one.type == "SelectMultipleField") for one in fields)
    looks = {one.short_name: "even" for one in fields}
    return {"title": title, "when": keys, "folded": True, "open": opened, "fields": fields, "look": looks, **more}


def _how(form: VisitForm, missed: list[str], place: str) -> Part:
    """By which way; at a door the address, a card when nobody was in; of a letter, that it came back."""
    card = {"when": missed, "fields": [form["left_card"]], "when_text": _("After nobody was reached")}
    door = {"when": [_AT_THE_DOOR], "asked_by": _CHANNEL, "place": place, "fields": [], "inner": [card]}
    letter = {"when": ["letter"], "asked_by": _CHANNEL, "fields": [form["letter_returned"]]}
    return {"title": None, "when": None, "fields": [form.channel], "look": {_CHANNEL: "tight"}, "inner": [door, letter]}


def _talk(form: VisitForm, spot: Spot) -> list[Any]:
    names = ["language_was", "interpreter_was", "spoke_with", "language", "interpreter", "with_interpreter"]
    if spot.case.companion_id != spot.actor.person_id and spot.scope is Scope.FULL:
        names.append("companion")
    return [form[name] for name in names]


def _next(form: VisitForm, spot: Spot) -> list[Part]:
    """When to come again: proposed where the step goes on, for each way and advice; another day behind a tap."""
    asking = [each for each in form.offered.outcomes if Fact.PLANNED_ON in (*each.asks, *each.may_ask)]
    proposing = [each for each in asking if proposes_visit(each)]
    missed = [each.key for each in proposing]
    if not asking:
        return []
    fields = [form["planned_on"], form["planned_part"]]
    demanded = [each.key for each in asking if Fact.PLANNED_ON in each.asks]
    day = _folded(_("Another day"), [each.key for each in asking], fields, columns=True, open_for=demanded)
    sought = sought_before(db.session, spot.actor, spot.case, child_of(spot.case))
    lines = [line for outcome in proposing for line in _proposed(form, spot, outcome, sought)]
    part = {"title": _("Next time"), "when": missed, "when_text": "", "lines": lines, "fields": [form["advice"]]}
    return [{**part, "look": {"advice": "tight"}, "next": True}, day] if proposing else [day]


def _proposed(form: VisitForm, spot: Spot, outcome: Outcome, sought: Sequence[Sought]) -> list[dict[str, Any]]:
    """One sentence for each way of looking and each advice; ways that give the same day stand together."""
    now, found = clock.now(), []
    ways: dict[tuple[str, ...], list[str]] = {}
    advised = ["", *(key for key, _word in choices("advice", language()))]
    for channel in dict(choices("channel", language())):
        said = []
        for advice in advised:
            tried = with_this_try(sought, channel, now, met=outcome.reached, advice=advice or None)
            way = _AT_THE_DOOR if channel == "elsewhere" else channel
            proposed = proposed_visit(db.session, spot.step, outcome, tried, channel=way, on=clock.today())
            said.append(proposal_said(proposed) if proposed else "")
        ways.setdefault(tuple(said), []).append(channel)
    for said_so, channels in ways.items():
        here = form.channel.data in channels
        texts = [
            {"advice": advice, "text": text, "hidden": advice != (form["advice"].data or "")}
            for advice, text in zip(advised, said_so, strict=True)
        ]
        found.append({"outcome": outcome.key, "channels": channels, "texts": texts, "hidden": not here})
    return found


def _contacts(form: VisitForm) -> Part:
    rows = form["contacts"]
    known = sum(1 for row in rows if row.form.contact_id.data)
    title = _("Parents and whom to ring (%(count)s)", count=known) if known else _("Parents and whom to ring")
    opened = bool(rows.errors) or any(row.form.changed for row in rows)
    return {"title": title, "when": None, "folded": True, "open": opened, "rows": rows, "fields": []}


def _family(form: VisitForm) -> Part:
    fields = [form["other_child"], form["with_two"]]
    if form.with_two_stands:
        fields.append(form["with_two_ended"])
    opened = any(one.data for one in fields)
    return {"title": _("Another child, visit with two"), "when": None, "folded": True, "open": opened, "fields": fields}


def _moment(form: VisitForm) -> Part:
    fields = [form.visited_on, form.visited_at]
    wrong = any(one.errors for one in fields)
    title = _("Now, %(hour)s: another moment", hour=hour(clock.now()))
    return {"title": title, "when": None, "folded": True, "fields": fields, "columns": True, "open": wrong}
