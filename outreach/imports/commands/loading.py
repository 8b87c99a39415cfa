"""A list is loaded: new children with their cases, known ones with what changed, and an account of every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.addresses import AddressKind
from outreach.children.matching import MATCHING
from outreach.imports.commands.differing import keep_differences
from outreach.imports.commands.filling import fill
from outreach.imports.judging import Incoming
from outreach.imports.models import NOT_ENROLLED, Batch, BatchState
from outreach.imports.progress import Told, nobody_waits
from outreach.imports.queries.comparing import Comparison, compare
from outreach.imports.queries.differences import differences
from outreach.partners.models import Area

_LOCK = 7_236_111
"""Number of the advisory lock: one list at a time is compared and loaded."""


@dataclass(frozen=True)
class Terms:
    """On which terms a list is taken: for which area, as of which day, by which organisation, under which agreement.

    `leads` hands the lead of the children of a birth year to another organisation than the one that loads;
    `address_kinds` says what kind of place an address (by its key) is.
    """

    area: Area
    as_of: date
    organisation_id: int
    agreement_id: int | None = None
    leads: Mapping[int, int] = field(default_factory=dict)
    address_kinds: Mapping[str, AddressKind] = field(default_factory=dict)

    def lead_of(self, born_on: date) -> int:
        """The organisation that leads the case of a child born that day."""
        return self.leads.get(born_on.year, self.organisation_id)


@dataclass(frozen=True)
class Loaded:
    """What came of a list: the account, and the batch that holds it.

    That is the earlier one when it was the same file, and none when the list was only looked at.
    """

    counts: dict[str, int]
    differences: dict[str, int]
    batch_id: int | None
    same_file: bool

    def answer(self) -> dict[str, Any]:
        """As other programs read it (design: doors, import)."""
        told = {"same_file": self.same_file, "loaded": not self.same_file, "batch": self.batch_id}
        return {**self.counts, **told, "differences": self.differences}


def load_list(session: Session, incoming: Incoming, terms: Terms, *, by: Actor, told: Told = nobody_waits) -> Loaded:
    """Load a list at once. The file that was loaded before for this area is only compared, and changes nothing."""
    one_at_a_time(session)
    comparison = compare(session, incoming.judged, terms.area, terms.as_of)
    earlier = find_loaded(session, incoming.digest, terms.area)
    if earlier is not None:
        return _seen(session, comparison, terms, earlier, same_file=True)
    batch = new_batch(incoming, terms, comparison, BatchState.LOADED, by)
    session.add(batch)
    session.flush()
    return complete(session, batch, comparison, terms, by=by, told=told)


def look_at_list(session: Session, incoming: Incoming, terms: Terms) -> Loaded:
    """What a list would bring, without writing anything; it has no batch."""
    comparison = compare(session, incoming.judged, terms.area, terms.as_of)
    same_file = find_loaded(session, incoming.digest, terms.area) is not None
    return _seen(session, comparison, terms, None, same_file=same_file)


def _seen(session: Session, comparison: Comparison, terms: Terms, batch_id: int | None, *, same_file: bool) -> Loaded:
    found = differences(session, comparison, terms.area, terms.as_of)
    return Loaded(comparison.counts(), found.counts(), batch_id, same_file=same_file)


def complete(
    session: Session, batch: Batch, comparison: Comparison, terms: Terms, *, by: Actor, told: Told = nobody_waits
) -> Loaded:
    """Write what a compared list brings into a batch that has no rows yet."""
    found = differences(session, comparison, terms.area, terms.as_of, batch_id=batch.id)
    batch.state = BatchState.LOADED
    opened = fill(session, batch, comparison, terms, by=by, told=told)
    keep_differences(session, batch, found, by=by)
    put_counts(batch, comparison.counts(opened))
    session.flush()
    return Loaded(comparison.counts(opened), found.counts(), batch.id, same_file=False)


def new_batch(
    incoming: Incoming, terms: Terms, comparison: Comparison, state: BatchState, by: Actor, *, kind: str = NOT_ENROLLED
) -> Batch:
    """The row of a list, not yet in the database."""
    batch = Batch(
        kind=kind,
        area_id=terms.area.id,
        organisation_id=terms.organisation_id,
        agreement_id=terms.agreement_id,
        as_of=terms.as_of,
        file_name=incoming.file_name,
        file_digest=incoming.digest,
        layout=incoming.layout,
        titles=list(incoming.titles),
        state=state,
        at=clock.now(),
        by_id=by.person_id,
    )
    put_counts(batch, comparison.counts())
    return batch


def put_counts(batch: Batch, counts: Mapping[str, int]) -> None:
    """Write the account on the batch."""
    for name, count in counts.items():
        setattr(batch, name, count)


def find_loaded(session: Session, digest: str, area: Area, kind: str = NOT_ENROLLED) -> int | None:
    """The batch this very file was loaded as for this area."""
    statement = select(Batch.id).where(
        Batch.file_digest == digest,
        Batch.area_id == area.id,
        Batch.kind == kind,
        Batch.state == BatchState.LOADED,
    )
    return session.scalar(statement, execution_options=MATCHING)


def one_at_a_time(session: Session) -> None:
    """Wait for whoever is loading: two lists at once could both find the same child new. SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
