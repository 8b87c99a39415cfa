"""Which open steps deserve a word today: one statement finds them, the ladder says how loud."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, ConflictItem, Reminder, Step, Track
from outreach.cases.models.step import IS_OPEN
from outreach.cases.queries.conflicts import KEPT, owner_of, owner_person
from outreach.cases.queries.ladders import area_ladders
from outreach.cases.workflow import processes
from outreach.cases.workflow.ladder import (
    Cutoffs,
    Rung,
    cutoffs,
    forewarned,
    going_round,
    heard_on,
    highest_rung,
    schools_asleep,
    silent_rung,
)
from outreach.cases.workflow.model import Ladder
from outreach.database import seen_by
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL, Organisation
from outreach.schoolyear import Counter

_READ = seen_by("morning sweep")

_MANY = 10_000

SentRungs = set[tuple[int, str, str, date]]
"""Rungs that were sent before: (step, address, rung, since)."""


class OpenStep(NamedTuple):
    """What the ladder needs of an open step."""

    id: int
    number: int
    key: str
    organisation_id: int
    person_id: int | None
    area_id: int
    counter: str
    opened_on: date
    aim_on: date
    too_late_on: date | None
    planned_on: date | None
    told_at: Any
    last_fact_on: date
    new_aim_at: Any
    stays: int
    pauses: int
    track_id: int
    process: str
    reference: str
    lead_id: int
    kind: str


STEP_COLUMNS = (
    *(getattr(Step, name) for name in OpenStep._fields[:17]),
    Track.process,
    Case.reference,
    Case.lead_id,
    Organisation.kind,
)
"""What an OpenStep is made of, from a step with its track, its case and its organisation."""


class DueStep(NamedTuple):
    """An open step with the rungs it has reached; `rung` is the highest of the ladder."""

    step: OpenStep
    rung: Rung | None
    silent: Rung | None
    round: tuple[str, ...]


def count_open(session: Session) -> int:
    """How many steps are open and not paused."""
    statement = select(func.count()).select_from(Step).where(IS_OPEN)
    return session.scalar(statement, execution_options=_READ) or 0


def due_steps(session: Session, ladders: "Ladders") -> list[DueStep]:
    """Every open step that has reached a rung on this day."""
    openings = _opened_often(session, ladders.lowest("round_openings"))
    found = (ladders.judge(step, openings) for step in _candidates(session, ladders, openings))
    return [due for due in found if due is not None]


def sent_rungs(session: Session, step_ids: Sequence[int]) -> SentRungs:
    """Which rungs of these steps were sent before."""
    return {
        sent
        for start in range(0, len(step_ids), _MANY)
        for sent in _sent(session, Reminder.step_id.in_(step_ids[start : start + _MANY]))
    }


def sent_rungs_of_due(session: Session, ladders: "Ladders") -> SentRungs:
    """The same of every step that may be due: the database looks for them a second time rather than be told the ids."""
    often = [track_id for track_id, _ in _opened_often(session, ladders.lowest("round_openings"))]
    return _sent(session, Reminder.step_id.in_(select(Step.id).where(IS_OPEN, ladders.reached(often))))


def _sent(session: Session, which: ColumnElement[bool]) -> SentRungs:
    columns = (Reminder.step_id, Reminder.address, Reminder.rung, Reminder.aim_on)
    rows = session.connection().execute(select(*columns).where(which), execution_options=_READ)
    return {(step_id, address, rung, since) for step_id, address, rung, since in rows}


def addresses_reminded(session: Session, today: date) -> set[str]:
    """Who was reminded of something today."""
    statement = select(Reminder.address).where(Reminder.on == today).distinct()
    return set(session.scalars(statement, execution_options=_READ))


def climbs() -> ColumnElement[bool]:
    """Whether a step has a ladder: questions of the radar have none of their own."""
    return Step.key.not_in(processes().noticed_keys)


def _candidates(session: Session, ladders: "Ladders", openings: Mapping[tuple[int, str], int]) -> Iterator[OpenStep]:
    behind = select(Step.id).where(IS_OPEN, ladders.reached([track_id for track_id, _ in openings]))
    statement = (
        select(*STEP_COLUMNS)
        .join(Track, Track.id == Step.track_id)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(Step.id.in_(behind), climbs())
    )
    return map(OpenStep._make, session.connection().execute(statement, execution_options=_READ))


def _opened_often(session: Session, times: int) -> dict[tuple[int, str], int]:
    """Steps that opened again and again in a track in which one is open: (track, key) -> how often."""
    far = select(Step.track_id).where(IS_OPEN, Step.number >= times)
    statement = (
        select(Step.track_id, Step.key, func.count())
        .where(Step.side_of_id.is_(None), Step.track_id.in_(far))
        .group_by(Step.track_id, Step.key)
        .having(func.count() >= times)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(statement, execution_options=_READ)}


_NUMBERS = {
    Rung.BEFORE_AIM: "before_aim",
    Rung.TEAM_LEAD: "team_lead_after",
    Rung.COORDINATOR: "coordinator_after",
    Rung.SILENCE: "silence",
}
"""The number of the ladder that says when each rung is reached."""


class Ladders:
    """The cut-off days of today, worked out once for each counter on each calendar; `of_area` instead of the ladders
    that hold now."""

    def __init__(self, session: Session, today: date, of_area: Mapping[int, Ladder] | None = None) -> None:
        self._of_area = area_ladders(session) if of_area is None else of_area
        self._default = processes().common.ladder
        self._session = session
        self._today = today
        self._known: dict[tuple[int, int, str], tuple[Cutoffs, bool]] = {}

    def lowest(self, number: str) -> int:
        """The smallest of a number over all areas: what the database is asked for, before each area's own is used."""
        return min(int(getattr(ladder, number)) for ladder in (self._default, *self._of_area.values()))

    def reached(self, opened_often: Sequence[int]) -> ColumnElement[bool]:
        """Which open steps may have reached something, as the database can tell from one index: those behind the
        loosest cut-off days of their counter on any calendar, and those that go round."""
        loosest: dict[str, tuple[date, date]] = {}
        for place in self._places:
            cut, (aim_on, heard_on) = self._at(*place)[0], loosest.get(place[2], (date.min, date.min))
            loosest[place[2]] = max(aim_on, cut.before_aim), max(heard_on, cut.silence)
        behind = (
            and_(Step.counter == counter, or_(Step.aim_on <= aim_on, Step.last_fact_on <= heard_on))
            for counter, (aim_on, heard_on) in loosest.items()
        )
        turning = (Step.stays >= self.lowest("round_stays"), Step.pauses >= self.lowest("round_pauses"))
        return or_(*behind, *turning, Step.track_id.in_(opened_often))

    def quiet_since(self) -> date:
        """The latest last fact of which the radar may say that it is long ago, on any calendar."""
        places = {(area_id, organisation_id, Counter.SCHOOL_DAYS.value) for area_id, organisation_id, _ in self._places}
        return max((self._at(*place)[0].silence for place in places), default=date.min)

    @cached_property
    def _places(self) -> list[tuple[int, int, str]]:
        """Area, organisation and counter of every open step."""
        statement = select(Step.area_id, Step.organisation_id, Step.counter).where(IS_OPEN).distinct()
        return [(row[0], row[1], row[2]) for row in self._session.execute(statement, execution_options=_READ)]

    def judge(self, step: OpenStep, openings: dict[tuple[int, str], int]) -> DueStep | None:
        """The rungs this step has reached, or None."""
        cut, asleep = self._at(step.area_id, step.organisation_id, step.counter)
        if asleep and step.kind == SCHOOL:
            return None
        rung = self._rung(step, cut)
        silent = silent_rung(cut, self.heard(step))
        often = openings.get((step.track_id, step.key), 1)
        turning = tuple(going_round(self._of_area[step.area_id], stays=step.stays, pauses=step.pauses, openings=often))
        return DueStep(step, rung, silent, turning) if rung or silent or turning else None

    def heard(self, step: OpenStep) -> date:
        """The day silence is counted from: the last fact, an agreed day, or an aim somebody set."""
        was_set = step.new_aim_at is not None or step.stays > 0
        return heard_on(step.last_fact_on, planned_on=step.planned_on, set_aim_on=step.aim_on if was_set else None)

    def radar(self, step: OpenStep) -> Cutoffs:
        """The cut-off days of the radar, which counts in school days whatever the step counts in; nothing is behind
        them while a school sleeps."""
        cut, asleep = self._at(step.area_id, step.organisation_id, Counter.SCHOOL_DAYS.value)
        return replace(cut, silence=date.min, reason_open=date.min) if asleep and step.kind == SCHOOL else cut

    def _rung(self, step: OpenStep, cut: Cutoffs) -> Rung | None:
        return highest_rung(
            cut,
            aim_on=step.aim_on,
            too_late_on=step.too_late_on,
            told_on=clock.local(step.told_at).date(),
            warned=cut.today <= step.aim_on <= cut.before_aim and self._forewarned(step),
        )

    def _forewarned(self, step: OpenStep) -> bool:
        return forewarned(
            step.opened_on,
            step.aim_on,
            Counter(step.counter),
            calendar_for(self._session, step.area_id, step.organisation_id),
            self._of_area[step.area_id],
            own_aim=step.new_aim_at is not None,
        )

    def after(self, area_id: int, rung: Rung) -> int | None:
        """How many days of its counter past the aim (or before it) a rung stands, for whoever asks why."""
        ladder = self._of_area[area_id]
        if rung is Rung.SILENCE_COORDINATOR:
            return 2 * ladder.silence
        number = _NUMBERS.get(rung)
        return None if number is None else int(getattr(ladder, number))

    def _at(self, area_id: int, organisation_id: int, counter: str) -> tuple[Cutoffs, bool]:
        place = (area_id, organisation_id, counter)
        known = self._known.get(place)
        if known is None:
            calendar = calendar_for(self._session, area_id, organisation_id)
            cut = cutoffs(self._today, Counter(counter), calendar, self._of_area[area_id])
            known = self._known[place] = (cut, schools_asleep(self._today, calendar))
        return known


