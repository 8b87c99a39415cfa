"""Deeds: decisions on many cases that can be taken back"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0024_deeds"
down_revision = "0023_attendance"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_deed_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_deed_organisation_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_deed_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index(op.f("ix_deed_origin"), "deed", ["origin"])
    op.create_table(
        "deed_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deed_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("changes", types.EncryptedText(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("undone_seq", sa.Integer(), nullable=True),
        sa.Column("left_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_deed_item_case_id")),
        sa.ForeignKeyConstraint(["deed_id"], ["deed.id"], name=op.f("fk_deed_item_deed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed_item")),
    )
    op.create_index(op.f("ix_deed_item_deed_id"), "deed_item", ["deed_id"])
    op.create_index(op.f("ix_deed_item_case_id"), "deed_item", ["case_id"])


def downgrade() -> None:
    op.drop_table("deed_item")
    op.drop_table("deed")
