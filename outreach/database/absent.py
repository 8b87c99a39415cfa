"""Inserting rows unless they are there already: the database decides, also between several processes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach.database.base import Model


def insert_absent(session: Session, model: type[Model]) -> Any:
    """An INSERT for this table that leaves out rows breaking a unique rule; add `.returning(...)` to see which stay."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model).on_conflict_do_nothing()
    return sqlite.insert(model).on_conflict_do_nothing()


def insert_many_absent(
    session: Session,
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    returning: Sequence[InstrumentedAttribute[Any]],
) -> Sequence[Any]:
    """The same for many rows of the same columns: what was asked `returning` of those that stay, in any order.

    To PostgreSQL a column goes as one array: a statement with a place for each value takes the driver longer to read
    than the server to carry out.
    """
    statement = insert_absent(session, model)
    if session.get_bind().dialect.name != "postgresql":
        return session.connection().execute(statement.returning(*returning), rows).all()
    columns = [model.__table__.c[name] for name in rows[0]]
    arrays = [bindparam(column.name, type_=postgresql.ARRAY(column.type)) for column in columns]
    table = func.unnest(*arrays).table_valued(*rows[0]).render_derived()
    statement = statement.from_select(list(rows[0]), select(*table.c)).returning(*returning)
    return session.connection().execute(statement, {name: [row[name] for row in rows] for name in rows[0]}).all()