@dataclass(frozen=True)
class ReportTold:
    """A late report somebody is to be told of: it waits for them, or what they reported was decided."""

    key: str
    item_id: int
    step_id: int
    person_id: int | None
    organisation_id: int
    since: date


def reports_to_tell(session: Session) -> list[ReportTold]:
    """Reports that wait for the owner of a case, and those decided that their reporter has not read yet."""
    waiting = (
        select(ConflictItem.id, ConflictItem.step_id, owner_person(), owner_of(), ConflictItem.received_at)
        .join(Case, Case.id == ConflictItem.case_id)
        .where(ConflictItem.decided_at.is_(None))
    )
    decided = select(
        ConflictItem.id, ConflictItem.step_id, ConflictItem.by_id, ConflictItem.organisation_id, ConflictItem.decided_at
    ).where(
        ConflictItem.decided_at.is_not(None),
        ConflictItem.acknowledged_at.is_(None),
        ConflictItem.decided_by_id != ConflictItem.by_id,
        ConflictItem.reason.not_in(KEPT),
    )
    return [
        ReportTold(key, row[0], row[1], row[2], row[3], clock.local(row[4]).date())
        for key, statement in (("reports_waiting", waiting), ("reports_decided", decided))
        for row in session.execute(statement.order_by(ConflictItem.id), execution_options=_READ)
    ]
