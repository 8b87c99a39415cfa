"""Visits taken along on a phone, and conflicts of their reports"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0011_offline"
down_revision = "0010_training"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("brought_by_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("mine", types.EncryptedText(), nullable=False),
        sa.Column("theirs", types.EncryptedText(), nullable=False),
        sa.Column("theirs_by_id", sa.Integer(), nullable=True),
        sa.Column("theirs_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("answers", types.Json, nullable=True),
        sa.Column("acknowledged_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brought_by_id"], ["person.id"], name=op.f("fk_conflict_item_brought_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_conflict_item_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_conflict_item_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_conflict_item_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_conflict_item_organisation_id")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_conflict_item_step_id")),
        sa.ForeignKeyConstraint(["theirs_by_id"], ["person.id"], name=op.f("fk_conflict_item_theirs_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_item")),
        sa.UniqueConstraint("by_id", "draft", "step_id", name=op.f("uq_conflict_item_by_id_draft_step_id")),
    )
    with op.batch_alter_table("conflict_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_conflict_item_reporter", ["by_id", "acknowledged_at"], unique=False)
        batch_op.create_index(
            "ix_conflict_item_undecided",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "taken_along",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_taken_along_case_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_taken_along_membership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taken_along_person_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_taken_along_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_along")),
    )
    with op.batch_alter_table("taken_along", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taken_along_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_taken_along_person_step", ["person_id", "step_id", "at"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wipe_before_at", types.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("wipe_before_at")

    with op.batch_alter_table("taken_along", schema=None) as batch_op:
        batch_op.drop_index("ix_taken_along_person_step")
        batch_op.drop_index(batch_op.f("ix_taken_along_case_id"))

    op.drop_table("taken_along")
    with op.batch_alter_table("conflict_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conflict_item_undecided",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index("ix_conflict_item_reporter")
        batch_op.drop_index(batch_op.f("ix_conflict_item_case_id"))

    op.drop_table("conflict_item")
