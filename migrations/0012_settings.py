"""The page somebody chose to begin with"""

import sqlalchemy as sa
from alembic import op

revision = "0012_settings"
down_revision = "0011_offline"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("start_page", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("start_page")
