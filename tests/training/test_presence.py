"""The reports of the world are believable on any day of the year: read without a refused row, some kleuters at risk."""

from datetime import date
from pathlib import Path

import pytest

from outreach.imports.absences import receive_days
from outreach.imports.models import ABSENCES, PARTICIPATION
from outreach.imports.participation import receive_files
from outreach.imports.reading import RawRow, read_list, vocabulary
from outreach.schoolyear import Counter, SchoolCalendar
from outreach.training.world.partners import SCHOOLS
from outreach.training.world.reports import IncomingReports, write_reports

from .test_world import DAYS


@pytest.fixture(params=DAYS[::3], ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


def attended_of(incoming: IncomingReports) -> list[tuple[int, int]]:
    """Half days present and possible of everybody in a report of totals."""
    reports = receive_files([read_list(incoming.file, vocabulary=vocabulary.PARTICIPATION)], incoming.as_of)
    assert reports.refused == 0
    pupils = [each for school in reports.schools.values() for each in school.pupils]
    return [(each.present, each.possible or 0) for each in pupils]


def test_every_row_can_be_read(today: date, tmp_path: Path) -> None:
    for incoming in write_reports(tmp_path, today):
        if incoming.kind == ABSENCES:
            days = receive_days([read_list(incoming.file, vocabulary=vocabulary.ABSENCES)], incoming.as_of)
            assert days.refused == 0
            assert days.rows > 10
        else:
            attended = attended_of(incoming)
            assert len(attended) > 100
            assert all(0 <= present <= possible for present, possible in attended)


def test_reports_came_in_before_today_on_a_day_people_work(today: date, tmp_path: Path) -> None:
    calendar = SchoolCalendar()
    for incoming in write_reports(tmp_path, today):
        assert incoming.as_of < incoming.on < today
        assert calendar.counts(incoming.as_of, Counter.SCHOOL_DAYS)
        assert calendar.counts(incoming.on, Counter.WORKING_DAYS)


def test_a_later_report_of_the_same_year_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    first, second, by_day = write_reports(tmp_path, date(2026, 11, 27))
    known = {(row.cells["school_number"], row.cells["pupil_number"]): row.cells for row in _rows(first)}
    for row in _rows(second):
        before = known.get((row.cells["school_number"], row.cells["pupil_number"]))
        if before is not None:
            assert before["last_name"] == row.cells["last_name"]
            assert int(before["present"]) <= int(row.cells["present"])
    assert {row.cells["school_number"] for row in _rows(by_day)} == {SCHOOLS[2].number}


def _rows(incoming: IncomingReports) -> list[RawRow]:
    words = vocabulary.PARTICIPATION if incoming.kind == PARTICIPATION else vocabulary.ABSENCES
    return list(read_list(incoming.file, vocabulary=words).rows())
