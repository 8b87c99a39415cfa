"""What a compared list brings into the database, in portions: children, cases, changed numbers, proposals and rows."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.family import set_secrecy
from outreach.cases.commands.opening import DatesOf, open_again
from outreach.cases.commands.proposing import ended_cases, propose
from outreach.cases.models import Case
from outreach.children.addresses import AddressKind
from outreach.children.commands import note_number, set_address_kind
from outreach.children.matching import MATCHING
from outreach.children.models import Child
from outreach.database.copying import room_for_many
from outreach.database.many import in_chunks, insert_rows
from outreach.imports.checking import RefusedRow
from outreach.imports.commands.newcomers import SHELTER, LoadingTerms, open_for_known, open_for_new
from outreach.imports.commands.remembering import REMEMBERED, by_loading
from outreach.imports.models import Batch, BatchRow, RowResult
from outreach.imports.progress import Stage, Told, nobody_waits
from outreach.imports.queries.begun import BATCH
from outreach.imports.queries.case_history import opens_again
from outreach.imports.queries.comparing import Compared, Comparison
from outreach.imports.queries.receipts import source_of
from outreach.imports.stored import stored_child, stored_refusal

_PORTION = 5_000
"""So many children at a time, table by table: each page of an index is then written once for many of them, not once for
each few, and what a portion holds in memory has a bound."""
_NONE: list[str] = []
"""One empty list for the rows that have nothing there: it is written out once."""


def fill(
    session: Session, batch: Batch, comparison: Comparison, terms: LoadingTerms, *, by: Actor, told: Told = nobody_waits
) -> int:
    """Write everything a list brings, in one moment; how many cases were opened."""
    with clock.at(clock.now()), room_for_many(session):
        return _fill(session, batch, comparison, terms, by, told)


def _fill(session: Session, batch: Batch, comparison: Comparison, terms: LoadingTerms, by: Actor, told: Told) -> int:
    _say_kinds(session, comparison, terms, by)
    opened, written, dates_of = 0, 0, DatesOf()
    for portion in in_chunks(comparison.new, _PORTION):
        heard = partial(told, Stage.WRITTEN, written)
        cases = open_for_new(session, portion, terms, batch_id=batch.id, by=by, dates_of=dates_of, between=heard)
        heard()  # a portion takes seconds: whoever wants to stop is heard in between
        opened += len(cases)
        write_rows(
            session,
            (
                row_of(batch, one, child_id=case.child_id, case_reference=case.reference)
                for one, case in zip(portion, cases, strict=True)
            ),
        )
        written += len(portion)
        told(Stage.WRITTEN, written)
    for portion in in_chunks(comparison.known(session), _PORTION):
        opened += _known(session, batch, portion, terms, by, dates_of)
        written += len(portion)
        told(Stage.WRITTEN, written)
    write_rows(session, other_rows(batch, comparison))
    return opened


def write_rows(session: Session, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows of a batch, many at a time."""
    for portion in in_chunks(rows, _PORTION):
        insert_rows(session, BatchRow, portion)


def row_of(
    batch: Batch, one: Compared, *, child_id: int | None = None, case_reference: str | None = None
) -> dict[str, Any]:
    """The row of a child that is new or known."""
    differences = one.differences
    return {
        "batch_id": batch.id,
        "row_number": one.child.row_number,
        "result": RowResult.KNOWN if one.match else RowResult.NEW,
        "first_row": None,
        "outside": one.outside,
        "faults": _NONE,
        "differs": [difference["field"] for difference in differences] or _NONE,
        "child_id": child_id,
        "case_reference": case_reference,
        "data": stored_child(one.child, differences),
    }


def other_rows(batch: Batch, comparison: Comparison) -> Iterator[dict[str, Any]]:
    """The rows that bring nobody: doubles and refused ones."""
    nothing = {"batch_id": batch.id, "outside": False, "differs": [], "child_id": None, "case_reference": None}
    for double in comparison.judged.doubles:
        yield nothing | {
            "row_number": double.row_number,
            "result": RowResult.DOUBLE,
            "first_row": double.first_row,
            "faults": [],
            "data": stored_child(double.child),
        }
    for refused in comparison.judged.refused:
        yield refused_row_of(batch, refused)


