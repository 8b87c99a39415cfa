"""The reminder ladder an area chose for itself: every change is a row, and the newest one holds."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Json, Model


class LadderChange(Model):
    """From `at` these numbers hold in an area, the process's own beside them; none is back to the default.

    `number` counts the changes of one area: two people who change the same ladder at once cannot both be the next.
    """

    __tablename__ = "ladder_change"
    __table_args__ = (
        UniqueConstraint("area_id", "number"),
        CheckConstraint("number > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    number: Mapped[int]
    numbers: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
