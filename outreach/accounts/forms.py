"""What people fill in about accounts: signing in, adding somebody, a substitute, leaving."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from outreach.accounts.commands import TRAY, Successor
from outreach.accounts.models import ROLES, Membership, Person
from outreach.accounts.signed_in import role_label
from outreach.accounts.words import WORDS
from outreach.labels import LANGUAGES, weekday
from outreach.partners.hours import MONDAY_TO_FRIDAY, Hours
from outreach.partners.models import Organisation
from outreach.web.filters import language

NEEDED = _("Please fill this in.")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """The way in; the page one wanted stays in the address."""

    email = EmailField(_("E-mail address"), [DataRequired(NEEDED)], render_kw={"autocomplete": "username"})
    password = PasswordField(_("Password"), [DataRequired(NEEDED)], render_kw={"autocomplete": "current-password"})


class PersonForm(FlaskForm):  # type: ignore[misc]
    """A known person: what may be changed without anybody else knowing."""

    name = StringField(_("Name"), [DataRequired(NEEDED), Length(max=120)])
    language = SelectField(_("Language"), [DataRequired(NEEDED)], default="nl")


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """What somebody chooses for themselves; an empty choice follows the device, or the role."""

    language = RadioField(_("Language"), [DataRequired(NEEDED)])
    theme = RadioField(_("Look"))
    start_page = RadioField(_("Start page"), description=_("The page you see first after signing in."))


def settings_form(person: Person, start_pages: list[tuple[str, str]]) -> SettingsForm:
    """The form with what is chosen now; pages as (endpoint, label), none when the role has but one."""
    form = SettingsForm(language=person.language, theme=person.theme or "", start_page=person.start_page or "")
    form.language.choices = [(key, WORDS.text(f"own_name.{key}", key)) for key in LANGUAGES]
    form.theme.choices = [("", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))]
    form.start_page.choices = [("", _("What fits my role")), *start_pages]
    if form.start_page.data not in dict(start_pages):  # a page of another role, or one that is gone
        form.start_page.data = ""
    if len(start_pages) < 2:
        del form.start_page
    return form


class MailForm(FlaskForm):  # type: ignore[misc]
    """When and how the day's one mail comes."""

    rhythm = RadioField(_("When do you want mail?"), [DataRequired(NEEDED)])
    days = SelectMultipleField(_("On which days?"), description=_("For who chose days above."))
    hour = SelectField(_("From what hour?"), [DataRequired(NEEDED)])
    plain = BooleanField(_("Text only, without layout"))
    praise = BooleanField(_("Tell me now and then how many children go to school after my visits"))

    @property
    def chosen_days(self) -> list[int]:
        """The weekdays, from 0: those ticked, or all of them when no days were chosen."""
        return [int(day) for day in self.days.data or ()] if self.rhythm.data == "days" else list(MONDAY_TO_FRIDAY)


def mail_form(person: Person, hours: Hours) -> MailForm:
    """The form with what is chosen now, and the hours at which this person's organisation works."""
    chosen = person.digest_days if person.digest_days is not None else list(MONDAY_TO_FRIDAY)
    rhythm = "late" if person.digest_only_late else "days" if person.digest_days is not None else "daily"
    hour = hours.opens if person.digest_hour is None else person.digest_hour
    form = MailForm(
        rhythm=rhythm,
        days=[str(day) for day in chosen],
        hour=str(min(max(hour, hours.opens), hours.closes - 1)),
        plain=person.plain_mail,
        praise=person.praise,
    )
    form.rhythm.choices = [
        ("daily", _("Every working day, when there is something new")),
        ("days", _("On the days I choose")),
        ("late", _("Only when something is late")),
    ]
    form.days.choices = [(str(day), weekday(day, language())) for day in MONDAY_TO_FRIDAY]
    form.hour.choices = [(str(each), f"{each}:00") for each in range(hours.opens, hours.closes)]
    return form


class AwayForm(FlaskForm):  # type: ignore[misc]
    """From the first up to and including the last day, and who stands in."""

    from_on = DateField(_("First day away"), [DataRequired(NEEDED)])
    until_on = DateField(_("Last day away"), [DataRequired(NEEDED)])
    substitute = SelectField(_("Who stands in for you?"), [DataRequired(NEEDED)], coerce=int)


def away_form(colleagues: list[tuple[int, str]]) -> AwayForm:
    """The form with the colleagues who could stand in."""
    form = AwayForm()
    form.substitute.choices = colleagues
    return form


class NewPersonForm(PersonForm):
    """Somebody new, or a known person in one more organisation."""

    email = EmailField(_("E-mail address"), [DataRequired(NEEDED), Length(max=254)])
    organisation = SelectField(_("Organisation"), [DataRequired(NEEDED)], coerce=int)
    role = SelectField(_("Role"), [DataRequired(NEEDED)])


def person_form(person: Person) -> PersonForm:
    """The form with what is known now."""
    form = PersonForm(obj=person)
    form.language.choices = _languages()
    return form


def new_person_form(organisations: list[Organisation]) -> NewPersonForm:
    """The form with these organisations to choose from."""
    form = NewPersonForm()
    form.organisation.choices = [(row.id, row.name) for row in organisations]
    form.role.choices = [(key, role_label(key)) for key in ROLES]
    form.language.choices = _languages()
    return form


def _languages() -> list[tuple[str, str]]:
    return [(key, WORDS.text(f"language.{key}", language())) for key in LANGUAGES]


class SubstituteForm(FlaskForm):  # type: ignore[misc]
    """Who is away and who stands in, from the first up to and including the last day; people by membership."""

    person = SelectField(_("Who is away"), [DataRequired(NEEDED)], coerce=int)
    substitute = SelectField(_("Who stands in"), [DataRequired(NEEDED)], coerce=int)
    from_on = DateField(_("First day"), [DataRequired(NEEDED)])
    until_on = DateField(_("Last day"), [DataRequired(NEEDED)])


def substitute_form(memberships: list[Membership]) -> SubstituteForm:
    """The form with the people one may arrange this for."""
    form = SubstituteForm()
    choices = [(row.id, f"{row.person.name} ({row.organisation.name})") for row in memberships]
    form.person.choices = form.substitute.choices = choices
    return form


class EndMembershipForm(FlaskForm):  # type: ignore[misc]
    """Somebody leaves: first who takes over."""

    handed_to = SelectField(_("Who takes over the work"), [DataRequired(_("First choose who takes over."))])

    @property
    def successor(self) -> Successor | None:
        """The answer as the command takes it; None when nothing was chosen."""
        if not self.handed_to.data:
            return None
        return TRAY if self.handed_to.data == "tray" else Successor(int(self.handed_to.data))


def end_membership_form(membership: Membership, team: list[Membership]) -> EndMembershipForm:
    """The form for one membership: nothing chosen, the team's tray, or a colleague of that organisation."""
    form = EndMembershipForm()
    colleagues = {str(row.person_id): row.person.name for row in team if row.person_id != membership.person_id}
    form.handed_to.choices = [("", _("Choose")), ("tray", _("The team's tray")), *colleagues.items()]
    return form
