"""A list is looked at before anything changes: kept encrypted for a day at most, then loaded or forgotten."""

from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.matching import MATCHING
from outreach.errors import Refused
from outreach.imports.commands.filling import other_rows, row_of, write_rows
from outreach.imports.commands.keeping import KEPT, forget_file_of
from outreach.imports.commands.loading import Loaded, Terms, complete, find_loaded, new_batch, one_at_a_time
from outreach.imports.judging import Incoming
from outreach.imports.models import CHILD_LISTS, LIVING, LOAD, NOT_ENROLLED, Batch, BatchRow, BatchState, UploadJob
from outreach.imports.progress import Told, nobody_waits
from outreach.imports.queries.batches import incoming_of
from outreach.imports.queries.comparing import Comparison, compare
from outreach.imports.queries.differences import differences

_UNSYNCHRONISED = {**MATCHING, "synchronize_session": False}


def preview_list(
    session: Session, incoming: Incoming, terms: Terms, *, by: Actor, comparison: Comparison | None = None
) -> Batch:
    """Keep a list to look at; the ones this person looked at before, and old ones of others, are forgotten.

    `comparison` is how it was compared a moment ago; loading compares anew.
    """
    forget_previews(session, NOT_ENROLLED, by=by)
    comparison = comparison or compare(session, incoming.judged, terms.area, terms.as_of)
    batch = new_batch(incoming, terms, comparison, BatchState.PREVIEWED, by)
    session.add(batch)
    session.flush()
    write_rows(session, (row_of(batch, one) for one in comparison.children(session)))
    write_rows(session, other_rows(batch, comparison))
    return batch


def load_preview(
    session: Session,
    batch: Batch,
    terms: Terms,
    *,
    by: Actor,
    incoming: Incoming | None = None,
    told: Told = nobody_waits,
) -> Loaded:
    """Load a list that was looked at, compared anew. Raises Refused without agreement, or when it is loaded.

    `incoming` is the list as it was fetched before: what is looked at never changes.
    """
    if terms.agreement_id is None:
        raise Refused("list_without_agreement")
    one_at_a_time(session)
    session.refresh(batch)
    if batch.state != BatchState.PREVIEWED:
        raise Refused("list_loaded_already")
    incoming = incoming or incoming_of(session, batch)
    comparison = compare(session, incoming.judged, terms.area, terms.as_of)
    forget_rows(session, Batch.id == batch.id)
    forget_file_of(session, batch.id)
    earlier = find_loaded(session, batch.file_digest, terms.area)
    if earlier is not None:
        session.delete(batch)
        found = differences(session, comparison, terms.area, terms.as_of)
        return Loaded(comparison.counts(), found.counts(), earlier, same_file=True)
    batch.at, batch.by_id, batch.agreement_id = clock.now(), by.person_id, terms.agreement_id
    return complete(session, batch, comparison, terms, by=by, told=told)


def forget_previews(session: Session, kind: str, *, by: Actor) -> None:
    """Take away lists nobody confirmed: this person's of one kind, and old ones."""
    loading = select(UploadJob.subject_id).where(
        UploadJob.work == LOAD, UploadJob.kind.in_(CHILD_LISTS), UploadJob.state.in_(LIVING)
    )
    mine_or_old = or_(and_(Batch.by_id == by.person_id, Batch.kind == kind), Batch.at < clock.now() - KEPT)
    old = and_(mine_or_old, Batch.id.not_in(loading))
    forget_rows(session, old, Batch.state == BatchState.PREVIEWED)
    session.execute(delete(Batch).where(old, Batch.state == BatchState.PREVIEWED), execution_options=_UNSYNCHRONISED)


def forget_rows(session: Session, *which: Any) -> None:
    """Take away the rows of these lists."""
    batches = select(Batch.id).where(*which)
    session.execute(
        delete(BatchRow).where(BatchRow.batch_id.in_(batches)),
        execution_options=_UNSYNCHRONISED,
    )
