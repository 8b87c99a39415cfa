"""What one fills in about an organisation: who it is, how it is reached, when it works."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from outreach.accounts.words import WORDS as ACCOUNT_WORDS
from outreach.administration.commands.organisations import Reach, told
from outreach.labels import LANGUAGES, weekday
from outreach.partners.commands import AtWork
from outreach.partners.hours import CLOSES, EARLIEST, LATEST, MONDAY_TO_FRIDAY, OPENS
from outreach.partners.models import KINDS, Area, Organisation
from outreach.partners.words import WORDS as PARTNER_WORDS
from outreach.web.filters import language as language_of_page

NEEDED = _("Please fill this in.")


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """A known organisation; name and number are there for administrators alone."""

    version = HiddenField()
    name = StringField(_("Name"), [DataRequired(NEEDED), Length(max=120)])
    number = StringField(_("School number"), [Optional(), Length(max=6)], description=_("Six digits; schools only."))
    mailbox = EmailField(
        _("Shared mailbox"),
        [Optional(), Length(max=254)],
        description=_("Mail about steps that nobody of the team has taken yet goes there."),
    )
    language = SelectField(_("Language of that mail"), [DataRequired(NEEDED)], default="nl")
    days = SelectMultipleField(_("Working days"), description=_("Mail comes on these days only, never on a holiday."))
    opens = SelectField(_("Mail from"), [DataRequired(NEEDED)], default=str(OPENS))
    closes = SelectField(_("Mail until"), [DataRequired(NEEDED)], default=str(CLOSES))

    @property
    def reach(self) -> Reach:
        """How it is reached, as the commands take it."""
        at_work = AtWork([int(day) for day in self.days.data or ()], int(self.opens.data), int(self.closes.data))
        return Reach((self.mailbox.data or "").strip() or None, self.language.data, at_work)

    @property
    def named(self) -> tuple[str, str | None] | None:
        """Name and number, for who may change them."""
        if "name" not in self:
            return None
        return self.name.data or "", (self.number.data or "").strip() or None


class NewOrganisationForm(OrganisationForm):
    """A new organisation, which works in some areas."""

    kind = SelectField(_("Kind"), [DataRequired(NEEDED)])
    areas = SelectMultipleField(_("Works in"))


def organisation_form(organisation: Organisation, *, renames: bool, blank: bool = False) -> OrganisationForm:
    """The form with what is known now; `blank` ignores what was typed."""
    known = told(organisation)
    data = {**known, "days": [str(day) for day in known["days"]]}
    data |= {"opens": str(known["opens"]), "closes": str(known["closes"])}
    form = OrganisationForm(None, data=data) if blank else OrganisationForm(data=data)
    _offer(form)
    if not renames:
        del form.name, form.number
    return form


def new_organisation_form(areas: list[Area]) -> NewOrganisationForm:
    """An empty form, the usual week ticked."""
    form = NewOrganisationForm(data={"days": [str(day) for day in MONDAY_TO_FRIDAY]})
    _offer(form)
    form.kind.choices = [(kind, PARTNER_WORDS.text(f"kind.{kind}", language_of_page())) for kind in KINDS]
    form.areas.choices = [(area.key, area.name) for area in areas]
    return form


class ServeForm(FlaskForm):  # type: ignore[misc]
    """One more area an organisation works in."""

    area = SelectField(_("Area"), [DataRequired(NEEDED)])


class NothingForm(FlaskForm):  # type: ignore[misc]
    """Nothing to fill in: only whether one is sure."""

    version = HiddenField()


class OrganisationFilter(FlaskForm):  # type: ignore[misc]
    """What the list is narrowed to."""

    words = StringField(_("Name or school number"))
    kind = SelectField(_("Kind"))
    area = SelectField(_("Area"))
    state = SelectField(_("State"))

    @property
    def active(self) -> int:
        """How many are set."""
        return sum(1 for field in (self.words, self.kind, self.area, self.state) if field.data)


def organisation_filter(args: object, areas: list[Area]) -> OrganisationFilter:
    """The filter as the address says it."""
    form = OrganisationFilter(args, meta={"csrf": False})
    kinds = [(kind, PARTNER_WORDS.text(f"kind.{kind}", language_of_page())) for kind in KINDS]
    form.kind.choices = [("", _("All kinds")), *kinds]
    form.area.choices = [("", _("All areas")), *((area.key, area.name) for area in areas)]
    form.state.choices = [("", _("Still there")), ("ended", _("Ended"))]
    return form


def _offer(form: OrganisationForm) -> None:
    spoken = language_of_page()
    form.language.choices = [(key, ACCOUNT_WORDS.text(f"language.{key}", spoken)) for key in LANGUAGES]
    form.days.choices = [(str(day), weekday(day, spoken)) for day in MONDAY_TO_FRIDAY]
    form.opens.choices = [(str(hour), f"{hour}:00") for hour in range(EARLIEST, LATEST)]
    form.closes.choices = [(str(hour), f"{hour}:00") for hour in range(EARLIEST + 1, LATEST + 1)]
