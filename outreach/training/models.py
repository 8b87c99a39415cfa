"""The mark that a database holds an invented world, and how far its making is."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Model


class TrainingMark(Model):
    """One row, made before anything else; a mark without `finished_at` belongs to a world that was left half made."""

    __tablename__ = "training_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    percent: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="part"),
    )
