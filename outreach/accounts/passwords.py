"""Passwords: Argon2id, hashed outside any transaction because it takes long on purpose."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from outreach.errors import Refused

SHORTEST = 8
LONGEST = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

_STRONG = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP password storage sheet
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_installed = [_STRONG]


def install(*, cheap: bool) -> None:
    """Choose the cost once per process: full, or next to nothing for tests."""
    _installed[:] = [_CHEAP if cheap else _STRONG]


def hash_password(password: str) -> str:
    """The hash to store; raises Refused for a password that is too short or too long."""
    if len(password) < SHORTEST:
        raise Refused("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password_too_long", longest=LONGEST)
    return _installed[0].hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored hash it takes just as long and is never right."""
    hasher = _installed[0]
    try:
        hasher.verify(stored or _nobody(hasher), _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made at another cost, so that it is made again at the next sign-in."""
    return _installed[0].check_needs_rehash(stored)


def random_password() -> str:
    """A one-time password to read out over the phone: 16 letters and digits without look-alikes (79 bits)."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


_nobodies: dict[PasswordHasher, str] = {}


def _nobody(hasher: PasswordHasher) -> str:
    """The hash of a password nobody has, at the same cost."""
    if hasher not in _nobodies:
        _nobodies[hasher] = hasher.hash(secrets.token_urlsafe())
    return _nobodies[hasher]


def _normal(password: str) -> str:
    """The same keys give the same password on every keyboard."""
    return unicodedata.normalize("NFKC", password)
