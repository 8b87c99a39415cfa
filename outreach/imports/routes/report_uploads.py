"""Reports of schools by upload: totals or absences by day; a school sends its own, a coordinator those of many."""

import io
from collections.abc import Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import is_school
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.imports.commands import keeping
from outreach.imports.commands.loading_reports import ReportTerms
from outreach.imports.commands.queueing import Wanted, ask_for, stop_looking
from outreach.imports.commands.report_kinds import KINDS
from outreach.imports.commands.uploading_reports import keep_upload, load_upload
from outreach.imports.forms import ReportForm, report_form
from outreach.imports.long_files import LONG, about_rows
from outreach.imports.models import LOAD, LOOK, REPORTS, ReportUpload
from outreach.imports.policy import areas_to_report
from outreach.imports.queries.agreeing import agreements_valid, only_agreement, require_valid
from outreach.imports.queries.jobs import find_going_on, find_look, outcome_of
from outreach.imports.queries.known_lists import read_known_list
from outreach.imports.queries.reports import files_of, find_upload, require_own
from outreach.imports.reading import ListFile
from outreach.imports.routes.asking import can_be_said, found_or_asked
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.looked_reports import look_at_reports, read_again
from outreach.imports.routes.reports import ROLES, counts_shown, refused_part
from outreach.imports.routes.sending import answer_sent, bare_name, kept_once
from outreach.imports.words import refusal, word
from outreach.partners.models import Agreement, Area, Organisation
from outreach.partners.queries import agreements
from outreach.schoolyear import OutsideCalendar
from outreach.web.access import allowed
from outreach.web.filters import language

Sent = Sequence[tuple[str, bytes]]


@blueprint.get("/reports/upload")
@allowed(*ROLES)
def upload_reports() -> Page:
    """The form to choose one or more files."""
    return _upload_page(_form())


@blueprint.post("/reports/upload")
@allowed(*ROLES)
def send_reports() -> Page:
    """Read the files and keep them to look at; one that cannot be read is said here, with what to do."""
    form = _form()
    if not areas_here():
        return _upload_page(form), 400
    return answer_sent(form, form.files, _upload_page, lambda form: _kept(form, _files(form)))


@blueprint.get("/reports/upload/<int:upload_id>")
@allowed(*ROLES)
def look_at_upload(upload_id: int) -> Page:
    """What the reports say, before anything is kept."""
    log_reading(db.session, current_actor(), f"upload:{upload_id}")
    upload, terms = _upload_or_404(upload_id)
    loading = find_going_on(db.session, LOAD, upload.kind, upload.id)
    if loading is not None:
        return redirect(url_for("imports.progress", job_id=loading))
    try:
        looked = look_at_reports(upload, terms)
    except Unreadable as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(url_for("imports.upload_reports"))
    return render_template(
        "imports/report_preview.html",
        upload={
            "id": upload.id,
            "kind": upload.kind,
            "area": terms.area.name,
            "as_of": upload.as_of,
            "files": looked.files,
        },
        loads=terms.agreement is not None,
        warning="" if terms.agreement else _no_agreement(upload, terms.area),
        same_file=looked.same_file,
        **counts_shown(looked.answer),
        **refused_part(looked.refused),
    )


@blueprint.post("/reports/upload/<int:upload_id>")
@allowed(*ROLES)
def load_reports_looked_at(upload_id: int) -> Page:
    """Load them. Sent twice, or by Back, it is done once."""
    actor = current_actor()
    try:
        upload, _terms = _upload_or_404(upload_id)
        if find_look(db.session, upload.kind, upload.id):
            return redirect(_load_later(upload_id))
        found = read_again(upload)  # before the transaction: the embedded database has one writer
        with transaction(db.session):
            upload, terms = _upload_or_404(upload_id)
            loaded = load_upload(db.session, upload, found, terms, by=actor)
    except (Unreadable, Refused) as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(url_for("imports.upload_reports"))
    said = _("These files were loaded before; nothing has changed.") if loaded.same_file else _("The report is loaded.")
    flash(said, "success")
    if is_school(actor):
        return redirect(url_for("attendance.school"))
    if len(loaded.batches) > 1:
        return redirect(url_for("imports.reports"))
    return redirect(url_for("imports.report", batch_id=loaded.batches[0]))


