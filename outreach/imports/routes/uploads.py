"""A list comes in by upload: look what is in it, then load it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.commands import Terms, load_preview
from outreach.imports.commands.keeping import keep_file
from outreach.imports.commands.queueing import Wanted, ask_for, stop_looking
from outreach.imports.forms import ConfirmForm, UploadForm
from outreach.imports.judging import receive
from outreach.imports.long_files import is_long
from outreach.imports.models import LOAD, NOT_ENROLLED, Batch, BatchState
from outreach.imports.queries.agreeing import agreements_valid
from outreach.imports.queries.jobs import find_going_on
from outreach.imports.routes.asking import found_or_asked
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.routes.columns import look_later, preview_kept
from outreach.imports.routes.looked import Looked, look
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
from outreach.imports.words import word
from outreach.partners.models import Area
from outreach.web.access import allowed
from outreach.web.filters import language

_LONGEST_NAME = 120


@blueprint.get("/lists/upload")
@allowed(ROLE)
def upload() -> Page:
    """The form to choose a file."""
    return _upload_page(new_upload_form())


@blueprint.post("/lists/upload")
@allowed(ROLE)
def send_upload() -> Page:
    """Read the file and keep it to look at; a file that cannot be read is said here, with what to do."""
    form = new_upload_form()
    return answer_sent(form, form.file, _upload_page, _sent)


@blueprint.get("/lists/<int:batch_id>/preview")
@allowed(ROLE)
def preview(batch_id: int) -> Page:
    """What the list would bring, compared as things are now."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    if batch.state != BatchState.PREVIEWED:
        return redirect(url_for("imports.receipt", batch_id=batch.id))
    loading = find_going_on(db.session, LOAD, NOT_ENROLLED, batch.id)
    if loading is not None:
        return redirect(url_for("imports.progress", job_id=loading))
    return _preview_page(batch, area, look(batch, area))


@blueprint.post("/lists/<int:batch_id>/preview")
@allowed(ROLE)
def confirm(batch_id: int) -> Page:
    """Load the list. Of two people, or two clicks, the first one does; the other sees the receipt."""
    actor = current_actor()
    with transaction(db.session):
        batch, area = batch_or_404(batch_id)
        if batch.state != BatchState.PREVIEWED:
            return redirect(url_for("imports.receipt", batch_id=batch.id))
        looked, agreement_id = look(batch, area), agreement_of(batch, area)
        form = looked.form
        if agreement_id is None:
            return _preview_page(batch, area, looked), 409
        if not form.validate():
            return _preview_page(batch, area, looked), 400
        if looked.is_long:
            return redirect(_load_later(batch, area, form, agreement_id))
        terms = Terms(area, batch.as_of, batch.organisation_id, agreement_id, form.leads, form.address_kinds)
        try:
            loaded = load_preview(db.session, batch, terms, by=actor)
        except Refused:
            return redirect(url_for("imports.receipt", batch_id=batch_id))
    flash(_("This file was loaded before; nothing has changed.") if loaded.same_file else _("The list is loaded."))
    return redirect(url_for("imports.receipt", batch_id=loaded.batch_id))


def _load_later(batch: Batch, area: Area, form: ConfirmForm, agreement_id: int) -> str:
    """Let a long list be loaded outside the request; where to see how far it is."""
    asked = {
        "agreement_id": agreement_id,
        "leads": form.leads,
        "address_kinds": {key: kind.value for key, kind in form.address_kinds.items()},
        "rows": batch.rows,
    }
    wanted = Wanted(LOAD, NOT_ENROLLED, batch.id, area.id, batch.file_name, asked)
    return url_for("imports.progress", job_id=ask_for(db.session, wanted, by=current_actor()))


def _upload_page(form: UploadForm) -> str:
    return render_template("imports/upload.html", form=form)


def _sent(form: UploadForm) -> str:
    """Read and judge the file, before any transaction, and keep both; where to look at it.

    A list with columns we do not know is asked about first. A form sent twice leads to the same place.
    """
    sent = chosen(form)
    found, asked = found_or_asked(db.session, sent.terms.organisation_id, NOT_ENROLLED, sent.stream, sent.name)
    later = not asked and is_long(sent.stream)
    incoming = None if asked or later else receive(found, sent.terms.as_of)

    def keep(actor: Actor) -> str:
        stop_looking(db.session, by=actor)
        kept = keep_file(db.session, sent.stream, sent.kept_as(NOT_ENROLLED), by=actor)
        if later:
            return look_later(kept, found, sent.stream, by=actor)
        if incoming is not None:
            return preview_kept(db.session, kept, found, incoming, sent.terms, by=actor)
        return url_for("imports.columns", file_id=kept.id)

    return kept_once(keep, otherwise="imports.batches")


def _preview_page(batch: Batch, area: Area, looked: Looked) -> str:
    return render_template(
        "imports/preview.html",
        batch={"file_name": batch.file_name, "as_of": batch.as_of, "area": area.name},
        counts=looked.counts,
        again=looked.again,
        warnings=_warnings(batch, area, looked),
        loadable=agreement_of(batch, area) is not None,
        agreements_url=agreements_url(area),
        same_file=earlier_shown(db.session, current_actor(), batch, area),
        form=looked.form,
        fields=looked.form.asked,
        refused_url=url_for("imports.refused_xlsx", batch_id=batch.id),
        back_url=url_for("imports.upload"),
        read_from=read_from(batch),
        **looked.rows,
    )


def _warnings(batch: Batch, area: Area, looked: Looked) -> list[str]:
    """What to know before loading: about the day, the agreement, and rows to look at."""
    as_of = batch.as_of.isoformat()
    found = []
    if batch.as_of > clock.today():
        found.append(word("warning.as_of_ahead", language(), as_of=as_of))
    if agreement_of(batch, area) is None:
        several = len(agreements_valid(db.session, area, batch.as_of)) > 1
        key = "warning.agreement_several" if several else "warning.agreement_none"
        found.append(word(key, language(), as_of=as_of))
    return found + remarks_said(looked.warnings, looked.more_warnings)
