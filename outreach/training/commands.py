"""What changes the mark of a training database; a world left half made is taken away whole."""

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import ensure_builtins
from outreach.database import metadata
from outreach.errors import Refused
from outreach.training.models import TrainingMark
from outreach.training.queries import find_mark, is_empty


def prepare(session: Session) -> bool:
    """Mark the database as a training one: whether a world is still to be made in it.

    An empty database gets the mark of a world to come. One that holds somebody's own data is only marked, never filled.
    A world that was left half made is taken away first.
    """
    mark = find_mark(session)
    if mark is not None and mark.finished_at is not None:
        return False
    if mark is not None:
        take_away_world(session)
    to_make = is_empty(session)
    session.add(TrainingMark(id=1, made_at=clock.now(), percent=0, finished_at=None if to_make else clock.now()))
    session.flush()
    return to_make


def take_away_world(session: Session) -> None:
    """Delete every row but the built-in actors. Raises Refused unless the database carries the mark."""
    if find_mark(session) is None:
        raise Refused("not_a_training_database")
    session.expunge_all()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    ensure_builtins(session)


def note_progress(session: Session, percent: int) -> None:
    """How much of the world is there."""
    mark = find_mark(session)
    if mark is not None:
        mark.percent = percent


def finish(session: Session) -> None:
    """The world is made: pages open, and the next run uses it as it is."""
    mark = find_mark(session)
    if mark is not None:
        mark.percent, mark.finished_at = 100, clock.now()
