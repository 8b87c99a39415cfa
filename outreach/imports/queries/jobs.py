"""Work on long files, as those who may load such files see it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.children.grants import sight
from outreach.children.matching import MATCHING
from outreach.imports.long_files import LEASE
from outreach.imports.models import LIVING, LOOK, REPORTS, JobState, UploadJob
from outreach.imports.noticeboard import board_of

SHOWN_FOR = timedelta(days=1)
"""How long after its end work still stands on the page of lists."""

UNCLAIMED_AFTER = timedelta(seconds=30)
"""Work that waits longer while nothing else is done: no process seems to look for it."""


@dataclass(frozen=True)
class Progress:
    """How far it is: `ahead` pieces of work go first; `unclaimed` when nobody seems to be at work at all; `silent` when
    the process that did it seems to have ended."""

    state: JobState
    stage: str | None
    done: int
    total: int | None
    ahead: int
    unclaimed: bool
    silent: bool


def find_job(session: Session, actor: Actor, job_id: int, area_ids: Sequence[int]) -> UploadJob | None:
    """Work on a file of one of these areas; looking is its sender's alone, reports are their organisation's."""
    statement = select(UploadJob).where(UploadJob.id == job_id, _seen(actor, area_ids))
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def jobs_here(
    session: Session, actor: Actor, area_ids: Sequence[int], *, reports: bool
) -> list[tuple[UploadJob, Person]]:
    """What is being done, and what ended within a day, with who asked for it; the newest first."""
    recent = or_(UploadJob.state.in_(LIVING), UploadJob.ended_at > clock.now() - SHOWN_FOR)
    kind = UploadJob.kind.in_(REPORTS) if reports else UploadJob.kind.not_in(REPORTS)
    statement = (
        select(UploadJob, Person)
        .join(Person, Person.id == UploadJob.by_id)
        .where(_seen(actor, area_ids), recent, kind)
        .order_by(UploadJob.id.desc())
        .limit(10)
    )
    return [(job, person) for job, person in session.execute(statement, execution_options=sight(actor))]


def progress_of(session: Session, job: UploadJob) -> Progress:
    """How far it is by what its process said last."""
    now, state = clock.now(), JobState(job.state)
    heard, told = job.lease_until and job.lease_until - LEASE, (job.stage, job.rows_done, job.rows_total)
    board = board_of(session) if state is JobState.RUNNING else None
    if board is not None:
        seen = board.read(job.id)
        if seen is not None:
            heard, told = seen.at, (seen.stage, seen.rows_done, seen.rows_total)
        if board.is_to_stop(job.id):
            state = JobState.STOPPING
    before = select(func.count(UploadJob.id)).where(UploadJob.id < job.id, UploadJob.state.in_(LIVING))
    ahead = session.scalar(before, execution_options=MATCHING) or 0 if state is JobState.WAITING else 0
    working = state in (JobState.RUNNING, JobState.STOPPING)
    return Progress(
        state,
        *told,
        ahead=ahead,
        unclaimed=state is JobState.WAITING and not ahead and now - job.at > UNCLAIMED_AFTER,
        silent=working and heard is not None and now - heard > LEASE,
    )


def outcome_of(job: UploadJob) -> dict[str, Any]:
    """What came of it."""
    found: dict[str, Any] = json.loads(job.outcome) if job.outcome else {}
    return found


def find_look(session: Session, kind: str, result_id: int) -> UploadJob | None:
    """The work that looked at this list or upload, when that was done outside the request."""
    statement = select(UploadJob).where(
        UploadJob.work == LOOK,
        UploadJob.kind == kind,
        UploadJob.result_id == result_id,
        UploadJob.state == JobState.DONE,
    )
    return session.scalars(statement.order_by(UploadJob.id.desc()).limit(1), execution_options=MATCHING).one_or_none()


def find_going_on(session: Session, work: str, kind: str, subject_id: int) -> int | None:
    """The work that does this with this list or upload now."""
    statement = select(UploadJob.id).where(
        UploadJob.work == work,
        UploadJob.kind == kind,
        UploadJob.subject_id == subject_id,
        UploadJob.state.in_(LIVING),
    )
    return session.scalars(statement, execution_options=MATCHING).one_or_none()


def _seen(actor: Actor, area_ids: Sequence[int]) -> ColumnElement[bool]:
    ours = or_(UploadJob.kind.not_in(REPORTS), UploadJob.organisation_id == actor.organisation_id)
    mine = or_(UploadJob.work != LOOK, UploadJob.by_id == actor.person_id)
    return and_(UploadJob.area_id.in_(area_ids), ours, mine)
