"""What loading a list does to known cases is remembered as deeds of the list: it can be taken back with it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.undoing import remembered
from outreach.imports.models import Batch
from outreach.imports.queries.begun import LOADED
from outreach.imports.queries.receipts import source_of

REMEMBERED = 500
"""So many cases at a time are remembered as they were: what is kept of them in memory has a bound."""


@contextmanager
def by_loading(session: Session, batch: Batch, case_ids: Collection[int], *, by: Actor) -> Iterator[None]:
    """What loading this list does inside to known cases can be taken back with it, by the organisation that loaded."""
    acting = by if by.organisation_id is not None else replace(by, organisation_id=batch.organisation_id)
    with remembered(session, LOADED, case_ids, origin=source_of(batch), by=acting):
        yield
