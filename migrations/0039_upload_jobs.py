"""Work on long files, outside the request that asked for it"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0039_upload_jobs"
down_revision = "0038_report_days"
branch_labels = ()
depends_on = None

_GOES_ON = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "upload_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("asked", types.EncryptedText(), nullable=True),
        sa.Column("outcome", types.EncryptedText(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_upload_job_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_upload_job_by_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_upload_job_membership_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_upload_job_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_job")),
    )
    with op.batch_alter_table("upload_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_job_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_upload_job_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_upload_job_going_on",
            ["work", "kind", "subject_id"],
            unique=True,
            sqlite_where=_GOES_ON,
            postgresql_where=_GOES_ON,
        )


def downgrade() -> None:
    op.drop_table("upload_job")
