"""Which kleuter of a report is which child: recognised by itself, by its school, or said to be another"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0037_same_child"
down_revision = "0036_report_kinds"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "same_child",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_same_child_pupil_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_same_child_child_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_same_child_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_child")),
    )
    op.create_index("ix_same_child_child", "same_child", ["child_id"])
    op.create_index(
        "uq_same_child_present",
        "same_child",
        ["pupil_id", "child_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("same_child")
