"""Work on a long file: how far it is, a button to stop it, and where it led once it is done."""

from datetime import timedelta

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import is_school
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.commands import queueing
from outreach.imports.models import LIVING, LOAD, LOOK, REPORTS, RUNNING, TAKE_BACK, JobState, UploadJob
from outreach.imports.noticeboard import board_of
from outreach.imports.policy import areas_to_report
from outreach.imports.progress import Stage
from outreach.imports.queries.jobs import Progress, find_job, jobs_here, outcome_of, progress_of
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.shown import Shown, by_name
from outreach.imports.routes.taking_back import say_taken_back
from outreach.imports.words import refusal
from outreach.web.access import allowed, not_noted
from outreach.web.filters import language, number

ROLES = ("coordinator", "school-contact")

_JUST_NOW = timedelta(minutes=10)
"""As long after its end somebody who waited reads what came of it; later the receipt says it."""


@blueprint.get("/uploads/<int:job_id>")
@allowed(*ROLES)
@not_noted
def progress(job_id: int) -> Page | Response:
    """How far it is; once it is done, what it led to."""
    job = _job_or_404(job_id)
    if job.state == JobState.DONE:
        return _done(job)
    page = make_response(render_template("imports/progress.html", job=job_shown(job), back_url=_chosen_at(job)))
    if job.state in LIVING:
        page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/uploads/<int:job_id>/stop")
@allowed(*ROLES)
@not_noted
def stop(job_id: int) -> Page:
    """Stop it: at once while it waits, else before its next portion. What is loaded already stays, and that is said."""
    job = _job_or_404(job_id)
    board = board_of(db.session)
    if board is not None and job.state == JobState.RUNNING:
        board.ask_to_stop(job.id)  # a list is being written perhaps, and then no row can be
        return redirect(url_for("imports.progress", job_id=job_id))
    with transaction(db.session):
        job = _job_or_404(job_id)
        if job.state == JobState.DONE:
            flash(_("It was too late to stop: it is done already."), "error")
        else:
            queueing.stop(db.session, job)
    return redirect(url_for("imports.progress", job_id=job_id))


def jobs_shown(*, reports: bool) -> list[Shown]:
    """What is being done with long files, and what ended a while ago, for the page of lists or of reports."""
    found = jobs_here(db.session, current_actor(), _area_ids(), reports=reports)
    loading = {job.subject_id for job, _person in found if job.work == LOAD}
    shown = [(job, person) for job, person in found if job.work != LOOK or job.result_id not in loading]
    return [job_shown(job) | {"by": by_name(person)} for job, person in shown]


def job_shown(job: UploadJob) -> Shown:
    """One piece of work in words."""
    seen = progress_of(db.session, job)
    return {
        "file_name": job.file_name,
        "url": url_for("imports.progress", job_id=job.id),
        "stop_url": url_for("imports.stop", job_id=job.id) if seen.state in LIVING else None,
        "ended": _ended(job),
        "back": _("Choose a file") if job.work == LOOK else _("Back to what is in it"),
        "reports": job.kind in REPORTS,
        "state": seen.state.value,
        "living": seen.state in LIVING,
        "title": _title(job, seen),
        "doing": _doing(job, seen),
        "done": seen.done,
        "total": seen.total if seen.done else None,
        "counted": _counted(job, seen),
        "unclaimed": seen.unclaimed,
        "silent": seen.silent,
        "fault": _fault(job),
    }


def _title(job: UploadJob, seen: Progress) -> str:
    stopped, failed, done, going = _titles(job)
    return {JobState.STOPPED: stopped, JobState.FAILED: failed, JobState.DONE: done}.get(seen.state, going)


def _titles(job: UploadJob) -> tuple[str, str, str, str]:
    """Stopped, failed, done, and as long as it goes on."""
    if job.work == TAKE_BACK:
        nothing, failed = _("Stopped: nothing was taken back"), _("This did not work: nothing was taken back")
        return nothing, failed, _("Taken back"), _("Being taken back")
    failed = _("This did not work: nothing was loaded")
    if job.work == LOAD:
        return _("Stopped: nothing was loaded"), failed, _("Loaded"), _("Being loaded")
    return _("Stopped"), failed, _("Ready to look at"), _("Being looked at")


def _ended(job: UploadJob) -> str:
    """What stands now that it did not come to its end."""
    if job.work == TAKE_BACK:
        return str(_("Nothing was taken back. The list is as it was: take it back again whenever you like."))
    if job.work == LOAD:
        return str(_("Nothing was loaded. What you looked at is still there: load it again whenever you like."))
    return str(_("Nothing was kept. Choose the file again whenever you like."))


