"""The jobs of an installation: one line per job, each with its rhythm and its work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from outreach.cases.commands.reminding import remind
from outreach.cases.commands.searching import forget_words
from outreach.database import transaction
from outreach.errors import Unsound
from outreach.extensions import db
from outreach.imports.commands.keeping import forget_old_files
from outreach.imports.commands.queueing import forget_old_jobs
from outreach.notifications.purging import purge_bodies
from outreach.partners.hours import EARLIEST, LATEST
from outreach.scheduler.post import deliver_due
from outreach.scheduler.rhythms import Daily, EveryMinutes, Rhythm
from outreach.scheduler.slots import forget_old_runs

Stopping = Callable[[], bool]
Work = Callable[[Stopping], Mapping[str, Any]]


@dataclass(frozen=True)
class Job:
    """`work` runs in an application context and looks now and then whether the process is stopping."""

    name: str
    rhythm: Rhythm
    work: Work


def deliver_outbox(stopping: Stopping) -> Mapping[str, Any]:
    """Send what is due; without a mail server the outbox waits, and the run says so."""
    try:
        return deliver_due(current_app.config["SETTINGS"], stopping=stopping).as_dict()
    except Unsound as unsound:
        if unsound.key != "mail_server_missing":
            raise
        return {"mail_server_missing": True}


def keep_house(_stopping: Stopping) -> Mapping[str, Any]:
    """Forget the runs of a month ago, what people searched for, what mails of long ago said, and files of yesterday."""
    with db.sessionmaker() as session, transaction(session):
        return {
            "job_runs_forgotten": forget_old_runs(session),
            "searches_forgotten": forget_words(session),
            "mails_purged": purge_bodies(session),
            "files_forgotten": forget_old_files(session),
            "upload_jobs_forgotten": forget_old_jobs(session),
        }


def remind_people(_stopping: Stopping) -> Mapping[str, Any]:
    """Queue the digests of this quarter of an hour; the sweep knows hours and working days itself."""
    with db.sessionmaker() as session, transaction(session):
        return remind(session).as_data()


JOBS = (
    Job("remind", EveryMinutes(15, from_hour=EARLIEST, until_hour=LATEST), remind_people),
    Job("deliver", EveryMinutes(1), deliver_outbox),
    Job("housekeeping", Daily(5), keep_house),
)
