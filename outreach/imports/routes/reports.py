"""Reports of participation by upload: a school sends its own, a coordinator those of many schools and sees counts."""

import io
from datetime import date
from pathlib import PurePath
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.receiving import Received
from outreach.attendance.policy import is_school
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.imports.commands import keeping
from outreach.imports.commands.loading_reports import LoadedReports, ReportTerms, loaded_before, look_at_reports
from outreach.imports.commands.uploading_reports import keep_upload, load_upload
from outreach.imports.forms import ReportForm, report_form
from outreach.imports.models import PARTICIPATION, Batch, ReportUpload
from outreach.imports.participation import Reports, receive_files
from outreach.imports.policy import areas_to_report
from outreach.imports.queries.agreeing import agreements_valid, only_agreement, require_valid
from outreach.imports.queries.batches import PER_PAGE, refused_rows
from outreach.imports.queries.reports import files_of, find_report, find_upload, loaded_reports, schools_of
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.reading import read_list
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.columns import ask_about
from outreach.imports.routes.shown import MOST, Shown, by_name, places_refused, refused_shown
from outreach.imports.stored import refused_row
from outreach.imports.words import refusal, word
from outreach.partners.models import Agreement, Area, Organisation
from outreach.partners.queries import agreements
from outreach.schoolyear import OutsideCalendar
from outreach.web.access import allowed
from outreach.web.filters import language, moment
from outreach.web.submissions import first_time, new_key, remember_result, result_of

ROLES = ("coordinator", "school-contact")

_LONGEST_NAME = 120

Sent = list[tuple[str, bytes]]


