"""A list comes in by upload: look what is in it, then load it."""

from pathlib import PurePath

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.imports.commands import Terms, load_preview
from outreach.imports.commands.keeping import Sent, keep_file
from outreach.imports.commands.queueing import Wanted, ask_for, stop_looking
from outreach.imports.forms import ConfirmForm, UploadForm, upload_form
from outreach.imports.judging import receive
from outreach.imports.long_files import is_long
from outreach.imports.models import LOAD, NOT_ENROLLED, Batch, BatchState
from outreach.imports.queries.agreeing import agreements_valid, only_agreement, require_valid
from outreach.imports.queries.jobs import find_loading
from outreach.imports.queries.kept import kept_for
from outreach.imports.routes.asking import found_or_asked
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint, own_areas
from outreach.imports.routes.columns import look_later, preview_kept
from outreach.imports.routes.looked import Looked, look
from outreach.imports.routes.shown import Shown, earlier_shown
from outreach.imports.words import refusal, word
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

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
    if not form.validate():
        return _upload_page(form), 400
    try:
        return redirect(_sent(form))
    except (Unreadable, Refused) as error:
        form.file.errors = [refusal(error, language()) or error.key]
        return _upload_page(form), 422


@blueprint.get("/lists/<int:batch_id>/preview")
@allowed(ROLE)
def preview(batch_id: int) -> Page:
    """What the list would bring, compared as things are now."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    if batch.state == BatchState.LOADED:
        return redirect(url_for("imports.receipt", batch_id=batch.id))
    loading = find_loading(db.session, NOT_ENROLLED, batch.id)
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
        if batch.state == BatchState.LOADED:
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


def new_upload_form() -> UploadForm:
    """The form with one's own areas, and the agreements a list of them leans on."""
    areas = own_areas()
    ids = {area.id for area in areas}
    known = [one for one in agreements(db.session) if one.area_id in ids and one.source == NOT_ENROLLED]
    return upload_form(areas, known)


def _upload_page(form: UploadForm) -> str:
    return render_template("imports/upload.html", form=form)


def _sent(form: UploadForm) -> str:
    """Read and judge the file, before any transaction, and keep both; where to look at it.

    A list with columns we do not know is asked about first. A form sent twice leads to the same place.
    """
    actor, key = current_actor(), request.form.get("submission_key") or new_key()
    area = next((one for one in own_areas() if one.id == form.area.data), None)
    if area is None or actor.organisation_id is None or form.as_of.data is None:
        abort(404)
    agreement = agreement_for(form, area)
    name, stream = name_of(form), form.file.data.stream
    found, asked = found_or_asked(db.session, actor.organisation_id, NOT_ENROLLED, stream, name)
    later = not asked and is_long(stream)
    incoming = None if asked or later else receive(found, form.as_of.data)
    terms = Terms(area, form.as_of.data, actor.organisation_id, agreement.id if agreement else None)
    sent = Sent(NOT_ENROLLED, name, area, terms.organisation_id, terms.agreement_id, terms.as_of)
    with transaction(db.session):
        if not first_time(db.session, key=key, person_id=actor.person_id):
            return result_of(db.session, key=key, person_id=actor.person_id) or url_for("imports.batches")
        stop_looking(db.session, by=actor)
        kept = keep_file(db.session, stream, sent, by=actor)
        url = url_for("imports.columns", file_id=kept.id)
        if later:
            url = look_later(kept, found, stream, by=actor)
        elif incoming is not None:
            url = preview_kept(db.session, kept, found, incoming, terms, by=actor)
        remember_result(db.session, key=key, person_id=actor.person_id, result=url)
    return url


def name_of(form: UploadForm) -> str:
    """The name of the file without a path."""
    return PurePath((form.file.data.filename or "lijst").replace("\\", "/")).name[-_LONGEST_NAME:]


def agreement_for(form: UploadForm, area: Area) -> Agreement | None:
    """The one chosen, which must be valid; else the only valid one."""
    as_of = form.as_of.data
    if as_of is None:
        abort(400)
    named = form.data.get("agreement")
    if not named:
        return only_agreement(db.session, area, as_of)
    chosen = db.session.get_one(Agreement, int(named))
    require_valid(chosen, area, as_of)
    return chosen


def agreement_of(batch: Batch, area: Area) -> int | None:
    """The agreement this list may be loaded under: the one it was uploaded with, or the only valid one by now."""
    if batch.agreement_id is not None:
        return batch.agreement_id
    agreement = only_agreement(db.session, area, batch.as_of)
    return agreement.id if agreement else None


def _preview_page(batch: Batch, area: Area, looked: Looked) -> str:
    return render_template(
        "imports/preview.html",
        batch={"file_name": batch.file_name, "as_of": batch.as_of, "area": area.name},
        counts=looked.counts,
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


def agreements_url(area: Area) -> str | None:
    """Where the agreements of an area stand, for who coordinates it."""
    if area.coordinator_id != current_actor().organisation_id:
        return None
    return url_for("administration.area", key=area.key, _anchor="agreements-title")


def read_from(batch: Batch) -> Shown | None:
    """From which sheet and line the list was read, and where to say otherwise, as long as the file is kept."""
    kept = kept_for(db.session, current_actor(), batch.id)
    if kept is None:
        return None
    return {"sheet": kept.sheet, "row": kept.title_row, "url": url_for("imports.columns", file_id=kept.id)}


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
    found += [
        f"{word('console.place', language(), row=one.row_number, column=one.column or '-')}: {one.wrong(language())}"
        for one in looked.warnings
    ]
    if looked.more_warnings == 1:
        found.append(_("And 1 more remark of this sort."))
    elif looked.more_warnings:
        found.append(_("And %(count)s more remarks of this sort.", count=looked.more_warnings))
    return found
