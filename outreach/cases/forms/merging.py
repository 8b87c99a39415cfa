"""Two records of one child: which other case, and which of the two goes on."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

MERGE, APART = "merge", "apart"


class OtherCaseForm(FlaskForm):  # type: ignore[misc]
    """Sent by GET: it changes nothing."""

    class Meta:
        csrf = False

    other = StringField(
        _("Case number of the other record"),
        [DataRequired(_("Fill in a case number, such as K7M4P-2.")), Length(max=20)],
        description=_("You find it with the search, above."),
    )


class MergeForm(FlaskForm):  # type: ignore[misc]
    """`kept`: the case number of the record that goes on."""

    kept = RadioField(_("Which case goes on?"), [DataRequired(_("Choose which case goes on."))])
