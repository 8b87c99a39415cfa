"""A report made on a phone without a connection: sealed by the phone, opened here, and only for whom it belongs to."""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach import clock, crypto
from outreach.errors import Unreadable

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_FIELDS = 500
LONGEST = 200_000
"""Characters of a sealed text; a report with every field full is a tenth of it."""


@dataclass(frozen=True)
class Envelope:
    """What is written on the outside: which draft, whose, about which step."""

    id: str
    person_id: int
    step_id: int
    sealed: crypto.Sealed

    @property
    def about(self) -> bytes:
        """What the seal is bound to: an envelope cannot be given another owner or step."""
        return f"{self.id}|{self.person_id}|{self.step_id}".encode()


@dataclass(frozen=True)
class Draft:
    """What is inside: the fields of the form as typed, and what the phone saw when it took the visit along."""

    id: str
    person_id: int
    step_id: int
    fields: tuple[tuple[str, str], ...]
    seen: Mapping[str, Any]
    at: datetime

    def first(self, name: str) -> str:
        """The first value of a field, empty when it was left open."""
        return next((value for key, value in self.fields if key == name), "")


def read_envelope(data: object) -> Envelope:
    """The envelope as the phone sent it. Raises Unreadable."""
    try:
        if not isinstance(data, Mapping) or not _ID.fullmatch(data["id"]):
            raise ValueError
        sealed = data["sealed"]
        if len(sealed["text"]) > LONGEST:
            raise ValueError
        parts = {name: _bytes(sealed[name]) for name in ("epk", "iv", "text")}
        return Envelope(
            id=data["id"],
            person_id=int(data["person"]),
            step_id=int(data["step"]),
            sealed=crypto.Sealed(str(sealed["key"]), parts["epk"], parts["iv"], parts["text"]),
        )
    except (KeyError, TypeError, ValueError, NotBase64):
        raise Unreadable("draft_malformed") from None


def open_draft(envelope: Envelope) -> Draft:
    """The draft in an envelope. Raises Unreadable when the seal does not open or there is no draft inside."""
    inside = crypto.keys().open_sealed(envelope.sealed, envelope.about)
    try:
        data = json.loads(inside)
        fields = tuple((str(name), str(value)) for name, value in data["fields"])
        at = clock.parse_moment(str(data["at"]))
        seen = data.get("seen") or {}
        if len(fields) > _MOST_FIELDS or not isinstance(seen, Mapping):
            raise ValueError
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Unreadable("draft_malformed") from None
    return Draft(envelope.id, envelope.person_id, envelope.step_id, fields, dict(seen), min(at, clock.now()))


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
