"""Columns that were tied to fields, and the file they were tied for"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0034_columns"
down_revision = "0033_pupil_care"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_column_tie_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_column_tie_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_tie")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "title_key", name=op.f("uq_column_tie_organisation_id_kind_title_key")
        ),
    )
    op.create_table(
        "kept_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sheet", types.EncryptedText(), nullable=True),
        sa.Column("title_row", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_kept_file_agreement_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_kept_file_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_kept_file_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_kept_file_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
    )
    op.create_index(op.f("ix_kept_file_batch_id"), "kept_file", ["batch_id"])
    op.create_index(op.f("ix_kept_file_by_id"), "kept_file", ["by_id"])
    op.create_table(
        "kept_part",
        sa.Column("kept_file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", types.EncryptedText(), nullable=False),
        sa.ForeignKeyConstraint(["kept_file_id"], ["kept_file.id"], name=op.f("fk_kept_part_kept_file_id")),
        sa.PrimaryKeyConstraint("kept_file_id", "number", name=op.f("pk_kept_part")),
    )


def downgrade() -> None:
    op.drop_table("kept_part")
    op.drop_table("kept_file")
    op.drop_table("column_tie")
