"""Small forms about the family and the case: notes, contacts, address, language, companion, secrecy."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from outreach.cases.forms.steps import CHOOSE, NEEDED, number


class NoteForm(FlaskForm):  # type: ignore[misc]
    """Free words; private to the organisation unless shared."""

    text = TextAreaField(_("Note"), [InputRequired(NEEDED), Length(max=8000)], render_kw={"rows": 5})
    shared = BooleanField(_("Share with everybody who sees this case"))


class ContactForm(FlaskForm):  # type: ignore[misc]
    """Somebody of the family who may be rung."""

    name = StringField(_("Name"), [InputRequired(NEEDED), Length(max=120)])
    relation = SelectField(_("Who is this for the child"))
    phone = TelField(_("Phone"), [Optional(), Length(max=40)])
    email = EmailField(_("E-mail address"), [Optional(), Length(max=254)])
    language = SelectField(_("Language"), [Optional()])
    school_may_ring = BooleanField(_("The parents agree that the school rings this number"))


class EndContactForm(FlaskForm):  # type: ignore[misc]
    """Nothing to fill in: the number is no longer right."""


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where the family lives now."""

    version = HiddenField()
    kind = SelectField(_("What kind of address"), [InputRequired(CHOOSE)])
    street = StringField(_("Street"), [Optional(), Length(max=120)])
    number = StringField(_("Number"), [Optional(), Length(max=20)])
    box = StringField(_("Box"), [Optional(), Length(max=20)])
    postcode = StringField(_("Postcode"), [Optional(), Length(max=10)])
    municipality = StringField(_("Municipality"), [Optional(), Length(max=80)])


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language spoken with this family."""

    version = HiddenField()
    language = SelectField(_("Language at home"), [InputRequired(CHOOSE)])
    interpreter = BooleanField(_("An interpreter is needed"))


class WithTwoForm(FlaskForm):  # type: ignore[misc]
    """Why one goes there by two; the empty answer ends it."""

    version = HiddenField()
    reason = RadioField(_("Why by two?"), default="")


class CompanionForm(FlaskForm):  # type: ignore[misc]
    """Who accompanies the family to the end."""

    version = HiddenField()
    person = SelectField(_("Companion"), [InputRequired(CHOOSE)], coerce=number)


class SecrecyForm(FlaskForm):  # type: ignore[misc]
    """Why address and school are hidden; the empty answer shows them again."""

    version = HiddenField()
    secrecy = RadioField(_("Who may know where this child lives and goes to school"), default="")


class ReopenForm(FlaskForm):  # type: ignore[misc]
    """Nothing to fill in: the case begins again."""

    version = HiddenField()
