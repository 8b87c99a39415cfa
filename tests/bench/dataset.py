"""Flanders by numbers: 25 areas, 1,000 people who visit families, 100,000 open cases; bulk inserts, no command.

Other numbers of people, cases and late visits make other mornings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, islice
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, insert, text

from outreach import clock
from outreach.accounts.models import Membership, Person
from outreach.cases.models import Assignment, Attempt, Case, Event, Report, Step, Track
from outreach.cases.references import ALPHABET, check_character
from outreach.cases.workflow import Circumstances, derive, processes
from outreach.children.models import Child, ChildSearchKey, Grant, Household, HouseholdMembership, Residence
from outreach.partners.models import Area, AreaMunicipality, Organisation, OrganisationArea
from outreach.schoolyear import SchoolCalendar
from tests.bench.naming import names_of, search_keys

AREAS, TEAMS = 25, 2
"""Areas, and visiting teams in each."""

OPEN_PER_WORKER = 100
CASES = AREAS * TEAMS * 20 * OPEN_PER_WORKER
_CHUNK = 5_000
_KINDS = ("lop", "huis-van-het-kind", *["inloopteam"] * TEAMS)
_FIRST_PERSON = 1_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Flanders:
    """All rows, seen from a moment: people in each team, open visits of each, of how many one is late."""

    now: datetime
    by_id: int
    workers: int = 20
    open_per_worker: int = OPEN_PER_WORKER
    late_one_in: int = 8

    @cached_property
    def people(self) -> int:
        """How many people visit families."""
        return AREAS * TEAMS * self.workers

    @cached_property
    def cases(self) -> int:
        """How many cases, each with an open visit."""
        return self.people * self.open_per_worker

    @cached_property
    def today(self) -> date:
        """The day everything is seen on."""
        return clock.local(self.now).date()

    @cached_property
    def opened_on(self) -> date:
        """When every list came in and every visit was asked."""
        return self.today - timedelta(days=25)

    @cached_property
    def opened_at(self) -> datetime:
        """The same as a moment."""
        return self.now - timedelta(days=25)

    @cached_property
    def why(self) -> Row:
        """How the dates of a visit came about, as long as it is in real life."""
        rule = processes().step("enrolment", processes().current("enrolment").version, "home_visit")
        born_on = date(self.today.year - 4, 3, 10)
        return derive(rule, Circumstances(born_on, self.opened_on, self.opened_on, SchoolCalendar())).why

    def person(self, worker: int) -> int:
        """The person a worker is."""
        return _FIRST_PERSON + AREAS + worker

    def area(self, worker: int) -> int:
        """The area a worker works in."""
        return worker // (self.workers * TEAMS) + 1

    def lead(self, worker: int) -> int:
        """The LOP of a worker's area."""
        return (self.area(worker) - 1) * len(_KINDS) + 1

    def team(self, worker: int) -> int:
        """The organisation of a worker."""
        return self.lead(worker) + 2 + worker // self.workers % TEAMS

    def aim(self, number: int) -> date:
        """When the visit of a case should be done: some days ago for the late ones."""
        if number % self.late_one_in == 0:
            return self.today - timedelta(days=3 + number // self.late_one_in % 20)
        return self.today + timedelta(days=20 + number % 37)


def reference(number: int) -> str:
    """The reference of a case by its number."""
    body = "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(5))
    return f"{body}-{check_character(body)}"


def fill(connection: Connection, at: Flanders) -> None:
    """Write all of it on an empty database whose only people are the built-in actors."""
    _fill(connection, at, _OF_EACH_CASE)
    _put(connection, ChildSearchKey, search_keys(at.cases))
    _count_on(connection)


def fill_open_steps(connection: Connection, at: Flanders) -> None:
    """Write only what a morning run reads: of each case the open visit, not the way there."""
    _fill(connection, at, _OF_EACH_OPEN_STEP)
    _count_on(connection)


def _fill(connection: Connection, at: Flanders, of_each_case: "OfEachCase") -> None:
    _put(connection, Organisation, _organisations())
    for model, rows in ((Area, _area), (AreaMunicipality, _municipality)):
        _put(connection, model, (rows(number) for number in range(1, AREAS + 1)))
    _put(connection, OrganisationArea, _serving())
    _put(connection, Person, _people(at))
    _put(connection, Membership, _memberships(at))
    for model, *makers in of_each_case:
        _put(connection, model, (make(at, number, worker) for number, worker in _numbered(at) for make in makers))


def _count_on(connection: Connection) -> None:
    """New rows get the ids after those that were given here."""
    if connection.dialect.name != "postgresql":
        return
    for model in (Organisation, Area, Person, Household, Child, Case, Track, Step, Report):
        name = f'"{model.__tablename__}"'
        statement = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
        connection.execute(text(statement), execution_options={"seen_by": "bench"})


def _put(connection: Connection, model: Any, rows: Iterator[Row]) -> None:
    if connection.dialect.name == "postgresql":
        _copy(connection, model, rows)
        return
    while chunk := list(islice(rows, _CHUNK)):
        connection.execute(insert(model.__table__), chunk)


def _copy(connection: Connection, model: Any, rows: Iterator[Row]) -> None:
    """The quick way into PostgreSQL; every row names the same columns."""
    first = next(rows)
    names = ", ".join(f'"{name}"' for name in first)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f'COPY "{model.__tablename__}" ({names}) FROM STDIN') as copy:
        for row in chain([first], rows):
            copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row.values()])


