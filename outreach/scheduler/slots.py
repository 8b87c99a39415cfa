"""Each slot of a job is run once, by whichever process wins its row; a run that was killed is run again."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.database import transaction
from outreach.database.absent import insert_absent
from outreach.scheduler.models import JobRun

log = get_logger()

LEASE = timedelta(minutes=10)
"""After this long without an end a run counts as killed and another process takes the slot."""

TRY_AGAIN = timedelta(minutes=1)
"""A run that ended in an error gives its slot back after this long."""

AHEAD = timedelta(minutes=5)
"""A run that began further ahead than this was made while a clock was wrong: its slot is still to come."""

KEPT = timedelta(days=30)

Sessions = Callable[[], Session]


def run_slot(
    sessions: Sessions,
    job: str,
    slot_at: datetime,
    work: Callable[[], Mapping[str, Any]],
    *,
    lease: timedelta = LEASE,
) -> Mapping[str, Any] | None:
    """Do the work if this slot is ours: what it returned, or None when another process has it or it was done.

    An error in the work is written down and raised again; the slot is free again a minute later.
    """
    owner = uuid.uuid4().hex
    if not _win(sessions, job, slot_at, owner, lease):
        return None
    try:
        result = work()
    except BaseException:
        _close(sessions, job, slot_at, owner, failed_at=clock.now(), lease_until=clock.now() + TRY_AGAIN)
        raise
    _close(sessions, job, slot_at, owner, finished_at=clock.now(), failed_at=None, result=dict(result))
    log.info("job_done", job=job, slot=slot_at.isoformat(), **result)
    return result


def forget_old_runs(session: Session) -> int:
    """Delete the rows of runs long past: how many."""
    statement = delete(JobRun).where(JobRun.slot_at < clock.now() - KEPT)
    return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _win(sessions: Sessions, job: str, slot_at: datetime, owner: str, lease: timedelta) -> bool:
    at = clock.now()
    mine = {"owner": owner, "started_at": at, "lease_until": at + lease}
    anew = {**mine, "finished_at": None, "failed_at": None, "result": None}
    with sessions() as session:
        if _is_taken(session, job, slot_at, at):
            return False
        with transaction(session):
            new = insert_absent(session, JobRun).values(job=job, slot_at=slot_at, **mine).returning(JobRun.id)
            if session.execute(new).one_or_none() is not None:
                return True
            abandoned = (
                update(JobRun)
                .where(
                    JobRun.job == job,
                    JobRun.slot_at == slot_at,
                    or_(
                        and_(JobRun.finished_at.is_(None), JobRun.lease_until < at),
                        JobRun.started_at > at + AHEAD,
                    ),
                )
                .values(**anew)
                .execution_options(synchronize_session=False)
            )
            return bool(session.execute(abandoned).rowcount)  # type: ignore[attr-defined]


def _is_taken(session: Session, job: str, slot_at: datetime, at: datetime) -> bool:
    """A cheap look first: nearly every tick finds its slot done, and then nothing is written."""
    statement = select(JobRun.id).where(
        JobRun.job == job,
        JobRun.slot_at == slot_at,
        JobRun.started_at <= at + AHEAD,
        or_(JobRun.finished_at.is_not(None), JobRun.lease_until >= at),
    )
    return session.execute(statement).first() is not None


def _close(sessions: Sessions, job: str, slot_at: datetime, owner: str, **values: Any) -> None:
    """Write down the end, only where the run is still ours."""
    statement = (
        update(JobRun)
        .where(JobRun.job == job, JobRun.slot_at == slot_at, JobRun.owner == owner)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    with sessions() as session, transaction(session):
        session.execute(statement)
