"""`outreach import` as other programs use it: its answer, its exit codes, and what it says on the side."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.cli import console
from outreach.imports.models import Batch, BatchRow
from outreach.partners.commands import add_agreement
from tests.ground.field import Field, make_field
from tests.imports.files import TITLES, csv_bytes, row
from tests.imports.loading import DECEMBER, number_of_rows

Run = Callable[..., Result]
COUNTS = ("rows", "new", "known", "double", "refused", "outside")


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    add_agreement(session, key="nieuw", area=made.area, source="not-enrolled", reference="protocol", **days)
    session.commit()
    return made


@pytest.fixture
def run(app: Flask, field: Field) -> Run:
    """Import these files of 15 December for Ghent."""

    def invoke(*files: Path, area: str = "gent", kind: str = "not-enrolled", also: tuple[str, ...] = ()) -> Result:
        asked = ["import", *map(str, files), "--kind", kind, "--area", area, "--as-of", "2026-12-15", "--json", *also]
        return CliRunner().invoke(console, asked, obj=ScriptInfo(create_app=lambda: app))

    return invoke


def done(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Ayaan, his row once more, somebody of Antwerp, and a row without a birth date."""
    path = tmp_path / "klein.csv"
    elsewhere = row(Voornaam="Mila", INSZ="", Postcode="2000", Gemeente="Antwerpen", NIS_code="11002")
    nameless = row(Voornaam="Noor", INSZ="", Geboortedatum="")
    path.write_bytes(csv_bytes([TITLES, row(), row(), elsewhere, nameless]))
    return path


def test_the_answer_is_what_the_doors_promise(run: Run) -> None:
    answer = done(run(DECEMBER))
    assert answer == {
        "rows": 183,
        "new": 180,
        "known": 0,
        "double": 3,
        "refused": 0,
        "outside": 0,
        "cases_opened": 180,
        "same_file": False,
        "loaded": True,
        "batch": answer["batch"],
        "differences": {
            "new": 180,
            "still": 0,
            "gone": 0,
            "moved": 0,
            "respelt": 0,
            "renumbered": 0,
            "outside_area": 0,
            "proposed": 0,
        },
    }
    assert isinstance(answer["batch"], int)


def test_every_row_is_counted_and_what_is_refused_is_said_beside_it(run: Run, small: Path) -> None:
    result = run(small)
    answer = done(result)
    assert [answer[name] for name in COUNTS] == [4, 2, 0, 1, 1, 1]
    assert answer["cases_opened"] == 2
    assert "rij 5, kolom Geboortedatum" in result.stderr


def test_a_dry_run_counts_and_writes_nothing(run: Run, small: Path, session: Session) -> None:
    looked = done(run(small, also=("--dry-run",)))
    assert [looked[name] for name in COUNTS] == [4, 2, 0, 1, 1, 1]
    assert (looked["batch"], looked["loaded"], looked["cases_opened"]) == (None, False, 0)
    assert number_of_rows(session, Child, Case, Batch, BatchRow) == [0, 0, 0, 0]
    session.rollback()
    assert done(run(small))["new"] == 2


def test_the_same_file_again_is_the_earlier_list(run: Run, small: Path) -> None:
    first, again = done(run(small)), done(run(small))
    assert (again["same_file"], again["loaded"], again["batch"]) == (True, False, first["batch"])
    assert [again[name] for name in COUNTS] == [4, 0, 2, 1, 1, 1]
    assert again["cases_opened"] == 0


def test_several_files_are_loaded_all_or_none(run: Run, small: Path, tmp_path: Path, session: Session) -> None:
    other = tmp_path / "tweede.csv"
    other.write_bytes(csv_bytes([TITLES, row(Voornaam="Lou", INSZ=""), row()]))
    answer = done(run(small, other))
    assert [answer[name] for name in COUNTS] == [6, 3, 1, 1, 1, 1]
    assert [one["file"] for one in answer["files"]] == ["klein.csv", "tweede.csv"]
    broken = tmp_path / "stuk.csv"
    broken.write_bytes(b"%PDF")
    session.rollback()
    third = tmp_path / "derde.csv"
    third.write_bytes(csv_bytes([TITLES, row(Voornaam="Ada", INSZ="")]))
    assert run(third, broken).exit_code == 2
    assert number_of_rows(session, Child) == [3]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"a;b\r\n1;2\r\n"])
def test_a_file_that_is_no_list_is_wrong_use(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "geen-lijst.csv"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "geen-lijst.csv" in result.stderr


def test_unknown_areas_kinds_and_files_are_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run(DECEMBER, area="nergens").exit_code == 2
    assert run(DECEMBER, kind="running").exit_code == 2
    assert run(tmp_path / "weg.csv").exit_code == 2
    assert run(DECEMBER, also=("--agreement", "geen")).exit_code == 2


def test_an_agreement_must_be_valid_on_the_day_of_the_list(
    run: Run, field: Field, session: Session, small: Path
) -> None:
    days = {"from_on": date(2025, 9, 1), "until_on": date(2026, 8, 31)}
    add_agreement(session, key="oud", area=field.area, source="not-enrolled", reference="protocol", **days)
    session.commit()
    refused = run(small, also=("--agreement", "oud"))
    assert refused.exit_code == 3
    assert "oud" in refused.stderr
    assert number_of_rows(session, Child, Batch) == [0, 0]
    session.rollback()
    taken = run(small)
    assert done(taken)["loaded"]
    assert "overeenkomst" not in taken.stderr


def test_without_exactly_one_agreement_a_list_is_only_looked_at(
    run: Run, field: Field, session: Session, small: Path
) -> None:
    """None for 2028, two for the day of the list: the counts come, nothing is loaded, and the command ends with 3."""
    add_agreement(
        session,
        key="ook",
        area=field.area,
        source="not-enrolled",
        from_on=date(2026, 12, 1),
        until_on=date(2026, 12, 31),
        reference="x",
    )
    session.commit()
    for looked in (run(small), run(small, also=("--as-of", "2028-01-15"))):
        assert looked.exit_code == 3
        answer = json.loads(looked.stdout)
        assert [answer[name] for name in (*COUNTS, "loaded", "batch")] == [4, 2, 0, 1, 1, 1, False, None]
    assert number_of_rows(session, Child, Batch) == [0, 0]
    session.rollback()
    assert done(run(small, also=("--agreement", "ook")))["loaded"]


def test_a_list_of_a_day_to_come_is_loaded_with_a_warning(run: Run, small: Path) -> None:
    result = run(small, also=("--as-of", "2027-01-15"))
    assert done(result)["loaded"]
    assert "15/1/2027" in result.stderr
