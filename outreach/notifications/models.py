"""The outbox: one row per letter that is to go out, one row per line of a digest."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Json, Model

DIGEST, URGENT = "digest", "urgent"
REMINDERS = (DIGEST, URGENT)
"""Mails made of lines: the day's digest, and the one mail that cannot wait for it; everything else is one letter."""

QUEUED, CLAIMED, SENT, RETRY, FAILED, WITHDRAWN = "queued", "claimed", "sent", "retry", "failed", "withdrawn"
STATES = (QUEUED, CLAIMED, SENT, RETRY, FAILED, WITHDRAWN)
UNSENT = (QUEUED, CLAIMED, RETRY)
RESENDABLE = (FAILED, RETRY)


class OutboxMessage(Model):
    """A letter to one address; it is written out only when a deliverer has claimed it.

    `message_id` is the unique left part of its Message-ID, the same for every attempt. `not_after_at` ends its worth:
    a digest of this morning is not sent tonight. `host` is the part of the address after the @. `tokens` is what a
    single letter says (JSON, unreadable in the database); it and the lines go after a time (`purged_at`).
    """

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    dedupe_key: Mapped[str]
    message_id: Mapped[str]
    digest_on: Mapped[date | None]
    urgent_on: Mapped[date | None]
    host: Mapped[str] = mapped_column(default="", server_default=text("''"))
    plain: Mapped[bool] = mapped_column(default=False, server_default=false())
    tokens: Mapped[str | None] = mapped_column(EncryptedText)
    purged_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=QUEUED)
    queued_at: Mapped[datetime]
    not_before_at: Mapped[datetime | None]
    not_after_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    last_code: Mapped[int | None]
    resent_by: Mapped[str | None]
    resent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        UniqueConstraint("message_id"),
        CheckConstraint("state IN ('queued', 'claimed', 'sent', 'retry', 'failed', 'withdrawn')", name="known_state"),
        CheckConstraint("language IN ('nl', 'fr', 'en')", name="known_language"),
        CheckConstraint("(kind = 'digest') = (digest_on IS NOT NULL)", name="digest_has_day"),
        CheckConstraint("(state = 'claimed') = (claimed_by IS NOT NULL)", name="claim_has_owner"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim_has_end"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        CheckConstraint("(state = 'failed') = (failed_at IS NOT NULL)", name="failed_has_moment"),
        # one digest per address per day, whatever dedupe key somebody thinks of
        Index(
            "uq_outbox_message_digest",
            "address",
            "digest_on",
            unique=True,
            sqlite_where=text("digest_on IS NOT NULL"),
            postgresql_where=text("digest_on IS NOT NULL"),
        ),
        Index(
            "uq_outbox_message_urgent",
            "address",
            "urgent_on",
            unique=True,
            sqlite_where=text("urgent_on IS NOT NULL"),
            postgresql_where=text("urgent_on IS NOT NULL"),
        ),
        Index(
            "ix_outbox_message_unsent",
            "id",
            sqlite_where=text("state IN ('queued', 'claimed', 'retry')"),
            postgresql_where=text("state IN ('queued', 'claimed', 'retry')"),
        ),
        Index("ix_outbox_message_state", "state", "id"),
    )


class OutboxLine(Model):
    """One line of a digest: a key with allowed tokens, about something only the room above can name.

    `subject` is opaque (`step:812:late`); `about` is its first two parts (`step:812`), by which lines are withdrawn.
    `rule` says why it was written, as keys and data, for whoever looks at the mail later.
    """

    __tablename__ = "outbox_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id", ondelete="CASCADE"))
    position: Mapped[int]
    group_key: Mapped[str]
    subject: Mapped[str]
    about: Mapped[str]
    key: Mapped[str]
    data: Mapped[dict[str, Any]]
    rule: Mapped[dict[str, Any] | None] = mapped_column(Json)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("outbox_message_id", "position"),
        Index("ix_outbox_line_about", "about"),
    )


class WrongAddress(Model):
    """An address that gets no mail: its server refused it for good, or somebody (`marked_by`, opaque) said so."""

    __tablename__ = "wrong_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    error: Mapped[str]
    code: Mapped[int | None]
    at: Mapped[datetime]
    marked_by: Mapped[str | None]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_wrong_address_present",
            "address",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )
