"""A signed link: one question about one step, to somebody without an account, answered once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Json, Model, protect

_OUT = "answered_at IS NULL AND withdrawn_at IS NULL"


class SignedLink(Model):
    """Sent by a person to an address that knows the reference from us (`known_how`, `known_on`).

    Only the digest of the token is kept. `offers` are the outcomes one can choose from, chosen by the sender;
    `answer` is one of them or a general answer, `answer_on` the day that came with it.
    """

    __tablename__ = "signed_link"
    __table_args__ = (Index("ix_signed_link_out", "step_id", sqlite_where=text(_OUT), postgresql_where=text(_OUT)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    address: Mapped[str] = mapped_column(EncryptedText)
    language: Mapped[str]
    offers: Mapped[list[Any]] = mapped_column(Json)
    token_digest: Mapped[str] = mapped_column(unique=True)
    known_how: Mapped[str]
    known_on: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    expires_at: Mapped[datetime]
    first_opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answer_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outbox_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))


protect(SignedLink)
