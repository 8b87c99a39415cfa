"""What one fills in about closing days and registration windows."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from outreach import clock
from outreach.administration.forms.organisations import NEEDED
from outreach.partners.models import Closing, RegistrationWindow


class ClosingForm(FlaskForm):  # type: ignore[misc]
    """Closed from the first up to and including the last day."""

    version = HiddenField()
    from_on = DateField(_("First day"), [DataRequired(NEEDED)])
    until_on = DateField(_("Last day"), [DataRequired(NEEDED)], description=_("This day is closed too."))
    reason = StringField(
        _("Reason"),
        [DataRequired(NEEDED), Length(max=80)],
        description=_("Everybody reads it: study day, move, strike."),
    )

    @property
    def days(self) -> dict[str, Any]:
        """As the commands take it."""
        return {
            "from_on": self.from_on.data,
            "until_on": self.until_on.data,
            "reason": (self.reason.data or "").strip(),
        }


def closing_form(closing: Closing | None = None, *, blank: bool = False) -> ClosingForm:
    """The form with what stands there, or empty; `blank` ignores what was typed."""
    return ClosingForm(None, obj=closing) if blank else ClosingForm(obj=closing)


class ReportDayForm(FlaskForm):  # type: ignore[misc]
    """A day on which the area has its participation reports."""

    on = DateField(_("Reports are there on"), [DataRequired(NEEDED)])

    @property
    def days(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"on": self.on.data}


class WindowForm(FlaskForm):  # type: ignore[misc]
    """When registration closes for children of one birth year."""

    version = HiddenField()
    birth_year = SelectField(_("Children born in"), [DataRequired(NEEDED)], coerce=int)
    closes_on = DateField(_("Registration closes"), [DataRequired(NEEDED)], description=_("The last day to register."))
    result_on = DateField(_("Result known"), [Optional()])
    ticket_expires_on = DateField(
        _("Ticket expires"), [Optional()], description=_("The last day to enrol with the ticket.")
    )

    @property
    def days(self) -> dict[str, Any]:
        """As the commands take it."""
        return {name: self[name].data for name in ("closes_on", "result_on", "ticket_expires_on")}


def window_form(window: RegistrationWindow | None = None, *, blank: bool = False) -> WindowForm:
    """The form with what stands there; the birth year of a window that is there stays."""
    form = WindowForm(None, obj=window) if blank else WindowForm(obj=window)
    year = clock.today().year
    form.birth_year.choices = [(each, str(each)) for each in range(year, year - 7, -1)]
    if window is not None:
        del form.birth_year
    return form
