"""The general report of a step."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from outreach.cases.forms.facts import (
    Offered,
    checklist_field,
    fact_fields,
    facts_in,
    is_complete,
    mark_needed,
    word_fields,
)
from outreach.cases.forms.steps import CHOOSE, StepForm
from outreach.cases.workflow import Outcome
from outreach.web.filters import language


class ReportForm(StepForm):
    """What came of a step; the fields of the facts are added for each step."""

    offered: Offered
    outcome: RadioField

    def validate(self, extra_validators: Any = None) -> bool:
        """An outcome that can be said now, with everything it asks."""
        fine = bool(super().validate(extra_validators))
        chosen = self.chosen
        return (chosen is None or is_complete(self, self.offered, chosen)) and fine

    @property
    def chosen(self) -> Outcome | None:
        """The outcome chosen, if it is one of those offered."""
        return next((each for each in self.offered.outcomes if each.key == self.outcome.data), None)

    def facts(self, outcome: Outcome) -> dict[str, Any]:
        """What goes into the report."""
        return {**facts_in(self, self.offered, outcome), "checklist": self["checklist"].data or []}


def report_form(offered: Offered, checklist: Sequence[tuple[str, str]]) -> ReportForm:
    """The form of one step as it stands now."""
    listed = [(outcome.key, outcome.label[language()]) for outcome in offered.outcomes]
    fields = {
        "offered": offered,
        "outcome": RadioField(_("What came of it?"), [InputRequired(CHOOSE)], choices=dict(listed)),
        **fact_fields(offered),
        "checklist": checklist_field(checklist),
        **word_fields(),
    }
    form: ReportForm = type("ReportForm", (ReportForm,), fields)()
    mark_needed(form, offered)
    return form
