"""A coordinator's own list of running cases comes in: chosen, looked at, and taken over."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.commands import Terms
from outreach.imports.commands.keeping import keep_file
from outreach.imports.commands.previewing_running import load_running_preview
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.forms import UploadForm
from outreach.imports.models import LOAD, RUNNING, Batch, BatchState
from outreach.imports.queries.jobs import find_going_on
from outreach.imports.queries.running import RunningComparison
from outreach.imports.routes.asking import found_or_asked
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint, receipt_url
from outreach.imports.routes.columns import preview_kept_running
from outreach.imports.routes.running_shown import running_shown
from outreach.imports.routes.running_words import compared_now, head
from outreach.imports.routes.sending import (
    agreement_of,
    agreements_url,
    answer_sent,
    chosen,
    kept_once,
    new_upload_form,
    read_from,
    remarks_said,
)
from outreach.imports.routes.shown import earlier_shown
from outreach.imports.running import receive_running
from outreach.imports.take_over_form import take_over_form
from outreach.imports.words import word
from outreach.partners.models import Area
from outreach.web.access import allowed
from outreach.web.filters import language


@blueprint.get("/lists/running/upload")
@allowed(ROLE)
def upload_running() -> Page:
    """The form to choose one's own list."""
    return _upload_page(new_upload_form())


@blueprint.post("/lists/running/upload")
@allowed(ROLE)
def send_running() -> Page:
    """Read the file and keep it to look at; a file that cannot be read is said here, with what to do."""
    form = new_upload_form()
    return answer_sent(form, form.file, _upload_page, _sent)


@blueprint.get("/lists/running/<int:batch_id>/preview")
@allowed(ROLE)
def running_preview(batch_id: int) -> Page:
    """Where every case would go and what would be added, as things are now."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id, RUNNING)
    if batch.state != BatchState.PREVIEWED:
        return redirect(receipt_url(batch))
    going_on = find_going_on(db.session, LOAD, RUNNING, batch.id)
    if going_on is not None:
        return redirect(url_for("imports.progress", job_id=going_on))
    return _preview_page(batch, area, compared_now(batch, area))


@blueprint.post("/lists/running/<int:batch_id>/preview")
@allowed(ROLE)
def take_over_running(batch_id: int) -> Page:
    """Take the list over, a long one outside the request. Of two people, or two clicks, the first one does; the other
    sees the receipt."""
    actor = current_actor()
    with transaction(db.session):
        batch, area = batch_or_404(batch_id, RUNNING)
        if batch.state != BatchState.PREVIEWED:
            return redirect(receipt_url(batch))
        agreement_id = agreement_of(batch, area)
        if agreement_id is None:
            return _preview_page(batch, area, compared_now(batch, area)), 409
        form = take_over_form(partners="parents" in request.form)
        if not form.validate():
            return _preview_page(batch, area, compared_now(batch, area)), 400
        if batch.rows > long_files.LONG_RUNNING:
            asked = {"agreement_id": agreement_id, "parents_agree": form.parents_agree, "rows": batch.rows}
            wanted = Wanted(LOAD, RUNNING, batch.id, area.id, batch.file_name, asked)
            return redirect(url_for("imports.progress", job_id=ask_for(db.session, wanted, by=actor)))
        terms = Terms(area, batch.as_of, batch.organisation_id, agreement_id)
        try:
            loaded = load_running_preview(db.session, batch, terms, parents_agree=form.parents_agree, by=actor)
        except Refused:
            return redirect(url_for("imports.running_receipt", batch_id=batch_id))
    same = _("This file was loaded before; nothing has changed.")
    flash(same if loaded.same_file else _("The list is taken over: from now on the cases stand here."), "success")
    return redirect(url_for("imports.running_receipt", batch_id=loaded.batch_id))


def _upload_page(form: UploadForm) -> str:
    return render_template("imports/running_upload.html", form=form)


def _sent(form: UploadForm) -> str:
    """Read and judge the file, before any transaction, and keep both; where to go on. Sent twice it leads there too."""
    sent = chosen(form)
    found, asked = found_or_asked(db.session, sent.terms.organisation_id, RUNNING, sent.stream, sent.name)
    running = None if asked else receive_running(found, sent.terms.as_of)

    def keep(actor: Actor) -> str:
        kept = keep_file(db.session, sent.stream, sent.kept_as(RUNNING), by=actor)
        if running is not None:
            return preview_kept_running(db.session, kept, found, running, sent.terms, by=actor)
        return url_for("imports.columns", file_id=kept.id)

    return kept_once(keep, otherwise="imports.batches")


def _preview_page(batch: Batch, area: Area, compared: RunningComparison) -> str:
    shown = running_shown(db.session, current_actor(), area, compared)
    return render_template(
        "imports/running_preview.html",
        batch=head(batch, area),
        loadable=agreement_of(batch, area) is not None,
        agreements_url=agreements_url(area),
        same_file=earlier_shown(db.session, current_actor(), batch, area),
        form=take_over_form(partners=bool(shown["partners"])),
        warnings=_warnings(batch, compared),
        words_url=url_for("imports.running_words", batch_id=batch.id),
        refused_url=url_for("imports.refused_xlsx", batch_id=batch.id),
        refused_csv_url=url_for("imports.refused_csv", batch_id=batch.id),
        back_url=url_for("imports.upload_running"),
        read_from=read_from(batch),
        **shown,
    )


def _warnings(batch: Batch, compared: RunningComparison) -> list[str]:
    """What to know before the list is taken over: its day, and cells that are kept as words."""
    found = []
    if batch.as_of > clock.today():
        found.append(word("warning.as_of_ahead", language(), as_of=batch.as_of.isoformat()))
    remarks = [one for one in compared.comparison.judged.warnings if one.key == "kept_as_note"]
    return found + remarks_said(remarks[:5], len(remarks) - 5, todo=True)
