"""Families that moved here: what other areas offer, and taking it over."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.transferring import accept_transfer
from outreach.cases.queries.proposals import find_proposal
from outreach.cases.queries.transfers import TRANSFER, offers
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

ROLES = ("coordinator",)


@blueprint.get("/transfers")
@allowed(*ROLES)
def transfers() -> str:
    """What other areas offer to this one."""
    return render_template("cases/transfers.html", offers=offers(db.session, current_actor()))


@blueprint.post("/transfers/<int:proposal_id>")
@allowed(*ROLES)
def accept(proposal_id: int) -> Response:
    """Take a case over: it begins here at intake, and ends there as handed over."""
    actor = current_actor()
    try:
        with transaction(db.session):
            key = request.form.get("submission_key") or new_key()
            if not first_time(db.session, key=key, person_id=actor.person_id):
                return redirect(url_for("cases.transfers"))
            found = find_proposal(db.session, actor, proposal_id)
            if found is None or found[0].key != TRANSFER:
                abort(404)
            proposal, case = found
            reference = accept_transfer(db.session, case, proposal, by=actor).reference
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(url_for("cases.transfers"))
    flash(_("The case is yours now; it begins with the first check."), "success")
    return redirect(url_for("cases.case", reference=reference))
