"""A child entered by hand: who it is, where it lives, and of which family at that address."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from outreach.cases.forms.households import DoorChildForm

ALONE = "0"
"""Of no family that is known at the address."""


class NewCaseForm(DoorChildForm):
    """Number, address and the rest may be missing: a child without them is as welcome."""

    area = SelectField(_("Area"), [InputRequired(_("Choose an answer."))])
    street = StringField(_("Street"), [Optional(), Length(max=120)])
    number_of_house = StringField(_("Number"), [Optional(), Length(max=20)])
    box = StringField(_("Box"), [Optional(), Length(max=20)])
    postcode = StringField(_("Postcode"), [Optional(), Length(max=10)])
    municipality = StringField(_("Municipality"), [Optional(), Length(max=80)])
    reference_person = StringField(
        _("Reference person"), [Optional(), Length(max=120)], description=_("A parent, or who the child lives with.")
    )
    language = SelectField(_("Language at home"), [Optional()], default="")
    household = RadioField(_("Of which family at this address?"), [Optional()], default=ALONE)
