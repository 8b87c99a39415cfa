"""What came of a list of running cases that was taken over."""

from flask import redirect, render_template, url_for

from outreach.accounts.models import Person
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.judging import DoubleRow
from outreach.imports.models import RUNNING, Batch, BatchState, RowResult
from outreach.imports.queries.batches import rows_of
from outreach.imports.queries.running_kept import outcome_of
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.routes.running_shown import places_shown
from outreach.imports.routes.shown import MOST, Shown, account_of, by_name, doubles_shown, outside_shown, refused_shown
from outreach.imports.routes.taking_back import undo_shown
from outreach.imports.stored import listed_child, refused_row
from outreach.web.access import allowed
from outreach.web.filters import moment


@blueprint.get("/lists/running/<int:batch_id>")
@allowed(ROLE)
def running_receipt(batch_id: int) -> Page:
    """What came of a list of running cases."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id, RUNNING)
    if batch.state == BatchState.PREVIEWED:
        return redirect(url_for("imports.running_preview", batch_id=batch.id))
    outcome = outcome_of(db.session, current_actor(), batch)
    counts = account_of(batch) | {
        "closed": outcome.closed,
        "contacts": outcome.contacts,
        "unassigned": outcome.unassigned,
    }
    return render_template(
        "imports/running_receipt.html",
        batch={
            "id": batch.id,
            "file_name": batch.file_name,
            "area": area.name,
            "as_of": batch.as_of,
            "at_text": moment(batch.at),
            "by": by_name(db.session.get_one(Person, batch.by_id)),
        },
        counts=counts,
        places=places_shown(outcome.statuses),
        ended=outcome.ended,
        area_url=url_for("cases.area", key=area.key),
        refused_url=url_for("imports.refused_xlsx", batch_id=batch.id),
        refused_csv_url=url_for("imports.refused_csv", batch_id=batch.id),
        undo=undo_shown(batch),
        **_rows_shown(batch),
    )


def _rows_shown(batch: Batch) -> Shown:
    session, actor = db.session, current_actor()
    refused = rows_of(session, actor, batch, RowResult.REFUSED, most=MOST)
    outside = rows_of(session, actor, batch, outside=True, most=MOST)
    doubles = rows_of(session, actor, batch, RowResult.DOUBLE, most=MOST)
    return {
        "refused": refused_shown([refused_row(row.row_number, row.data) for row in refused]),
        "outside": outside_shown(listed_child(row.row_number, row.data) for row in outside),
        "doubles": doubles_shown(
            DoubleRow(listed_child(row.row_number, row.data), row.first_row or 0) for row in doubles
        ),
    }
