"""Writing many new rows at once, some ten times faster than one by one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from outreach.database.base import Model


def insert_many(session: Session, rows: Sequence[Model], *, with_ids: bool = False) -> None:
    """Insert new rows now; they are not in the session afterwards, and know their ids only `with_ids`.

    What they point to must be in the database already. Ids cost: SQLite tells them one row at a time.
    """
    session.flush()
    session.bulk_save_objects(rows, return_defaults=with_ids)
