"""What people say about a family: split, joined, brothers and sisters, or one child more."""

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach.children.insz import Insz, parse
from outreach.errors import Refused

NEEDED = _("Please fill this in.")

SIBLINGS, SPLIT, JOIN = "siblings", "split", "join"


class HouseholdForm(FlaskForm):  # type: ignore[misc]
    """One correction at a time: `siblings`, `split:<child>` or `join:<household>`."""

    what = RadioField(_("What is right?"), [DataRequired(_("Choose what is right."))])
    with_contacts = BooleanField(
        _("Splitting: those who may be rung now may be rung for this child too"), default=False
    )

    @property
    def said(self) -> tuple[str, int]:
        """What was chosen, and about which child or household (0: none)."""
        what, _colon, number = str(self.what.data).partition(":")
        return what, int(number or 0)


class DoorChildForm(FlaskForm):  # type: ignore[misc]
    """A child nobody had on a list; the number may be missing."""

    first_name = StringField(_("First name"), [DataRequired(NEEDED), Length(max=80)])
    last_name = StringField(_("Last name"), [DataRequired(NEEDED), Length(max=80)])
    born_on = DateField(_("Born on"), [DataRequired(NEEDED)])
    insz = StringField(
        _("National number"), [Length(max=20)], description=_("If it is at hand; a BIS number is fine too.")
    )

    def validate_insz(self, field: StringField) -> None:
        """The check digits must hold."""
        try:
            self.number  # noqa: B018 - reading it checks it
        except Refused as error:
            raise ValidationError(
                gettext("This is not a national number; leave it empty if you are not sure.")
            ) from error

    @property
    def number(self) -> Insz | None:
        """The number as it was typed, read. Raises Refused."""
        typed = (self.insz.data or "").strip()
        return parse(typed) if typed else None
