"""Search: keys by which names are looked for, filled for who is there; a log of searches"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from outreach.children.search import name_keys
from outreach.children.search_keys import grown_up_keys
from outreach.database import types

revision = "0014_search"
down_revision = "0013_visits"
branch_labels = ()
depends_on = None

CHUNK = 2_000


def upgrade() -> None:
    children = op.create_table(
        "child_search_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_search_key_child_id")),
        sa.PrimaryKeyConstraint("key", "child_id", name=op.f("pk_child_search_key")),
        sqlite_with_rowid=False,
    )
    families = op.create_table(
        "family_search_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_family_search_key_household_id")),
        sa.PrimaryKeyConstraint("key", "household_id", name=op.f("pk_family_search_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("found", types.Json, nullable=False),
        sa.Column("braked", sa.Boolean(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_search_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_search_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search")),
    )
    op.create_index("ix_search_person_at", "search", ["person_id", "at"], unique=False)
    op.create_table(
        "search_words",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", types.EncryptedText(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_search_words_person_id")),
        sa.ForeignKeyConstraint(["search_id"], ["search.id"], name=op.f("fk_search_words_search_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_words")),
    )
    op.create_index(op.f("ix_search_words_at"), "search_words", ["at"], unique=False)
    _fill(children, families)


def downgrade() -> None:
    op.drop_index(op.f("ix_search_words_at"), table_name="search_words")
    op.drop_table("search_words")
    op.drop_index("ix_search_person_at", table_name="search")
    op.drop_table("search")
    op.drop_table("family_search_key")
    op.drop_table("child_search_key")


def _fill(children: sa.Table, families: sa.Table) -> None:
    """Whoever is known already can be looked for from now on."""
    connection = op.get_bind()
    child = sa.table("child", sa.column("id"), sa.column("first_name"), sa.column("last_name"))
    for rows in _portions(connection, child):
        keys = [{"key": key, "child_id": row.id} for row in rows for key in name_keys(row.first_name, row.last_name)]
        if keys:
            connection.execute(sa.insert(children), keys)
    wanted: dict[int, set[str]] = {}
    household = sa.table("household", sa.column("id"), sa.column("reference_person"))
    for rows in _portions(connection, household):
        for row in rows:
            wanted[row.id] = grown_up_keys(row.reference_person)
    columns = [sa.column("id"), sa.column("household_id"), sa.column("name"), sa.column("ended_at")]
    contact = sa.table("family_contact", *columns, sa.column("phone", types.EncryptedText()))
    for rows in _portions(connection, contact):
        for row in rows:
            if row.ended_at is None:
                wanted[row.household_id] |= grown_up_keys(row.name, row.phone)
    keys = [{"key": key, "household_id": number} for number, each in wanted.items() for key in each]
    for start in range(0, len(keys), CHUNK):
        connection.execute(sa.insert(families), keys[start : start + CHUNK])


def _portions(connection: sa.Connection, table: Any) -> Iterator[list[Any]]:
    last = 0
    while True:
        statement = sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(CHUNK)
        rows = list(connection.execute(statement, execution_options={"seen_by": "migration: search keys"}))
        if not rows:
            return
        yield rows
        last = rows[-1].id
