"""Fetching is authorising: a SELECT on a protected table is refused unless it says by whom it is seen."""

import re
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import Compiled

_protected: set[str] = set()
_verdicts: WeakKeyDictionary[Compiled, frozenset[str]] = WeakKeyDictionary()

LOADED_ROW = "a row that was already seen"


class ReadRefused(RuntimeError):
    """A query on protected tables that no one vouched for; always a fault in the code, never in the request."""


def protect(*models: type) -> None:
    """Refuse every unvouched SELECT on these models' tables from now on."""
    for model in models:
        _protected.add(model.__table__.name)  # type: ignore[attr-defined]
    _tables_in_text.cache_clear()
    _verdicts.clear()


def protected_tables() -> frozenset[str]:
    """The names of the tables under guard."""
    return frozenset(_protected)


def seen_by(who: str) -> dict[str, Any]:
    """Execution options that vouch for one statement; `who` is a person's name in ids or a machine's reason."""
    return {"seen_by": who}


def guard(engine: Engine) -> None:
    """Put the guard on every statement of this engine: ORM, Core, counts, joins and subqueries alike."""
    event.listen(engine, "before_cursor_execute", _refuse_unseen)


def _refuse_unseen(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
    if context is None or context.execution_options.get("seen_by"):
        return
    compiled = context.compiled
    if compiled is None or compiled.statement is None or not hasattr(compiled.statement, "is_select"):
        touched = _tables_in_text(statement)
    elif not compiled.statement.is_select:
        touched = _tables_in_text(statement) if compiled.statement.is_text else frozenset()
    else:
        touched = _verdict(compiled)
    if touched:
        raise ReadRefused(f"nobody vouches for reading {', '.join(sorted(touched))}")


def _verdict(compiled: Compiled) -> frozenset[str]:
    known = _verdicts.get(compiled)
    if known is None:
        statement = compiled.statement
        tables = (
            {e.name for e in visitors.iterate(statement) if isinstance(e, Table)} if statement is not None else set()
        )
        known = _verdicts[compiled] = frozenset(tables & _protected)
    return known


@lru_cache(maxsize=512)
def _tables_in_text(statement: str) -> frozenset[str]:
    """Protected tables a hand-written SELECT reads; other statements are not reads."""
    if not re.match(r"\s*(select|with)\b", statement, re.IGNORECASE):
        return frozenset()
    words = set(re.findall(r"\w+", statement))
    return frozenset(words & _protected)


def _mark_reloads(state: ORMExecuteState) -> None:
    """A refresh of a row, or the row it belongs to, was authorised when the first row was fetched."""
    if state.is_select and (state.is_column_load or state.is_relationship_load):
        state.update_execution_options(seen_by=LOADED_ROW)


event.listen(Session, "do_orm_execute", _mark_reloads)
