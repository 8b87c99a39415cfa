"""One field to look for a child; sent by POST, so that no name stands in an address."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SearchField

from outreach.children.search_terms import LONGEST


class SearchForm(FlaskForm):  # type: ignore[misc]
    """What is looked for, in one's own words."""

    words = SearchField(
        _("Who are you looking for?"),
        description=_("First and last name, a name with the birth date, a phone number, or the case number."),
        filters=[lambda typed: (typed or "").strip()[:LONGEST]],
        render_kw={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false", "data-search": True},
    )
