"""The promise of lists, checked over the whole database: every row of every list is accounted for."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.database import seen_by
from outreach.database.checks import Check, check
from outreach.imports.models import ABSENCES, CHILD_LISTS, PARTICIPATION, Batch, BatchRow, BatchState, RowResult

_READ = seen_by("verify")


def import_checks(session: Session) -> list[Check]:
    """Every invariant of this room; a broken one names its batch, or batch and row."""
    return [
        check(key, (row[0] for row in session.execute(statement, execution_options=_READ)))
        for key, statement in _statements()
    ]


def _statements() -> Iterator[tuple[str, Select[Any]]]:
    every = select(Batch.id).where(Batch.state == BatchState.LOADED).order_by(Batch.id)
    loaded = every.where(Batch.kind.in_(CHILD_LISTS))
    yield (
        "every_list_adds_up",
        every.where(
            or_(
                Batch.rows != Batch.new + Batch.known + Batch.double + Batch.refused,
                and_(Batch.kind.in_(CHILD_LISTS), Batch.rows != _rows()),
            )
        ),
    )
    yield (
        "every_row_is_counted_as_what_it_is",
        loaded.where(or_(*(getattr(Batch, result.value) != _rows(result) for result in RowResult))),
    )
    yield (
        "every_refused_row_of_a_report_is_kept",
        every.where(Batch.kind.in_([PARTICIPATION, ABSENCES]), Batch.refused != _rows(RowResult.REFUSED)),
    )
    yield "every_new_child_has_a_case", _children_without_case()


def _rows(result: RowResult | None = None) -> Any:
    counted = select(func.count(BatchRow.id)).where(BatchRow.batch_id == Batch.id)
    if result is not None:
        counted = counted.where(BatchRow.result == result)
    return counted.scalar_subquery()


def _children_without_case() -> Select[Any]:
    has_case = exists().where(Case.reference == BatchRow.case_reference, Case.child_id == BatchRow.child_id)
    return (
        select(BatchRow.id)
        .join(Batch, Batch.id == BatchRow.batch_id)
        .where(Batch.state == BatchState.LOADED, BatchRow.result.in_([RowResult.NEW, RowResult.KNOWN]), ~has_case)
    )
