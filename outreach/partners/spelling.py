"""One shape for a name of a person, street or municipality, so that two spellings of it can be found equal."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "n"}
)
_NOT_A_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


@lru_cache(maxsize=16384)  # a list names the same people, streets and places again and again
def fold(text: str) -> str:
    """Letters and digits only, without capitals, diacritics, spaces, hyphens and apostrophes."""
    if text.isascii():
        return _NOT_A_LETTER_OR_DIGIT.sub("", text.lower())
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    marked = unicodedata.normalize("NFKD", plain)
    return _NOT_A_LETTER_OR_DIGIT.sub("", "".join(letter for letter in marked if not unicodedata.combining(letter)))


def slug(text: str) -> str:
    """A name as a key: small letters and digits, words tied by hyphens (CLB De Schakel: clb-de-schakel)."""
    return "-".join(filter(None, (fold(word) for word in re.split(r"[^\w]+", text)))) or "x"
