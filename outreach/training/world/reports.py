"""Which reports of participation come in, and when: totals of four schools, and once the absences by day of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from outreach.imports.models import ABSENCES, PARTICIPATION
from outreach.schoolyear import Counter, SchoolCalendar, age_in, school_year_of
from outreach.training.world.listing import file_of
from outreach.training.world.partners import SCHOOLS, Place
from outreach.training.world.pupils import Kleuter, kleuters_of

_AGO_DAYS = (52, 10)
"""Of about how long ago the two reports are."""

_BY_DAY = SCHOOLS[2].key
"""The school that can give absences by day."""

_OF_SCHOOL = ("Schoolnummer", "School", "Leerlingnummer", "Naam", "Voornaam", "Geboortedatum", "Klas")
_TOTALS = (*_OF_SCHOOL, "Instapdatum", "Aanwezig (halve dagen)", "Mogelijk (halve dagen)")
_DAYS = (*_OF_SCHOOL, "Datum", "Dagdeel", "Code")

Of = list[tuple[Place, list[Kleuter]]]


@dataclass(frozen=True)
class IncomingReports:
    """A file of a kind that comes in on a day and tells until when (`as_of`) kleuters were there."""

    on: date
    as_of: date
    kind: str
    file: Path


def write_reports(folder: Path, today: date) -> list[IncomingReports]:
    """Write the files: in the order they come in. Around the start of a school year one report may be all there is."""
    calendar = SchoolCalendar()
    first, second = (calendar.on_or_before(today - timedelta(days=days), Counter.SCHOOL_DAYS) for days in _AGO_DAYS)
    incoming = []
    for as_of in sorted({first, second}):
        schools = [(school, kleuters_of(school, *_story(as_of, first, second))) for school in SCHOOLS]
        totals = [pair for pair in schools if pair[0].key != _BY_DAY or as_of != second or first == second]
        incoming.append(_write(folder, as_of, PARTICIPATION, _TOTALS, _totals(totals, as_of, calendar)))
        if len(totals) < len(schools):
            by_day = [pair for pair in schools if pair not in totals]
            incoming.append(_write(folder, as_of, ABSENCES, _DAYS, _absences(by_day, as_of)))
    return incoming


def _story(as_of: date, first: date, second: date) -> tuple[date, date]:
    """Until when a school year is told, and when habits turn: both reports of one year tell one story."""
    if school_year_of(first) == school_year_of(second):
        return second, first
    return as_of, as_of


def _write(
    folder: Path, as_of: date, kind: str, titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> IncomingReports:
    folder.mkdir(parents=True, exist_ok=True)
    word = "kleuterparticipatie" if kind == PARTICIPATION else "afwezigheden"
    file = folder / f"{word}-{as_of.isoformat()}.csv"
    file.write_bytes(file_of(titles, rows))
    on = SchoolCalendar().on_or_after(as_of + timedelta(days=1), Counter.WORKING_DAYS)
    return IncomingReports(on, as_of, kind, file)


def _totals(schools: Of, as_of: date, calendar: SchoolCalendar) -> Iterator[tuple[str, ...]]:
    for school, kleuters in schools:
        for one in kleuters:
            if one.entry_on <= as_of:
                present, possible = one.there(as_of, calendar)
                yield (*_pupil(school, one), _day(one.entry_on), str(present), str(possible))


def _absences(schools: Of, as_of: date) -> Iterator[tuple[str, ...]]:
    """Below five absence is all that is written; at five it is accepted or not, and mostly it is."""
    year = school_year_of(as_of)
    for school, kleuters in schools:
        for one in kleuters:
            five = age_in(year, one.born_on.year) >= 5
            for place, (day, half) in enumerate(sorted(one.absent)):
                code = ("B" if place % 9 == 8 else "P") if five else "A"
                yield (*_pupil(school, one), _day(day), "VM" if half == 1 else "NM", code)


def _pupil(school: Place, one: Kleuter) -> tuple[str, ...]:
    name = (one.last_name, one.first_name)
    return (school.number or "", school.name, one.number, *name, _day(one.born_on), one.class_name)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
