"""Visits by two, an interpreter, part of the day, notes of one visit"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0013_visits"
down_revision = "0012_settings"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_with_two",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_visit_with_two_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_visit_with_two_ended_by_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_visit_with_two_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_with_two")),
    )
    with op.batch_alter_table("visit_with_two", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_with_two_household_id"), ["household_id"], unique=False)

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interpreter", sa.Boolean(), nullable=True))

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occasion", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_note_occasion"), ["occasion"], unique=False)

    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_part", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_column("planned_part")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_occasion"))
        batch_op.drop_column("occasion")

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_column("interpreter")

    with op.batch_alter_table("visit_with_two", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_with_two_household_id"))

    op.drop_table("visit_with_two")
