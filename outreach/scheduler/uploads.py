"""Long files are worked on here, one at a time in each process: claimed, followed, written in one transaction."""

import threading
import uuid
from collections.abc import Callable
from contextvars import copy_context
from time import monotonic
from typing import Any, Self

from flask import Flask
from sqlalchemy.exc import DBAPIError
from structlog import get_logger

from outreach.database import transaction
from outreach.errors import OutreachError
from outreach.extensions import db
from outreach.imports.commands.queueing import beat, claim, end, finish, is_any_free
from outreach.imports.commands.working import Task, read_first, task_of, write_then
from outreach.imports.models import JobState
from outreach.imports.noticeboard import board_of
from outreach.imports.progress import Ended, Stage

log = get_logger()

LOOK_EVERY_SECONDS = 2
"""How long somebody waits at most before a process of an installation at rest begins."""

_BEAT_SECONDS = 1
_SILENT_SECONDS = 15 * 60
"""Work that got no row further for so long hangs: it no longer says that it lives, and another may take it up."""


class Follower:
    """Knows how far the work is, says so each second beside its transaction, and ends it when it has to."""

    def __init__(self, app: Flask, task: Task, owner: str, stopping: Callable[[], bool]) -> None:
        self._app, self._task, self._owner, self._stopping = app, task, owner, stopping
        self._stage: Stage | None = None
        self._done, self._moved_at = 0, monotonic()
        self._total: int | None = task.asked.get("rows")
        self._ended: JobState | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=copy_context().run, args=(self._beats,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def __call__(self, stage: Stage, rows: int) -> None:
        """So many rows are done. Raises Ended when somebody stopped it, took it over, or this process ends."""
        if stage is not self._stage and self._stage is Stage.READ:
            self._total = self._done or self._total
        self._stage, self._done, self._moved_at = stage, rows, monotonic()
        self.check()

    def check(self) -> None:
        """Raises Ended when the work must not go on."""
        if self._ended is not None:
            raise Ended(self._ended)
        if self._stopping():
            raise Ended(JobState.WAITING)

    def tell(self) -> None:
        """Say how far it is, and hear whether it may go on."""
        told = (self._stage, self._done, self._total)
        with db.sessionmaker() as session:
            board = board_of(session)
            if board is not None:
                board.tell(self._task.job_id, *told)
                state: str | None = JobState.STOPPING if board.is_to_stop(self._task.job_id) else JobState.RUNNING
            else:
                with transaction(session):
                    state = beat(session, self._task.job_id, self._owner, *told)
        if state != JobState.RUNNING:
            self._ended = JobState.STOPPED

    def _beats(self) -> None:
        with self._app.app_context():
            while not self._over.is_set():
                if monotonic() - self._moved_at < _SILENT_SECONDS:
                    try:
                        self.tell()
                    except Exception:  # the next beat may get through; without any another process takes over
                        log.warning("upload_beat_missed", job=self._task.job_id, exc_info=True)
                self._over.wait(_BEAT_SECONDS)


def work_on_one(app: Flask, stopping: Callable[[], bool]) -> bool:
    """Claim the oldest long file that waits and do it, in an application context: whether there was one."""
    owner = uuid.uuid4().hex
    task = _claimed(owner)
    if task is None:
        return False
    try:
        with Follower(app, task, owner, stopping) as told:
            _do(task, owner, told)
        log.info("upload_done", job=task.job_id, work=task.work, kind=task.kind)
    except Ended as ended:
        _close(task, owner, JobState(ended.state))
    except OutreachError as error:
        _close(task, owner, JobState.FAILED, {"error": {"key": error.key, "data": error.data}})
    except DBAPIError:
        log.exception("upload_interrupted", job=task.job_id)  # when its lease is over it is tried again
    except Exception:
        log.exception("upload_failed", job=task.job_id)
        _close(task, owner, JobState.FAILED, {"error": {"key": "upload_went_wrong", "data": {}}})
    _clear_board(task)
    return True


def _claimed(owner: str) -> Task | None:
    with db.sessionmaker() as session:
        if not is_any_free(session):
            return None
        with transaction(session):
            job = claim(session, owner)
            return task_of(job) if job else None


def _do(task: Task, owner: str, told: Follower) -> None:
    """Read first, holding nobody up; then write all of it and that it is done, or nothing."""
    with db.sessionmaker() as session:
        read = read_first(session, task, told)
        told.check()
        with transaction(session):
            result_id, outcome = write_then(session, task, read, told)
            told.check()
            finish(session, task.job_id, owner, result_id, outcome)


def _close(task: Task, owner: str, state: JobState, outcome: dict[str, Any] | None = None) -> None:
    log.info("upload_ended", job=task.job_id, state=state, why=outcome and outcome["error"]["key"])
    with db.sessionmaker() as session, transaction(session):
        end(session, task.job_id, owner, state, outcome)


def _clear_board(task: Task) -> None:
    with db.sessionmaker() as session:
        board = board_of(session)
    if board is not None:
        board.clear(task.job_id)
