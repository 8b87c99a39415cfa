"""Many at once: in portions, and new rows as plain values, some thirty times faster than one object after another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from outreach.database.base import Model
from outreach.database.copying import copy_rows, is_copied
from outreach.database.guard import seen_by

CHUNK = 400
"""How many values one statement looks up; below the limits of both databases."""

_NEXT_ID = seen_by("insert: which id is next")
_T = TypeVar("_T")


def in_chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """The values in lists of at most `size`; only one such list is held at a time."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_rows(session: Session, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert new rows now, each a mapping of the same columns to values; what they point to must be there already."""
    if not rows:
        return
    session.flush()
    _insert(session, _table(model), rows)


def insert_with_ids(session: Session, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same; their ids in the same order. Must be called in a writing transaction."""
    if not rows:
        return []
    session.flush()
    table = _table(model)
    ids = _next_ids(session, table, len(rows))
    _insert(session, table, rows, ids)
    return ids


def _insert(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], ids: Sequence[int] | None = None
) -> None:
    if is_copied(table, rows):
        copy_rows(session, table, rows, ids)
    elif ids is None:
        session.execute(insert(table), rows)
    else:
        session.execute(insert(table), [{**row, "id": row_id} for row_id, row in zip(ids, rows, strict=True)])


def _next_ids(session: Session, table: Table, count: int) -> list[int]:
    """The next ids, known before the rows are written: nobody else gets them."""
    if session.get_bind().dialect.name == "sqlite":  # it has one writer only
        first = (session.scalar(select(func.max(table.c.id)), execution_options=_NEXT_ID) or 0) + 1
        return list(range(first, first + count))
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    series = func.generate_series(1, count).table_valued()
    statement = select(func.nextval(sequence)).select_from(series)
    return list(session.scalars(statement, execution_options=_NEXT_ID))


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
