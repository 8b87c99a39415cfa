"""Asking by link: to whom, which answers, and that the receiver has the reference from us."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, EmailField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, ValidationError

from outreach import clock
from outreach.cases.commands.linking import KNOWN_HOW
from outreach.cases.forms.steps import CHOOSE, NEEDED, StepForm
from outreach.cases.words import label
from outreach.labels import LANGUAGES
from outreach.web.filters import language

_OWN_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}


class LinkForm(StepForm):
    """One question by mail to somebody without an account."""

    address = EmailField(_("E-mail address"), [InputRequired(NEEDED), Length(max=254)])
    spoken = RadioField(_("Language of the mail"), [InputRequired(CHOOSE)], choices=_OWN_NAMES)
    offers = SelectMultipleField(
        _("Answers that move the step on"),
        description=_(
            "Choose none, and a yes comes to you first. What can always be answered: not yet, with a day; "
            "not for me; I do not know which child this is about."
        ),
    )
    known = BooleanField(
        _("The receiver has this reference from us, not from a mail"),
        [InputRequired(_("Give the reference by phone or on the welcome sheet first."))],
    )
    known_how = RadioField(_("How did they get it?"), [InputRequired(CHOOSE)])
    known_on = DateField(_("On which day?"), [InputRequired(NEEDED)])

    def validate_known_on(self, field: DateField) -> None:
        """A day that lies ahead is none on which somebody was told."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("This day lies in the future."))


def link_form(offers: list[tuple[str, str]], *, chosen: list[str], address: str | None, spoken: str) -> LinkForm:
    """The form for one step: what can be offered, what is ticked at first, to whom it would go."""
    form = LinkForm(address=address, spoken=spoken if spoken in LANGUAGES else "nl", offers=chosen)
    form.offers.choices = offers
    if not offers:
        del form.offers
    form.known_how.choices = [(key, label("known_how", key, language())) for key in KNOWN_HOW]
    return form