def refused_row_of(batch: Batch, refused: RefusedRow) -> dict[str, Any]:
    """The row that is not loaded, with its reasons."""
    return {
        "batch_id": batch.id,
        "row_number": refused.row_number,
        "result": RowResult.REFUSED,
        "first_row": None,
        "outside": False,
        "faults": [fault.key for fault in refused.faults],
        "differs": [],
        "child_id": None,
        "case_reference": None,
        "data": stored_refusal(refused),
    }


def _say_kinds(session: Session, comparison: Comparison, terms: LoadingTerms, by: Actor) -> None:
    """What was said of an address holds for the known children there too, and a shelter hides it in their cases."""
    if not terms.address_kinds:
        return
    at: dict[str, list[Compared]] = {address: [] for address in terms.address_kinds}
    for one in comparison.known(session):
        if one.known and one.known.address_key in at:
            at[one.known.address_key].append(one)
    for address, kind in terms.address_kinds.items():
        there = at[address]
        set_address_kind(session, [one.known.child_id for one in there if one.known], address, kind)
        for one in there:
            if kind is AddressKind.SHELTER and one.case and not one.case.ended:
                case = session.get_one(Case, one.case.case_id, execution_options=MATCHING)
                if case.secrecy is None:
                    set_secrecy(session, case, secrecy=SHELTER, by=by)


def _known(
    session: Session, batch: Batch, portion: Sequence[Compared], terms: LoadingTerms, by: Actor, dates_of: DatesOf
) -> int:
    """Known children: a number that changed is noted, a closed case is asked about; a child without any gets a case,
    and one whose case ended only because its list was taken back has it again."""
    again = opens_again(session, portion, batch.area_id)
    own = [one for one in portion if one.case and one.case.case_id not in again]
    for one in portion:
        if _is_renumbered(one) and (one.case is None or one.case.case_id in again):
            _note_number(session, batch, one, by)
    _change(session, batch, own, by)
    open_again(session, again, told={BATCH: batch.id}, by=by, dates_of=dates_of)
    without = [one for one in portion if one.match and one.case is None]
    references = {one.match.child_id: one.case.reference for one in portion if one.match and one.case}
    if without:
        cases = open_for_known(session, without, terms, batch_id=batch.id, by=by)
        references |= {case.child_id: case.reference for case in cases}
    write_rows(
        session,
        (
            row_of(batch, one, child_id=one.match.child_id, case_reference=references[one.match.child_id])
            for one in portion
            if one.match
        ),
    )
    return len(without) + len(again)


def _change(session: Session, batch: Batch, known: Sequence[Compared], by: Actor) -> None:
    """What a list does by itself in cases that were there; it is taken back with the list."""
    changed = [one for one in known if one.case and (_is_renumbered(one) or one.case.ended)]
    for part in in_chunks(changed, REMEMBERED):
        with by_loading(session, batch, [one.case.case_id for one in part if one.case], by=by):
            for one in part:
                if _is_renumbered(one):
                    _note_number(session, batch, one, by)
            _propose(session, batch, part, by)


def _is_renumbered(one: Compared) -> bool:
    return one.match is not None and one.match.renumbered


def _note_number(session: Session, batch: Batch, one: Compared, by: Actor) -> None:
    if one.match is None or one.child.insz is None:
        return
    child = session.get_one(Child, one.match.child_id, execution_options=MATCHING)
    change = note_number(session, child, one.child.insz, source=source_of(batch), by=by)
    session.flush()
    if one.case:
        case = session.get_one(Case, one.case.case_id, execution_options=MATCHING)
        record(session, case, "number_changed", by=by, data={"change": change.id, "batch": batch.id})


def _propose(session: Session, batch: Batch, portion: Sequence[Compared], by: Actor) -> None:
    """A child whose case is closed is on a list again: those who led it are asked, nothing opens by itself."""
    closed = [one.case.case_id for one in portion if one.case and one.case.ended]
    for ended in ended_cases(session, closed):
        propose(
            session,
            ended.case,
            key=ended.key,
            organisation_id=ended.case.lead_id,
            data={"batch": batch.id, "closure": ended.closure},
            not_before_on=ended.not_before_on,
            by=by,
        )
