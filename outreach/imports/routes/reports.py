"""Reports schools sent that are loaded: the list of them, the receipt of one, and its refused rows as a file."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, render_template, request, send_file, url_for

from outreach import clock
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.receiving import Received
from outreach.attendance.policy import is_school
from outreach.extensions import db
from outreach.imports.checking import RefusedRow
from outreach.imports.commands.loading_reports import LoadedReports
from outreach.imports.corrections import write_places, write_refused
from outreach.imports.models import ABSENCES, Batch
from outreach.imports.policy import areas_to_report
from outreach.imports.queries.batches import PER_PAGE, refused_rows
from outreach.imports.queries.reports import find_report, loaded_reports, schools_of
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.jobs import jobs_shown
from outreach.imports.routes.shown import MOST, Shown, by_name, places_refused, refused_shown
from outreach.imports.stored import refused_row
from outreach.imports.words import word
from outreach.web.access import allowed
from outreach.web.filters import language, moment

ROLES = ("coordinator", "school-contact")


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
    may_upload = bool(areas_to_report(db.session, actor, clock.today()))
    return render_template(
        "imports/reports.html", batches=rows, pages=pages, may_upload=may_upload, jobs=jobs_shown(reports=True)
    )


@blueprint.get("/reports/<int:batch_id>")
@allowed(*ROLES)
def report(batch_id: int) -> Page:
    """The receipt of one file: what each school reported, and the rows that were refused."""
    actor = current_actor()
    batch = _report_or_404(batch_id)
    schools = [
        (school.name, Received(school.id, one.children, one.at_risk, one.not_attainable))
        for one, school in schools_of(db.session, actor, batch)
    ]
    refused = [refused_row(row.row_number, row.data) for row in refused_rows(db.session, actor, batch)]
    return render_template(
        "imports/report_receipt.html",
        batch=_batch_shown(batch),
        refused_url=url_for("imports.report_refused", batch_id=batch.id),
        **counts_shown(LoadedReports(batch.rows, batch.refused, schools).answer()),
        **refused_part(refused[:MOST]),
    )


@blueprint.get("/reports/<int:batch_id>/refused.csv")
@allowed(*ROLES)
def report_refused(batch_id: int) -> Response:
    """The refused rows: a school gets its own back to correct, who loads those of many where they stand."""
    batch = _report_or_404(batch_id)
    rows = (refused_row(row.row_number, row.data) for row in refused_rows(db.session, current_actor(), batch))
    file = io.BytesIO()
    if is_school(current_actor()):
        write_refused(file, batch, rows, language(), "csv")
    else:
        write_places(file, rows, language())
    file.seek(0)
    name = f"geweigerde-rijen-{batch.id}.csv"
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)


def _report_or_404(batch_id: int) -> Batch:
    """A file this organisation loaded; reading it is written down."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch = find_report(db.session, current_actor(), batch_id)
    if batch is None:
        abort(404)
    return batch


def counts_shown(answer: Mapping[str, Any]) -> Shown:
    """The counts of each school: the receipt of who sent it."""
    schools = answer["schools"]
    children, at_risk = (sum(one[name] for one in schools) for name in ("children", "at_risk"))
    return {
        "rows": answer["rows"],
        "refused_count": answer["refused"],
        "schools": schools,
        "children": children,
        "at_risk": at_risk,
    }


def refused_part(refused: Sequence[RefusedRow]) -> Shown:
    """A school reads what its rows say; who loads reports of many schools only where they stand."""
    if is_school(current_actor()):
        return {"refused": refused_shown(refused), "whole": True}
    return {"refused": places_refused(refused), "whole": False}


def _batch_shown(batch: Batch) -> Shown:
    return {
        "url": url_for("imports.report", batch_id=batch.id),
        "file_name": batch.file_name,
        "kind": word(f"kind.{batch.kind}", language()),
        "as_of": batch.as_of,
        "at_text": moment(batch.at),
        "rows": batch.rows,
        "kleuters": None if batch.kind == ABSENCES else batch.new,
        "refused": batch.refused,
    }
