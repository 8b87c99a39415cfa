"""Whether a school lets who coordinates its area see its counts"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0035_shared_counts"
down_revision = "0034_columns"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counts_shared",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_counts_shared_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_counts_shared_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts_shared")),
    )
    op.create_index(
        "uq_counts_shared_present",
        "counts_shared",
        ["school_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("counts_shared")
