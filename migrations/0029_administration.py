"""Administration: who changed what about organisations and areas"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0029_administration"
down_revision = "0028_ladder_changes"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_partner_change_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_change")),
    )
    op.create_index(op.f("ix_partner_change_about_id"), "partner_change", ["about", "id"])
    op.create_index(op.f("ix_partner_change_subject_id"), "partner_change", ["subject", "id"])


def downgrade() -> None:
    op.drop_table("partner_change")
