"""Whether two written names may be the name of one child: how sure, and why. Pure, and strict about first names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from outreach.children.names import fold, name_key, token_key, words
from outreach.children.search import compare, name_pieces, question
from outreach.children.search_sounds import likeness, sounds

Name = tuple[str, str]
"""First name and last name."""

HEARD_ALIKE, WRITTEN_ALIKE = 78.0, 92.0
"""From which likeness two first names are one: when they sound the same, and when they do not (a slip of the pen)."""

_BETWEEN_VOWELS = re.compile(r"(?<=[aeiou])i(?=[aeiou])")

_LAST_ALIKE = 72.0
_FEWER_WORDS = 88.0
_OTHER_ORDER = 95.0
_CAPITALS = 99.0


class NameReason(StrEnum):
    """Why two names are taken for one, or not."""

    SAME = "same"
    CAPITALS = "capitals"
    ORDER = "order"
    SPELLING = "spelling"
    FEWER_WORDS = "fewer_words"
    LAST_NAME_OTHER = "last_name_other"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NamesCompared:
    """How much two names are alike, 0 to 100, and why; 0 when they are the names of two children."""

    score: float
    reason: NameReason
    first_name_same: bool = False


@lru_cache(maxsize=20_000)
def compare_names(one: Name, other: Name) -> NamesCompared:
    """Two names beside each other: spelling, particles, diacritics and order forgiven; another first name never."""
    if one == other:
        return NamesCompared(100.0, NameReason.SAME, True)
    if name_key(*one) == name_key(*other):
        return NamesCompared(_CAPITALS, NameReason.CAPITALS, True)
    if token_key(*one) == token_key(*other):
        return NamesCompared(_OTHER_ORDER, NameReason.ORDER, True)
    first, last = _first_names(one[0], other[0]), _last_names(one[1], other[1])
    if first and last:
        few = NameReason.FEWER_WORDS if _word_count(one) != _word_count(other) else NameReason.SPELLING
        return NamesCompared((first + last) / 2, few, fold(one[0]) == fold(other[0]))
    crossed = _crossed(one, other)
    if crossed:
        return NamesCompared(crossed * _OTHER_ORDER / 100, NameReason.ORDER)
    if first == 100.0 and one[0]:
        return NamesCompared(50.0, NameReason.LAST_NAME_OTHER, True)
    return NamesCompared(0.0, NameReason.OTHER)


def heard(name: str) -> str:
    """A name in small letters, an i between two vowels as the y it is heard as: Raia is Raya."""
    return _BETWEEN_VOWELS.sub("y", name.lower())


def _word_count(name: Name) -> int:
    return len(words(name[0])) + len(words(name[1]))


def _crossed(one: Name, other: Name) -> float:
    """First and last name in each other's place, written otherwise too."""
    there, back = _first_names(one[0], other[1]), _first_names(other[0], one[1])
    return (there + back) / 2 if there and back else 0.0


def _first_names(one: str, other: str) -> float:
    """As strict as twins ask: Amin and Amina, Hassan and Hussein, Lina and Lena are two children."""
    if not one or not other:
        return 0.0
    if fold(one) == fold(other):
        return 100.0
    mine, theirs = words(one), words(other)
    short, long = sorted((mine, theirs), key=len)
    if not short:
        return 0.0
    whole = _one_word("".join(mine), "".join(theirs))
    each = [_one_word(here, there) for here, there in zip(short, long, strict=False)]
    if not all(each):
        return whole
    mean = sum(each) / len(each)
    return max(whole, mean if len(short) == len(long) else mean * _FEWER_WORDS / 100)


def _one_word(one: str, other: str) -> float:
    if one == other:
        return 100.0
    if _of_a_girl_and_a_boy(one.rstrip("h"), other.rstrip("h")):
        return 0.0
    one, other = heard(one), heard(other)
    score = likeness(one, other)
    least = WRITTEN_ALIKE if sounds(one).isdisjoint(sounds(other)) else HEARD_ALIKE
    return score if score >= least else 0.0


def _of_a_girl_and_a_boy(one: str, other: str) -> bool:
    """Amin and Amina, Nour and Nora, Louis and Louise: one name, two children."""
    return one.endswith("a") != other.endswith("a") or one == f"{other}e" or other == f"{one}e"


def _last_names(one: str, other: str) -> float:
    if fold(one) == fold(other):
        return 100.0
    if not one or not other:
        return 0.0
    one, other = heard(one), heard(other)
    here, there = _told(one, other), _told(other, one)
    best = max((here, there), key=lambda told: (told[0], told[1]))
    if not best[0]:
        return 0.0
    return best[1] if here[0] and there[0] else best[1] * _FEWER_WORDS / 100


def _told(one: str, other: str) -> tuple[bool, float]:
    """Whether every word of one last name that counts is a word of the other, and how much they are alike."""
    asked = question(one)
    found = compare(asked, name_pieces(other), slips=True)
    told: set[int] = set().union(*(each.asked.places for each in found)) if found else set()
    if not asked.terms or not asked.terms <= told:
        return False, 0.0
    score = _mean([each.score for each in found])
    return score >= _LAST_ALIKE, score


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
