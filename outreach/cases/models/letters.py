"""The words of an area's letters, where it wrote others than those that came with Outreach."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Model


class LetterText(Model):
    """What a letter of one kind says in one language; the newest of an area counts."""

    __tablename__ = "letter_text"
    __table_args__ = (UniqueConstraint("area_id", "kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    kind: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
