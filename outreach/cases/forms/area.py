"""What a coordinator fills in about an area: which households to show, and how they are given to a team in waves."""

from datetime import date, timedelta

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, NumberRange, ValidationError

from outreach import clock
from outreach.cases.queries.area_list import COMPULSORY, LATE, ONLY, PLANNED, TO_ASSIGN, Chosen

NEEDED = _("Please fill this in.")
FURTHEST = timedelta(days=366)
"""How far ahead a first wave may start."""


class AreaFilter(FlaskForm):  # type: ignore[misc]
    """Which households to show; sent by GET."""

    step = SelectField(_("Step"))
    partner = SelectField(_("Whose move"))
    postcode = SelectField(_("Where"))
    only = SelectField(_("Only"))

    @property
    def chosen(self) -> Chosen:
        """The answers as the query takes them; what is not in the lists is no answer."""
        partner = self.partner.data if self._known(self.partner) else ""
        return Chosen(
            step=self.step.data if self._known(self.step) else None,
            organisation_id=int(partner) if partner else None,
            postcode=self.postcode.data if self._known(self.postcode) else None,
            only=frozenset({self.only.data}) & frozenset(ONLY),
        )

    @property
    def active(self) -> int:
        """How many are set."""
        chosen = self.chosen
        return sum(map(bool, (chosen.step, chosen.organisation_id, chosen.postcode))) + len(chosen.only)

    @staticmethod
    def _known(field: SelectField) -> bool:
        return bool(field.data) and field.data in {choice[0] for choice in field.iter_choices()}


def only_choices() -> list[tuple[str, str]]:
    """The sorts of steps one can look at alone."""
    return [
        ("", gettext("Everything")),
        (LATE, gettext("Late")),
        (TO_ASSIGN, gettext("To assign")),
        (COMPULSORY, gettext("Compulsory school age")),
        (PLANNED, gettext("Planned")),
    ]


class WavesForm(FlaskForm):  # type: ignore[misc]
    """To whom, how many households a week, and from which day; `organisation` holds a team, or team:person."""

    organisation = SelectField(_("Team, or somebody of the team"), [DataRequired(NEEDED)])
    per_week = IntegerField(
        _("Households a week"), [DataRequired(NEEDED), NumberRange(1, 100, _("From 1 to 100."))], default=12
    )
    starts_on = DateField(_("First start day"), [DataRequired(NEEDED)], default=clock.today)
    schooling_check = RadioField(
        _("Does the compulsory schooling check already write to or visit these families?"), validate_choice=False
    )

    def validate_starts_on(self, field: DateField) -> None:
        """From today, at most a year ahead."""
        day = field.data
        if day is None or not clock.today() <= day <= clock.today() + FURTHEST:
            raise ValidationError(gettext("Choose a day from today, at most a year ahead."))

    @property
    def first_on(self) -> date:
        """The day of the first wave."""
        return self.starts_on.data or clock.today()

    @property
    def households_a_week(self) -> int:
        """How many households start each week."""
        return self.per_week.data or 1

    @property
    def team_name(self) -> str:
        """To whom, in words."""
        groups = self.organisation.choices if isinstance(self.organisation.choices, dict) else {}
        for team, options in groups.items():
            for value, name in options:
                if value == self.organisation.data:
                    return f"{name} ({team})" if ":" in value else str(team)
        return ""

    @property
    def team(self) -> tuple[int, int | None]:
        """The organisation, and the person if somebody is named."""
        organisation, _colon, person = str(self.organisation.data).partition(":")
        return int(organisation), int(person) if person else None