def _load_later(upload_id: int) -> str:
    """Let long reports be loaded outside the request; where to see how far. Raises Refused without an agreement."""
    with transaction(db.session):
        upload, terms = _upload_or_404(upload_id)
        look = find_look(db.session, upload.kind, upload.id)
        if terms.agreement is None or look is None:
            raise Refused("report_without_agreement")
        asked = {"rows": outcome_of(look)["answer"]["rows"]}
        wanted = Wanted(LOAD, upload.kind, upload.id, upload.area_id, look.file_name, asked)
        return url_for("imports.progress", job_id=ask_for(db.session, wanted, by=current_actor()))


def go_on(upload_id: int) -> str:
    """Where an upload stands now that columns were said: the next file nobody knows, or what is in it.

    Raises Unreadable or Refused.
    """
    upload, terms = _upload_or_404(upload_id)
    files = [(name, file.read()) for name, file in files_of(db.session, current_actor(), upload)]
    asked = _checked(upload.kind, files, terms)
    with transaction(db.session):
        upload, terms = _upload_or_404(upload_id)
        stop_looking(db.session, by=current_actor())
        return _columns_of(asked, upload, terms) if asked else _next_place(upload, files)


def areas_here() -> list[Area]:
    """The areas the signed-in person may send reports for."""
    return areas_to_report(db.session, current_actor(), clock.today())


def _form() -> ReportForm:
    areas = areas_here()
    ids = {area.id for area in areas}
    known = [one for one in agreements(db.session) if one.area_id in ids and one.source in REPORTS]
    return report_form(areas, known)


def _upload_page(form: ReportForm) -> str:
    own, school = _own_school(), is_school(current_actor())
    return render_template("imports/report_upload.html", form=form, areas=areas_here(), school=school, own=own)


def _own_school() -> Organisation | None:
    actor = current_actor()
    return db.session.get(Organisation, actor.organisation_id) if is_school(actor) else None


def _files(form: ReportForm) -> Sent:
    """The files as they came, their names without a path."""
    return [(bare_name(sent.filename, "rapport"), sent.stream.read()) for sent in form.files.data if sent]


def _kept(form: ReportForm, files: Sent) -> str:
    """Keep the files to look at, or to say what their columns are; where. A form sent twice leads to the same place."""
    area, kind = _chosen_area(form), _kind(form, files)
    terms = ReportTerms(area, _day(form), current_actor().organisation_id or 0, _agreement(form, area, kind))
    asked = _checked(kind, files, terms)

    def keep(actor: Actor) -> str:
        stop_looking(db.session, by=actor)
        upload = keep_upload(db.session, files, terms, kind=kind, by=actor)
        return _columns_of(asked, upload, terms) if asked else _next_place(upload, files)

    return kept_once(keep, otherwise="imports.reports")


def _kind(form: ReportForm, files: Sent) -> str:
    """What was said they are; files that plainly are the other kind are taken as what they are."""
    said: str = form.kind.data
    other = next(kind for kind in REPORTS if kind != said)
    return other if not _are(said, files) and _are(other, files) else said


def _are(kind: str, files: Sent) -> bool:
    try:
        for name, content in files:
            read_known_list(db.session, current_actor().organisation_id or 0, kind, io.BytesIO(content), name)
    except Unreadable:
        return False
    return True


