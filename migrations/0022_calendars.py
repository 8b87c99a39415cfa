"""Calendars: a secret link to one's own days, the hour of an agreed day, and who is invited to come along"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0022_calendars"
down_revision = "0021_radar"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("step", sa.Column("planned_at", sa.Time(), nullable=True))
    _feeds()
    _invitations()


def _feeds() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("content_digest", sa.Text(), nullable=True),
        sa.Column("changed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_calendar_feed_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_index(op.f("ix_calendar_feed_membership_id"), "calendar_feed", ["membership_id"])
    living = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_calendar_feed_living",
        "calendar_feed",
        ["membership_id"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )


def _invitations() -> None:
    targets = {
        "case_id": "case",
        "step_id": "step",
        "person_id": "person",
        "organiser_id": "person",
        "outbox_message_id": "outbox_message",
    }
    op.create_table(
        "visit_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "outbox_message_id") for name in targets),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", types.UtcDateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_visit_invitation_{column}_{table}"))
            for column, table in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_invitation")),
    )
    for column in ("case_id", "step_id"):
        op.create_index(op.f(f"ix_visit_invitation_{column}"), "visit_invitation", [column])


def downgrade() -> None:
    op.drop_table("visit_invitation")
    op.drop_table("calendar_feed")
    with op.batch_alter_table("step") as step:
        step.drop_column("planned_at")
