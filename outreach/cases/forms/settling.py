"""The form that decides about a report that did not fit: one choice for each question."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from outreach.cases.commands.settling import NOTED, STANDS, TAKEN, VISIT, Question
from outreach.cases.forms.steps import CHOOSE


def settle_form(questions: Sequence[tuple[Question, str, str | None]]) -> FlaskForm:
    """The questions with their titles; the third is why taking over is not possible, or None."""
    fields: dict[str, Any] = {}
    for question, title, refused in questions:
        fields[question.key] = RadioField(
            _("Your decision about: %(title)s", title=title),
            [InputRequired(CHOOSE)],
            choices=dict(_choices(question.key, refused)),
            default=STANDS if refused and question.key != VISIT else None,
            description=_("Taking over is not possible now: %(reason)s", reason=refused) if refused else "",
        )
    form: FlaskForm = type("SettleForm", (FlaskForm,), fields)()
    return form


def _choices(key: str, refused: str | None) -> list[tuple[str, str]]:
    if key == VISIT:
        return [(TAKEN, _("Add this visit to the case")), (STANDS, _("Leave it out"))]
    taken = [] if refused else [(TAKEN, _("Take over what was reported"))]
    return [(STANDS, _("Keep what stands")), *taken, (NOTED, _("Keep what stands, and note the report on the case"))]
