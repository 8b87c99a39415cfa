"""Reports that were sent and are looked at"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0032_report_uploads"
down_revision = "0031_by_day"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_report_upload_agreement_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_report_upload_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_report_upload_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_upload_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_upload")),
    )
    with op.batch_alter_table("report_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_upload_by_id"), ["by_id"], unique=False)

    op.create_table(
        "uploaded_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", types.EncryptedText(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["report_upload.id"], name=op.f("fk_uploaded_file_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_file")),
    )
    with op.batch_alter_table("uploaded_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploaded_file_upload_id"), ["upload_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("uploaded_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uploaded_file_upload_id"))

    op.drop_table("uploaded_file")
    with op.batch_alter_table("report_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_upload_by_id"))

    op.drop_table("report_upload")
