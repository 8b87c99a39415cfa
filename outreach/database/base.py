"""The base of every table: naming convention and which Python type is which column."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from outreach.database.types import Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Model(DeclarativeBase):
    """A table of any room."""

    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - the name and form SQLAlchemy reads
        datetime: UtcDateTime,
        date: Date,
        str: Text,
        dict[str, Any]: Json,
        list[Any]: Json,
    }
