"""How each step of an area stood from moment to moment, read back from what was written down at the time.

What was not written is taken from what came before or after it: an entry day that moved a date without a trace on the
step, the dates before a pause of long ago. Ahead lies only what is known today: waves start, pauses end, nothing is
done.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Assignment, Case, Event, Pause, Step, Track
from outreach.cases.queries.reminders import STEP_COLUMNS, OpenStep, climbs
from outreach.cases.workflow import STAY, processes
from outreach.database import seen_by
from outreach.partners.models import Organisation

_READ = seen_by("dry run of the reminder ladder: what stood when, shown as numbers only")

_CHUNK = 10_000

_FACTS = frozenset(
    {
        "outcome_reported",
        "visit_planned",
        "new_aim_set",
        "step_paused",
        "step_resumed",
        "step_assigned",
        "step_taken",
        "step_handed_over",
        "late_visit_recorded",
    }
)
"""Events after which somebody was heard of this step."""

_UNKNOWN: Any = object()

_DATES = ("aim_on", "too_late_on", "starts_on", "planned_on")
_FIRST = {"planned_on": None}
"""What a date was when the step opened, where that is always the same."""


class _Had(NamedTuple):
    """Who had a step from a moment on."""

    at: datetime
    organisation_id: int
    person_id: int | None


class _Note(NamedTuple):
    """Somebody of an organisation wrote about a family."""

    at: datetime
    organisation_id: int | None


class _Rest(NamedTuple):
    """A pause, and the moment from which it is over."""

    at: datetime
    over_at: datetime


@dataclass
class _Told:
    """What is known of one step besides its row."""

    events: list[tuple[str, datetime, dict[str, Any]]] = field(default_factory=list)
    had: list[_Had] = field(default_factory=list)
    rests: list[_Rest] = field(default_factory=list)
    beside: list[datetime] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """A step over time: from each of these moments it stood so; None while there was nothing to remind of."""

    step_id: int
    moments: tuple[datetime, ...]
    states: tuple[OpenStep | None, ...]

    def at(self, moment: datetime) -> OpenStep | None:
        """How it stood at a moment."""
        index = bisect_right(self.moments, moment)
        return self.states[index - 1] if index else None


def step_histories(session: Session, area_id: int, since: date) -> list[History]:
    """The history of every step of an area that was there on a day or came later."""
    rows = _rows(session, area_id, since)
    told, notes = _told(session, [row.step.id for row in rows]), _notes(session, area_id)
    kinds = {row[0]: row[1] for row in session.execute(select(Organisation.id, Organisation.kind))}
    return [_Steps(row, told[row.step.id], kinds, _of_case(row, notes)).history() for row in rows]


class _Row(NamedTuple):
    """The row of a step with what its history needs besides."""

    step: OpenStep
    state: str
    starts_on: date
    opened_at: datetime
    ended_at: datetime | None
    case_id: int
    side_of_id: int | None


def there_since(since: date) -> ColumnElement[bool]:
    """Steps that had not ended before a day."""
    return or_(Step.ended_at.is_(None), Step.ended_at >= clock.moment_of(since, 0))


def _rows(session: Session, area_id: int, since: date) -> list[_Row]:
    statement = (
        select(*STEP_COLUMNS, Step.state, Step.starts_on, Step.opened_at, Step.ended_at, Step.case_id, Step.side_of_id)
        .join(Track, Track.id == Step.track_id)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(Step.area_id == area_id, climbs(), Step.aim_on.is_not(None), there_since(since))
        .order_by(Step.id)
    )
    width = len(STEP_COLUMNS)
    found = session.execute(statement, execution_options=_READ)
    return [_Row(OpenStep._make(row[:width]), *row[width:]) for row in found]


def _told(session: Session, step_ids: Sequence[int]) -> dict[int, _Told]:
    """Events, owners and pauses of these steps, in a statement each."""
    told: dict[int, _Told] = defaultdict(_Told)
    for start in range(0, len(step_ids), _CHUNK):
        some = step_ids[start : start + _CHUNK]
        for row in _read(session, Event, some, (Event.kind, Event.at, Event.data)):
            told[row[0]].events.append((row[1], row[2], row[3]))
        for row in _read(session, Assignment, some, (Assignment.at, Assignment.organisation_id, Assignment.person_id)):
            told[row[0]].had.append(_Had(*row[1:]))
        for row in _read(session, Pause, some, (Pause.at, Pause.until_on, Pause.ended_at)):
            told[row[0]].rests.append(_Rest(row[1], row[3] or clock.moment_of(row[2] + timedelta(days=1), 0)))
        for step_id, at in _beside(session, some):
            told[step_id].beside.append(at)
    return told


def _beside(session: Session, step_ids: Sequence[int]) -> Iterator[tuple[int, datetime]]:
    """When somebody asked something beside a step, and when it was answered."""
    columns = (Step.side_of_id, Step.key, Step.opened_at, Step.ended_at, Step.outcome)
    statement = select(*columns).where(Step.side_of_id.in_(step_ids))
    asked_by_us = processes().noticed_keys
    for step_id, key, opened_at, ended_at, outcome in session.execute(statement, execution_options=_READ):
        if step_id is not None and key not in asked_by_us:
            yield step_id, opened_at
        if step_id is not None and ended_at is not None and outcome is not None:
            yield step_id, ended_at


def _notes(session: Session, area_id: int) -> dict[int, list[_Note]]:
    """When which organisation wrote about a family, by case."""
    statement = select(Event.case_id, Event.at, Event.organisation_id).join(Case, Case.id == Event.case_id)
    statement = statement.where(Case.area_id == area_id, Event.kind == "note_added").order_by(Event.id)
    found: dict[int, list[_Note]] = defaultdict(list)
    for case_id, at, organisation_id in session.execute(statement, execution_options=_READ):
        found[case_id].append(_Note(at, organisation_id))
    return found


def _of_case(row: _Row, notes: Mapping[int, list[_Note]]) -> list[_Note]:
    return notes.get(row.case_id, []) if row.side_of_id is None else []


def _read(session: Session, model: Any, step_ids: Sequence[int], columns: tuple[Any, ...]) -> Iterable[Any]:
    statement = select(model.step_id, *columns).where(model.step_id.in_(step_ids)).order_by(model.id)
    return session.execute(statement, execution_options=_READ)


class _Steps:
    """One step, put together again for any moment."""

    def __init__(self, row: _Row, told: _Told, kinds: dict[int, str], notes: Sequence[_Note]) -> None:
        self._row = row
        self._told = told
        self._kinds = kinds
        self._notes = [note for note in notes if note.organisation_id == self._had(note.at).organisation_id]
        now = {**row.step._asdict(), "starts_on": row.starts_on}
        self._dates = {name: _values(_changes(told, name), now[name], _FIRST.get(name, _UNKNOWN)) for name in _DATES}
        self._stays = [at for kind, at, data in told.events if kind == "outcome_reported" and data.get("to") == STAY]

    def history(self) -> History:
        """From its opening to its end, with what is known to come."""
        moments = sorted(set(self._moments()))
        return History(self._row.step.id, tuple(moments), tuple(map(self._at, moments)))

    def _moments(self) -> Iterator[datetime]:
        yield self._row.opened_at
        yield from (at for _, at, _ in self._told.events)
        yield from (had.at for had in self._told.had)
        yield from self._told.beside
        yield from (note.at for note in self._notes)
        for rest in self._told.rests:
            yield from rest
        for moments, values in self._dates.values():
            yield from moments
            if values is self._dates["starts_on"][1]:
                yield from (clock.moment_of(day, 0) for day in values if day)
        if self._row.ended_at:
            yield self._row.ended_at

    def _at(self, moment: datetime) -> OpenStep | None:
        row, day = self._row, clock.local(moment).date()
        if moment < row.opened_at or (row.ended_at is not None and moment >= row.ended_at):
            return None
        dates = {name: values[bisect_right(moments, moment)] for name, (moments, values) in self._dates.items()}
        asleep = dates["starts_on"] > day and not any(at <= moment for at in self._stays)
        if asleep or dates["aim_on"] is None or any(rest.at <= moment < rest.over_at for rest in self._told.rests):
            return None
        had = self._had(moment)
        new_aim = row.step.new_aim_at
        return row.step._replace(
            aim_on=dates["aim_on"],
            too_late_on=dates["too_late_on"],
            planned_on=dates["planned_on"],
            opened_on=dates["starts_on"],
            organisation_id=had.organisation_id,
            person_id=had.person_id,
            kind=self._kinds[had.organisation_id],
            told_at=had.at,
            last_fact_on=self._heard(moment, dates["starts_on"]),
            new_aim_at=new_aim if new_aim is not None and new_aim <= moment else None,
            stays=sum(at <= moment for at in self._stays),
            pauses=sum(kind == "step_paused" and at <= moment for kind, at, _ in self._told.events),
        )

    def _had(self, moment: datetime) -> _Had:
        known = [had for had in self._told.had if had.at <= moment]
        step = self._row.step
        return known[-1] if known else _Had(step.told_at, step.organisation_id, step.person_id)

    def _heard(self, moment: datetime, starts_on: date) -> date:
        """The day of the last known fact."""
        facts = [at for kind, at, _ in self._told.events if kind in _FACTS and at <= moment]
        woken = [rest.over_at for rest in self._told.rests if rest.over_at <= moment]
        facts += [at for at in (*self._told.beside, *(note.at for note in self._notes)) if at <= moment]
        days = [clock.local(at).date() for at in (self._row.opened_at, *facts, *woken)]
        return max(*days, min(starts_on, clock.local(moment).date()))


def _changes(told: _Told, name: str) -> Iterator[tuple[datetime, Any, Any]]:
    """When one of the dates of a step changed: its value before and after, as far as that was written down."""
    for kind, at, data in told.events:
        before, after = data.get("before"), data
        if name == "planned_on":
            if kind == "visit_planned" or (kind == "outcome_reported" and data.get("to") == STAY):
                yield at, _UNKNOWN, _day(data.get("on", data.get(name, _UNKNOWN)))
            continue
        if kind == "dates_rederived":
            after = data["after"]
        elif kind == "outcome_reported" and data.get("to") != STAY:
            after = {}
        if not isinstance(before, dict):
            before = {"aim_on": before} if isinstance(before, str) else {}
        if name in before or name in after:
            yield at, _day(before.get(name, _UNKNOWN)), _day(after.get(name, _UNKNOWN))


def _values(changes: Iterable[tuple[datetime, Any, Any]], now: Any, first: Any) -> tuple[list[datetime], list[Any]]:
    """The moments of change, and the value in each stretch between; what is unknown is as before, else as after."""
    moments: list[datetime] = []
    values: list[Any] = [first]
    for at, before, after in changes:
        if before is not _UNKNOWN:
            values[-1] = before
        moments.append(at)
        values.append(after)
    values[-1] = now
    for index in range(1, len(values)):
        if values[index] is _UNKNOWN:
            values[index] = values[index - 1]
    for index in range(len(values) - 2, -1, -1):
        if values[index] is _UNKNOWN:
            values[index] = values[index + 1]
    return moments, values


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
