"""Reports counted from absences by day"""

import sqlalchemy as sa
from alembic import op

revision = "0031_by_day"
down_revision = "0030_two_children"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("school_report", sa.Column("by_day", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("school_report") as batch_op:
        batch_op.drop_column("by_day")
