"""Radar: what was noticed at a step, so that its owner is asked once"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0021_radar"
down_revision = "0020_nudges"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spotted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_spotted_case_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_spotted_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spotted")),
        sa.UniqueConstraint("step_id", "key", "since", name=op.f("uq_spotted_step_id_key_since")),
    )
    op.create_index(op.f("ix_spotted_case_id"), "spotted", ["case_id"])


def downgrade() -> None:
    op.drop_table("spotted")
