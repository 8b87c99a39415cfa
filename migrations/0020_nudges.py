"""Nudges: a coordinator asks for attention to a step, once a day"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0020_nudges"
down_revision = "0019_links"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_nudge_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_nudge_case_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_nudge_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("step_id", "on", name=op.f("uq_nudge_step_id_on")),
    )
    op.create_index(op.f("ix_nudge_case_id"), "nudge", ["case_id"])
    op.create_index(op.f("ix_nudge_on"), "nudge", ["on"])


def downgrade() -> None:
    op.drop_table("nudge")
