"""Case references people can say over the phone: five random characters and one that checks them."""

import secrets
from itertools import product

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: nobody mishears or misreads them."""

_LENGTH = 5


def new_reference() -> str:
    """A new reference such as `K7M4P-2`; unique only once the database says so."""
    body, number = "", secrets.randbelow(len(ALPHABET) ** _LENGTH)
    for _ in range(_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        body += ALPHABET[place]
    return f"{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """Catches every single wrong character and every swap of neighbours (weights 1..5 modulo a prime, 31)."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def parse_reference(text: str) -> str | None:
    """The reference as it is written, from what somebody typed; None when it cannot be one."""
    plain = "".join(text.upper().split()).replace("-", "")
    if len(plain) != _LENGTH + 1 or any(character not in ALPHABET for character in plain):
        return None
    body, check = plain[:_LENGTH], plain[_LENGTH]
    return f"{body}-{check}" if check == check_character(body) else None


_MISREAD = {"0": "DQ", "O": "DQ", "1": "7JT", "I": "7JT", "L": "7JT"}
"""What somebody saw who types a character that no reference has."""

_ALIKE = dict(zip("2Z5S6G8BUVDQ", "Z2S5G6B8VUQD", strict=True))
"""Characters of the alphabet that a hand or a bad copy confuses."""

_MOST_MISREAD = 2


def similar_references(text: str) -> list[str]:
    """The references that may be meant: as typed, else with characters that look alike; the check decides which.

    Only what has a dash or a digit, as nearly all references have: a name of six letters is not taken for one.
    """
    exact = parse_reference(text)
    if exact is not None:
        return [exact]
    plain = "".join(text.upper().split()).replace("-", "")
    if len(plain) != _LENGTH + 1 or not ("-" in text or any(character.isdigit() for character in plain)):
        return []
    strange = [place for place, character in enumerate(plain) if character not in ALPHABET]
    if not strange:
        ways = [plain[:at] + _ALIKE[one] + plain[at + 1 :] for at, one in enumerate(plain) if one in _ALIKE]
    elif len(strange) <= _MOST_MISREAD:
        ways = ["".join(way) for way in product(*(_MISREAD.get(one, one) for one in plain))]
    else:
        ways = []
    return [reference for way in ways if (reference := parse_reference(way)) is not None]
