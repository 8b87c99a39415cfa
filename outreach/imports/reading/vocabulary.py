"""Which column titles mean what in lists of one kind, and which columns such a list cannot do without."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from outreach.children.names import fold

NUMBERLIKE = frozenset({"nr", "nummer", "no", "n", "num", "numero", "number"})
_LITTLE_WORDS = re.compile(r"\b(?:van|het|de|der|den|du|la|le|l|of|the)\b", re.IGNORECASE)
_HINT = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True)
class Vocabulary:
    """`titles`: title in one shape (`fold`) -> field. `needed`: what is said to be missing -> the fields one of which
    must be there. `proof`: fields that tell a child from a total. `foreign`: a part of a title that betrays another
    kind of list, and what is said then. `tied`: what somebody said a title of this source means (`title_keys` -> field,
    None for a column to leave alone); it goes before what we know ourselves. `keeps_rest`: what stands in a column that
    is none of these is kept, as a note."""

    titles: Mapping[str, str]
    needed: Mapping[str, frozenset[str]]
    proof: tuple[str, ...]
    foreign: tuple[str, str] | None = None
    tied: Mapping[str, str | None] = field(default_factory=dict)
    keeps_rest: bool = False

    def with_ties(self, tied: Mapping[str, str | None]) -> "Vocabulary":
        """The same words, and those of one source."""
        return replace(self, tied=tied)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field a column of such a list can be, in the order in which lists usually have them."""
        return tuple(dict.fromkeys(self.titles.values()))

    def field_of(self, title: str, before: str | None = None) -> str | None:
        """The field a title names; "Nr" is a house number only right after the street (`before`), else a row counter.

        As written first, then without what stands between brackets, then without little words.
        """
        if before in ("street", "address") and fold(title) in NUMBERLIKE:
            return "number"
        bare = _HINT.sub("", title)
        readings = (title, bare, _LITTLE_WORDS.sub("", title), _LITTLE_WORDS.sub("", bare))
        return next((self.titles[fold(one)] for one in readings if fold(one) in self.titles), None)

    def missing(self, fields: Collection[str]) -> list[str]:
        """What these columns lack to be such a list."""
        return [key for key, any_of in self.needed.items() if any_of.isdisjoint(fields)]

    def betrayal(self, titles: Collection[str]) -> str | None:
        """What to say of a list that is plainly of another kind."""
        if self.foreign and any(self.foreign[0] in fold(title) for title in titles):
            return self.foreign[1]
        return None


def title_keys(titles: Collection[str]) -> list[str]:
    """Each title in one shape to be found again by: its place when it is empty, a count behind a repeat."""
    keys: list[str] = []
    for place, title in enumerate(titles, start=1):
        key = fold(title) or f"#{place}"
        again = sum(one == key or one.startswith(f"{key}#") for one in keys)
        keys.append(f"{key}#{again + 1}" if again else key)
    return keys


def _read(name: str) -> dict[str, str]:
    text = (Path(__file__).parent / name).read_text("utf-8")
    return {title: field for field, titles in tomllib.loads(text).items() for title in titles}


NAME_FIELDS = frozenset({"last_name", "first_name", "full_name", "full_name_first"})

NOT_ENROLLED = Vocabulary(
    titles=_read("columns.toml"),
    needed={"name": NAME_FIELDS, "born_on": frozenset({"born_on"})},
    proof=("born_on", "insz", "first_name"),
    foreign=("halvedagen", "list_of_participation"),  # only a report of participation counts them
)
"""The list of children who are not enrolled."""

_PUPIL = {
    "school_number": frozenset({"school_number"}),
    "pupil_number": frozenset({"pupil_number"}),
    "name": NAME_FIELDS,
    "born_on": frozenset({"born_on", "born_year"}),
}

PARTICIPATION = Vocabulary(
    titles=_read("columns.toml") | _read("participation.toml"),
    needed=_PUPIL | {"present": frozenset({"present", "absent"})},
    proof=("pupil_number", "born_on", "born_year", "first_name"),
)
"""The report of a school: half days present for each kleuter."""

ABSENCES = Vocabulary(
    titles=_read("columns.toml") | _read("participation.toml") | _read("absences.toml"),
    needed=_PUPIL | {"day": frozenset({"day"}), "code": frozenset({"code", "code_morning", "code_afternoon"})},
    proof=("pupil_number", "born_on", "born_year", "first_name", "day"),
)
"""Absences by day and half day."""

LEFT_ALONE = "left_alone"
"""Said of a column of a list that keeps unknown columns as a note, and that is not to be kept."""

RUNNING = Vocabulary(
    titles=_read("columns.toml") | _read("running.toml"),
    needed={
        "name": NAME_FIELDS | {"insz"},
        "born_on": frozenset({"born_on", "insz"}),
        "status": frozenset({"status", "contact_on", "who", "organisation", "note"}),
    },
    proof=("born_on", "insz", "first_name"),
    foreign=("halvedagen", "list_of_participation"),
    keeps_rest=True,
)
"""A coordinator's own list of running cases; what it says of a column we do not know is kept as a note."""
