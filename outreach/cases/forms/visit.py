"""The report of a visit or another attempt to reach a family: once, with an outcome for each child."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, RadioField, TimeField
from wtforms.validators import InputRequired

from outreach import clock
from outreach.cases.commands.at_the_visit import FamilyTold
from outreach.cases.forms.at_the_visit import Known, family_fields, how_fields, next_fields, talk_fields, was_sent
from outreach.cases.forms.facts import (
    Offered,
    fact_fields,
    facts_in,
    is_complete,
    mark_needed,
    word_fields,
)
from outreach.cases.forms.steps import CHOOSE, NEEDED, StepForm
from outreach.cases.workflow import Fact, Outcome
from outreach.web.filters import language

SAME = "same"
"""A child of the household with the same outcome as the first."""

OF_THE_OCCASION = frozenset({Fact.CHANNEL, Fact.LANGUAGE, Fact.INTERPRETER, Fact.PLANNED_ON})
"""Facts the visit itself tells; no outcome asks them again."""


class VisitForm(StepForm):
    """One visit; `outcome` is the child whose card was tapped, `outcome_2`, ... the others of the household."""

    offered: Offered
    children: Mapping[str, str]
    with_two_stands: bool

    channel: RadioField
    visited_on: DateField
    visited_at: TimeField

    def validate(self, extra_validators: Any = None) -> bool:
        """Every child has an outcome with everything it asks; also what the visit itself tells, where it is asked."""
        fine = bool(super().validate(extra_validators))
        for outcome in self.outcomes:
            fine = is_complete(self, self.offered, outcome) and fine
        for fact in (Fact.LANGUAGE, Fact.PLANNED_ON):
            one = self[fact.value]
            if any(fact in outcome.asks for outcome in self.outcomes) and not one.data:
                one.errors = [*one.errors, NEEDED]
                fine = False
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
        asked = (*outcome.asks, *outcome.may_ask)
        facts = {**facts_in(self, self.offered, outcome), "checklist": self["checklist"].data or []}
        if Fact.PLANNED_ON in asked:
            facts[Fact.PLANNED_ON] = self["planned_on"].data
        if Fact.INTERPRETER in asked:
            facts[Fact.INTERPRETER] = True  # they could not talk: that is what the answer says
        return facts

    @property
    def told(self) -> FamilyTold:
        """What changed in what is known of the family; a field that was not on the screen changes nothing."""
        spoken, needed = self["language"].data or None, self["interpreter"].data
        was, needed_was = self["language_was"], self["interpreter_was"]
        family = "contacts" in self
        rows = [row.form for row in self["contacts"] if row.form.changed] if family else []
        return FamilyTold(
            language=spoken if was_sent(was) and spoken != (was.data or None) else None,
            language_was=was.data or None,
            interpreter=needed if was_sent(needed_was) and needed != bool(needed_was.data) else None,
            contacts=[row.told() for row in rows if not row.lacking],
            with_two=(self["with_two"].data or None) if family else None,
            with_two_ended=self["with_two_ended"].data if family else False,
            note="\n".join(filter(None, [self["note"].data, *(row.in_words for row in rows if row.lacking)])),
            note_shared=self["note_shared"].data,
        )

    @property
    def details(self) -> dict[str, Any]:
        """What was seen and said, as keys: barriers, help, a card left, a letter that came back, another child."""
        names = ("barriers", "help", "left_card", "letter_returned", "other_child")
        return {name: self[name].data for name in names if name in self and self[name].data}

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
    known: Known,
) -> VisitForm:
    """The form for the children of one household: name and possible outcomes of each, the tapped one first."""
    (first, possible), *others = children
    fields: dict[str, Any] = {
        "offered": offered,
        "with_two_stands": known.with_two,
        "outcome": RadioField(_("What happened?"), [InputRequired(CHOOSE)], choices=dict(_listed(possible))),
    }
    for number, (name, its) in enumerate(others, start=2):
        listed = [(SAME, _("The same as %(name)s", name=first)), *_listed(its)]
        fields[f"outcome_{number}"] = RadioField(name, [InputRequired(CHOOSE)], choices=dict(listed), default=SAME)
    fields["children"] = {name: name for name in fields if name.startswith("outcome")}
    told = talk_fields(known, checklist) | (family_fields(known) if known.full else {})
    fields |= fact_fields(offered) | how_fields() | told | next_fields() | word_fields()
    form: VisitForm = type("VisitForm", (VisitForm,), fields)()
    mark_needed(form, offered)
    return form


def _listed(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.key, outcome.label[language()]) for outcome in outcomes]
