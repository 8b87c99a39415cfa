"""Which open steps deserve a word today: one statement finds them, the ladder says how loud."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, ConflictItem, Reminder, Step, StepState, Track
from outreach.cases.queries.conflicts import KEPT, owner_of, owner_person
from outreach.cases.workflow import processes
from outreach.cases.workflow.ladder import (
    Cutoffs,
    Rung,
    adjusted,
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
from outreach.partners.models import SCHOOL, Area, Organisation
from outreach.schoolyear import Counter

_READ = seen_by("morning sweep")


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


@dataclass(frozen=True)
class DueStep:
    """An open step with the rungs it has reached; `rung` is the highest of the ladder."""

    step: OpenStep
    rung: Rung | None
    silent: Rung | None
    round: tuple[str, ...]


def count_open(session: Session) -> int:
    """How many steps are open and not paused."""
    statement = select(func.count()).select_from(Step).where(Step.state == StepState.OPEN)
    return session.scalar(statement, execution_options=_READ) or 0


def due_steps(session: Session, today: date, ladders: "Ladders") -> list[DueStep]:
    """Every open step that has reached a rung on this day."""
    openings = _opened_often(session, ladders.lowest("round_openings"))
    found = (ladders.judge(step, openings) for step in _candidates(session, today, ladders, openings))
    return [due for due in found if due is not None]


def sent_rungs(session: Session, step_ids: list[int]) -> set[tuple[int, str, str, date]]:
    """Which rungs were sent before: (step, address, rung, aim)."""
    sent: set[tuple[int, str, str, date]] = set()
    columns = (Reminder.step_id, Reminder.address, Reminder.rung, Reminder.aim_on)
    for start in range(0, len(step_ids), 10_000):
        part = step_ids[start : start + 10_000]
        statement = select(*columns).where(Reminder.step_id.in_(part))
        sent.update((row[0], row[1], row[2], row[3]) for row in session.execute(statement, execution_options=_READ))
    return sent


def addresses_reminded(session: Session, today: date) -> set[str]:
    """Who was reminded of something today."""
    statement = select(Reminder.address).where(Reminder.on == today).distinct()
    return set(session.scalars(statement, execution_options=_READ))


def _candidates(
    session: Session, today: date, ladders: "Ladders", openings: dict[tuple[int, str], int]
) -> Iterator[OpenStep]:
    quiet_since = today - timedelta(days=ladders.lowest("silence"))
    tracks = {track for track, _ in openings}
    statement = (
        select(*STEP_COLUMNS)
        .join(Track, Track.id == Step.track_id)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(
            Step.state == StepState.OPEN,
            Step.key.not_in(processes().noticed_keys),
            or_(
                Step.aim_on <= ladders.furthest_ahead(),
                Step.too_late_on <= today,
                Step.last_fact_on <= quiet_since,
                Step.stays >= ladders.lowest("round_stays"),
                Step.pauses >= ladders.lowest("round_pauses"),
                Step.track_id.in_(tracks),
            ),
        )
    )
    for row in session.execute(statement, execution_options=_READ):
        yield OpenStep._make(row)


def _opened_often(session: Session, times: int) -> dict[tuple[int, str], int]:
    """Steps that opened again and again in their track: (track, key) -> how often."""
    statement = (
        select(Step.track_id, Step.key, func.count())
        .where(Step.side_of_id.is_(None))
        .group_by(Step.track_id, Step.key)
        .having(func.count() >= times)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(statement, execution_options=_READ)}


def _changed(ladder: Ladder, settings: dict[str, Any] | None) -> Ladder:
    """The ladder with the numbers an area chose for itself."""
    changes = (settings or {}).get("ladder")
    return adjusted(ladder, changes) if changes else ladder


class Ladders:
    """The cut-off days of today, worked out once for each counter on each calendar."""

    def __init__(self, session: Session, today: date) -> None:
        ladder = processes().common.ladder
        self._of_area = {area.id: _changed(ladder, area.settings) for area in session.scalars(select(Area))}
        self._default = ladder
        self._session = session
        self._today = today
        self._known: dict[tuple[int, int, str], tuple[Cutoffs, bool]] = {}

    def lowest(self, number: str) -> int:
        """The smallest of a number over all areas: what the database is asked for, before each area's own is used."""
        return min(int(getattr(ladder, number)) for ladder in (self._default, *self._of_area.values()))

    def furthest_ahead(self) -> date:
        """The latest aim for which a word beforehand may be due today, on any calendar on which there is a step."""
        statement = select(Step.area_id, Step.organisation_id, Step.counter).where(Step.state == StepState.OPEN)
        places = self._session.execute(statement.distinct(), execution_options=_READ)
        return max((self._at(row[0], row[1], row[2])[0].before_aim for row in places), default=self._today)

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
        return {
            Rung.BEFORE_AIM: ladder.before_aim,
            Rung.TEAM_LEAD: ladder.team_lead_after,
            Rung.COORDINATOR: ladder.coordinator_after,
            Rung.SILENCE: ladder.silence,
            Rung.SILENCE_COORDINATOR: 2 * ladder.silence,
        }.get(rung)

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
