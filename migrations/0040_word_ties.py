"""What the words of a coordinator's own list of running cases mean"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0040_word_ties"
down_revision = "0039_upload_jobs"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("word_index", sa.Text(), nullable=False),
        sa.Column("word", types.EncryptedText(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_word_tie_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_word_tie_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_word_tie_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_tie")),
        sa.UniqueConstraint(
            "organisation_id",
            "area_id",
            "about",
            "word_index",
            name=op.f("uq_word_tie_organisation_id_area_id_about_word_index"),
        ),
    )


def downgrade() -> None:
    op.drop_table("word_tie")
