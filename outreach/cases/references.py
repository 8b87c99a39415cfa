"""Case references people can say over the phone: five random characters and one that checks them."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: nobody mishears or misreads them."""

_LENGTH = 5


def new_reference() -> str:
    """A new reference such as `K7M4P-2`; unique only once the database says so."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
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
