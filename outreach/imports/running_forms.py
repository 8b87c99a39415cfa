"""What somebody says of their own list of running cases: what its words mean, and whose names these are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from outreach.cases.words import closure_label, step_label
from outreach.imports.likely_names import Candidate, likely, word_key
from outreach.imports.queries.running import RunningComparison
from outreach.imports.running_words import meant
from outreach.imports.targets import closures, place_of, process
from outreach.web.filters import language

MOST = 300
"""How many different words are asked about at most; the others stay as they are not said."""

NOBODY = "nobody"


@dataclass(frozen=True)
class Asked:
    """A word of the list with the field that asks what it means; `proposed`: what is chosen there is only our guess."""

    word: str
    field: Any
    proposed: bool


class WordsForm(FlaskForm):  # type: ignore[misc]
    """What each word means; its fields depend on the list."""

    statuses: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    guessed: frozenset[str] = frozenset()

    def asked(self, about: str) -> list[Asked]:
        """The fields about statuses or names, in order."""
        found = self.statuses if about == "status" else self.who
        names = [f"{about}_{number}" for number in range(len(found))]
        return [Asked(word, self[name], name in self.guessed) for word, name in zip(found, names, strict=True)]

    def said(self, about: str) -> dict[str, str | None]:
        """What was chosen, by word; None for nobody. A word that was left open is not among them."""
        chosen = {one.word: one.field.data for one in self.asked(about) if one.field.data}
        return {word: None if target == NOBODY else target for word, target in chosen.items()}

    def left_open(self, about: str) -> list[str]:
        """The words of which nothing was said."""
        return [one.word for one in self.asked(about) if not one.field.data]


def words_form(compared: RunningComparison, there: Sequence[Candidate]) -> WordsForm:
    """The form for one list, with what was said before, else our guesses."""
    statuses = tuple(word for word, _count in compared.statuses.most_common(MOST))
    who = tuple(word for word, _count in compared.who.most_common(MOST))
    fields: dict[str, Any] = {"statuses": statuses, "who": who}
    guessed = set()
    for number, text in enumerate(statuses):
        name, default, ours = f"status_{number}", *_status_default(compared, text)
        guessed |= {name} if ours else set()
        label = _("What does “%(word)s” mean?", word=text)
        fields[name] = SelectField(label, choices=_places(), default=default)
    for number, text in enumerate(who):
        name, default, ours = f"who_{number}", *_who_default(compared, text, there)
        guessed |= {name} if ours else set()
        label = _("Who is “%(word)s”?", word=text)
        fields[name] = SelectField(label, choices=_people(there), default=default)
    fields["guessed"] = frozenset(guessed)
    form: WordsForm = type("WordsFormOfList", (WordsForm,), fields)()
    return form


def _status_default(compared: RunningComparison, text: str) -> tuple[str, bool]:
    key = word_key(text)
    said = compared.words.places.get(key)
    if said is not None:
        return said.key, False
    proposed = place_of(meant("status", text))
    return (proposed.key, True) if proposed else ("", False)


def _who_default(compared: RunningComparison, text: str, there: Sequence[Candidate]) -> tuple[str, bool]:
    key = word_key(text)
    if key in compared.words.followers:
        said = compared.words.followers[key]
        return (said.key if said else NOBODY), False
    proposed = likely(text, there)
    return (proposed.key, True) if proposed else ("", False)


def _places() -> list[SelectChoice]:
    current, spoken = process(), language()
    steps = [(f"step:{one.key}", step_label(current.key, one.key, spoken)) for one in current.steps]
    ends = [(f"closure:{key}", closure_label(key, spoken)) for key in closures()]
    return [
        SelectChoice("", _("Not said: stays at the first step")),
        *_group(_("The case is at"), steps),
        *_group(_("The case is closed"), ends),
    ]


def _people(there: Sequence[Candidate]) -> list[SelectChoice]:
    people = [(one.follower.key, f"{one.name} ({one.organisation})") for one in there if one.follower.person_id]
    teams = [(one.follower.key, one.name) for one in there if one.follower.person_id is None]
    return [
        SelectChoice("", _("Not said: stays with you, at the first step")),
        SelectChoice(NOBODY, _("Nobody of this area: stays with you, at the first step")),
        *_group(_("People"), people),
        *_group(_("Organisations"), teams),
    ]


def _group(title: str, choices: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(key, label, optgroup=title) for key, label in choices]
