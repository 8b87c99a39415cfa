"""What a school notes for its kleuters at risk"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0033_pupil_care"
down_revision = "0032_report_uploads"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pupil_care",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("reason", types.EncryptedText(), nullable=True),
        sa.Column("rings_id", sa.Integer(), nullable=True),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pupil_care_by_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_pupil_care_pupil_id")),
        sa.ForeignKeyConstraint(["rings_id"], ["person.id"], name=op.f("fk_pupil_care_rings_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_care")),
    )
    with op.batch_alter_table("pupil_care", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pupil_care_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index("ix_pupil_care_rings", ["rings_id"], unique=False)
        batch_op.create_index(
            "uq_pupil_care_present",
            ["pupil_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("pupil_care", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pupil_care_present",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_pupil_care_rings")
        batch_op.drop_index(batch_op.f("ix_pupil_care_pupil_id"))

    op.drop_table("pupil_care")