def _doing(job: UploadJob, seen: Progress) -> str:
    if seen.state is JobState.STOPPING:
        return str(_("Stopping: it ends before the next rows, and leaves nothing."))
    if seen.state is JobState.WAITING and seen.ahead:
        return str(ngettext("Waits for 1 other file.", "Waits for %(num)s other files.", seen.ahead))
    if seen.state is JobState.WAITING:
        return str(_("Waits for its turn, a few seconds as a rule."))
    if seen.state is not JobState.RUNNING:
        return ""
    if seen.stage == Stage.READ:
        return str(_("Step 1 of 3: reading and checking the rows"))
    if seen.stage == Stage.COMPARED:
        return str(_("Step 2 of 3: comparing with what is known"))
    if job.work == TAKE_BACK:
        return str(_("Putting back what the list changed, and closing the cases it opened"))
    if seen.stage == Stage.WRITTEN and job.work == LOAD:
        return str(
            _("Step 3 of 3: opening cases and writing down what changed")
            if job.kind not in REPORTS
            else _("Step 3 of 3: writing down the reports")
        )
    if seen.stage == Stage.WRITTEN:
        return str(_("Step 3 of 3: making the preview"))
    return str(_("Getting ready"))


def _counted(job: UploadJob, seen: Progress) -> str:
    """How many rows of how many, where that says something; of what is taken back, how many cases."""
    if seen.state is not JobState.RUNNING or not seen.done:
        return ""
    if seen.total and job.work == TAKE_BACK:
        return str(_("%(done)s of %(total)s cases", done=number(seen.done), total=number(seen.total)))
    if seen.total and seen.stage == Stage.READ:
        return str(_("%(done)s of about %(total)s rows", done=number(seen.done), total=number(seen.total)))
    if seen.total:
        return str(_("%(done)s of %(total)s rows", done=number(seen.done), total=number(seen.total)))
    return str(_("%(done)s rows", done=number(seen.done)))


def _fault(job: UploadJob) -> str:
    error = outcome_of(job).get("error") if job.state == JobState.FAILED else None
    if error is None:
        return ""
    return refusal(Refused(error["key"], **error["data"]), language()) or error["key"]


def _done(job: UploadJob) -> Page:
    """Where it led: what is in the file, or the receipt."""
    outcome = outcome_of(job)
    if job.work == LOOK:
        if job.kind in REPORTS:
            return redirect(url_for("imports.look_at_upload", upload_id=job.result_id))
        return redirect(url_for("imports.preview", batch_id=job.result_id))
    if job.work == TAKE_BACK:
        mine = job.by_id == current_actor().person_id
        if mine and job.ended_at is not None and clock.now() - job.ended_at < _JUST_NOW:
            say_taken_back(outcome["left"], outcome["more"])
        return redirect(_receipt(job, job.result_id))
    if outcome.get("same_file"):
        flash(_("This file was loaded before; nothing has changed."))
    if job.kind not in REPORTS:
        return redirect(_receipt(job, job.result_id))
    if is_school(current_actor()):
        return redirect(url_for("attendance.school"))
    if outcome.get("batches", 1) > 1:
        return redirect(url_for("imports.reports"))
    return redirect(url_for("imports.report", batch_id=job.result_id))


def _chosen_at(job: UploadJob) -> str:
    """Where another file is chosen; after a load that did not work, the preview, which is still there."""
    if job.work == TAKE_BACK:
        return _receipt(job, job.subject_id)
    if job.work == LOAD and job.kind not in REPORTS:
        page = "imports.running_preview" if job.kind == RUNNING else "imports.preview"
        return url_for(page, batch_id=job.subject_id)
    if job.work == LOAD:
        return url_for("imports.look_at_upload", upload_id=job.subject_id)
    return url_for("imports.upload_reports" if job.kind in REPORTS else "imports.upload")


def _receipt(job: UploadJob, batch_id: int | None) -> str:
    page = "imports.running_receipt" if job.kind == RUNNING else "imports.receipt"
    return url_for(page, batch_id=batch_id)


def _job_or_404(job_id: int) -> UploadJob:
    job = find_job(db.session, current_actor(), job_id, _area_ids())
    if job is None:
        abort(404)
    return job


def _area_ids() -> list[int]:
    return [area.id for area in areas_to_report(db.session, current_actor(), clock.today())]
