"""A list against the one before it: who is new, still there, gone, and what it says otherwise about whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.children.matching import MATCHING
from outreach.children.models import Child
from outreach.children.names import name_key
from outreach.database.many import in_chunks
from outreach.imports.listed import ListedChild
from outreach.imports.models import NOT_ENROLLED, Batch, BatchRow, BatchState, DifferenceKind, RowResult
from outreach.imports.queries.comparing import CaseOfChild, Compared, Comparison, cases_of
from outreach.imports.queries.proposing import Probably, probably_known
from outreach.imports.stored import listed_child
from outreach.partners.models import Area

_STREAMED = {**MATCHING, "yield_per": 2_000}
_OF_FIELD = {"address": DifferenceKind.MOVED, "born_on": DifferenceKind.BORN, "number": DifferenceKind.RENUMBERED}


@dataclass(frozen=True)
class Said:
    """One difference of one child: what the list says, and what stands here."""

    kind: DifferenceKind
    child_id: int
    case: CaseOfChild
    row_number: int | None
    listed: str = ""
    ours: str = ""


@dataclass(frozen=True)
class Before:
    """The list before: the row of each child on it; of a child that was merged since, of the one it became."""

    batch_id: int | None
    rows: Mapping[int, int]

    def told(self, session: Session, child_ids: Sequence[int]) -> dict[int, ListedChild]:
        """What it told of these children, as far as they are on it."""
        child_of = {self.rows[child_id]: child_id for child_id in child_ids if child_id in self.rows}
        statement = select(BatchRow.row_number, BatchRow.data).where(
            BatchRow.batch_id == self.batch_id, BatchRow.row_number.in_(child_of)
        )
        found = session.execute(statement, execution_options=MATCHING)
        return {child_of[row_number]: listed_child(row_number, data) for row_number, data in found}


@dataclass(frozen=True)
class Differences:
    """A compared list beside the list before it; `previous_id` None when there was none."""

    comparison: Comparison
    previous_id: int | None
    still: int
    """How many children are on both."""

    gone: list[Said] = field(default_factory=list)
    otherwise: list[Said] = field(default_factory=list)
    proposed: list[Said] = field(default_factory=list)

    @cached_property
    def said(self) -> list[Said]:
        """Everything somebody decides about."""
        return [*self.gone, *self.otherwise, *self.proposed]

    def counts(self) -> dict[str, int]:
        """How many of each; the groups of capitals and diacritics alone are spelling too."""
        counts = self.comparison.counts()
        children: dict[DifferenceKind, set[int]] = {kind: set() for kind in DifferenceKind}
        for one in self.said:
            children[one.kind].add(one.child_id)
        return {
            "new": counts["new"],
            "still": self.still,
            "gone": len(children[DifferenceKind.GONE]),
            "moved": len(children[DifferenceKind.MOVED]),
            "respelt": len(children[DifferenceKind.RESPELT] | children[DifferenceKind.CAPITALS]),
            "renumbered": len(children[DifferenceKind.RENUMBERED]),
            "outside_area": counts["outside"],
            "proposed": len(self.proposed),
        }


def differences(
    session: Session, comparison: Comparison, area: Area, as_of: date, *, batch_id: int | None = None
) -> Differences:
    """Lay a compared list beside the last list of this area loaded before it (by the day of the list).

    `batch_id` is the list's own batch, if it has one.
    """
    previous = _previous(session, area, as_of, batch_id)
    before = Before(previous, _rows_of(session, previous) if previous else {})
    now = {match.child_id for match in comparison.matches if match}
    away = before.rows.keys() - now
    gone = cases_of(session, away)
    missing = [
        Said(DifferenceKind.GONE, child_id, case, None) for child_id, case in sorted(gone.items()) if not case.ended
    ]
    otherwise = _once(_said_otherwise(session, comparison.known(session), before))
    proposed = [_probably(one) for one in probably_known(session, comparison)]
    return Differences(comparison, previous, len(before.rows) - len(away), missing, otherwise, proposed)


def _once(said: Iterable[Said]) -> list[Said]:
    """A child that is on the list twice, under both numbers of two records that were merged, is asked about once."""
    first: dict[tuple[DifferenceKind, int], Said] = {}
    for one in said:
        first.setdefault((one.kind, one.child_id), one)
    return list(first.values())


def _probably(one: Probably) -> Said:
    listed, row = one.listed, one.listed.row_number
    return Said(DifferenceKind.PROPOSED, one.child_id, one.case, row, f"{listed.first_name} {listed.last_name}".strip())


def _said_otherwise(session: Session, known: Iterable[Compared], before: Before) -> Iterator[Said]:
    """The same for all; only for whom anything is said otherwise the list before is read."""
    for portion in in_chunks(one for one in known if one.case and (one.outside or one.differences)):
        earlier = before.told(session, [one.match.child_id for one in portion if one.match])
        for one in portion:
            yield from said_otherwise(one, earlier)


def said_otherwise(one: Compared, before: Mapping[int, ListedChild]) -> Iterator[Said]:
    """What a row says otherwise than we know, unless the list before said the same already."""
    if one.match is None or one.case is None:
        return
    child_id, case, row = one.match.child_id, one.case, one.child.row_number
    earlier = before.get(child_id)
    for found in one.differences:
        kind = _OF_FIELD.get(found["field"]) or _of_name(one)
        if earlier is None or not _said_before(kind, one.child, earlier):
            yield Said(kind, child_id, case, row, found["listed"], found["ours"])
    if one.outside and (earlier is None or earlier.nis != one.child.nis):
        yield Said(DifferenceKind.OUTSIDE, child_id, case, row, one.child.municipality or one.child.postcode)


def _of_name(one: Compared) -> DifferenceKind:
    """Capitals, diacritics and hyphens alone are a group of their own."""
    ours = name_key(one.known.first_name, one.known.last_name) if one.known else ""
    same = name_key(one.child.first_name, one.child.last_name) == ours
    return DifferenceKind.CAPITALS if same else DifferenceKind.RESPELT


def _said_before(kind: DifferenceKind, now: ListedChild, earlier: ListedChild) -> bool:
    """Whether the list before said this too: what we know better is not asked again."""
    if kind is DifferenceKind.MOVED:
        return now.address_key == earlier.address_key
    if kind is DifferenceKind.BORN:
        return now.born_on == earlier.born_on
    if kind is DifferenceKind.RENUMBERED:
        return False
    return (now.first_name, now.last_name) == (earlier.first_name, earlier.last_name)


def _previous(session: Session, area: Area, as_of: date, own_id: int | None) -> int | None:
    statement = (
        select(Batch.id)
        .where(
            Batch.area_id == area.id,
            Batch.kind == NOT_ENROLLED,
            Batch.state == BatchState.LOADED,
            Batch.as_of <= as_of,
            Batch.id != (own_id or 0),
        )
        .order_by(Batch.as_of.desc(), Batch.id.desc())
        .limit(1)
    )
    return session.scalar(statement, execution_options=MATCHING)


def _rows_of(session: Session, batch_id: int) -> dict[int, int]:
    """The row of each child of a loaded list; of a child that was merged since, of the one it became."""
    brought = (BatchRow.batch_id == batch_id, BatchRow.result.in_((RowResult.NEW, RowResult.KNOWN)))
    listed = select(BatchRow.child_id, BatchRow.row_number).where(*brought)
    rows = {row[0] or 0: row[1] for row in session.execute(listed, execution_options=_STREAMED)}
    merged = (
        select(Child.id, Child.merged_into_id)
        .join(BatchRow, BatchRow.child_id == Child.id)
        .where(*brought, Child.merged_into_id.is_not(None))
        .order_by(BatchRow.row_number)
    )
    for child_id, into_id in session.execute(merged, execution_options=MATCHING).all():
        if child_id in rows:
            rows.setdefault(into_id or 0, rows.pop(child_id))
    return rows