def _area(number: int) -> Row:
    key, name = f"a{number}", f"Gebied {number}"
    return {"id": number, "key": key, "name": name, "coordinator_id": (number - 1) * len(_KINDS) + 1}


def _municipality(number: int) -> Row:
    return {"area_id": number, "nis": f"{90000 + number}"}


def _serving() -> Iterator[Row]:
    for number in range(AREAS * len(_KINDS)):
        yield {"organisation_id": number + 1, "area_id": number // len(_KINDS) + 1}


def _numbered(at: Flanders) -> Iterator[tuple[int, int]]:
    """Every case with its worker."""
    return ((number, (number - 1) // at.open_per_worker) for number in range(1, at.cases + 1))


def _organisations() -> Iterator[Row]:
    for number in range(AREAS * len(_KINDS)):
        kind = _KINDS[number % len(_KINDS)]
        key = f"{kind}-{number}"
        yield {
            "id": number + 1,
            "key": key,
            "kind": kind,
            "name": key,
            "mailbox": f"{key}@example.test",
            "language": "nl",
        }


def _people(at: Flanders) -> Iterator[Row]:
    for n in range(AREAS + at.people):
        yield {"id": _FIRST_PERSON + n, "email": f"p{n}@example.test", "name": f"Persoon {n}", "language": "nl"}


def _memberships(at: Flanders) -> Iterator[Row]:
    same = {"from_on": at.today - timedelta(days=400), "added_by_id": at.by_id}
    for n in range(AREAS):
        yield {"person_id": _FIRST_PERSON + n, "organisation_id": n * 4 + 1, "role": "coordinator", **same}
    for worker in range(at.people):
        yield {"person_id": at.person(worker), "organisation_id": at.team(worker), "role": "worker", **same}


def _household(at: Flanders, number: int, _: int) -> Row:
    return {"id": number, "address_key": f"s {number}", "reference_key": "", "created_at": at.now}


def _child(at: Flanders, number: int, _: int) -> Row:
    born_on = date(at.today.year - 4, 1 + number % 12, 1 + number % 28)
    first_name, last_name = names_of(number)
    names = {"first_name": first_name, "last_name": last_name, "name_key": f"kind {number}"}
    return {"id": number, "household_id": number, "born_on": born_on, "created_at": at.now, "version": 1, **names}


def _belonging(at: Flanders, number: int, _: int) -> Row:
    return {"child_id": number, "household_id": number, "from_at": at.now, "by_id": at.by_id}


def _residence(at: Flanders, number: int, worker: int) -> Row:
    place = {"street": "Sleepstraat", "number": str(number), "box": "", "postcode": "9000", "municipality": "Gent"}
    known = {"nis": f"{90000 + at.area(worker)}", "kind": "home", "address_key": f"s {number}"}
    return {"child_id": number, "from_at": at.now, "by_id": at.by_id, **place, **known}


def _case(at: Flanders, number: int, worker: int) -> Row:
    whose = {"child_id": number, "area_id": at.area(worker), "lead_id": at.lead(worker)}
    opened = {"opened_on": at.opened_on, "opened_at": at.opened_at}
    return {
        "id": number,
        "reference": reference(number),
        "origin": "list",
        "outside": False,
        "version": 1,
        **whose,
        **opened,
    }


def _track(at: Flanders, number: int, _: int) -> Row:
    opened = {"opened_on": at.opened_on, "opened_at": at.opened_at}
    return {"id": number, "case_id": number, "process": "enrolment", "process_version": 1, **opened}


def _step(at: Flanders, number: int, worker: int) -> Row:
    return {
        "case_id": number,
        "track_id": number,
        "area_id": at.area(worker),
        "to_assign": False,
        "scope": "full",
        "opened_on": at.opened_on,
        "opened_at": at.opened_at,
        "told_at": at.opened_at,
        "starts_on": at.opened_on,
        "tight": False,
        "why": at.why,
        "stays": 0,
        "pauses": 0,
        "last_fact_on": at.opened_on,
        "version": 1,
    }


def _intake(at: Flanders, number: int, worker: int) -> Row:
    return {
        **_step(at, number, worker),
        "id": 2 * number - 1,
        "number": 1,
        "key": "intake",
        "state": "done",
        "organisation_id": at.lead(worker),
        "person_id": None,
        "owner_reason": "lead",
        "counter": "working_days",
        "aim_on": at.opened_on,
        "too_late_on": None,
        "due_on": at.opened_on,
        "ended_at": at.opened_at,
        "outcome": "assign",
    }


def _visit(at: Flanders, number: int, worker: int) -> Row:
    aim_on = at.aim(number)
    return {
        **_step(at, number, worker),
        "id": 2 * number,
        "number": 2,
        "key": "home_visit",
        "state": "open",
        "organisation_id": at.team(worker),
        "person_id": at.person(worker),
        "owner_reason": "named",
        "counter": "outreach_days",
        "aim_on": aim_on,
        "too_late_on": aim_on + timedelta(days=15),
        "due_on": aim_on,
        "ended_at": None,
        "outcome": None,
    }


def _assignment(at: Flanders, number: int, worker: int) -> Row:
    whose = {"organisation_id": at.team(worker), "person_id": at.person(worker), "reason": "named"}
    return {"case_id": number, "step_id": 2 * number, "at": at.opened_at, "by_id": at.by_id, **whose}


def _report(at: Flanders, number: int, worker: int) -> Row:
    by = {"at": at.opened_at, "by_id": at.by_id, "organisation_id": at.lead(worker)}
    return {"id": number, "case_id": number, "step_id": 2 * number - 1, "outcome": "assign", "facts": {}, **by}


def _opened(at: Flanders, number: int, worker: int) -> Row:
    by = {"at": at.opened_at, "by_id": at.by_id, "organisation_id": at.lead(worker), "via": "import"}
    return {"case_id": number, "seq": 1, "step_id": 2 * number - 1, "kind": "case_opened", "data": {}, **by}


def _reported(at: Flanders, number: int, worker: int) -> Row:
    return {**_opened(at, number, worker), "seq": 2, "kind": "outcome_reported"}


def _attempt(at: Flanders, number: int, worker: int) -> Row:
    tried_at = at.now - timedelta(days=20)
    return {
        "case_id": number,
        "step_id": 2 * number,
        "household_id": number,
        "occasion": f"o{number}",
        "channel": "door",
        "on": clock.local(tried_at).date(),
        "at": tried_at,
        "recorded_at": tried_at,
        "reached": False,
        "interpreter": False,
        "details": {},
        "by_id": at.person(worker),
        "organisation_id": at.team(worker),
    }


def _grant(at: Flanders, number: int, subject: str) -> Row:
    same = {"child_id": number, "case_id": number, "scope": "full", "since": at.opened_at, "until": None}
    return {"subject": subject, "person_id": None, **same}


def _leads(at: Flanders, number: int, worker: int) -> Row:
    return {**_grant(at, number, f"case:{number}"), "reason": "lead", "organisation_id": at.lead(worker)}


def _had_intake(at: Flanders, number: int, worker: int) -> Row:
    until = at.opened_at + timedelta(days=60)
    whose = {"reason": "owner", "organisation_id": at.lead(worker), "until": until}
    return {**_grant(at, number, f"step:{2 * number - 1}"), **whose}


def _has_visit(at: Flanders, number: int, worker: int) -> Row:
    return {**_grant(at, number, f"step:{2 * number}"), "reason": "owner", "organisation_id": at.team(worker)}


def _visits(at: Flanders, number: int, worker: int) -> Row:
    return {**_has_visit(at, number, worker), "person_id": at.person(worker)}


OfEachCase = tuple[tuple[Any, ...], ...]

_OF_EACH_CASE: OfEachCase = (
    (Household, _household),
    (Child, _child),
    (HouseholdMembership, _belonging),
    (Residence, _residence),
    (Case, _case),
    (Track, _track),
    (Step, _intake, _visit),
    (Assignment, _assignment),
    (Report, _report),
    (Attempt, _attempt),
    (Event, _opened, _reported),
    (Grant, _leads, _had_intake, _has_visit, _visits),
)
"""What there is of each case, in an order in which every row finds what it points to."""

_OF_EACH_OPEN_STEP: OfEachCase = (
    (Household, _household),
    (Child, _child),
    (Case, _case),
    (Track, _track),
    (Step, _visit),
    (Assignment, _assignment),
)
"""The same without what the morning run does not read."""
