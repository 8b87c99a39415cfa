"""Reports of participation: the published schools of Ghent, files as they arrive, and rows that cannot be right."""

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

from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.cli import console
from outreach.imports.models import Batch, BatchRow
from outreach.imports.queries.adding_up import import_checks
from outreach.partners.commands import add_agreement, add_closing
from outreach.partners.models import Organisation
from tests.ground.field import Field, make_field
from tests.imports.files import csv_bytes, xlsx_bytes
from tests.imports.loading import DATA, READ, number_of_rows

SAMPLES = sorted(DATA.glob("kleuterparticipatie-2018-04-*.xlsx"))
PUBLISHED = [(107, 31, 29), (194, 42, 22), (146, 26, 18), (106, 22, 21), (42, 2, 5), (87, 20, 23), (76, 12, 16)]
"""Kleuters, marked and per cent of the seven schools of Ghent after Easter 2018."""

TITLES = ["Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Klas", "Aanwezig", "Mogelijk"]
Run = Callable[..., Result]


def pupil(number: str = "S-1", **cells: Any) -> list[Any]:
    """Ayaan of the first class of school 030000: 120 of 236 half days."""
    values = ["030000", "De Linde", number, "Safi", "Ayaan", "13/06/2014", "K1", 120, 236]
    told = dict(zip(TITLES, values, strict=True)) | cells
    return [told[title] for title in TITLES]


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    days = {"from_on": date(2017, 9, 1), "until_on": date(2018, 8, 31)}
    add_agreement(session, key="p-2018", area=made.area, source="participation", reference="protocol", **days)
    session.commit()
    return made


@pytest.fixture
def run(app: Flask, field: Field) -> Run:
    """Import these reports of 30 March 2018 for Ghent."""

    def invoke(*files: Path, also: Sequence[str] = (), as_of: str = "2018-03-30") -> Result:
        asked = ["import", *map(str, files), "--kind", "participation", "--area", "gent", "--as-of", as_of, "--json"]
        return CliRunner().invoke(console, [*asked, *also], obj=ScriptInfo(create_app=lambda: app))

    return invoke


