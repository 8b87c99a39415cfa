"""Where a change begins and ends: one visible block, all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Enclose fetch, policy and command; commit at the end, roll back on any error.

    A read transaction opened earlier in the request is ended first: on SQLite a stale snapshot cannot be upgraded
    to writing, so the new one begins IMMEDIATE and everything inside it is read afresh.
    """
    session.rollback()
    session.connection(execution_options={"outreach_writes": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def read_snapshot(session: Session) -> Iterator[Session]:
    """A plain read that is ended again, so that a long-lived process holds no transaction open."""
    try:
        yield session
    finally:
        session.rollback()
