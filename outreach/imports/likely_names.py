"""Whom a name in somebody's own list stands for, among those who can follow a child: surely, or probably."""

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.children.names import fold, words
from outreach.imports.targets import Follower


@dataclass(frozen=True)
class Candidate:
    """Somebody who can follow a child in this area: a person in an organisation, or the organisation."""

    follower: Follower
    name: str
    organisation: str


def word_key(text: str) -> str:
    """A word in one shape: without capitals, diacritics, spaces and punctuation."""
    return fold(text) or text.strip().casefold()


def exactly(key: str, there: Sequence[Candidate]) -> Follower | None:
    """The only one whose name this is, in one shape and in either order."""
    found = {one.follower for one in there if key in (fold(one.name), fold("".join(reversed(one.name.split()))))}
    return found.pop() if len(found) == 1 else None


def likely(text: str, there: Sequence[Candidate]) -> Follower | None:
    """The only one whose name holds every word of this one, or whose first name it begins with; None when unsure."""
    exact = exactly(word_key(text), there)
    if exact is not None:
        return exact
    asked = {word for word in words(text) if len(word) > 1}
    for fits in (_holds_all, _is_held):
        found = {one.follower for one in there if asked and fits(asked, set(words(one.name)))}
        if len(found) == 1:
            return found.pop()
    return None


def _holds_all(asked: set[str], name: set[str]) -> bool:
    return asked <= name


def _is_held(asked: set[str], name: set[str]) -> bool:
    return len(name) > 1 and name <= asked
