"""The server of the tests itself."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.ground import cluster


def test_each_worker_has_a_database_that_speaks_utf8_and_utc(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert connection.scalar(text("SELECT 'é'")) == "é"
    engine.dispose()


def test_a_stopped_server_leaves_no_folder_behind() -> None:
    server = cluster.start()
    assert (server.folder / "data" / "postmaster.pid").exists()
    server.stop()
    assert not server.folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may not run a server itself")
def test_root_without_debians_server_gets_the_packaged_one_run_by_another_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "_DEBIAN", tmp_path)
    server = cluster.start()
    assert server.runs_as is not None
    assert server.binaries.is_relative_to(server.folder)
    server.stop()
