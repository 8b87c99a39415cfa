"""Somebody said that two records are two children"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0030_two_children"
down_revision = "0029_administration"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "two_children",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_two_children_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_two_children_child_id")),
        sa.ForeignKeyConstraint(["other_id"], ["child.id"], name=op.f("fk_two_children_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_children")),
        sa.UniqueConstraint("child_id", "other_id", name=op.f("uq_two_children_child_id_other_id")),
    )


def downgrade() -> None:
    op.drop_table("two_children")
