"""APScheduler as clock only: every minute each job is asked for its slot; the database decides who runs it, and when
it is now."""

import os
import signal
import threading
from collections.abc import Iterable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from structlog import get_logger

from outreach import clock
from outreach.extensions import db
from outreach.scheduler.jobs import JOBS, Job
from outreach.scheduler.slots import run_slot
from outreach.scheduler.timekeeping import Timekeeper
from outreach.scheduler.uploads import LOOK_EVERY_SECONDS, work_on_one

log = get_logger()

GRACE_SECONDS = 4
"""How long a running job may finish after TERM; what it leaves is healed by its lease."""


class Ticker:
    """The clock of one process; any number of processes may tick on one database."""

    def __init__(self, app: Flask, jobs: Iterable[Job] = JOBS) -> None:
        self._app = app
        self._stop = threading.Event()
        self._time = None if app.config["SETTINGS"].training else Timekeeper()
        self._clock = BackgroundScheduler(timezone="UTC")
        self._uploads = threading.Thread(target=self._work_on_uploads, daemon=True)
        self._jobs = tuple(jobs)
        for job in self._jobs:
            self._clock.add_job(
                self.tick,
                CronTrigger(minute="*", timezone="UTC"),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def tick(self, job: Job) -> None:
        """Run the job's present slot, unless it has none at this hour or somebody has it."""
        with self._app.app_context():
            if self._time is not None:
                self._time.keep(db.sessionmaker)
            slot_at = job.rhythm.slot_at(clock.now())
            if slot_at is None or self._stop.is_set():
                return
            run_slot(db.sessionmaker, job.name, slot_at, lambda: job.work(self._stop.is_set))

    def start(self) -> None:
        """Tick once now, so that what was missed while nothing ran is healed, then every minute."""
        for job in self._jobs:
            self._clock.add_job(self.tick, args=[job])
        self._clock.start()
        self._uploads.start()

    def stop(self) -> bool:
        """Let running jobs finish for a moment: whether all did."""
        self._stop.set()
        closing = threading.Thread(target=self._finish, daemon=True)
        closing.start()
        closing.join(GRACE_SECONDS)
        return not closing.is_alive()

    def _finish(self) -> None:
        self._clock.shutdown()
        if self._uploads.is_alive():
            self._uploads.join()

    def _work_on_uploads(self) -> None:
        """Beside the clock: a long file may take minutes, and nobody wants to wait for the next one to begin."""
        while not self._stop.is_set():
            busy = False
            try:
                with self._app.app_context():
                    if self._time is not None:
                        self._time.keep(db.sessionmaker)
                    busy = work_on_one(self._app, self._stop.is_set)
            except Exception:  # the database may be away for a moment; the lease heals what was begun
                log.exception("uploads_interrupted")
            if not busy:
                self._stop.wait(LOOK_EVERY_SECONDS)


def run_until_told(app: Flask) -> None:
    """Tick until TERM or Ctrl-C; the process ends within 5 seconds, whatever a mail server is doing."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    ticker = Ticker(app)
    ticker.start()
    log.info("scheduler_started", jobs=[job.name for job in JOBS])
    told.wait()
    if not ticker.stop():
        log.warning("scheduler_ended_with_work_open")
        os._exit(0)  # a thread still waits for a mail server; its letters are taken over when their lease ends
    log.info("scheduler_ended")
