"""A living step is one that has not ended: rules and indexes that cost little to keep"""

import sqlalchemy as sa
from alembic import op

revision = "0041_living_steps"
down_revision = "0040_word_ties"
branch_labels = ()
depends_on = None

_LIVING_BEFORE = "state IN ('planned', 'open', 'paused')"
_LIVING = "ended_at IS NULL"
_LIVING_STATES = "state = 'planned' OR state = 'open' OR state = 'paused'"

_CHECKS_BEFORE = {
    "ck_step_living_has_due": f"NOT ({_LIVING_BEFORE}) OR due_on IS NOT NULL",
    "ck_step_known_state": "state IN ('planned', 'open', 'paused', 'done', 'withdrawn')",
}
_CHECKS = {
    "ck_step_living_has_due": "ended_at IS NOT NULL OR due_on IS NOT NULL",
    "ck_step_living_has_not_ended": f"({_LIVING_STATES}) = ({_LIVING})",
    "ck_step_known_state": f"{_LIVING_STATES} OR state = 'done' OR state = 'withdrawn'",
}
_LIVING_INDEXES = {
    "ix_step_living_person": ["organisation_id", "person_id", "due_on", "id"],
    "ix_step_living_organisation": ["organisation_id", "due_on", "id"],
    "ix_step_living_area": ["area_id", "due_on", "id"],
}
_NAMED = "person_id IS NOT NULL"
_SPECIAL = "kind <> 'home' AND kind <> 'none'"


def upgrade() -> None:
    op.drop_index("ix_step_living_case", table_name="step")
    op.drop_index("ix_step_case_id", table_name="step")
    _put_living_indexes(_LIVING)
    _put_checks(_CHECKS_BEFORE, _CHECKS)
    op.drop_index("ix_child_grant_person", table_name="child_grant")
    _make_index("ix_child_grant_person", "child_grant", ["person_id", "until", "case_id"], _NAMED)
    _make_index("ix_residence_special", "residence", ["address_key"], _SPECIAL)
    _make_index("ix_child_merged_insz_index", "child", ["insz_index"], "merged_into_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_child_merged_insz_index", table_name="child")
    op.drop_index("ix_residence_special", table_name="residence")
    op.drop_index("ix_child_grant_person", table_name="child_grant")
    op.create_index("ix_child_grant_person", "child_grant", ["person_id", "until", "case_id"])
    _put_checks(_CHECKS, _CHECKS_BEFORE)
    _put_living_indexes(_LIVING_BEFORE)
    op.create_index("ix_step_case_id", "step", ["case_id"])
    _make_index("ix_step_living_case", "step", ["case_id"], _LIVING_BEFORE)


def _put_living_indexes(where: str) -> None:
    for name, columns in _LIVING_INDEXES.items():
        op.drop_index(name, table_name="step")
        _make_index(name, "step", columns, where)


def _make_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _put_checks(before: dict[str, str], after: dict[str, str]) -> None:
    """SQLite cannot change a rule of a table; its text is put in the schema, as SQLite's own documentation describes for
    changes that leave the rows as they are ("Making Other Kinds Of Table Schema Changes")."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for name in before:
            op.drop_constraint(op.f(name), "step")
        for name, rule in after.items():
            op.create_check_constraint(op.f(name), "step", rule)
        return
    keeps = " AND ".join(f"({rule})" for rule in after.values())
    broken = connection.scalar(_seen(f"SELECT count(*) FROM step WHERE NOT ({keeps})"))  # noqa: S608 - rules of ours
    if broken:
        raise RuntimeError(f"{broken} steps break a rule of this version; the database was left as it was.")
    told, was = (
        connection.scalar(_seen("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'step'")),
        _written(before),
    )
    assert told.count(was) == 1, told
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema=ON"))
    put = _seen("UPDATE sqlite_master SET sql = :told WHERE type = 'table' AND name = 'step'")
    connection.execute(put, {"told": told.replace(was, _written(after))})
    connection.execute(sa.text(f"PRAGMA schema_version={version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema=OFF"))


def _seen(statement: str) -> sa.TextClause:
    return sa.text(statement).execution_options(seen_by="migration: rules of steps")


def _written(checks: dict[str, str]) -> str:
    """The rules as they stand in the text of the table, which is how Alembic wrote them once."""
    return "\n\t".join(f"CONSTRAINT {name} CHECK ({rule}), " for name, rule in checks.items())
