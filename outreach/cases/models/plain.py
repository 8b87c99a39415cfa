"""What commands ask of a case and a step that were just written in bulk, without an object for each."""

from datetime import date
from typing import NamedTuple, Protocol


class WrittenCase(Protocol):
    """A `Case`, or a `PlainCase`."""

    @property
    def id(self) -> int: ...

    @property
    def child_id(self) -> int: ...

    @property
    def area_id(self) -> int: ...

    @property
    def lead_id(self) -> int: ...

    @property
    def origin(self) -> str: ...

    @property
    def outside(self) -> bool: ...


class WrittenStep(Protocol):
    """A `Step`, or a `PlainStep`."""

    @property
    def id(self) -> int: ...

    @property
    def key(self) -> str: ...

    @property
    def organisation_id(self) -> int: ...

    @property
    def person_id(self) -> int | None: ...

    @property
    def scope(self) -> str: ...

    @property
    def aim_on(self) -> date | None: ...

    @property
    def too_late_on(self) -> date | None: ...


class PlainCase(NamedTuple):
    """A new case, as its row says."""

    id: int
    reference: str
    child_id: int
    area_id: int
    lead_id: int
    origin: str
    outside: bool


class PlainStep(NamedTuple):
    """A new step, as its row says."""

    id: int
    key: str
    organisation_id: int
    person_id: int | None
    scope: str
    aim_on: date | None
    too_late_on: date | None
