"""Signed links: one question about one step, answered without an account"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0019_links"
down_revision = "0018_reminders"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("address", types.EncryptedText(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("offers", types.Json, nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("known_how", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        *_moments(),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("outbox_message_id", sa.Integer(), nullable=True),
        *_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_signed_link_token_digest")),
    )
    for column in ("case_id", "step_id"):
        op.create_index(op.f(f"ix_signed_link_{column}"), "signed_link", [column])
    out = sa.text("answered_at IS NULL AND withdrawn_at IS NULL")
    op.create_index("ix_signed_link_out", "signed_link", ["step_id"], sqlite_where=out, postgresql_where=out)


def _moments() -> list[sa.Column[object]]:
    must = ("sent_at", "expires_at")
    may = ("first_opened_at", "answered_at", "withdrawn_at")
    return [sa.Column(name, types.UtcDateTime(timezone=True), nullable=name in may) for name in (*must, *may)]


def _keys() -> list[sa.ForeignKeyConstraint]:
    targets = {
        "case_id": "case",
        "step_id": "step",
        "sent_by_id": "person",
        "organisation_id": "organisation",
        "withdrawn_by_id": "person",
        "outbox_message_id": "outbox_message",
    }
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_signed_link_{column}_{table}"))
        for column, table in targets.items()
    ]


def downgrade() -> None:
    op.drop_table("signed_link")
