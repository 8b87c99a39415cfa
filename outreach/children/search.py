"""Names as they are looked for: spelling, spaces and order forgiven, parts of a name in one piece or apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from outreach.children.names import words
from outreach.children.search_sounds import likeness, sounds

_WORDS = "al bin d da de del den der des di dos du el het ibn l la le les s t te ten ter van vanden vander vande von"
_SMALL = frozenset(_WORDS.split())
"""Small words of names: they count with the word behind them, and are never looked for alone."""

_LEADING = ("vanden", "vander", "vande", "van", "el", "al")
_LONGEST = 4
"""How many words of a question are tried as one name: Van den Broecke, vandenbroecke."""

_MOST = 8
"""Words of a question that are looked at."""

SOUNDS_ALIKE, WRITTEN_ALIKE = 60.0, 80.0
"""From which likeness two words are the same name: when they sound the same, and when they do not (a slip)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One or more neighbouring words of a name, in one piece: `places` says which, `weight` how many of them count."""

    text: str
    places: frozenset[int]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Alike:
    """A piece of the question that is a piece of a name; `score` 100 when it is written the same."""

    asked: Piece
    found: Piece
    score: float


@dataclass(frozen=True)
class Question:
    """The words somebody looks for, as typed; `terms` are the places of those that count."""

    text: str
    pieces: tuple[Piece, ...]
    terms: frozenset[int]

    def term_keys(self) -> list[frozenset[str]]:
        """For each word that counts: the keys of every piece it may be part of."""
        return [
            frozenset(key for piece in self.pieces if term in piece.places for key in sounds(piece.text))
            for term in sorted(self.terms)
        ]


def question(text: str) -> Question:
    """The question in these words."""
    found = words(text)[:_MOST]
    counting = frozenset(place for place, word in enumerate(found) if _counts(word))
    return Question(text, tuple(_runs(found)), counting)


def name_pieces(*names: str) -> list[Piece]:
    """The pieces by which somebody may be looked for: the words of each name, and each name as one word."""
    found: list[Piece] = []
    start = 0
    for name in names:
        parts = words(name)
        found += _pieces(parts, start)
        start += len(parts)
    return list(dict.fromkeys(found))


def name_keys(*names: str) -> set[str]:
    """The keys of somebody with these names (first name, last name; or one whole name)."""
    return {key for name in names for key in _keys_of(name)}


@lru_cache(maxsize=8192)
def _keys_of(name: str) -> frozenset[str]:
    return frozenset(key for piece in name_pieces(name) for key in sounds(piece.text))


def compare(asked: Question, pieces: Sequence[Piece], *, slips: bool) -> list[Alike]:
    """Which words of the question are which words of a name, the most alike first, each word once.

    `slips`: a word may also be one that merely looks alike, when it does not sound the same.
    """
    pairs = sorted(_pairs(asked, pieces, slips), key=lambda one: (-one.score, -len(one.asked.places), one.found.text))
    chosen: list[Alike] = []
    told: set[int] = set()
    used: set[int] = set()
    for pair in pairs:
        if told.isdisjoint(pair.asked.places) and used.isdisjoint(pair.found.places):
            chosen.append(pair)
            told |= pair.asked.places
            used |= pair.found.places
    return chosen


def _pairs(asked: Question, pieces: Sequence[Piece], slips: bool) -> Iterator[Alike]:
    for mine in asked.pieces:
        if asked.terms.isdisjoint(mine.places):
            continue
        heard = sounds(mine.text)
        for theirs in pieces:
            same = not heard.isdisjoint(sounds(theirs.text))
            if same or slips:
                score = likeness(mine.text, theirs.text)
                if score >= (SOUNDS_ALIKE if same else WRITTEN_ALIKE):
                    yield Alike(mine, theirs, score)


def _pieces(parts: Sequence[str], start: int) -> Iterator[Piece]:
    small = start
    for place, word in enumerate(parts, start):
        if not _counts(word):
            continue
        yield Piece(word, frozenset({place}))
        if small < place:
            yield Piece("".join(parts[small - start : place + 1 - start]), frozenset(range(small, place + 1)))
        yield from _without_article(word, frozenset({place}))
        small = place + 1
    if parts and (len(parts) > 1 or small == start):
        weight = max(sum(map(_counts, parts)), 1)
        yield Piece("".join(parts), frozenset(range(start, start + len(parts))), weight)


def _runs(parts: Sequence[str]) -> Iterator[Piece]:
    for first in range(len(parts)):
        for last in range(first, min(first + _LONGEST, len(parts))):
            places = frozenset(range(first, last + 1))
            yield Piece("".join(parts[first : last + 1]), places)
            if first == last:
                yield from _without_article(parts[first], places)


def _without_article(word: str, places: frozenset[int]) -> Iterable[Piece]:
    """Vandenbroecke is Broecke too."""
    for article in _LEADING:
        if word.startswith(article) and len(word) - len(article) >= 4:
            return [Piece(word.removeprefix(article), places)]
    return []


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in _SMALL and not word.isdecimal()
