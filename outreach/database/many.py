"""Writing many new rows at once, some ten times faster than one by one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from outreach.database.base import Model


def insert_many(session: Session, rows: Sequence[Model]) -> None:
    """Insert new rows now and give them their ids; they are not in the session afterwards.

    What they point to must be in the database already.
    """
    session.flush()
    session.bulk_save_objects(rows, return_defaults=True)
