"""A list of running cases is taken over: each case where it stood, with who follows it; known ones only gain."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.undoing import remembered
from outreach.imports.commands.filling import write_rows
from outreach.imports.commands.loading import Terms, find_loaded, new_batch, one_at_a_time, put_counts
from outreach.imports.commands.taking_children import Taking
from outreach.imports.models import RUNNING, Batch, BatchState
from outreach.imports.progress import Stage, Told, nobody_waits
from outreach.imports.queries.begun import TAKEN_OVER
from outreach.imports.queries.receipts import source_of
from outreach.imports.queries.running import RunningComparison, compare_running
from outreach.imports.running import RunningList

_TOLD_EVERY = 20


@dataclass(frozen=True)
class LoadedRunning:
    """What came of a list of running cases; `batch_id` is the earlier one when it was the same file."""

    counts: dict[str, int]
    statuses: list[dict[str, Any]]
    who: list[dict[str, Any]]
    batch_id: int
    same_file: bool

    def answer(self) -> dict[str, Any]:
        """As other programs read it (design: doors, import)."""
        told = {"same_file": self.same_file, "loaded": not self.same_file, "batch": self.batch_id}
        return {**self.counts, **told, "statuses": self.statuses, "who": self.who}


def load_running(
    session: Session,
    running: RunningList,
    terms: Terms,
    *,
    by: Actor,
    parents_agree: bool = False,
    told: Told = nobody_waits,
) -> LoadedRunning:
    """Take a list over at once, by the words that were said. The file that was loaded before changes nothing.

    `parents_agree`: the parents of families that a partner has already know it and agree.
    """
    one_at_a_time(session)
    compared = compare_running(session, running, terms.area, terms.as_of, terms.organisation_id)
    earlier = find_loaded(session, running.incoming.digest, terms.area, RUNNING)
    if earlier is not None:
        return LoadedRunning(
            compared.counts(kept=False), compared.per_status(), compared.per_name(), earlier, same_file=True
        )
    batch = new_batch(running.incoming, terms, compared.comparison, BatchState.LOADED, by, kind=RUNNING)
    session.add(batch)
    session.flush()
    return complete_running(session, batch, running, compared, terms, by=by, parents_agree=parents_agree, told=told)


def complete_running(
    session: Session,
    batch: Batch,
    running: RunningList,
    compared: RunningComparison,
    terms: Terms,
    *,
    by: Actor,
    parents_agree: bool = False,
    told: Told = nobody_waits,
) -> LoadedRunning:
    """Write what a compared list brings into a batch that has no rows yet: all of it, as one deed, or nothing."""
    batch.state = BatchState.LOADED
    acting = by if by.organisation_id is not None else replace(by, organisation_id=terms.organisation_id)
    with clock.at(clock.now()):
        taking = Taking(session, batch, terms, acting, parents_agree=parents_agree)
        cases = taking.open_all(compared)
        with remembered(session, TAKEN_OVER, set(cases.values()), origin=source_of(batch), by=acting):
            for count, child in enumerate(compared.children, start=1):
                if child.row_number in cases:
                    taking.take(child, cases[child.row_number])
                if count % _TOLD_EVERY == 0:
                    told(Stage.WRITTEN, count)
        write_rows(session, taking.rows(running, compared))
    put_counts(batch, compared.comparison.counts(sum(child.opens for child in compared.children)))
    session.flush()
    return LoadedRunning(
        compared.counts(kept=True), compared.per_status(), compared.per_name(), batch.id, same_file=False
    )
