"""What came of a list of running cases that was taken over, and taking it back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.models import Person
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.undoing import FOR, moved_on
from outreach.cases.models import Case
from outreach.children.grants import sight
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.commands.taking_back_running import take_back_running
from outreach.imports.judging import DoubleRow
from outreach.imports.models import RUNNING, Batch, BatchState, RowResult
from outreach.imports.queries.batches import rows_of
from outreach.imports.queries.running_kept import deed_of, outcome_of
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.routes.running_shown import places_shown
from outreach.imports.routes.shown import MOST, Shown, account_of, by_name, doubles_shown, outside_shown, refused_shown
from outreach.imports.stored import listed_child, refused_row
from outreach.imports.words import refusal
from outreach.web.access import allowed
from outreach.web.filters import language, moment
from outreach.web.submissions import first_time, new_key


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
        undo=_undo_shown(batch),
        **_rows_shown(batch),
    )


@blueprint.post("/lists/running/<int:batch_id>/undo")
@allowed(ROLE)
def undo_running(batch_id: int) -> Page:
    """Take the list back: known cases are as before, those it opened end."""
    actor = current_actor()
    try:
        with transaction(db.session):
            batch, _area = batch_or_404(batch_id, RUNNING, for_change=True)
            deed = deed_of(db.session, actor, batch, for_change=True)
            if deed is None:
                abort(404)
            if first_time(db.session, key=request.form.get("submission_key") or new_key(), person_id=actor.person_id):
                left = _named(take_back_running(db.session, batch, deed, by=actor).left)
                flash(_("The list is taken back. You can load it again when it is right."), "success")
                if left:
                    flash(
                        _("These moved on since and stayed as they are: %(cases)s.", cases=", ".join(left)), "warning"
                    )
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
    return redirect(url_for("imports.running_receipt", batch_id=batch_id))


def _named(case_ids: list[int]) -> list[str]:
    see = sight(current_actor())
    return sorted(db.session.get_one(Case, case_id, execution_options=see).reference for case_id in case_ids)


def _undo_shown(batch: Batch) -> Shown | None:
    """Until when this person's organisation can take the list back and how many cases would stay; or when it was."""
    deed = deed_of(db.session, current_actor(), batch)
    if deed is None:
        return None
    if deed.undone_at is not None:
        who = by_name(db.session.get_one(Person, deed.undone_by_id or 0))
        return {"done": _("%(when)s by %(who)s", when=moment(deed.undone_at), who=who)}
    until = clock.local(deed.at + FOR).date()
    if clock.now() > deed.at + FOR:
        return {"too_late": True}
    return {"until": until, "left": len(moved_on(db.session, deed))}


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
