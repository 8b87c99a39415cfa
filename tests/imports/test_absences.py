"""Absences by day: codes at each age, half days as schools write them, laid over reports of totals."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.attendance.models import AbsentHalfDay, PresenceRow, Pupil, SchoolReport
from outreach.cli import console
from outreach.imports.models import Batch, BatchRow
from outreach.imports.queries.adding_up import import_checks
from outreach.partners.commands import add_agreement
from tests.ground.field import Field, make_field
from tests.imports.files import csv_bytes, xlsx_bytes
from tests.imports.loading import READ, number_of_rows

TITLES = ["Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Datum", "Dagdeel", "Code"]
APART = ["Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Datum", "VM", "NM"]
SO_FAR = 132
"""Half days of 2026-2027 up to the Christmas holiday."""

Run = Callable[..., Result]


def absent(day: str = "05/10/2026", half: str = "VM", code: str = "A", **cells: Any) -> list[Any]:
    """Ayaan, four years old, of school 030000, one half day."""
    values = ["030000", "De Linde", "S-1", "Safi", "Ayaan", "13/06/2022", day, half, code]
    told = dict(zip(TITLES, values, strict=True)) | cells
    return [told[title] for title in TITLES]


def five(day: str, half: str = "", code: str = "P") -> list[Any]:
    """Noor, five years old."""
    return absent(day, half, code, Stamnummer="S-5", Naam="Bah", Voornaam="Noor", **{"Geb.datum": "02/03/2021"})


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    for source in ("absences", "participation"):
        days = {"from_on": date(2019, 9, 1), "until_on": date(2027, 8, 31)}
        add_agreement(session, key=f"a-{source}", area=made.area, source=source, reference="protocol", **days)
    session.commit()
    return made


@pytest.fixture
def run(app: Flask, field: Field) -> Run:
    """Import these absences up to 18 December 2026 for Ghent."""

    def invoke(*files: Path, also: Sequence[str] = (), as_of: str = "2026-12-18", kind: str = "absences") -> Result:
        asked = ["import", *map(str, files), "--kind", kind, "--area", "gent", "--as-of", as_of, "--json"]
        return CliRunner().invoke(console, [*asked, *also], obj=ScriptInfo(create_app=lambda: app))

    return invoke


def done(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def written(folder: Path, *rows: Sequence[Any], name: str = "afwezig.csv", titles: Sequence[str] = TITLES) -> Path:
    path = folder / name
    content = [list(titles), *rows]
    path.write_bytes(csv_bytes(content) if name.endswith("csv") else xlsx_bytes(("Afwezigheden", content)))
    return path


def half_days(session: Session) -> list[tuple[str, int, int, int | None, int | None]]:
    """Pupil number, present, possible, accepted and unlawful in the report that stands."""
    session.rollback()
    statement = (
        select(Pupil.number, PresenceRow.present, PresenceRow.possible, PresenceRow.accepted, PresenceRow.unlawful)
        .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
        .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
        .where(SchoolReport.replaced_at.is_(None))
        .order_by(SchoolReport.as_of, Pupil.number)
    )
    return [tuple(row) for row in session.execute(statement, execution_options=READ)]


def test_half_days_and_whole_days_are_counted_from_the_calendar(run: Run, session: Session, tmp_path: Path) -> None:
    """A morning, a whole Monday, a whole Wednesday (which is a morning), and one half day too late, which is there."""
    rows = [absent(), absent("12/10/2026", ""), absent("14/10/2026", "hele dag"), absent("15/10/2026", "NM", "L")]
    answer = done(run(written(tmp_path, *rows)))
    assert (answer["rows"], answer["refused"], answer["loaded"]) == (4, 0, True)
    assert answer["schools"] == [{"school": "De Linde", "children": 1, "at_risk": 0, "not_attainable": 0, "percent": 0}]
    assert half_days(session) == [("S-1", SO_FAR - 4, SO_FAR, None, None)]
    assert number_of_rows(session, AbsentHalfDay, Batch, BatchRow) == [4, 1, 0]
    assert [each for each in import_checks(session) if not each.ok] == []


def test_who_is_rarely_there_is_marked_as_in_a_report_of_totals(run: Run, tmp_path: Path) -> None:
    """At four 185 half days are needed; with two in three mornings and afternoons lost, 44 of 132 are left."""
    days = [date(2026, 9, 1).fromordinal(date(2026, 9, 1).toordinal() + n) for n in range(100)]
    school = [each for each in days if each.weekday() in (0, 1, 3, 4) and not _holiday(each)]
    rows = [absent(each.strftime("%d/%m/%Y"), "") for each in school]
    assert done(run(written(tmp_path, *rows)))["schools"][0]["at_risk"] == 1


def test_two_columns_of_which_an_empty_one_is_presence(run: Run, session: Session, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        absent("05/10/2026", "A", ""),
        absent("06/10/2026", "a", "A"),
        absent("07/10/2026", "A", ""),
        titles=APART,
        name="afwezig.xlsx",
    )
    assert done(run(path))["refused"] == 0
    assert half_days(session) == [("S-1", SO_FAR - 4, SO_FAR, None, None)]


def test_at_five_accepted_and_unlawful_absences_are_told_apart(run: Run, session: Session, tmp_path: Path) -> None:
    done(run(written(tmp_path, five("05/10/2026"), five("06/10/2026", code="B"), five("08/10/2026", "VM", "B"))))
    assert half_days(session) == [("S-5", SO_FAR - 5, SO_FAR, 2, 3)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (absent("31/02/2026"), "dag"),
        (absent("21/12/2026"), "valt na de dag"),
        (absent("29/06/2026"), "ander schooljaar"),
        (absent("03/10/2026"), "geen school"),
        (absent("07/10/2026", "NM"), "geen school"),
        (absent("02/11/2026"), "geen school"),
        (absent(half="avond"), "geen dagdeel"),
        (absent(code=""), "code ontbreekt"),
        (absent(code="Q"), "bestaat niet"),
        (absent(code="M"), "bestaat niet"),
        (absent(code="P"), "hoort niet bij"),
        (absent(code="B"), "hoort niet bij"),
        (absent(code="Z"), "hoort niet bij"),
        (absent(code="X"), "gold niet"),
        (five("05/10/2026", code="A"), "hoort niet bij"),
        (five("05/10/2026", code="R"), "hoort niet bij"),
        (absent(Stamnummer=""), "leerlingnummer"),
        (absent(**{"Geb.datum": "13/06/2018"}), "8"),
        (absent("15/10/2026"), "staat er al"),
        (absent("16/10/2026", Naam="Jansen"), "heet hier anders"),
    ],
)
def test_a_row_that_cannot_be_right_says_why_and_the_others_are_loaded(
    run: Run, session: Session, tmp_path: Path, row: list[Any], said: str
) -> None:
    result = run(written(tmp_path, absent("15/10/2026"), row))
    answer = done(result)
    assert (answer["rows"], answer["refused"], answer["loaded"]) == (2, 1, True)
    assert said in result.stderr
    assert number_of_rows(session, AbsentHalfDay, BatchRow) == [1, 1]


def test_a_code_counts_from_the_year_in_which_it_came(run: Run, session: Session, tmp_path: Path) -> None:
    """In 2019-2020 a five-year-old was not compulsory: A it is, and P does not exist yet."""
    born = {"Geb.datum": "13/06/2014"}
    rows = [absent("07/10/2019", **born), absent("08/10/2019", code="P", **born)]
    assert done(run(written(tmp_path, *rows), as_of="2019-12-20"))["refused"] == 1
    assert [one[1] - one[2] for one in half_days(session)] == [-1]


def test_in_the_spring_of_2020_everybody_counts_as_present(run: Run, session: Session, tmp_path: Path) -> None:
    """16 March to 30 June 2020; an absence of those weeks is kept, and costs nothing."""
    born = {"Geb.datum": "13/06/2015"}
    rows = [
        absent("09/03/2020", "", **born),
        absent("02/06/2020", "VM", "X", **born),
        absent("02/06/2020", "NM", "N", **born),
        absent("03/06/2020", "VM", "A", **born),
    ]
    assert done(run(written(tmp_path, *rows), as_of="2020-06-05"))["refused"] == 0
    ((_, present, possible, _, _),) = half_days(session)
    assert possible - present == 2


def test_the_same_file_again_and_the_same_rows_again_change_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    first = done(run(written(tmp_path, absent(), absent("06/10/2026"))))
    again = done(run(tmp_path / "afwezig.csv"))
    assert (again["loaded"], again["same_file"], again["schools"]) == (False, True, first["schools"])
    kept = half_days(session)
    done(run(written(tmp_path, absent("06/10/2026"), absent(), name="opnieuw.csv")))
    assert half_days(session) == kept
    assert number_of_rows(session, AbsentHalfDay) == [2]


def test_what_is_told_later_takes_the_place_of_what_was_told(run: Run, session: Session, tmp_path: Path) -> None:
    """The Monday was a mistake, the Tuesday of a five-year-old was accepted after all."""
    done(run(written(tmp_path, absent(), five("06/10/2026", "VM", "B"))))
    done(run(written(tmp_path, absent(code="I"), five("06/10/2026", "VM"), name="beter.csv")))
    assert half_days(session) == [("S-1", SO_FAR, SO_FAR, 0, 0), ("S-5", SO_FAR - 1, SO_FAR, 1, 0)]
    assert session.scalars(select(AbsentHalfDay.code), execution_options=READ).all() == ["P"]


def test_days_are_laid_over_the_totals_of_a_report_before_them(run: Run, session: Session, tmp_path: Path) -> None:
    """60 of 132 at Christmas; in January a morning missed. Who is not in the file was there."""
    titles = ["Schoolnr", "Stamnummer", "Naam", "Voornaam", "Geboortedatum", "Aanwezig", "Mogelijk"]
    totals = [
        ["030000", "S-1", "Safi", "Ayaan", "13/06/2022", 60, SO_FAR],
        ["030000", "S-2", "Diallo", "Mia", "13/06/2022", 130, SO_FAR],
    ]
    done(run(written(tmp_path, *totals, name="rapport.csv", titles=titles), kind="participation"))
    done(run(written(tmp_path, absent("05/01/2027")), as_of="2027-01-08"))
    since = 9
    assert half_days(session)[2:] == [
        ("S-1", 60 + since - 1, SO_FAR + since, None, None),
        ("S-2", 130 + since, SO_FAR + since, None, None),
    ]


def test_without_a_valid_agreement_it_is_only_looked_at(run: Run, session: Session, tmp_path: Path) -> None:
    looked = run(written(tmp_path, absent("07/10/2027")), as_of="2027-12-17")
    assert looked.exit_code == 3
    assert json.loads(looked.stdout)["loaded"] is False
    assert number_of_rows(session, Pupil, SchoolReport, AbsentHalfDay, Batch) == [0, 0, 0, 0]


def _holiday(day: date) -> bool:
    return date(2026, 11, 2) <= day <= date(2026, 11, 11)
