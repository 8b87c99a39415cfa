"""Reminders: what mail people and organisations want, urgent mail, addresses that are wrong"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0018_reminders"
down_revision = "0017_letters"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrong_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=True),
        sa.Column("cleared_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_address")),
    )
    present = sa.text("cleared_at IS NULL")
    op.create_index(
        "uq_wrong_address_present",
        "wrong_address",
        ["address"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
    op.add_column("organisation", sa.Column("working_days", types.Json, nullable=True))
    op.add_column("organisation", sa.Column("opens_hour", sa.Integer(), nullable=True))
    op.add_column("organisation", sa.Column("closes_hour", sa.Integer(), nullable=True))
    op.add_column("outbox_line", sa.Column("rule", types.Json, nullable=True))
    op.add_column("outbox_line", sa.Column("withdrawn_why", sa.Text(), nullable=True))
    _extend_messages()
    op.add_column("person", sa.Column("digest_days", types.Json, nullable=True))
    op.add_column("person", sa.Column("digest_only_late", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("plain_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("praise", sa.Boolean(), nullable=False, server_default=sa.true()))


def _extend_messages() -> None:
    op.add_column("outbox_message", sa.Column("urgent_on", sa.Date(), nullable=True))
    op.add_column("outbox_message", sa.Column("host", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("outbox_message", sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox_message", sa.Column("tokens", types.EncryptedText(), nullable=True))
    op.add_column("outbox_message", sa.Column("purged_at", types.UtcDateTime(timezone=True), nullable=True))
    urgent = sa.text("urgent_on IS NOT NULL")
    op.create_index(
        "uq_outbox_message_urgent",
        "outbox_message",
        ["address", "urgent_on"],
        unique=True,
        sqlite_where=urgent,
        postgresql_where=urgent,
    )
    op.execute(
        "UPDATE outbox_message SET host = substr(address, length(rtrim(address, replace(address, '@', ''))) + 1)"
    )


def downgrade() -> None:
    for name in ("praise", "plain_mail", "digest_only_late", "digest_days"):
        op.drop_column("person", name)
    op.drop_index("uq_outbox_message_urgent", "outbox_message")
    for name in ("purged_at", "tokens", "plain", "host", "urgent_on"):
        op.drop_column("outbox_message", name)
    for name in ("withdrawn_why", "rule"):
        op.drop_column("outbox_line", name)
    for name in ("closes_hour", "opens_hour", "working_days"):
        op.drop_column("organisation", name)
    op.drop_table("wrong_address")
