"""Yes, take the list over; asked is whether the parents know of the partners it gives families to."""

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField


class TakeOverForm(FlaskForm):  # type: ignore[misc]
    """Yes, take it over; asked is whether the parents know of the partners, when partners get families by it."""

    parents = RadioField(_l("Do the parents know that this partner works with them, and do they agree?"), default="no")

    @property
    def parents_agree(self) -> bool:
        """Whether the partners may see the cases."""
        return "parents" in self and self.parents.data == "yes"


def take_over_form(*, partners: bool) -> TakeOverForm:
    """The form; `partners`: whether families go to partners who need the parents' word."""
    form = TakeOverForm()
    form.parents.choices = [
        (
            "no",
            _("Not sure: these partners see the step and the number only, until somebody notes that the parents agree"),
        ),
        ("yes", _("Yes, of all these families: these partners see what they need")),
    ]
    if not partners:
        del form.parents
    return form
