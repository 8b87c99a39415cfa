"""The ladder of an area is a row for each change, with who made it"""

import sqlalchemy as sa
from alembic import op

from outreach import clock
from outreach.database import types

revision = "0028_ladder_changes"
down_revision = "0027_morning"
branch_labels = ()
depends_on = None

_AREA = sa.table("area", sa.column("id", sa.Integer), sa.column("settings", types.Json))
_CHANGE = sa.table(
    "ladder_change",
    sa.column("area_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("numbers", types.Json),
    sa.column("at", types.UtcDateTime),
)


def upgrade() -> None:
    op.create_table(
        "ladder_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("numbers", types.Json, nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_ladder_change_counted_from_one")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_ladder_change_area_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_ladder_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_change")),
        sa.UniqueConstraint("area_id", "number", name=op.f("uq_ladder_change_area_id_number")),
    )
    chosen = op.get_bind().execute(sa.select(_AREA.c.id, _AREA.c.settings).where(_AREA.c.settings.is_not(None)))
    rows = [
        {"area_id": area_id, "number": 1, "numbers": settings["ladder"], "at": clock.now()}
        for area_id, settings in chosen.all()
        if (settings or {}).get("ladder")
    ]
    if rows:
        op.get_bind().execute(_CHANGE.insert(), rows)


def downgrade() -> None:
    op.drop_table("ladder_change")
