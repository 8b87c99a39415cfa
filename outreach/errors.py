"""Everything that can be refused, as a key with data; the sentence is made where it is shown."""

from typing import Any


class OutreachError(Exception):
    """A refusal a person can do something about: `key` names it, `data` fills in the sentence."""

    def __init__(self, key: str, **data: Any) -> None:
        self.key = key
        self.data = data
        super().__init__(f"{key} {data}" if data else key)


class Refused(OutreachError):
    """A command says no: nothing has changed and the person can read why."""


class Conflict(OutreachError):
    """Somebody else saved first; `data` holds what stands there now."""


class Unreadable(OutreachError):
    """A file that cannot be read as what it was said to be."""


class Unsound(OutreachError):
    """Configuration, process or published data that must not be started with."""
