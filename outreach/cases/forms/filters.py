"""Filters of lists of steps; what one looks at is kept with the person."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField


class WorkFilter(FlaskForm):  # type: ignore[misc]
    """Whose work one looks at."""

    whose = SelectField(_("Whose work"))
    person = SelectField(_("Of whom"), coerce=int, default=0)
    place = SelectField(_("Neighbourhood"), default="", validate_choice=False)
    language = SelectField(_("Language at home"), default="", validate_choice=False)
