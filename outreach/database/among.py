"""Looking up thousands of values in one statement, each given as one parameter instead of a place for every value."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

MANY = 5_000
"""How many values are well looked up at a time."""


def among(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values: texts, numbers or days."""
    if session.get_bind().dialect.name == "postgresql":
        return column == func.any(_array(column, values))
    told = func.json_each(_json(values)).table_valued("value")
    return column.in_(select(told.c.value))


def pairs_among(
    session: Session,
    columns: tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]],
    pairs: Sequence[tuple[Any, Any]],
) -> ColumnElement[bool]:
    """Whether two columns together have one of these pairs of values."""
    if session.get_bind().dialect.name == "postgresql":
        arrays = [_array(column, [pair[place] for pair in pairs]) for place, column in enumerate(columns)]
        told = func.unnest(*arrays).table_valued("one", "other").render_derived()
        return tuple_(*columns).in_(select(told.c.one, told.c.other))
    each = func.json_each(_json(pairs)).table_valued("value")
    return tuple_(*columns).in_(
        select(func.json_extract(each.c.value, "$[0]"), func.json_extract(each.c.value, "$[1]"))
    )


def _array(column: InstrumentedAttribute[Any], values: Collection[Any]) -> Any:
    return bindparam(None, list(values), type_=postgresql.ARRAY(column.type))


def _json(values: Collection[Any]) -> str:
    return json.dumps(list(values), default=date.isoformat)
