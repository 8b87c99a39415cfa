"""The morning run: indexes that tell which steps it need not read"""

import sqlalchemy as sa
from alembic import op

revision = "0027_morning"
down_revision = "0026_year_end"
branch_labels = ()
depends_on = None

_SWEPT = ["area_id", "organisation_id", "counter", "aim_on", "last_fact_on", "stays", "pauses", "track_id", "state"]
_KEYED = ["key", "opened_on", "number", "track_id", "state"]


def upgrade() -> None:
    op.drop_index("ix_step_open_aim", "step")
    _partial("ix_step_open_sweep", "step", _SWEPT, "state = 'open'")
    _partial("ix_step_open_key", "step", _KEYED, "state = 'open'")
    _partial("ix_step_open_told", "step", ["told_at"], "state = 'open'")
    _partial("ix_step_open_starts", "step", ["starts_on"], "state = 'open'")
    _partial("ix_step_planned", "step", ["starts_on"], "state = 'planned'")
    _partial("ix_step_side_ended", "step", ["ended_at"], "side_of_id IS NOT NULL")
    _partial("ix_pause_until", "pause", ["until_on"], "ended_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_pause_until", "pause")
    for name in ("side_ended", "planned", "open_starts", "open_told", "open_key", "open_sweep"):
        op.drop_index(f"ix_step_{name}", "step")
    _partial("ix_step_open_aim", "step", ["counter", "aim_on", "id"], "state = 'open'")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
