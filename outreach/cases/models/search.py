"""The words of a search, for as long as its results may be opened again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class SearchWords(Model):
    """What somebody typed, unreadable in the database and gone within the hour; `key` stands in the address instead."""

    __tablename__ = "search_words"

    key: Mapped[str] = mapped_column(primary_key=True)
    search_id: Mapped[int] = mapped_column(ForeignKey("search.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(index=True)


protect(SearchWords)
