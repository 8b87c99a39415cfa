"""The quickest way in for many new rows: PostgreSQL's COPY, and on SQLite one statement with plain tuples."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import Any

from sqlalchemy import JSON, Date, Dialect, Table
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from outreach.database.types import UtcDateTime

_WORTH_COPYING = 100
"""Fewer rows than this are written sooner by one INSERT."""

_ROOM_FOR_MANY, _ROOM = "PRAGMA cache_size=-32000", "PRAGMA cache_size=-20000"
"""KiB that SQLite keeps of a database: while a long list is written, so much that each index stays at hand."""

_Write = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Same:
    """A column that has this value in every row."""

    value: Any


Columns = Mapping[str, Sequence[Any] | Same]
"""New rows by column: the values of all rows in their order, or the one they share."""


def is_copied(table: Table, names: Iterable[str], count: int) -> bool:
    """Whether this will do: there are many rows, and no column is left to a default of Python's, which it ignores."""
    if count < _WORTH_COPYING:
        return False
    given = set(names)
    return all(column.default is None or column.name in given for column in table.columns)


def copy_columns(session: Session, table: Table, count: int, columns: Columns) -> None:
    """Write so many rows; a value goes through the type of its column, as in any other statement.

    A column that is empty in all of them is left out: the driver of SQLite takes longer over nothing than over a text.
    """
    columns = {
        name: values for name, values in columns.items() if not _is_empty(values) or table.c[name].server_default
    }
    connection = session.connection()
    quoted = connection.dialect.identifier_preparer.quote
    rows = zip(*_written(table, count, columns, connection.dialect), strict=True)
    named = ", ".join(quoted(name) for name in columns)
    cursor: Any = connection.connection.cursor()  # the driver's own, of which SQLAlchemy knows less
    if connection.dialect.name != "postgresql":
        places = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {quoted(table.name)} ({named}) VALUES ({places})", rows)  # noqa: S608 - names of ours
        cursor.close()
        return
    with cursor, cursor.copy(f"COPY {quoted(table.name)} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _is_empty(values: Sequence[Any] | Same) -> bool:
    return values.value is None if isinstance(values, Same) else all(value is None for value in values)


@contextmanager
def room_for_many(session: Session) -> Iterator[None]:
    """While thousands of rows are written: let SQLite keep more of the database at hand than it usually may."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    driver: Any = session.connection().connection.dbapi_connection
    driver.execute(_ROOM_FOR_MANY)
    try:
        yield
    finally:
        driver.execute(_ROOM)


def _written(table: Table, count: int, columns: Columns, dialect: Dialect) -> list[Iterable[Any]]:
    """The values of each column as the driver takes them; most need nothing done."""
    found: list[Iterable[Any]] = []
    for name, values in columns.items():
        write = _writer(table.c[name].type, dialect)
        if isinstance(values, Same):
            found.append(repeat(write(values.value) if write else values.value, count))
        else:
            found.append(map(write, values) if write else values)
    return found


def _writer(type_: TypeEngine[Any], dialect: Dialect) -> _Write | None:
    """What turns a value of this type into the driver's; the same day, moment or JSON object is turned once."""
    write: _Write | None = type_.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return None
    if isinstance(type_, JSON):
        return _once_for_each_object(write)
    return cache(write) if isinstance(type_, Date | UtcDateTime) else write


def _once_for_each_object(write: _Write) -> _Write:
    """Safe as long as the columns hold the objects, which is as long as they are being written."""
    done: dict[int, Any] = {}

    def written(value: Any) -> Any:
        found = done.get(id(value))
        if found is None:
            found = done[id(value)] = write(value)
        return found

    return written
