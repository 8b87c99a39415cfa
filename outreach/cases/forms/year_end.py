"""What is decided about the ticked cases when the school year ends."""

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from outreach.cases.words import choices
from outreach.cases.workflow import processes
from outreach.cases.workflow.year_end import Decision
from outreach.web.filters import language

AS_PROPOSED = "as_proposed"


class YearEndForm(FlaskForm):  # type: ignore[misc]
    """One decision for all ticked cases, or for each the one that was proposed."""

    decision = RadioField(_("What do you decide?"), [InputRequired(_("Choose what you decide."))], default=AS_PROPOSED)
    closure = SelectField(_("Reason, when you close"))

    def validate_closure(self, field: SelectField) -> None:
        """A reason, when a person chose to close."""
        if self.decision.data == Decision.CLOSE and not field.data:
            raise ValidationError(gettext("Choose a reason to close."))

    @property
    def chosen(self) -> Decision | None:
        """The decision; None: as proposed."""
        return None if self.decision.data == AS_PROPOSED else Decision(self.decision.data)

    @property
    def reason(self) -> str | None:
        """The closure, when a person closes."""
        return (self.closure.data or None) if self.chosen is Decision.CLOSE else None


def year_end_form(data: object = None) -> YearEndForm:
    """The form with its choices, in the reader's language."""
    form = YearEndForm(data)
    form.decision.choices = [(AS_PROPOSED, gettext("As proposed")), *choices("year_decision", language())]
    closures = [each for each in processes().common.closures if each.at_year_end]
    form.closure.choices = [
        ("", gettext("No reason chosen")),
        *((each.key, each.label[language()]) for each in closures),
    ]
    return form
