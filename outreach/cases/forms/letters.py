"""What one chooses for a batch of letters, and the words and sender an area writes."""

from datetime import date, timedelta

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach import clock
from outreach.cases.letter_words import ANNOUNCE, LONGEST

FURTHEST = timedelta(days=60)
"""How far ahead a visit can be announced."""


class LettersForm(FlaskForm):  # type: ignore[misc]
    """Which letter, and the day of the visit it announces."""

    kind = RadioField(_("Which letter?"), default=ANNOUNCE)
    visit_on = DateField(_("Day of the visit"), default=lambda: clock.today() + timedelta(days=7))

    def validate_visit_on(self, field: DateField) -> None:
        """An announced day lies ahead, and not too far; without an announcement it does not matter."""
        if self.kind.data != ANNOUNCE:
            field.errors = []
            return
        if field.data is None or not clock.today() < field.data <= clock.today() + FURTHEST:
            raise ValidationError(gettext("Choose a day from tomorrow, at most two months ahead."))

    @property
    def announced_on(self) -> date | None:
        """The day the letter names."""
        day: date | None = self.visit_on.data
        return day if self.kind.data == ANNOUNCE else None


class LetterTextsForm(FlaskForm):  # type: ignore[misc]
    """The sender of an area's letters, and what they say in one language."""

    name = StringField(_("Sender"), [DataRequired(_("Please fill this in.")), Length(max=80)])
    address = StringField(_("Address of the sender"), [Length(max=120)])
    phone = StringField(_("Phone for parents"), [Length(max=40)])
    email = StringField(_("E-mail for parents"), [Length(max=120)])
    announce = TextAreaField(_("Letter that announces a visit"), [Length(max=LONGEST)])
    missed = TextAreaField(_("Letter when nobody was home"), [Length(max=LONGEST)])
