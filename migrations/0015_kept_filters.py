"""How a person last narrowed a page"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0015_kept_filters"
down_revision = "0014_search"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("chosen", types.Json, nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_kept_filter_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_filter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_filter")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", "page", name=op.f("uq_kept_filter_person_id_organisation_id_page")
        ),
    )


def downgrade() -> None:
    op.drop_table("kept_filter")
