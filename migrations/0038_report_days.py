"""Days on which an area has its participation reports"""

import sqlalchemy as sa
from alembic import op

revision = "0038_report_days"
down_revision = "0037_same_child"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_report_day_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_day")),
        sa.UniqueConstraint("area_id", "on", name=op.f("uq_report_day_area_id_on")),
    )


def downgrade() -> None:
    op.drop_table("report_day")
