"""Work on a long file: asked for once, claimed by one process, stopped by a word, ended with its outcome."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.matching import MATCHING
from outreach.database.absent import insert_absent
from outreach.imports.commands.keeping import KEPT
from outreach.imports.long_files import LEASE
from outreach.imports.models import LIVING, LOOK, JobState, UploadJob
from outreach.imports.noticeboard import board_of
from outreach.imports.progress import Ended

MOST_TRIES = 3
"""Work that brings its process down so often is given up."""

_UNSYNCHRONISED = {**MATCHING, "synchronize_session": False}


@dataclass(frozen=True)
class Wanted:
    """What is to be done: `work` on the kept file, list or upload `subject_id`, with what was filled in."""

    work: str
    kind: str
    subject_id: int
    area_id: int
    file_name: str
    asked: dict[str, Any] | None = None


def ask_for(session: Session, wanted: Wanted, *, by: Actor) -> int:
    """Ask for this work: its job. Asked twice at once, by two clicks or in two tabs, it is one and the same."""
    row = {
        "work": wanted.work,
        "kind": wanted.kind,
        "subject_id": wanted.subject_id,
        "area_id": wanted.area_id,
        "organisation_id": by.organisation_id,
        "by_id": by.person_id,
        "membership_id": by.membership_id,
        "file_name": wanted.file_name,
        "state": JobState.WAITING,
        "at": clock.now(),
        "tries": 0,
        "rows_done": 0,
        "asked": json.dumps(wanted.asked) if wanted.asked is not None else None,
    }
    session.execute(insert_absent(session, UploadJob).values(**row))
    living = select(UploadJob.id).where(
        UploadJob.work == wanted.work,
        UploadJob.kind == wanted.kind,
        UploadJob.subject_id == wanted.subject_id,
        UploadJob.state.in_((JobState.WAITING, JobState.RUNNING)),
    )
    return session.scalars(living, execution_options=MATCHING).one()


def stop_looking(session: Session, *, by: Actor) -> None:
    """Whoever sends another file no longer waits for the one before: that work ends, and is forgotten."""
    mine = (UploadJob.by_id == by.person_id, UploadJob.work == LOOK)
    living = list(
        session.scalars(select(UploadJob).where(*mine, UploadJob.state.in_(LIVING)), execution_options=MATCHING)
    )
    for job in living:
        stop(session, job)
    ended = delete(UploadJob).where(*mine, UploadJob.state.not_in(LIVING))
    session.execute(ended, execution_options=_UNSYNCHRONISED)


def stop(session: Session, job: UploadJob) -> None:
    """Stop what waits now, and what is being done before its next portion; what is done stays done."""
    waiting = _when(job, JobState.WAITING).values(state=JobState.STOPPED, ended_at=clock.now())
    if not _changed(session, waiting) and _changed(
        session, _when(job, JobState.RUNNING).values(state=JobState.STOPPING)
    ):
        board = board_of(session)
        if board is not None:
            board.ask_to_stop(job.id)
    session.expire(job)


def claim(session: Session, owner: str) -> UploadJob | None:
    """Take the oldest work that waits, or whose process fell silent; None when there is none. Each is taken by one."""
    for job_id in session.scalars(_free(), execution_options=MATCHING).all():
        if _speaks(session, job_id):
            continue
        job = session.get_one(UploadJob, job_id, populate_existing=True, execution_options=MATCHING)
        if job.state == JobState.STOPPING:
            _close(job, JobState.STOPPED)
        elif job.tries >= MOST_TRIES:
            _close(job, JobState.FAILED, {"error": {"key": "upload_given_up", "data": {"tries": job.tries}}})
        else:
            job.state, job.owner, job.tries = JobState.RUNNING, owner, job.tries + 1
            job.lease_until, job.stage, job.rows_done, job.rows_total = clock.now() + LEASE, None, 0, None
            session.flush()
            return job
    return None


def is_any_free(session: Session) -> bool:
    """A cheap look whether something waits: nearly always nothing does, and then nothing is written."""
    free = session.scalars(_free(locked=False), execution_options=MATCHING).all()
    return any(not _speaks(session, job_id) for job_id in free)


def beat(session: Session, job_id: int, owner: str, stage: str | None, done: int, total: int | None) -> str | None:
    """Say that the work goes on and how far it is: its state by now, None when it is no longer ours."""
    statement = (
        update(UploadJob)
        .where(UploadJob.id == job_id, UploadJob.owner == owner, UploadJob.state.in_(LIVING))
        .values(lease_until=clock.now() + LEASE, stage=stage, rows_done=done, rows_total=total)
        .returning(UploadJob.state)
    )
    return session.scalar(statement, execution_options=_UNSYNCHRONISED)


def finish(session: Session, job_id: int, owner: str, result_id: int | None, outcome: dict[str, Any]) -> None:
    """Done: written in the transaction of the work itself. Raises Ended when it was stopped, or is no longer ours."""
    values = {"state": JobState.DONE, "ended_at": clock.now(), "result_id": result_id, "outcome": json.dumps(outcome)}
    ours = (UploadJob.id == job_id, UploadJob.owner == owner, UploadJob.state == JobState.RUNNING)
    if not _changed(session, update(UploadJob).where(*ours).values(**values)):
        raise Ended(JobState.STOPPED)


def end(session: Session, job_id: int, owner: str, state: JobState, outcome: dict[str, Any] | None = None) -> None:
    """Stopped, failed, or given back to wait for another process; only while it is ours and not ended."""
    told = json.dumps(outcome, default=str) if outcome is not None else None
    ended_at = None if state is JobState.WAITING else clock.now()
    values: dict[str, Any] = {"state": state, "owner": None, "ended_at": ended_at, "outcome": told}
    if state is JobState.WAITING:
        values["tries"] = UploadJob.tries - 1
    ours = (UploadJob.id == job_id, UploadJob.owner == owner, UploadJob.state.in_(LIVING))
    _changed(session, update(UploadJob).where(*ours).values(**values))


def forget_old_jobs(session: Session) -> int:
    """Take away what ended a day ago, as the files are; how many."""
    ended = delete(UploadJob).where(UploadJob.state.not_in(LIVING), UploadJob.ended_at < clock.now() - KEPT)
    return _changed(session, ended)


def _free(*, locked: bool = True) -> Any:
    silent = and_(UploadJob.state.in_((JobState.RUNNING, JobState.STOPPING)), UploadJob.lease_until < clock.now())
    statement = select(UploadJob.id).where(or_(UploadJob.state == JobState.WAITING, silent)).order_by(UploadJob.id)
    return statement.with_for_update(skip_locked=True) if locked else statement


def _speaks(session: Session, job_id: int) -> bool:
    """On the embedded database a process that writes a list can only speak on the board."""
    board = board_of(session)
    seen = board.read(job_id) if board else None
    return seen is not None and seen.at + LEASE >= clock.now()


def _close(job: UploadJob, state: JobState, outcome: dict[str, Any] | None = None) -> None:
    job.state, job.owner, job.ended_at = state, None, clock.now()
    job.outcome = json.dumps(outcome) if outcome is not None else None


def _when(job: UploadJob, state: JobState) -> Any:
    return update(UploadJob).where(UploadJob.id == job.id, UploadJob.state == state)


def _changed(session: Session, statement: Any) -> int:
    return int(session.execute(statement, execution_options=_UNSYNCHRONISED).rowcount)  # type: ignore[attr-defined]
