"""Migrations: bring a database up to this version, and say where it differs from the models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import JSON, text

from outreach.database import metadata
from outreach.extensions import db

_LOCK = 7_236_110
"""Number of the advisory lock that lets several nodes start, and one of them migrate."""


def _render(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our JSON type by its name, so that a migration reads the same on both databases."""
    return "types.Json" if kind == "type" and isinstance(item, JSON) else False


CONTEXT = {"render_as_batch": True, "compare_type": True, "user_module_prefix": "types.", "render_item": _render}
"""How Alembic compares models with a database, and writes a migration."""

_alembic = Alembic(metadatas=metadata, run_mkdir=False)


def register(app: Flask) -> None:
    """Bind the migrations to this application and make "migrated" part of being ready."""
    _alembic.init_app(app)
    app.config["READY_CHECKS"]["migrations"] = is_current


def upgrade() -> None:
    """Run the migrations this database has not had; several processes may call it at once."""
    with _alone():
        _alembic.upgrade()


def is_current() -> bool:
    """Whether every migration has run."""
    heads = {script.revision for script in _alembic.heads()}
    return {script.revision for script in _alembic.current()} == heads


def differences() -> list[Any]:
    """What the models say and the database does not, as Alembic operations; empty when they agree."""
    return list(_alembic.compare_metadata())


def new_revision(message: str) -> list[str]:
    """Write the next migration from what the models say and this database does not: the files written."""
    return [script.path for script in _alembic.revision(message, branch="") if script]


@contextmanager
def _alone() -> Iterator[None]:
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
