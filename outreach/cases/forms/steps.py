"""Small forms about one step: give, take, hand over, plan, pause, new aim, ask and answer."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from outreach.cases.words import choices
from outreach.cases.workflow import processes
from outreach.web.filters import language

NEEDED = _("Please fill this in.")
CHOOSE = _("Please choose.")


def number(value: Any) -> int | None:
    """The id behind a choice; None for the choice that is none."""
    return int(value) if value not in (None, "") else None


class StepForm(FlaskForm):  # type: ignore[misc]
    """Says which state of the step the person saw."""

    version = HiddenField()


class AssignForm(StepForm):
    """To whom of the team; empty is the team's tray."""

    person = SelectField(_("To whom"), coerce=int, default=0)


class HandOverForm(StepForm):
    """To which organisation, and what the parents said about it."""

    organisation = SelectField(_("To which organisation"), [InputRequired(CHOOSE)], coerce=number)
    parents_know = RadioField(_("Do the parents know?"), [InputRequired(CHOOSE)])
    parents_agree = RadioField(_("Do they agree?"), [InputRequired(CHOOSE)])


class PlanForm(StepForm):
    """The next agreed day, its hour if there is one, and who comes along."""

    on = DateField(_("Which day"), [InputRequired(NEEDED)])
    at = TimeField(_("At what hour"), [Optional()], description=_("Leave empty when only the day is agreed."))
    along = SelectField(
        _("Who comes along"),
        [Optional()],
        coerce=int,
        default=0,
        description=_("Your colleague gets an invitation for the calendar: case number and step, no name or address."),
    )


class PauseForm(StepForm):
    """Why the step rests, and until when."""

    reason = RadioField(_("Why"), [InputRequired(CHOOSE)])
    until_on = DateField(_("Until which day"), [InputRequired(NEEDED)])
    remark = TextAreaField(_("Remark (own organisation only)"), [Optional(), Length(max=2000)])


class NewAimForm(StepForm):
    """Another aim, with a reason; once."""

    aim_on = DateField(_("New aim"), [InputRequired(NEEDED)])
    reason = TextAreaField(_("Why"), [InputRequired(NEEDED), Length(max=2000)])


class AskForm(StepForm):
    """One thing asked of one other partner."""

    kind = RadioField(_("What do you need"), [InputRequired(CHOOSE)])
    organisation = SelectField(_("Of whom"), [InputRequired(CHOOSE)], coerce=number)
    question = TextAreaField(
        _("Your question"),
        [InputRequired(NEEDED), Length(max=2000)],
        description=_("Whoever is asked sees the reference and these words, nothing about the child. Write no names."),
    )


class AnswerForm(StepForm):
    """What came of a side step."""

    outcome = RadioField(_("What came of it"), [InputRequired(CHOOSE)])
    answer = TextAreaField(_("Your answer"), [Optional(), Length(max=2000)])


def knows_choices() -> list[tuple[str, str]]:
    """Yes, no, not asked."""
    return [(key, word) for key, word in choices("knows", language()) if key not in ("true", "false")]


def pause_choices() -> list[tuple[str, str]]:
    """Why a step may rest."""
    return [(choice.key, choice.label[language()]) for choice in processes().common.pauses]


def side_choices() -> list[tuple[str, str]]:
    """What another partner can be asked."""
    return [(rule.key, rule.label[language()]) for rule in processes().common.sides if rule.kinds]


def side_answers(side: str) -> list[tuple[str, str]]:
    """What may come of a side step."""
    return [(choice.key, choice.label[language()]) for choice in processes().answers_to(side)]


def chosen_word(field: SelectField) -> str:
    """The word of the choice that was made."""
    return next((word for _value, word, chosen, _more in field.iter_choices() if chosen), "")