@blueprint.get("/reports")
@allowed(*ROLES)
def reports() -> Page:
    """The files one's organisation loaded, newest first."""
    actor = current_actor()
    number = max(request.args.get("page", 1, type=int), 1)
    found, count = loaded_reports(db.session, actor, page=number)
    last = max(1, -(-count // PER_PAGE))
    pages = {
        "number": number,
        "count": last,
        "previous_url": url_for("imports.reports", page=number - 1) if number > 1 else None,
        "next_url": url_for("imports.reports", page=number + 1) if number < last else None,
    }
    rows = [_batch_shown(batch) | {"by": by_name(person)} for batch, person in found]
    return render_template("imports/reports.html", batches=rows, pages=pages, may_upload=bool(_areas()))


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
    if not _areas() or not form.validate():
        return _upload_page(form), 400
    files = _files(form)
    try:
        return redirect(_kept(form, files))
    except (Unreadable, Refused) as error:
        if asked := _asked(form, files, error):
            return redirect(asked)
        form.files.errors = [refusal(error, language()) or error.key]
        return _upload_page(form), 422


@blueprint.get("/reports/upload/<int:upload_id>")
@allowed(*ROLES)
def look_at_upload(upload_id: int) -> Page:
    """What the reports say, before anything is kept."""
    log_reading(db.session, current_actor(), f"upload:{upload_id}")
    upload, area = _upload_or_404(upload_id)
    found, terms = _read_again(upload, area)
    looked = look_at_reports(db.session, found, terms)
    return render_template(
        "imports/report_preview.html",
        upload={"id": upload.id, "area": area.name, "as_of": upload.as_of, "files": len(found.files)},
        loads=upload.agreement_id is not None,
        warning="" if upload.agreement_id else _no_agreement(upload, area),
        same_file=loaded_before(db.session, found, terms),
        **_counts_shown(looked),
        **_refused_shown([row for file in found.files for row in file.refused[:MOST]]),
    )


@blueprint.post("/reports/upload/<int:upload_id>")
@allowed(*ROLES)
def load_reports_looked_at(upload_id: int) -> Page:
    """Load them. Sent twice, or by Back, it is done once."""
    actor = current_actor()
    try:
        with transaction(db.session):
            upload, area = _upload_or_404(upload_id)
            found, terms = _read_again(upload, area)
            loaded = load_upload(db.session, upload, found, terms, by=actor)
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(url_for("imports.upload_reports"))
    said = _("These files were loaded before; nothing has changed.") if loaded.same_file else _("The report is loaded.")
    flash(said, "success")
    if is_school(actor):
        return redirect(url_for("attendance.school"))
    if len(loaded.batches) > 1:
        return redirect(url_for("imports.reports"))
    return redirect(url_for("imports.report", batch_id=loaded.batches[0]))


@blueprint.get("/reports/<int:batch_id>")
@allowed(*ROLES)
def report(batch_id: int) -> Page:
    """The receipt of one file: what each school reported, and the rows that were refused."""
    actor = current_actor()
    log_reading(db.session, actor, f"batch:{batch_id}")
    batch = find_report(db.session, actor, batch_id)
    if batch is None:
        abort(404)
    schools = [
        (school.name, Received(school.id, one.children, one.at_risk, one.not_attainable))
        for one, school in schools_of(db.session, actor, batch)
    ]
    refused = [refused_row(row.row_number, row.data) for row in refused_rows(db.session, actor, batch)]
    return render_template(
        "imports/report_receipt.html",
        batch=_batch_shown(batch),
        **_counts_shown(LoadedReports(batch.rows, batch.refused, schools)),
        **_refused_shown(refused[:MOST]),
    )


def _areas() -> list[Area]:
    return areas_to_report(db.session, current_actor(), clock.today())


def _form() -> ReportForm:
    areas = _areas()
    ids = {area.id for area in areas}
    known = [one for one in agreements(db.session) if one.area_id in ids and one.source == PARTICIPATION]
    return report_form(areas, known)


def _upload_page(form: ReportForm) -> str:
    return render_template(
        "imports/report_upload.html", form=form, areas=_areas(), school=is_school(current_actor()), own=_own_school()
    )


def _own_school() -> Organisation | None:
    actor = current_actor()
    return db.session.get(Organisation, actor.organisation_id) if is_school(actor) else None


def _files(form: ReportForm) -> Sent:
    """The files as they came, their names without a path."""
    return [
        (PurePath((sent.filename or "rapport").replace("\\", "/")).name[-_LONGEST_NAME:], sent.stream.read())
        for sent in form.files.data
        if sent
    ]


def _kept(form: ReportForm, sent: Sent) -> str:
    """Keep the files to look at; where to look. A form sent twice leads to the same place."""
    actor, key = current_actor(), request.form.get("submission_key") or new_key()
    area = _chosen_area(form)
    found = _received([(name, io.BytesIO(content)) for name, content in sent], form)
    _require_own(found)
    with transaction(db.session):
        if not first_time(db.session, key=key, person_id=actor.person_id):
            return result_of(db.session, key=key, person_id=actor.person_id) or url_for("imports.reports")
        terms = ReportTerms(area, _day(form), actor.organisation_id or 0, _agreement(form, area))
        try:
            look_at_reports(db.session, found, terms)
        except OutsideCalendar as error:
            raise Refused("report_outside_calendar", as_of=terms.as_of.isoformat()) from error
        url = url_for("imports.look_at_upload", upload_id=keep_upload(db.session, sent, terms, by=actor).id)
        remember_result(db.session, key=key, person_id=actor.person_id, result=url)
    return url


def _received(files: list[tuple[str, io.BytesIO]], form: ReportForm) -> Reports:
    words = vocabulary_for(db.session, current_actor().organisation_id or 0, PARTICIPATION)
    return receive_files((read_list(file, name, words) for name, file in files), _day(form))


def _asked(form: ReportForm, files: Sent, error: Unreadable | Refused) -> str | None:
    """Where to say what the columns are of the file that could not be read; None when that is not what is wrong."""
    area, actor = _chosen_area(form), current_actor()
    content = dict(files).get(str(error.data.get("file")))
    if content is None or actor.organisation_id is None:
        return None
    name = str(error.data["file"])
    sent = keeping.Sent(PARTICIPATION, name, area, actor.organisation_id, None, _day(form))
    return ask_about(db.session, error, io.BytesIO(content), sent, by=actor)


def _day(form: ReportForm) -> date:
    if form.as_of.data is None:
        abort(400)
    return form.as_of.data


def _require_own(found: Reports) -> None:
    """Raises Refused when a school sends what is not its own."""
    own = _own_school()
    if own is None:
        return
    if own.number is None:
        raise Refused("school_without_number")
    others = sorted(number for number in found.schools if number != own.number)
    if others:
        raise Refused("report_of_other_schools", numbers=", ".join(others[:3]), own=own.number)


def _chosen_area(form: ReportForm) -> Area:
    areas = _areas()
    wanted = form.data.get("area") or areas[0].id
    area = next((one for one in areas if one.id == wanted), None)
    if area is None:
        abort(404)
    return area


def _agreement(form: ReportForm, area: Area) -> Agreement | None:
    """The one chosen, which must be valid; else the only valid one."""
    named = form.data.get("agreement")
    if not named:
        return only_agreement(db.session, area, _day(form), PARTICIPATION)
    chosen = db.session.get_one(Agreement, int(named))
    require_valid(chosen, area, _day(form), PARTICIPATION)
    return chosen


def _upload_or_404(upload_id: int) -> tuple[ReportUpload, Area]:
    upload = find_upload(db.session, current_actor(), upload_id)
    area = next((one for one in _areas() if upload and one.id == upload.area_id), None)
    if upload is None or area is None:
        abort(404)
    return upload, area


def _read_again(upload: ReportUpload, area: Area) -> tuple[Reports, ReportTerms]:
    agreement = db.session.get_one(Agreement, upload.agreement_id) if upload.agreement_id else None
    files = files_of(db.session, current_actor(), upload)
    words = vocabulary_for(db.session, upload.organisation_id, PARTICIPATION)
    found = receive_files((read_list(file, name, words) for name, file in files), upload.as_of)
    return found, ReportTerms(area, upload.as_of, upload.organisation_id, agreement)


def _no_agreement(upload: ReportUpload, area: Area) -> str:
    several = len(agreements_valid(db.session, area, upload.as_of, PARTICIPATION)) > 1
    key = "warning.report_agreement_several" if several else "warning.report_agreement_none"
    return word(key, language(), as_of=upload.as_of.isoformat())


def _counts_shown(looked: LoadedReports) -> Shown:
    """The counts of each school: the receipt of who sent it."""
    schools = looked.answer()["schools"]
    children, at_risk = (sum(one[name] for one in schools) for name in ("children", "at_risk"))
    return {
        "rows": looked.rows,
        "refused_count": looked.refused,
        "schools": schools,
        "children": children,
        "at_risk": at_risk,
    }


def _refused_shown(refused: list[Any]) -> Shown:
    """A school reads what its rows say; who loads reports of many schools only where they stand."""
    if is_school(current_actor()):
        return {"refused": refused_shown(refused), "whole": True}
    return {"refused": places_refused(refused), "whole": False}


def _batch_shown(batch: Batch) -> Shown:
    return {
        "url": url_for("imports.report", batch_id=batch.id),
        "file_name": batch.file_name,
        "as_of": batch.as_of,
        "at_text": moment(batch.at),
        "rows": batch.rows,
        "new": batch.new,
        "refused": batch.refused,
    }
