"""How a connection is opened: SQLite careful with writes and deletes, PostgreSQL rid of who hangs."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

_BUSY_MS = 15_000

_GIVES_UP = (
    "SET idle_in_transaction_session_timeout = '300s'",
    "SET tcp_keepalives_idle = 60",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)
"""A process that hangs in the middle of a change, or a machine that vanished, holds nobody up for long."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={_BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-20000",
    "PRAGMA temp_store=MEMORY",
)


def engine_options(url: str) -> dict[str, Any]:
    """What create_engine is given for this address."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {"url": parsed, "connect_args": {"check_same_thread": False, "timeout": _BUSY_MS / 1000}}
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return {"url": parsed, "pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def prepare(engine: Engine) -> None:
    """Set what each new connection needs; on SQLite let writing transactions begin IMMEDIATE."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _open_postgres)


def _open_postgres(raw: Any, _record: Any) -> None:
    raw.autocommit = True
    with raw.cursor() as cursor:
        for setting in _GIVES_UP:
            cursor.execute(setting)
    raw.autocommit = False


def _open_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must not begin on its own: `_begin_sqlite` does
    cursor = raw.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("outreach_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
