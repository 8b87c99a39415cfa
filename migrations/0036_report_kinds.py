"""Absences by day by upload, files that stay while columns are said, and where in a file a list stands"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0036_report_kinds"
down_revision = "0035_shared_counts"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default="participation"))
    with op.batch_alter_table("report_upload", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
    with op.batch_alter_table("kept_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("upload_id", sa.Integer(), nullable=True))
    op.create_table(
        "list_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sheet", types.EncryptedText(), nullable=True),
        sa.Column("title_row", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_list_place_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_list_place_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_place")),
        sa.UniqueConstraint("organisation_id", "kind", name=op.f("uq_list_place_organisation_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("list_place")
    with op.batch_alter_table("kept_file", schema=None) as batch_op:
        batch_op.drop_column("upload_id")
    with op.batch_alter_table("report_upload", schema=None) as batch_op:
        batch_op.drop_column("kind")
