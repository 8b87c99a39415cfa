"""A list of running cases is looked at before anything changes: kept encrypted for a day at most, then taken over."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.errors import Refused
from outreach.imports.commands.filling import other_rows, row_of, write_rows
from outreach.imports.commands.keeping import forget_file_of
from outreach.imports.commands.loading import Terms, find_loaded, new_batch, one_at_a_time
from outreach.imports.commands.loading_running import LoadedRunning, complete_running
from outreach.imports.commands.previewing import forget_previews, forget_rows
from outreach.imports.models import RUNNING, Batch, BatchState
from outreach.imports.progress import Told, nobody_waits
from outreach.imports.queries.comparing import Comparison, compare
from outreach.imports.queries.running import compare_running
from outreach.imports.queries.running_kept import running_of
from outreach.imports.running import RunningList
from outreach.imports.stored import with_followed


def preview_running(session: Session, running: RunningList, terms: Terms, *, by: Actor) -> Batch:
    """Keep a list to look at; the ones this person looked at before, and old ones of others, are forgotten."""
    forget_previews(session, RUNNING, by=by)
    comparison = compare(session, running.incoming.judged, terms.area, terms.as_of)
    batch = new_batch(running.incoming, terms, comparison, BatchState.PREVIEWED, by, kind=RUNNING)
    session.add(batch)
    session.flush()
    write_rows(session, _rows(session, batch, running, comparison))
    return batch


def load_running_preview(
    session: Session, batch: Batch, terms: Terms, *, parents_agree: bool, by: Actor, told: Told = nobody_waits
) -> LoadedRunning:
    """Take over a list that was looked at, compared anew. Raises Refused without agreement, or when that is done."""
    if terms.agreement_id is None:
        raise Refused("list_without_agreement")
    one_at_a_time(session)
    session.refresh(batch)
    if batch.state != BatchState.PREVIEWED:
        raise Refused("list_loaded_already")
    running = running_of(session, batch)
    compared = compare_running(session, running, terms.area, terms.as_of, terms.organisation_id)
    forget_rows(session, Batch.id == batch.id)
    forget_file_of(session, batch.id)
    earlier = find_loaded(session, batch.file_digest, terms.area, RUNNING)
    if earlier is not None:
        session.delete(batch)
        return LoadedRunning(
            compared.counts(kept=False), compared.per_status(), compared.per_name(), earlier, same_file=True
        )
    batch.at, batch.by_id, batch.agreement_id = clock.now(), by.person_id, terms.agreement_id
    return complete_running(session, batch, running, compared, terms, by=by, parents_agree=parents_agree, told=told)


def _rows(session: Session, batch: Batch, running: RunningList, comparison: Comparison) -> Iterator[dict[str, Any]]:
    rows = [*(row_of(batch, one) for one in comparison.children(session)), *other_rows(batch, comparison)]
    refused = {one.row_number for one in comparison.judged.refused}
    for row in rows:
        number = row["row_number"]
        yield row if number in refused else row | {"data": with_followed(row["data"], running.followed[number])}
