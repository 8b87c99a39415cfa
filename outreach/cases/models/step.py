"""A step: one move of one partner, with the two dates it is measured by."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect


class StepState(StrEnum):
    """Where a step stands; the first three are living."""

    PLANNED = "planned"
    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


LIVING = (StepState.PLANNED, StepState.OPEN, StepState.PAUSED)
_LIVING = "ended_at IS NULL"
"""The same for both databases. Written as a list of states, SQLite would lay out that list anew for every row and every
rule and index it stands in: half of what a step costs to write."""

_OPEN, _PLANNED = "state = 'open'", "state = 'planned'"
_SWEPT = ("area_id", "organisation_id", "counter", "aim_on", "last_fact_on", "stays", "pauses", "track_id", "state")
"""All the morning run must know of an open step to leave it alone. SQLite reads an index alone only if the state that
makes it partial is in it."""


def _any_of(*states: StepState) -> str:
    return " OR ".join(f"state = '{state}'" for state in states)


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Step(Model):
    """One move of one partner. `due_on` is the earlier of aim and too late; `why` explains both, as keys and data."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("ended_at IS NOT NULL OR due_on IS NOT NULL", name="living_has_due"),
        CheckConstraint(f"({_any_of(*LIVING)}) = ({_LIVING})", name="living_has_not_ended"),
        CheckConstraint(_any_of(*StepState), name="known_state"),
        _partial("ix_step_living_person", "organisation_id", "person_id", "due_on", "id", where=_LIVING),
        _partial("ix_step_living_organisation", "organisation_id", "due_on", "id", where=_LIVING),
        _partial("ix_step_living_area", "area_id", "due_on", "id", where=_LIVING),
        _partial("ix_step_open_sweep", *_SWEPT, where=_OPEN),
        _partial("ix_step_open_key", "key", "opened_on", "number", "track_id", "state", where=_OPEN),
        _partial("ix_step_open_told", "told_at", where=_OPEN),
        _partial("ix_step_open_starts", "starts_on", where=_OPEN),
        _partial("ix_step_planned", "starts_on", where=_PLANNED),
        _partial("ix_step_side_ended", "ended_at", where="side_of_id IS NOT NULL"),
        _partial("ix_step_side_of", "side_of_id", where="side_of_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))  # found by the unique constraint
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), index=True)
    number: Mapped[int]
    key: Mapped[str]
    side_of_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    to_assign: Mapped[bool]
    owner_reason: Mapped[str]
    state: Mapped[str]
    scope: Mapped[str]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    told_at: Mapped[datetime]
    starts_on: Mapped[date]
    planned_on: Mapped[date | None]
    planned_part: Mapped[str | None]
    planned_at: Mapped[time | None]
    aim_on: Mapped[date | None]
    too_late_on: Mapped[date | None]
    due_on: Mapped[date | None]
    tight: Mapped[bool]
    counter: Mapped[str]
    why: Mapped[dict[str, Any]]
    new_aim_at: Mapped[datetime | None]
    stays: Mapped[int]
    pauses: Mapped[int]
    last_fact_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name SQLAlchemy reads

    @property
    def living(self) -> bool:
        """Whether it still waits for its owner: planned, open or paused."""
        return self.state in LIVING

    def late(self, today: date) -> bool:
        """Past its due day; a planned or paused step never is."""
        return self.state == StepState.OPEN and self.due_on is not None and self.due_on < today

    def lost(self, today: date) -> bool:
        """Past the day the child loses something."""
        return self.state == StepState.OPEN and self.too_late_on is not None and self.too_late_on < today

    @property
    def sleeps_until(self) -> date | None:
        """The day a step of a school wakes in September; None for one that does not sleep."""
        pause = self.why.get("pause") or {}
        if self.state != StepState.PAUSED or not pause.get("asleep"):
            return None
        return date.fromisoformat(pause["until_on"]) + timedelta(days=1)


IS_LIVING = Step.ended_at.is_(None)
"""Planned, open or paused."""

IS_OPEN = Step.state == literal_column("'open'")
IS_PLANNED = Step.state == literal_column("'planned'")
"""One state, written out: with a bound value SQLite cannot tell that the partial indexes of that state will do."""


class Assignment(Model):
    """Who had a step from when, and who said so."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Pause(Model):
    """A step at rest, with a reason and a last day."""

    __tablename__ = "pause"
    __table_args__ = (_partial("ix_pause_until", "until_on", where="ended_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    reason: Mapped[str]
    remark: Mapped[str | None] = mapped_column(EncryptedText)
    from_on: Mapped[date]
    until_on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class Reminder(Model):
    """A rung of the ladder that was queued for this step, this aim and this address; never twice."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("step_id", "address", "rung", "aim_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    address: Mapped[str]
    rung: Mapped[str]
    aim_on: Mapped[date]
    on: Mapped[date]
    at: Mapped[datetime]


class Nudge(Model):
    """A coordinator asked the owner of a step for attention, once a day at most."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("step_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Spotted(Model):
    """What the radar noticed at a step, since which day, so that it opens one side step for it and never a second.

    `key` is that of the side step; `since` the last day something was heard, or on which the reason was left open.
    """

    __tablename__ = "spotted"
    __table_args__ = (UniqueConstraint("step_id", "key", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    key: Mapped[str]
    since: Mapped[date]
    at: Mapped[datetime]


protect(Step, Assignment, Pause, Reminder, Nudge, Spotted)
