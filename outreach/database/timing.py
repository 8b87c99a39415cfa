"""The time of the database server, which all nodes of an installation have in common."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.database.transactions import read_snapshot


def moment_of_database(session: Session) -> datetime | None:
    """The server's present moment; None on the embedded database, which has no clock but this machine's."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    with read_snapshot(session):
        return session.scalar(select(func.clock_timestamp()))
