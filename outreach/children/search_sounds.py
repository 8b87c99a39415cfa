"""How a name sounds, whoever wrote it down: the keys by which two spellings of one name are found together."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

_BEGINNINGS = (
    (r"^ou(?=[aeiouy])", "w"),  # Oualid, Walid
    (r"^dz?h?j|^dzh?", "j"),  # Djamila, Dzhamila
    (r"^[iy](?=[aeou])", "j"),  # Yusuf, Iusuf
)
_ANYWHERE = (
    (r"t?sch|tsj|tsh|tch", "s"),  # Bosch, Tsjarif
    (r"sh|sj|sz", "s"),
    (r"ph", "f"),
    (r"[dt]h", "t"),
    (r"gh", "g"),
    (r"qu?", "k"),
    (r"d+z?j", "J"),  # Khadidja
    (r"c?kx|cks|x", "ks"),  # Dierickx
    (r"ck", "k"),
    (r"(?<!^)ij(?![aeiouy])", "i"),  # Thijs, Van Dijk
)
_IN_TWO_WAYS = (
    ("ch", ("h", "s", "k")),  # Achmed, Aicha, Christine
    ("kh", ("h", "k")),  # Khalid is Halid or Kalid
    ("J", ("j", "")),  # Khadija, Kaya
)
_LETTERS = str.maketrans("bcdvwyzqe", "pktffiska")
_SPOKEN = tuple((re.compile(pattern), plain) for pattern, plain in (*_BEGINNINGS, *_ANYWHERE))
_BETWEEN_VOWELS = re.compile(r"(?<=[aeiou])[jy](?=[aeiou])")
_SOFT_C = re.compile(r"c(?=[eiy])")
_O, _I, _PAIR, _VOWEL = re.compile(r"[uo]+"), re.compile(r"i+"), re.compile(r"(.)\1+"), re.compile(r"[aio]")
_MOST = 6
"""Ways of reading one name that are kept; a name with more is found by the first ones."""


@lru_cache(maxsize=8192)
def sounds(word: str) -> frozenset[str]:
    """The keys of a folded word: its consonants as one hears them, `a` for a vowel it begins with.

    Some letters sound in two ways (ch in Aicha and in Achmed); then there is a key for each. A word of silent letters
    alone (H.) is its own key.
    """
    found = {_skeleton(way) or word for way in _spoken(word)}
    return frozenset({each for each in found if len(each) > 1} or found)


@lru_cache(maxsize=50_000)
def likeness(one: str, other: str) -> float:
    """How much two folded words are alike, 0 to 100: as written, or as they sound."""
    if one == other:
        return 100.0
    spoken = max(fuzz.ratio(here, there) for here in _spoken(one) for there in _spoken(other))
    return max(float(fuzz.ratio(one, other)), spoken * 0.98)


@lru_cache(maxsize=8192)
def _spoken(word: str) -> tuple[str, ...]:
    """The word in plain letters, in every way it may be read."""
    if not word.isascii():
        return (word,)
    for pattern, plain in _SPOKEN:
        word = pattern.sub(plain, word)
    word = _BETWEEN_VOWELS.sub("J", word)
    word = _SOFT_C.sub("s", word)
    ways = [word]
    for letters, readings in _IN_TWO_WAYS:
        ways = [way.replace(letters, reading) for way in ways for reading in (readings if letters in way else ("",))]
    ways = [way for each in ways for way in _with_w(each)]
    return tuple(dict.fromkeys(_plain(way) for way in ways))[:_MOST]


def _with_w(word: str) -> tuple[str, ...]:
    """A w inside is often written ou: Marwan, Marouane."""
    return (word, word[0] + word[1:].replace("w", "u")) if "w" in word[1:] else (word,)


def _plain(word: str) -> str:
    """One letter for letters that sound alike, one for a pair; an h is silent."""
    word = word.replace("h", "").translate(_LETTERS)
    word = _O.sub("o", word)
    word = _I.sub("i", word)
    return _PAIR.sub(r"\1", word)


def _skeleton(word: str) -> str:
    first = "a" if word[:1] in ("a", "i", "o") else word[:1]
    return (first + _VOWEL.sub("", word[1:])) if word else ""