def done(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def written(folder: Path, *rows: Sequence[Any], name: str = "rapport.csv", titles: Sequence[str] = TITLES) -> Path:
    path = folder / name
    content = [list(titles), *rows]
    path.write_bytes(csv_bytes(content) if name.endswith("csv") else xlsx_bytes(("Rapport", content)))
    return path


def test_the_seven_schools_of_ghent_come_out_as_published(run: Run) -> None:
    answer = done(run(*SAMPLES))
    assert (answer["rows"], answer["refused"], answer["loaded"]) == (758, 0, True)
    told = [(one["children"], one["at_risk"], one["percent"]) for one in answer["schools"]]
    assert told == PUBLISHED
    assert [one["school"] for one in answer["schools"]] == [f"School {n}" for n in range(1, 8)]


def test_a_folder_is_the_files_in_it(run: Run, tmp_path: Path) -> None:
    for sample in SAMPLES[4:]:
        (tmp_path / sample.name).write_bytes(sample.read_bytes())
    (tmp_path / "~$open.xlsx").write_bytes(b"left behind by Excel")
    assert [one["children"] for one in done(run(tmp_path))["schools"]] == [42, 87, 76]


def test_what_is_kept_is_each_kleuter_once_and_a_school_to_look_at(run: Run, session: Session, tmp_path: Path) -> None:
    done(run(written(tmp_path, pupil(), pupil("S-2", Voornaam="Noor"))))
    session.rollback()
    school = session.scalars(select(Organisation).where(Organisation.number == "030000")).one()
    assert (school.name, school.kind, school.unverified_since is not None) == ("De Linde", "school", True)
    assert number_of_rows(session, Pupil, SchoolReport, PresenceRow, Batch, BatchRow) == [2, 1, 2, 1, 0]
    assert [each for each in import_checks(session) if not each.ok] == []


def test_the_same_file_again_changes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    path = written(tmp_path, pupil())
    first, again = done(run(path)), done(run(path))
    assert (again["loaded"], again["same_file"]) == (False, True)
    assert again["schools"] == first["schools"]
    assert number_of_rows(session, SchoolReport, PresenceRow) == [1, 1]


def test_a_corrected_report_of_the_same_day_takes_the_place_of_the_first(
    run: Run, session: Session, tmp_path: Path
) -> None:
    done(run(written(tmp_path, pupil())))
    done(run(written(tmp_path, pupil(Aanwezig=200, Voornaam="Ayaan Ali"), name="beter.csv")))
    session.rollback()
    reports = session.scalars(select(SchoolReport).order_by(SchoolReport.id), execution_options=READ).all()
    assert [each.replaced_at is None for each in reports] == [False, True]
    assert session.scalars(select(Pupil.first_name), execution_options=READ).all() == ["Ayaan Ali"]


def test_without_a_valid_agreement_it_is_only_looked_at(run: Run, session: Session, tmp_path: Path) -> None:
    looked = run(written(tmp_path, pupil()), as_of="2019-03-29")
    assert looked.exit_code == 3
    answer = json.loads(looked.stdout)
    assert (answer["rows"], answer["loaded"]) == (1, False)
    assert number_of_rows(session, Pupil, SchoolReport, Batch) == [0, 0, 0]


def test_of_two_agreements_one_must_be_named(run: Run, field: Field, session: Session, tmp_path: Path) -> None:
    days = {"from_on": date(2018, 1, 1), "until_on": date(2018, 12, 31)}
    add_agreement(session, key="second", area=field.area, source="participation", reference="x", **days)
    session.commit()
    path = written(tmp_path, pupil())
    assert run(path).exit_code == 3
    assert done(run(path, also=("--agreement", "second")))["loaded"] is True


def test_a_dry_run_keeps_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    before = number_of_rows(session, Organisation)
    assert done(run(written(tmp_path, pupil()), also=("--dry-run",)))["loaded"] is False
    assert number_of_rows(session, Pupil, SchoolReport, Batch, Organisation) == [0, 0, 0, *before]


def test_every_refused_row_says_why_and_the_others_are_loaded(run: Run, session: Session, tmp_path: Path) -> None:
    rows = {
        "het schoolnummer": pupil(Schoolnr="zonder"),
        "het leerlingnummer": pupil(Stamnummer=""),
        "geboorte": pupil("S-3", **{"Geb.datum": "31/02/2014"}),
        "halve dagen": pupil("S-4", Aanwezig="veel"),
        "geen heel": pupil("S-5", Aanwezig="12,5"),
        "meer dan er mogelijk": pupil("S-6", Aanwezig=237),
        "staat al op rij 2": pupil(),
        "meer dan een schooljaar": pupil("S-7", Aanwezig=1200, Mogelijk=2000),
    }
    result = run(written(tmp_path, pupil(), *rows.values()))
    answer = done(result)
    assert (answer["rows"], answer["refused"], answer["schools"][0]["children"]) == (9, 8, 1)
    for said in rows:
        assert said.casefold() in result.stderr.casefold(), said
    assert number_of_rows(session, BatchRow) == [8]


def test_numbers_as_a_spreadsheet_leaves_them(run: Run, tmp_path: Path) -> None:
    """The leading zero is gone, counts are 120.0, absences stand in place of the possible half days."""
    titles = ["Instellingsnummer", "Leerlingnr", "Naam en voornaam", "Geboortejaar", "Aanwezig", "Afwezig"]
    path = written(tmp_path, [30000, 17, "SAFI Ayaan", 2014, 108.0, 128.0], name="rapport.xlsx", titles=titles)
    assert done(run(path))["schools"] == [
        {"school": "030000", "children": 1, "at_risk": 1, "not_attainable": 0, "percent": 100}
    ]


def test_possible_half_days_are_counted_where_the_report_does_not_tell_them(
    run: Run, session: Session, tmp_path: Path
) -> None:
    """From the day of entry: 99 half days since 8 January 2018. Nothing told: from the first school day, 236."""
    titles = ["Schoolnr", "Stamnummer", "Naam", "Voornaam", "Geboortedatum", "Instapdatum", "Aanwezig"]
    late = ["030000", "1", "Safi", "Ayaan", "5/7/2015", "8/01/2018", 67]
    early = ["030000", "2", "Safi", "Noor", "13/06/2014", "", 67]
    done(run(written(tmp_path, late, early, titles=titles)))
    session.rollback()
    told = select(PresenceRow.possible, PresenceRow.possible_told).order_by(PresenceRow.id)
    assert [tuple(row) for row in session.execute(told, execution_options=READ)] == [(99, False), (236, False)]


def test_a_late_entrant_is_counted_apart(run: Run, tmp_path: Path) -> None:
    """Started after Ascension: 100 half days cannot be had any more. Not marked, and said."""
    late = pupil(**{"Geb.datum": "01/11/2015"}, Aanwezig=2, Mogelijk=4)
    answer = done(run(written(tmp_path, late), as_of="2018-05-18"))
    assert answer["schools"][0] | {"school": ""} == {
        "school": "",
        "children": 1,
        "at_risk": 0,
        "not_attainable": 1,
        "percent": 0,
    }


def test_free_days_a_school_registered_count_and_those_of_the_area_do_not(
    run: Run, field: Field, session: Session, tmp_path: Path
) -> None:
    """109 of 236 is 151 with 91 half days left; with three days less it is 148, below 150."""
    just = pupil(Aanwezig=109)
    done(run(written(tmp_path, just), also=("--dry-run",)))
    add_closing(session, from_on=date(2018, 4, 16), until_on=date(2018, 4, 27), reason="staking", area=field.area)
    session.commit()
    assert done(run(written(tmp_path, just)))["schools"][0]["at_risk"] == 0
    school = session.scalars(select(Organisation).where(Organisation.number == "030000")).one()
    free = {"from_on": date(2018, 5, 14), "until_on": date(2018, 5, 16)}
    add_closing(session, reason="facultatieve vakantiedagen", organisation=school, **free)
    session.commit()
    again = written(tmp_path, just, pupil("S-9", Aanwezig=236), name="weer.csv")
    assert done(run(again))["schools"][0]["at_risk"] == 1


def test_a_list_of_children_who_are_not_enrolled_is_no_report(run: Run) -> None:
    result = run(DATA / "niet-ingeschreven-2026-12.csv")
    assert result.exit_code == 2
    assert "schoolnummer" in result.stderr


def test_a_school_spread_over_two_files_is_one_school(run: Run, tmp_path: Path) -> None:
    one = written(tmp_path, pupil(), name="a.csv")
    two = written(tmp_path, pupil("S-2"), pupil(), name="b.csv")
    answer = done(run(one, two))
    assert (answer["refused"], [each["children"] for each in answer["schools"]]) == (1, [2])
