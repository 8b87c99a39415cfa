"""The fields of a visit that no outcome asks: how and when, what the family told, whom to ring, the next time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from outreach import clock
from outreach.cases.commands.at_the_visit import ContactTold
from outreach.cases.forms.steps import CHOOSE, NEEDED
from outreach.cases.words import choices, label
from outreach.cases.workflow import PARTS_OF_DAY, processes
from outreach.web.filters import language

PARENTS = ("mother", "father")
"""Whom a new row is for, as long as there is none."""

YES = "1"


@dataclass(frozen=True)
class Known:
    """What was known of the family when the form was made; only what a person changes is written."""

    language: str | None = None
    interpreter: bool = False
    contacts: Sequence[ContactTold] = ()
    with_two: bool = False
    full: bool = True


def was_sent(field: Any) -> bool:
    """Whether the form that came in had this field at all: a part that was hidden is not sent."""
    return bool(field.raw_data)


class ContactRow(Form):
    """Somebody to ring. `was` is what stood here: a row that still says so changes nothing, whatever became of it."""

    contact_id = HiddenField()
    was = HiddenField()
    name = StringField(validators=[Optional(), Length(max=120)])
    relation = SelectField(validators=[Optional()])
    phone = TelField(validators=[Optional(), Length(max=40)])
    language = SelectField(validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name.label.text, self.phone.label.text = _("Name"), _("Phone")
        self.relation.label.text, self.language.label.text = _("Who is this for the child"), _("Language")
        self.relation.choices = choices("relation", language())
        known = self.language.data
        listed = choices("language", language())
        own = [(known, known)] if known and known not in dict(listed) else []
        self.language.choices = [("", _("Not known")), *own, *listed]

    @property
    def said(self) -> dict[str, str]:
        """What stands in the row now."""
        fields = (self.name, self.relation, self.phone, self.language)
        return {one.short_name: str(one.data or "").strip() for one in fields}

    @property
    def legend(self) -> str:
        """Whom an empty row is for."""
        return label("relation", self.relation.data, language()).capitalize()

    @property
    def changed(self) -> bool:
        """Whether somebody typed in it; a row that was not sent has no `was`."""
        if not was_sent(self.was) or urlencode(self.said) == self.was.data:
            return False
        return bool(self.contact_id.data or self.said["name"] or self.said["phone"])

    def validate(self, extra_validators: Any = None) -> bool:
        """A changed row needs a name, and a number if it is new."""
        fine = bool(super().validate(extra_validators))
        if not self.changed:
            return fine
        for one in self.lacking:
            one.errors = [*one.errors, NEEDED]
        return fine and not self.lacking

    @property
    def lacking(self) -> list[Any]:
        """What a row needs before it is somebody one can ring."""
        lacking = [self.name] if not self.said["name"] else []
        if not self.contact_id.data and not self.said["phone"]:
            lacking.append(self.phone)
        return lacking

    @property
    def in_words(self) -> str:
        """What stands in it, for a note: a row that came late and is not whole is not lost."""
        said = self.said
        relation, spoken = (
            label("relation", said["relation"], language()),
            label("language", said["language"], language()),
        )
        return ", ".join(word for word in (said["name"], relation, said["phone"], spoken) if word)

    def told(self) -> ContactTold:
        """What the command is told."""
        said = self.said
        known = self.contact_id.data or ""
        return ContactTold(
            int(known) if known.isdigit() else None,
            said["name"],
            said["relation"] or "other",
            said["phone"] or None,
            said["language"] or None,
        )


def how_fields() -> dict[str, Any]:
    """By which way, when, and what was left behind."""
    spoken, now = language(), clock.local(clock.now())
    return {
        "channel": RadioField(
            _("How?"), [InputRequired(CHOOSE)], choices=dict(choices("channel", spoken)), default="door"
        ),
        "left_card": BooleanField(_("Left a card")),
        "letter_returned": BooleanField(
            _("The letter came back"), description=_("Is the address wrong? Then choose that above.")
        ),
        "visited_on": DateField(_("Day"), [InputRequired(NEEDED)], default=now.date()),
        "visited_at": TimeField(_("Hour"), [Optional()], default=now.time().replace(second=0, microsecond=0)),
    }


def talk_fields(known: Known, checklist: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What a talk gives: with whom, in which language, what stands in the way, which help."""
    spoken = language()
    listed = choices("language", spoken)
    if known.language and known.language not in dict(listed):
        listed.insert(0, (known.language, known.language))
    barriers = [(choice.key, choice.label[spoken]) for choice in processes().common.barriers]
    return {
        "spoke_with": RadioField(_("Spoken with"), [Optional()], choices=dict(choices("spoke_with", spoken))),
        "language": SelectField(
            _("Language of the family"),
            [Optional()],
            choices={"": _("Not known"), **dict(listed)},
            default=known.language or "",
        ),
        "language_was": HiddenField(default=known.language or ""),
        "with_interpreter": BooleanField(_("An interpreter was there")),
        "interpreter": BooleanField(_("An interpreter is needed"), default=known.interpreter),
        "interpreter_was": HiddenField(default=YES if known.interpreter else ""),
        "barriers": SelectMultipleField(_("What stands in the way"), choices=dict(barriers)),
        "help": SelectMultipleField(_("Which help is wanted"), choices=dict(choices("help", spoken))),
        "checklist": SelectMultipleField(_("What was talked about"), choices=dict(checklist)),
        "companion": BooleanField(_("I accompany this family from now on")),
    }


def family_fields(known: Known) -> dict[str, Any]:
    """Whom to ring, another child at home, and whether one goes there by two."""
    reasons = choices("with_two", language())
    return {
        "contacts": FieldList(FormField(ContactRow), _("Parents and whom to ring"), default=_rows(known)),
        "other_child": BooleanField(_("Another young child lives here too")),
        "with_two": SelectField(
            _("Visit with two"), [Optional()], choices={"": _("No change"), **dict(reasons)}, default=""
        ),
        "with_two_ended": BooleanField(_("One person is enough from now on")),
    }


def next_fields() -> dict[str, Any]:
    """When it would be better, and another day than the one proposed."""
    spoken = language()
    parts = {part: word for part, word in choices("day_part", spoken) if part in PARTS_OF_DAY}
    return {
        "advice": RadioField(
            _("Better another time?"),
            [Optional()],
            choices={"": _("No"), **dict(choices("advice", spoken))},
            default="",
        ),
        "planned_on": DateField(_("Which day"), [Optional()]),
        "planned_part": SelectField(
            _("Part of the day"), [Optional()], choices={"": _("Not agreed"), **parts}, default=""
        ),
    }


def _rows(known: Known) -> list[dict[str, str]]:
    """Those who are known, and an empty row for each parent who is not."""
    rows = [_row(each) for each in known.contacts]
    there = {each.relation for each in known.contacts}
    lacking = [relation for relation in PARENTS if relation not in there] or ["family"]
    return rows + [_row(ContactTold(None, "", relation, None, None)) for relation in lacking]


def _row(contact: ContactTold) -> dict[str, str]:
    said = {
        "name": contact.name,
        "relation": contact.relation,
        "phone": contact.phone or "",
        "language": contact.language or "",
    }
    return {**said, "contact_id": str(contact.contact_id or ""), "was": urlencode(said)}
