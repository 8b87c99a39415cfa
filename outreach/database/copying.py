"""The quickest way in for many new rows: PostgreSQL's COPY, and on SQLite one statement with plain tuples."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Date, Dialect, Table
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from outreach.database.types import UtcDateTime

_WORTH_COPYING = 100
"""Fewer rows than this are written sooner by one INSERT."""

_Write = Callable[[Any], Any]


def is_copied(table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether this will do: there are many rows, and no column is left to a default of Python's, which it ignores."""
    if len(rows) < _WORTH_COPYING:
        return False
    return all(column.default is None or column.name in rows[0] for column in table.columns)


def copy_rows(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], ids: Sequence[int] | None = None
) -> None:
    """Write them, with these ids if any; a value goes through the type of its column, as in any other statement."""
    connection = session.connection()
    quoted = connection.dialect.identifier_preparer.quote
    names = list(rows[0])
    written = _written(table, names, rows, connection.dialect)
    if ids is not None:
        names.append("id")
        written.append(ids)
    columns = ", ".join(quoted(name) for name in names)
    if connection.dialect.name != "postgresql":
        places = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {quoted(table.name)} ({columns}) VALUES ({places})", _rows(written))  # noqa: S608 - names of ours
        return
    cursor: Any = connection.connection.cursor()  # psycopg's, of which SQLAlchemy knows less
    with cursor, cursor.copy(f"COPY {quoted(table.name)} ({columns}) FROM STDIN") as copy:
        for row in _rows(written):
            copy.write_row(row)


def _rows(columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True))


def _written(
    table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> list[Sequence[Any]]:
    """The values of each column as the driver takes them; most need nothing done."""
    columns: list[Sequence[Any]] = []
    for name in names:
        values = [row[name] for row in rows]
        write = _writer(table.c[name].type, dialect)
        columns.append(values if write is None else list(map(write, values)))
    return columns


def _writer(type_: TypeEngine[Any], dialect: Dialect) -> _Write | None:
    """What turns a value of this type into the driver's; the same day, moment or JSON object is turned once."""
    write: _Write | None = type_.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return None
    if isinstance(type_, JSON):
        return _once_for_each_object(write)
    return cache(write) if isinstance(type_, Date | UtcDateTime) else write


def _once_for_each_object(write: _Write) -> _Write:
    """Safe as long as the rows hold the objects, which is as long as they are being written."""
    done: dict[int, Any] = {}

    def written(value: Any) -> Any:
        found = done.get(id(value))
        if found is None:
            found = done[id(value)] = write(value)
        return found

    return written
