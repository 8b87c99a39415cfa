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
    table = _table(model)
    if is_copied(session, table, rows):
        copy_rows(session, table, rows)
    else:
        session.connection().execute(insert(table), rows)


def insert_with_ids(session: Session, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same; their ids in the same order. Must be called in a writing transaction."""
    if not rows:
        return []
    session.flush()
    table = _table(model)
    if session.get_bind().dialect.name != "sqlite":
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(session.scalars(statement, rows))
    # SQLite tells new ids one row at a time, but has one writer only: the next ids are known beforehand.
    first = (session.scalar(select(func.max(table.c.id)), execution_options=_NEXT_ID) or 0) + 1
    ids = list(range(first, first + len(rows)))
    session.execute(insert(table), [{**row, "id": row_id} for row_id, row in zip(ids, rows, strict=True)])
    return ids


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
