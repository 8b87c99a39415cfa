"""`outreach db`: bring the database up to this version, and say where it differs from the models."""

import sys
from contextlib import redirect_stdout

import click
from flask.cli import AppGroup

from outreach import schema
from outreach.accounts.actors import ensure_builtins
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db

DIFFERS = 1


@click.group(name="db", cls=AppGroup)
def database() -> None:
    """Migrations of the database."""


@database.command()
@json_option
def upgrade(as_json: bool) -> None:
    """Run the migrations this database has not had yet; safe to repeat, and from several machines at once."""
    schema.upgrade()
    with transaction(db.session):
        ensure_builtins(db.session)
    answer(as_json, {"ok": True}, ["De databank is bij."])


@database.command()
@json_option
def check(as_json: bool) -> None:
    """Say where the database differs from what this version expects; exit 1 when it does."""
    current = schema.is_current()
    found = [_said(difference) for difference in schema.differences()]
    ok = current and not found
    lines = ["De databank is zoals deze versie ze verwacht."] if ok else []
    if not current:
        lines.append("Er zijn migraties die nog niet liepen: `outreach db upgrade`.")
    answer(as_json, {"ok": ok, "current": current, "differences": found}, [*lines, *found])
    if not ok:
        raise SystemExit(DIFFERS)


@database.command()
@click.argument("message")
@json_option
def revision(message: str, as_json: bool) -> None:
    """Write the next migration, for developers: MESSAGE says what it is for."""
    with redirect_stdout(sys.stderr):  # Alembic tells on stdout what it writes
        files = schema.new_revision(message)
    answer(as_json, {"ok": True, "files": files}, files)


def _said(difference: object) -> str:
    """One difference on one line: Alembic gives tuples, and lists of them for changed columns."""
    if isinstance(difference, list):
        return "; ".join(_said(one) for one in difference)
    if isinstance(difference, tuple):
        return " ".join(str(getattr(part, "name", None) or part) for part in difference if part is not None)
    return str(difference)
