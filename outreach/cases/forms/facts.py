"""The fields of a report: exactly the outcomes that can be said now, and the facts each of them asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from outreach.cases.forms.steps import CHOOSE, NEEDED, knows_choices, number
from outreach.cases.words import WORDS, choices, label
from outreach.cases.workflow import Fact, Outcome, processes
from outreach.labels import short_day
from outreach.web.filters import language

HANDOVER = ("parents_know", "parents_agree")
BY_DATES = "by_dates"
"""Let the day of enrolment decide how the track ends."""


@dataclass(frozen=True)
class Offered:
    """What the fields of a report offer: the outcomes to choose from, and lists for the facts."""

    outcomes: Sequence[Outcome]
    compulsory: bool
    schools: Sequence[tuple[int, str]] = ()
    organisations: Sequence[tuple[int, str]] = ()
    entry_days: Sequence[date] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    assigns: bool = False
    leave_out: frozenset[Fact] = frozenset()

    def facts_of(self, outcome: Outcome) -> tuple[list[Fact], list[Fact]]:
        """The facts an outcome must have, and those it may have."""
        must = [*outcome.asks, *(outcome.asks_if_compulsory if self.compulsory else ())]
        return [f for f in must if f not in self.leave_out], [f for f in outcome.may_ask if f not in self.leave_out]

    def names_of(self, outcome: Outcome) -> list[str]:
        """Every field an outcome fills."""
        must, may = self.facts_of(outcome)
        found = [fact.value for fact in (*must, *may)]
        if self.assigns and Fact.ORGANISATION in may:
            found.append("starts_on")
        if len(outcome.closures) > 1:
            found.append(closure_field(outcome))
        return [*found, *(HANDOVER if outcome.handover else ())]


def closure_field(outcome: Outcome) -> str:
    """The name of the field that asks how the track ends."""
    return f"closure_{outcome.key}"


def fact_fields(offered: Offered) -> dict[str, Any]:
    """The unbound fields of every fact one of the outcomes asks, by name."""
    fields: dict[str, Any] = {}
    for outcome in offered.outcomes:
        for name in offered.names_of(outcome):
            if name not in fields:
                fields[name] = _closure(outcome) if name == closure_field(outcome) else _field(name, offered)
    return fields


def _field(name: str, offered: Offered) -> Any:
    words: dict[str, Any] = {"label": label("fact", name, language()), "description": _help(name)}
    default = offered.defaults.get(name)
    if name in HANDOVER:
        return RadioField(words["label"], [Optional()], choices=dict(knows_choices()))
    if name in (Fact.SCHOOL, Fact.ORGANISATION):
        listed = offered.schools if name == Fact.SCHOOL else offered.organisations
        offering: dict[Any, str] = {"": _("Choose"), **dict(listed)}
        return SelectField(**words, validators=[Optional()], coerce=number, choices=offering, default=default)
    if name == Fact.ENTRY_DAY and offered.entry_days is not None:
        days = [(on.isoformat(), short_day(on, language())) for on in offered.entry_days]
        shown = default.isoformat() if isinstance(default, date) else default
        return SelectField(**words, validators=[Optional()], choices={"": _("Choose"), **dict(days)}, default=shown)
    if name in (Fact.PROOF, Fact.REASON, Fact.SCHOOLING_CHECK):
        return RadioField(words["label"], [Optional()], choices=dict(_listed(name)))
    if name in (Fact.PARENTS_TOLD, Fact.INTERPRETER, Fact.ORIGIN_TOLD):
        return BooleanField(words["label"])
    if name in (Fact.HALF_DAYS_PRESENT, Fact.HALF_DAYS_POSSIBLE):
        return IntegerField(**words, validators=[Optional(), NumberRange(0, 400)])
    if name == Fact.DESTINATION:
        return StringField(**words, validators=[Optional(), Length(max=80)])
    return DateField(**words, validators=[Optional()], default=default)


def _help(name: str) -> str:
    return label("help_of", name, language()) if f"help_of.{name}" in WORDS else ""


def _listed(name: str) -> list[tuple[str, str]]:
    if name == Fact.REASON:
        return [(choice.key, choice.label[language()]) for choice in processes().common.absence_reasons]
    return choices(name, language())


def _closure(outcome: Outcome) -> Any:
    listed = [(key, processes().closure(key).label[language()]) for key in outcome.closures]
    if Fact.ENROLLED_ON in outcome.may_ask:
        listed.insert(0, (BY_DATES, _("According to the day of enrolment")))
        return RadioField(label("fact", "closure", language()), [Optional()], choices=dict(listed), default=BY_DATES)
    return RadioField(label("fact", "closure", language()), [Optional()], choices=dict(listed))


def word_fields() -> dict[str, Any]:
    """A note that goes with the report."""
    return {
        "note": TextAreaField(_("Note (own organisation only, unless shared)"), [Optional(), Length(max=8000)]),
        "note_shared": BooleanField(_("Share this note with everybody who sees this case")),
    }


def checklist_field(items: Sequence[tuple[str, str]]) -> Any:
    """What was talked about; never compulsory."""
    return SelectMultipleField(label("fact", "checklist", language()), choices=dict(items))


def parts_of(form: FlaskForm, offered: Offered) -> list[dict[str, Any]]:
    """The fields that show for the outcomes that ask them, those with the same outcomes together."""
    asking: dict[str, list[str]] = {}
    for outcome in offered.outcomes:
        for name in offered.names_of(outcome):
            asking.setdefault(name, []).append(outcome.key)
    parts: dict[tuple[str, ...], list[Field]] = {}
    for name, keys in asking.items():
        parts.setdefault(tuple(keys), []).append(form[name])
    known = {outcome.key: outcome.label[language()] for outcome in offered.outcomes}
    return [
        {
            "title": None,
            "when": list(keys),
            "when_text": _("Only for: %(outcomes)s", outcomes=", ".join(known[key] for key in keys)),
            "fields": fields,
            "look": dict.fromkeys(HANDOVER, "tight"),
        }
        for keys, fields in parts.items()
    ]


def mark_needed(form: FlaskForm, offered: Offered) -> None:
    """Show the asterisk at facts that every outcome asking them needs."""
    for outcome in offered.outcomes:
        must, _may = offered.facts_of(outcome)
        for name in (*must, *(HANDOVER if outcome.handover else ())):
            form[name].flags.required = True


def is_complete(form: FlaskForm, offered: Offered, outcome: Outcome) -> bool:
    """Whether every fact of the chosen outcome was given; says so at each field where not."""
    must, _may = offered.facts_of(outcome)
    wanted: Iterable[str] = [*(fact.value for fact in must), *(HANDOVER if outcome.handover else ())]
    if len(outcome.closures) > 1:
        wanted = [*wanted, closure_field(outcome)]
    lacking = [form[name] for name in wanted if form[name].data in (None, "", False)]
    for one in lacking:
        one.errors = [*one.errors, CHOOSE if one.type in ("RadioField", "SelectField") else NEEDED]
    return not lacking


def facts_in(form: FlaskForm, offered: Offered, outcome: Outcome) -> dict[str, Any]:
    """What was filled in for this outcome, and nothing that belongs to another."""
    facts: dict[str, Any] = {}
    for name in offered.names_of(outcome):
        value = form[name].data
        if name == closure_field(outcome):
            facts["closure"] = value if value != BY_DATES else None
        elif name == Fact.PARENTS_TOLD:
            facts[name] = "yes" if value else None
        else:
            facts[name] = value
    return facts
