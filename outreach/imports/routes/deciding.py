"""What a person decides on a receipt: to take a changed number back."""

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _

from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case
from outreach.children.commands import undo_number
from outreach.children.grants import Scope, scope_of, sight
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.commands.settling import note_put_back
from outreach.imports.queries.comparing import cases_of
from outreach.imports.queries.receipts import find_number_change
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.words import refusal
from outreach.web.access import allowed
from outreach.web.filters import language


@blueprint.post("/lists/<int:batch_id>/numbers/<int:change_id>/undo")
@allowed(ROLE)
def undo_number_change(batch_id: int, change_id: int) -> Page:
    """The number the child had before the list."""
    actor = current_actor()
    try:
        with transaction(db.session):
            batch, _area = batch_or_404(batch_id)
            found = find_number_change(db.session, actor, batch, change_id)
            case = cases_of(db.session, [found[0].child_id]).get(found[0].child_id) if found else None
            if found is None or case is None or scope_of(db.session, actor, case.case_id) is not Scope.FULL:
                abort(404)
            change, child = found
            undo_number(db.session, change, child)
            note_put_back(db.session, batch, child.id, by=actor)
            row = db.session.get_one(Case, case.case_id, execution_options=sight(actor))
            record(db.session, row, "number_change_undone", by=actor, data={"change": change.id, "batch": batch.id})
        flash(_("The previous number is back."), "success")
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
    return redirect(url_for("imports.receipt", batch_id=batch_id))
