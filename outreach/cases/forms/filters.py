"""Filters of lists of steps; sent by GET."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField


class WorkFilter(FlaskForm):  # type: ignore[misc]
    """Whose work one looks at."""

    whose = SelectField(_("Whose work"))
    person = SelectField(_("Of whom"), coerce=int, default=0)
