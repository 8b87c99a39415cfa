"""Fetching is authorising: a SELECT on a protected table is refused unless it says by whom it is seen."""

import re
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnClause, Delete, Engine, Insert, Table, TextClause, Update, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.schema import DDLElement
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
    touched = _tables_in_text(statement) if context.compiled is None else _verdict(context.compiled)
    if touched:
        raise ReadRefused(f"nobody vouches for reading {', '.join(sorted(touched))}")


def _verdict(compiled: Compiled) -> frozenset[str]:
    known = _verdicts.get(compiled)
    if known is None:
        known = _verdicts[compiled] = _tables_read(compiled.statement)
    return known


def _tables_read(statement: Any) -> frozenset[str]:
    """Protected tables a statement gives rows of; a change gives none unless it is asked to return what was there."""
    if isinstance(statement, TextClause):
        return _tables_in_text(statement.text)
    if isinstance(statement, Insert | DDLElement | None) or (
        isinstance(statement, Update | Delete) and not _returns(statement)
    ):
        return frozenset()
    found: set[str] = set()
    for element in visitors.iterate(statement):
        if isinstance(element, Table):
            found.add(element.name)
        elif isinstance(element, TextClause):
            found |= _names_in(element.text)
        elif isinstance(element, ColumnClause) and element.is_literal:
            found |= _names_in(element.name)
    return frozenset(found & _protected)


def _returns(statement: Any) -> bool:
    return bool(statement._returning)


_CHANGES = re.compile(
    r"\s*(insert|update|delete|create|alter|drop|truncate|pragma|begin|commit|rollback)\b", re.IGNORECASE
)


@lru_cache(maxsize=512)
def _tables_in_text(statement: str) -> frozenset[str]:
    """Protected tables a hand-written statement names; one that only changes rows is not a read."""
    if _CHANGES.match(statement) and not re.search(r"\breturning\b", statement, re.IGNORECASE):
        return frozenset()
    return _names_in(statement) & _protected


def _names_in(text: str) -> frozenset[str]:
    """Names in a piece of SQL; `case` is one only in quotes, bare it is the keyword."""
    lower = text.lower()
    return frozenset(re.findall(r"\w+", lower)) - {"case"} | frozenset(re.findall(r"[\"`\[](\w+)[\"`\]]", lower))


def _mark_reloads(state: ORMExecuteState) -> None:
    """A refresh of a row, or the row it belongs to, was authorised when the first row was fetched."""
    if state.is_select and (state.is_column_load or state.is_relationship_load):
        state.update_execution_options(seen_by=LOADED_ROW)


event.listen(Session, "do_orm_execute", _mark_reloads)
