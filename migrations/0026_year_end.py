"""The turn of a school year: decisions about open cases, and the contact of each school"""

import sqlalchemy as sa
from alembic import op

from outreach.database import types

revision = "0026_year_end"
down_revision = "0025_differences"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_school_contact_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_school_contact_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_school_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_contact")),
    )
    op.create_index(op.f("ix_school_contact_organisation_id"), "school_contact", ["organisation_id"])
    op.create_table(
        "year_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("closure", sa.Text(), nullable=True),
        sa.Column("before", types.Json, nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_year_decision_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_year_decision_case_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_year_decision_organisation_id")
        ),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["person.id"], name=op.f("fk_year_decision_taken_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_decision")),
    )
    op.create_index(op.f("ix_year_decision_case_id"), "year_decision", ["case_id"])
    op.create_index(
        "uq_year_decision_present",
        "year_decision",
        ["case_id", "school_year"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("year_decision")
    op.drop_table("school_contact")
