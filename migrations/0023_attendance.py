"""Attendance: kleuters of schools, reports of a day, half days; schools a report named that nobody looked at yet"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0023_attendance"
down_revision = "0022_calendars"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pupil",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("born_year", sa.Integer(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_pupil_child_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_pupil_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_pupil_school_id_number")),
    )
    op.create_index("ix_pupil_child", "pupil", ["child_id"], unique=False)

    op.create_table(
        "school_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("at_risk", sa.Integer(), nullable=False),
        sa.Column("not_attainable", sa.Integer(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_school_report_agreement_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_school_report_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_school_report_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_school_report_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_report")),
    )
    op.create_index("ix_school_report_area", "school_report", ["area_id", "as_of"], unique=False)
    op.create_index(
        "uq_school_report_present",
        "school_report",
        ["school_id", "as_of"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )

    op.create_table(
        "absent_half_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_absent_half_day_two_a_day")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_absent_half_day_pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absent_half_day")),
        sa.UniqueConstraint("pupil_id", "on", "half", name=op.f("uq_absent_half_day_pupil_id_on_half")),
    )
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("possible", sa.Integer(), nullable=False),
        sa.Column("possible_told", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=True),
        sa.Column("unlawful", sa.Integer(), nullable=True),
        sa.CheckConstraint("present BETWEEN 0 AND possible", name=op.f("ck_presence_present_possible")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_presence_pupil_id")),
        sa.ForeignKeyConstraint(["report_id"], ["school_report.id"], name=op.f("fk_presence_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("report_id", "pupil_id", name=op.f("uq_presence_report_id_pupil_id")),
    )
    op.create_index("ix_presence_pupil", "presence", ["pupil_id"], unique=False)

    op.add_column("organisation", sa.Column("unverified_since", types.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "unverified_since")

    op.drop_index(
        "ix_presence_pupil",
        table_name="presence",
    )

    op.drop_table("presence")
    op.drop_table("absent_half_day")
    op.drop_index(
        "uq_school_report_present",
        table_name="school_report",
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_index(
        "ix_school_report_area",
        table_name="school_report",
    )

    op.drop_table("school_report")
    op.drop_index(
        "ix_pupil_child",
        table_name="pupil",
    )

    op.drop_table("pupil")
