"""Letters are written while the mail server takes in the one before: it thinks about as long as writing takes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from jinja2 import TemplateError

from outreach.notifications.claims import Claimed
from outreach.notifications.letters import Office, write
from outreach.notifications.mime import Letter

CANNOT_BE_WRITTEN = (KeyError, ValueError, TemplateError)
"""What writing a letter raises of which a key or a header is wrong."""


class WritingAhead:
    """Writes the letters of a batch in their order: when asked for, or before that when there is time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._to_come: Iterator[Claimed] = iter(())
        self._written: dict[int, Letter] = {}

    def begin(self, batch: Sequence[Claimed]) -> None:
        """These letters are asked for now, in this order; perhaps not all of them."""
        self._written.clear()
        self._to_come = iter(batch)

    def write_next(self) -> None:
        """There is time for one. Raises nothing, whatever goes wrong: it is raised when that letter is asked for."""
        claimed = next(self._to_come, None)
        if claimed is not None:
            with suppress(Exception):
                self._written[claimed.id] = write(claimed, self._office)

    def letter(self, claimed: Claimed) -> Letter:
        """A letter of the batch written out. Raises one of CANNOT_BE_WRITTEN."""
        written = self._written.pop(claimed.id, None)
        if written is not None:
            return written
        for other in self._to_come:  # it was not its turn yet: those before it were not asked for
            if other.id == claimed.id:
                break
        return write(claimed, self._office)
