"""First hints: how far each person has come"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0016_walk"
down_revision = "0015_kept_filters"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "walk",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("walk", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seen BETWEEN 0 AND 3", name=op.f("ck_walk_within_walk")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_walk_person_id")),
        sa.PrimaryKeyConstraint("person_id", "walk", name=op.f("pk_walk")),
    )


def downgrade() -> None:
    op.drop_table("walk")
