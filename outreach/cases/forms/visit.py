"""The report of a visit or another attempt to reach a family: once, with an outcome for each child."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional

from outreach import clock
from outreach.cases.forms.facts import (
    Offered,
    checklist_field,
    fact_fields,
    facts_in,
    is_complete,
    mark_needed,
    word_fields,
)
from outreach.cases.forms.steps import CHOOSE, NEEDED, StepForm
from outreach.cases.words import choices
from outreach.cases.workflow import Fact, Outcome, processes
from outreach.web.filters import language

SAME = "same"
"""A child of the household with the same outcome as the first."""

OF_THE_OCCASION = frozenset({Fact.CHANNEL, Fact.LANGUAGE})
"""Facts the visit itself tells; no outcome asks them again."""


class VisitForm(StepForm):
    """One visit; `outcome` is the child whose card was tapped, `outcome_2`, ... the others of the household."""

    offered: Offered
    children: Mapping[str, str]

    channel: RadioField
    visited_on: DateField
    visited_at: TimeField

    def validate(self, extra_validators: Any = None) -> bool:
        """Every child has an outcome with everything it asks; the language where they could not talk."""
        fine = bool(super().validate(extra_validators))
        for outcome in self.outcomes:
            fine = is_complete(self, self.offered, outcome) and fine
        if any(Fact.LANGUAGE in outcome.asks for outcome in self.outcomes) and not self["language"].data:
            self["language"].errors = [*self["language"].errors, NEEDED]
            return False
        return fine

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcomes chosen, each once."""
        chosen = {self.key_for(name) for name in self.children}
        return [each for each in self.offered.outcomes if each.key in chosen]

    def key_for(self, name: str) -> str:
        """The outcome of one child: its own, or the first child's."""
        said = self[name].data
        return str(self["outcome"].data if said == SAME else said)

    def facts(self, key: str) -> dict[str, Any]:
        """What was filled in for an outcome."""
        outcome = next(each for each in self.offered.outcomes if each.key == key)
        return {**facts_in(self, self.offered, outcome), "checklist": self["checklist"].data or []}

    @property
    def at(self) -> datetime:
        """The moment of the visit; a visit of today without an hour was just now."""
        on, hour = self.visited_on.data, self.visited_at.data
        if on is None or (on == clock.today() and hour is None):
            return clock.now()
        hour = hour or time(12)
        return clock.moment_of(on, hour.hour, hour.minute)


def visit_form(
    offered: Offered,
    children: Sequence[tuple[str, Sequence[Outcome]]],
    checklist: Sequence[tuple[str, str]],
    language_at_home: str | None,
) -> VisitForm:
    """The form for the children of one household: name and possible outcomes of each, the tapped one first."""
    (first, possible), *others = children
    fields: dict[str, Any] = {
        "offered": offered,
        "outcome": RadioField(_("What happened?"), [InputRequired(CHOOSE)], choices=dict(_listed(possible))),
    }
    for number, (name, its) in enumerate(others, start=2):
        listed = [(SAME, _("The same as %(name)s", name=first)), *_listed(its)]
        fields[f"outcome_{number}"] = RadioField(name, [InputRequired(CHOOSE)], choices=dict(listed), default=SAME)
    fields["children"] = {name: name for name in fields if name.startswith("outcome")}
    fields |= (
        fact_fields(offered) | _occasion(language_at_home) | {"checklist": checklist_field(checklist)} | word_fields()
    )
    form: VisitForm = type("VisitForm", (VisitForm,), fields)()
    mark_needed(form, offered)
    return form


def _listed(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.key, outcome.label[language()]) for outcome in outcomes]


def _occasion(language_at_home: str | None) -> dict[str, Any]:
    spoken, now = language(), clock.local(clock.now())
    listed = choices("language", spoken)
    if language_at_home and language_at_home not in dict(listed):
        listed.insert(0, (language_at_home, language_at_home))
    barriers = [(choice.key, choice.label[spoken]) for choice in processes().common.barriers]
    return {
        "channel": RadioField(
            _("How?"), [InputRequired(CHOOSE)], choices=dict(choices("channel", spoken)), default="door"
        ),
        "visited_on": DateField(_("Day"), [InputRequired(NEEDED)], default=now.date()),
        "visited_at": TimeField(_("Hour"), [Optional()], default=now.time().replace(second=0, microsecond=0)),
        "spoke_with": SelectField(
            _("Spoken with"), [Optional()], choices={"": _("Nobody"), **dict(choices("spoke_with", spoken))}
        ),
        "language": SelectField(
            _("In which language"),
            [Optional()],
            choices={"": _("Not known"), **dict(listed)},
            default=language_at_home or "",
        ),
        "with_interpreter": BooleanField(_("With an interpreter")),
        "advice": RadioField(
            _("Better another time?"),
            [Optional()],
            choices={"": _("No"), **dict(choices("advice", spoken))},
            default="",
        ),
        "barriers": SelectMultipleField(_("What stands in the way"), choices=dict(barriers)),
        "help": SelectMultipleField(_("Which help is wanted"), choices=dict(choices("help", spoken))),
        "companion": BooleanField(_("I accompany this family from now on")),
    }
