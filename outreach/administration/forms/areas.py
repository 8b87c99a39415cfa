"""What one fills in about an area: its municipalities, to whom its steps go, its agreements."""

from typing import Any

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach import clock
from outreach.administration.forms.organisations import NEEDED
from outreach.administration.words import WORDS
from outreach.partners import municipalities
from outreach.partners.models import SOURCES, Agreement, Area, Organisation
from outreach.web.filters import language

OWN_LOP = ""
"""No organisation chosen: the area gets a LOP of its own."""


class AreaForm(FlaskForm):  # type: ignore[misc]
    """A known area."""

    version = HiddenField()
    name = StringField(_("Name"), [DataRequired(NEEDED), Length(max=120)])
    coordinator = SelectField(
        _("Coordinating organisation"), description=_("Leads new cases of this area. Running cases keep their lead.")
    )


class NewAreaForm(AreaForm):
    """A new area with its municipalities."""

    municipalities = TextAreaField(
        _("Municipalities"), [DataRequired(NEEDED)], description=_("One on each line: a name or a NIS code.")
    )

    def validate_municipalities(self, field: TextAreaField) -> None:
        """Each line names a municipality of today."""
        for line in _lines(field.data):
            if _municipality(line) is None:
                raise ValidationError(gettext("There is no municipality %(name)s.", name=line))

    @property
    def nis(self) -> list[str]:
        """Their codes."""
        return [found for found in map(_municipality, _lines(self.municipalities.data)) if found]


def area_form(area: Area, organisations: list[Organisation], *, blank: bool = False) -> AreaForm:
    """The form with what stands there; `blank` ignores what was typed."""
    data = {"name": area.name, "coordinator": str(area.coordinator_id)}
    form = AreaForm(None, data=data) if blank else AreaForm(data=data)
    form.coordinator.choices = [(str(one.id), one.name) for one in organisations]
    return form


def new_area_form(organisations: list[Organisation]) -> NewAreaForm:
    """An empty form."""
    form = NewAreaForm()
    form.coordinator.choices = [(OWN_LOP, _("A new LOP")), *((str(one.id), one.name) for one in organisations)]
    return form


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _municipality(text: str) -> str | None:
    found = municipalities.current(text) or municipalities.by_name(text)
    return found.nis if found else None


class MunicipalityForm(FlaskForm):  # type: ignore[misc]
    """One more municipality, from a day on."""

    nis = SelectField(_("Municipality"), [DataRequired(NEEDED)])
    from_on = DateField(_("From which day"), [DataRequired(NEEDED)])

    @property
    def terms(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"nis": self.nis.data, "from_on": self.from_on.data}


def municipality_form() -> MunicipalityForm:
    """The form with every municipality of Flanders and Brussels, from today."""
    form = MunicipalityForm(data={"from_on": clock.today()})
    names = ((each.nis, municipalities.name(each.nis, language())) for each in municipalities.every())
    form.nis.choices = [("", _("Choose")), *sorted(names, key=lambda pair: pair[1])]
    return form


class LastDayForm(FlaskForm):  # type: ignore[misc]
    """Until when."""

    version = HiddenField()
    until_on = DateField(_("Last day"), [DataRequired(NEEDED)])

    @property
    def terms(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"until_on": self.until_on.data}


class RoutingForm(FlaskForm):  # type: ignore[misc]
    """To whom a step goes, for some children or for all."""

    step = SelectField(_("Step"), [DataRequired(NEEDED)])
    organisation = SelectField(_("Goes to"), [DataRequired(NEEDED)], coerce=int)
    age = SelectField(_("Only for children of this age"))
    nis = SelectField(_("Only for who lives in"))

    @property
    def children(self) -> dict[str, Any]:
        """For which children, as the command takes it."""
        return {"age": int(self.age.data) if self.age.data else None, "nis": self.nis.data or None}


def routing_form(steps: dict[str, str], organisations: list[Organisation], nis: list[str]) -> RoutingForm:
    """The form with the steps, organisations and municipalities of an area."""
    form = RoutingForm()
    form.step.choices = list(steps.items())
    form.organisation.choices = [(one.id, one.name) for one in organisations]
    form.age.choices = [("", _("All ages")), *((str(age), str(age)) for age in range(1, 7))]
    form.nis.choices = [("", _("The whole area")), *((code, municipalities.name(code, language())) for code in nis)]
    return form


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """The paper under which one kind of list comes in."""

    version = HiddenField()
    source = RadioField(_("For which lists?"), [DataRequired(NEEDED)])
    from_on = DateField(_("First day"), [DataRequired(NEEDED)])
    until_on = DateField(
        _("Last day"), [DataRequired(NEEDED)], description=_("Prolong it, or end it sooner, with this day.")
    )
    reference = StringField(
        _("Where the paper is"),
        [DataRequired(NEEDED), Length(max=200)],
        description=_("File number, folder or protocol."),
    )

    @property
    def terms(self) -> dict[str, Any]:
        """As the commands take it."""
        return {"from_on": self.from_on.data, "until_on": self.until_on.data, "reference": self.reference.data or ""}


def agreement_form(agreement: Agreement | None = None, *, blank: bool = False) -> AgreementForm:
    """The form with what stands there; which lists an agreement covers never changes."""
    form = AgreementForm(None, obj=agreement) if blank else AgreementForm(obj=agreement)
    form.source.choices = [(source, WORDS.text(f"source.{source}", language()).capitalize()) for source in SOURCES]
    if agreement is not None:
        del form.source
    return form
