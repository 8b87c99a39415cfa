"""Decisions on many cases at once that can be taken back: what stood there before, and after."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class Deed(Model):
    """One decision, under a key; `origin` is opaque (`batch:12`)."""

    __tablename__ = "deed"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    origin: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DeedItem(Model):
    """What a deed did to one case: the rows it changed as JSON, with the events between which it did it.

    `left_at` when the case had moved on and taking back left it as it was.
    """

    __tablename__ = "deed_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    changes: Mapped[str] = mapped_column(EncryptedText)
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    undone_seq: Mapped[int | None]
    left_at: Mapped[datetime | None]


protect(Deed, DeedItem)