def _checked(kind: str, files: Sent, terms: ReportTerms) -> tuple[str, bytes] | None:
    """Read them all: the file whose columns somebody has to say first, or None when they can be looked at.

    Raises Unreadable, or Refused when a school sends what is not its own, or for a day without a calendar.
    """
    try:
        lists = _lists(kind, files, terms)
        if _are_long(files):
            return None
        found = KINDS[kind].receive(lists, terms.as_of)
    except Unreadable as error:
        asked = next((file for file in files if file[0] == error.data.get("file")), None)
        if asked is None or not can_be_said(error):
            raise
        found_or_asked(db.session, terms.organisation_id, kind, io.BytesIO(asked[1]), asked[0])
        return asked
    require_own(db.session, current_actor(), found)
    try:
        KINDS[kind].look(db.session, found, terms)
    except OutsideCalendar as error:
        raise Refused("report_outside_calendar", as_of=terms.as_of.isoformat()) from error
    return None


def _lists(kind: str, files: Sent, terms: ReportTerms) -> list[ListFile]:
    """The files by their titles. Raises Unreadable."""
    return [
        read_known_list(db.session, terms.organisation_id, kind, io.BytesIO(content), name) for name, content in files
    ]


def _are_long(files: Sent) -> bool:
    return sum(len(content) for _name, content in files) > LONG


def _next_place(upload: ReportUpload, files: Sent) -> str:
    """Where to look at files that can be read; long ones are looked at outside the request first."""
    if not _are_long(files):
        return url_for("imports.look_at_upload", upload_id=upload.id)
    rows = sum(about_rows(io.BytesIO(content)) or 0 for _name, content in files)
    name = files[0][0] if len(files) == 1 else f"{files[0][0]} (+{len(files) - 1})"
    wanted = Wanted(LOOK, upload.kind, upload.id, upload.area_id, name, {"rows": rows or None})
    return url_for("imports.progress", job_id=ask_for(db.session, wanted, by=current_actor()))


def _columns_of(asked: tuple[str, bytes], upload: ReportUpload, terms: ReportTerms) -> str:
    """Keep the one file whose columns nobody knows; where to say them."""
    name, content = asked
    agreement = terms.agreement.id if terms.agreement else None
    sent = keeping.Sent(upload.kind, name, terms.area, terms.organisation_id, agreement, terms.as_of, upload.id)
    kept = keeping.keep_file(db.session, io.BytesIO(content), sent, by=current_actor())
    return url_for("imports.columns", file_id=kept.id)


def _day(form: ReportForm) -> date:
    if form.as_of.data is None:
        abort(400)
    return form.as_of.data


def _chosen_area(form: ReportForm) -> Area:
    areas = areas_here()
    wanted = form.data.get("area") or areas[0].id
    area = next((one for one in areas if one.id == wanted), None)
    if area is None:
        abort(404)
    return area


def _agreement(form: ReportForm, area: Area, kind: str) -> Agreement | None:
    """The one chosen, which must be valid; else the only valid one."""
    named = form.data.get("agreement")
    if not named:
        return only_agreement(db.session, area, _day(form), kind)
    chosen = db.session.get_one(Agreement, int(named))
    require_valid(chosen, area, _day(form), kind)
    return chosen


def _upload_or_404(upload_id: int) -> tuple[ReportUpload, ReportTerms]:
    """What this person sent and looks at, and its terms as they are kept."""
    upload = find_upload(db.session, current_actor(), upload_id)
    area = next((one for one in areas_here() if upload and one.id == upload.area_id), None)
    if upload is None or area is None:
        abort(404)
    agreement = db.session.get_one(Agreement, upload.agreement_id) if upload.agreement_id else None
    return upload, ReportTerms(area, upload.as_of, upload.organisation_id, agreement)


def _no_agreement(upload: ReportUpload, area: Area) -> str:
    several = len(agreements_valid(db.session, area, upload.as_of, upload.kind)) > 1
    key = "warning.report_agreement_several" if several else "warning.report_agreement_none"
    return word(key, language(), as_of=upload.as_of.isoformat())
