"""A migrated database is what the models say, on SQLite and on PostgreSQL."""

import pytest
from flask import Flask

from outreach import schema


@pytest.mark.parametrize("kind", ["sqlite_app", "postgres_app"])
def test_models_and_migrations_agree(kind: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(kind)
    with app.app_context():
        assert schema.is_current()
        assert schema.differences() == []
