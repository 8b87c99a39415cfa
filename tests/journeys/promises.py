"""What must be true after every command, read from the tables without the code that is meant to keep it so."""

from collections import Counter as Tally
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Event, Proposal, Reminder, Step
from outreach.children.models import Grant
from outreach.database import metadata, seen_by
from outreach.database.guard import protected_tables
from outreach.notifications.models import UNSENT, OutboxLine, OutboxMessage
from tests.journeys.seeing import CaseNow, StepNow

READ = seen_by("test")
LIVING = ("planned", "open", "paused")


def cases_now(session: Session) -> dict[int, CaseNow]:
    """Every case as it stands."""
    columns = (Case.id, Case.area_id, Case.lead_id, Case.companion_id, Case.ended_at.is_(None))
    return {row[0]: CaseNow(*row) for row in session.execute(select(*columns), execution_options=READ)}


def steps_now(session: Session) -> list[StepNow]:
    """Every living step as it stands."""
    columns = (Step.id, Step.case_id, Step.organisation_id, Step.person_id, Step.scope)
    statement = select(*columns).where(Step.state.in_(LIVING)).order_by(Step.id)
    return [StepNow(*row) for row in session.execute(statement, execution_options=READ)]


def fingerprint(session: Session) -> dict[str, int]:
    """How many rows each table about children and mail has, and how often cases and steps were saved."""
    return dict(session.execute(_counts(), execution_options=READ).one()._mapping)


@cache
def _counts() -> Select[Any]:
    kept = [table for table in metadata.sorted_tables if table.name in protected_tables()]
    kept += [OutboxMessage.__table__, OutboxLine.__table__]
    counts = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in kept]
    saved = [
        select(func.sum(model.version)).scalar_subquery().label(f"{model.__tablename__}.version")
        for model in (Case, Step)
    ]
    return select(*counts, *saved)


def count_events(session: Session) -> int:
    """How many events there are."""
    return session.scalar(select(func.count()).select_from(Event), execution_options=READ) or 0


def grants_now(session: Session) -> tuple[int, int]:
    """How many grants there are, and how many of them run out: what changes when a grant does."""
    statement = select(func.count(), func.count(Grant.until)).select_from(Grant)
    return tuple(session.execute(statement, execution_options=READ).one())


def what_there_is(session: Session) -> set[str]:
    """Which sorts of things there are now that not every year has: a rule without them would do nothing."""
    row = session.execute(_THERE, execution_options=READ).one()
    return {name for name, there in row._mapping.items() if there}


_THERE = select(
    exists().where(Case.ended_at.is_(None)).label("open"),
    exists().where(Case.ended_at.is_not(None)).label("ended"),
    exists().where(Step.state == "paused").label("paused"),
    exists().where(Step.state.in_(LIVING), Step.side_of_id.is_not(None)).label("asked"),
    exists().where(Step.state.in_(LIVING), Step.side_of_id.is_(None), Step.scope == "reference").label("hidden"),
    exists().where(Proposal.key == "transfer", Proposal.decided_at.is_(None)).label("offered"),
)


def no_child_is_lost(session: Session) -> None:
    """Every open case has a living move with an owner and a date, every ended one has none."""
    columns = (Step.case_id, Step.due_on)
    statement = select(*columns).where(Step.state.in_(LIVING), Step.side_of_id.is_(None))
    rows = session.execute(statement, execution_options=READ).all()
    assert all(row.due_on is not None for row in rows)
    moving = {row.case_id for row in rows}
    assert moving == {case.id for case in cases_now(session).values() if case.open}


def dates_are_in_order(session: Session, today: date) -> None:
    """The aim is not after too late, unless too late has passed and a later day was agreed."""
    columns = (Step.key, Step.aim_on, Step.too_late_on, Step.due_on, Step.side_of_id)
    for row in session.execute(select(*columns).where(Step.state.in_(LIVING)), execution_options=READ):
        assert row.due_on == min(day for day in (row.aim_on, row.too_late_on) if day is not None), row
        assert None in (row.aim_on, row.too_late_on) or row.aim_on <= row.too_late_on or row.too_late_on < today, row


def sides_hang_on_living_moves(session: Session) -> None:
    """A side step ends with the step it was asked beside."""
    living = select(Step.id).where(Step.state.in_(LIVING))
    alone = select(Step.id).where(Step.state.in_(LIVING), Step.side_of_id.is_not(None), Step.side_of_id.not_in(living))
    assert session.scalars(alone, execution_options=READ).all() == []


def mail_is_right(session: Session) -> None:
    """One digest per address and day, each rung once, and no unsent line about a step that is not open."""
    digests = session.execute(
        select(OutboxMessage.address, OutboxMessage.digest_on).where(OutboxMessage.kind == "digest")
    ).all()
    assert max(Tally(map(tuple, digests)).values(), default=0) <= 1
    rungs = (Reminder.step_id, Reminder.address, Reminder.rung, Reminder.aim_on)
    told = session.execute(select(*rungs), execution_options=READ).all()
    assert max(Tally(map(tuple, told)).values(), default=0) <= 1
    unsent = (
        select(OutboxLine.about)
        .join(OutboxMessage, OutboxMessage.id == OutboxLine.outbox_message_id)
        .where(OutboxLine.withdrawn_at.is_(None), OutboxMessage.state.in_(UNSENT), OutboxLine.about.like("step:%"))
    )
    is_open = {
        f"step:{each}" for each in session.scalars(select(Step.id).where(Step.state == "open"), execution_options=READ)
    }
    assert set(session.scalars(unsent)) <= is_open
