"""Inserting rows unless they are there already: the database decides, also between several processes."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.database.base import Model


def insert_absent(session: Session, model: type[Model]) -> Any:
    """An INSERT for this table that leaves out rows breaking a unique rule; add `.returning(...)` to see which stay."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model).on_conflict_do_nothing()
    return sqlite.insert(model).on_conflict_do_nothing()
