"""A long list on the console says how far it is, and stopped or killed halfway it leaves nothing half loaded."""

import os
import signal
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Event
from outreach.children.models import Child
from outreach.cli import console
from outreach.cli.progress import Progress
from outreach.errors import Refused
from outreach.imports.commands import filling
from outreach.imports.models import Batch, BatchRow
from outreach.imports.progress import Stage
from tests.ground.field import Field, make_field
from tests.imports.files import TITLES, csv_bytes
from tests.imports.loading import agree, number_of_rows
from tests.imports.test_pages import some_child


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021",))
    agree(made)
    session.commit()
    return made


@pytest.fixture
def long_list(tmp_path: Path) -> list[str]:
    """The call that loads a list of sixty children."""
    file = tmp_path / "lang.csv"
    file.write_bytes(csv_bytes([TITLES, *(some_child(number) for number in range(60))]))
    return ["import", str(file), "--kind", "not-enrolled", "--area", "gent", "--as-of", "2026-12-15", "--json"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_halfway_nothing_is_loaded_and_it_is_said(
    app: Flask, field: Field, session: Session, long_list: list[str], monkeypatch: pytest.MonkeyPatch, sign: int
) -> None:
    write_rows = filling.write_rows
    monkeypatch.setattr(filling, "_PORTION", 20)

    def stopped_meanwhile(*given: Any) -> None:
        write_rows(*given)
        os.kill(os.getpid(), sign)

    monkeypatch.setattr(filling, "write_rows", stopped_meanwhile)
    answer = CliRunner().invoke(console, long_list, obj=ScriptInfo(create_app=lambda: app))
    assert answer.exit_code == 3
    assert "Gestopt" in answer.stderr
    session.rollback()
    assert number_of_rows(session, Child, Case, Event, Batch, BatchRow) == [0, 0, 0, 0, 0]
    monkeypatch.undo()
    again = CliRunner().invoke(console, long_list, obj=ScriptInfo(create_app=lambda: app))
    assert again.exit_code == 0, again.stderr
    session.rollback()
    assert number_of_rows(session, Child, Case, BatchRow) == [60, 60, 60]


def test_a_terminal_sees_one_line_and_a_file_sees_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with Progress() as told:
        told(Stage.READ, 12_500)
        told(Stage.WRITTEN, 2_000)
    assert "12.500 rijen gelezen" in shown.getvalue()
    assert "2.000 kinderen bewaard" in shown.getvalue()
    assert "\n" not in shown.getvalue()
    silent = StringIO()
    monkeypatch.setattr(sys, "stderr", silent)
    with Progress() as told:
        told(Stage.READ, 12_500)
    assert silent.getvalue() == ""


def test_signals_are_given_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Progress() as told:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Refused, match="list_stopped"):
            told(Stage.READ, 500)
    assert signal.getsignal(signal.SIGINT) is before
