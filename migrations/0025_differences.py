"""Differences: what a list says otherwise, until somebody decides"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0025_differences"
down_revision = "0024_deeds"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_difference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("said", types.EncryptedText(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("deed_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_list_difference_batch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_list_difference_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_list_difference_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_list_difference_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_difference")),
        sa.UniqueConstraint("batch_id", "kind", "child_id", name=op.f("uq_list_difference_batch_id_kind_child_id")),
    )
    op.create_index("ix_list_difference_child", "list_difference", ["child_id"])


def downgrade() -> None:
    op.drop_table("list_difference")
