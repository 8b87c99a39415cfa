"""A loaded list is taken back: offered on its receipt; done on the page or, for a long one, outside the request."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from outreach import clock
from outreach.accounts.models import Person
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.undoing import FOR
from outreach.cases.models import Case
from outreach.children.grants import sight
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.commands.taking_back import MOST_NAMED, take_back_list
from outreach.imports.models import CHILD_LISTS, RUNNING, TAKE_BACK, Batch, BatchState
from outreach.imports.queries.begun import deed_for, require_may_go_back, would_stay
from outreach.imports.queries.jobs import find_going_on
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint, receipt_url
from outreach.imports.routes.shown import Shown, by_name
from outreach.imports.words import refusal
from outreach.web.access import allowed
from outreach.web.filters import language, moment
from outreach.web.submissions import first_time, new_key


@blueprint.post("/lists/<int:batch_id>/undo")
@allowed(ROLE)
def undo_list(batch_id: int) -> Page:
    """Take a list back: known cases are as before, those it opened end. Sent twice it is done once."""
    actor, left = current_actor(), list[int]()
    try:
        with transaction(db.session):
            batch, area = batch_or_404(batch_id, *CHILD_LISTS, for_change=True)
            if batch.state == BatchState.PREVIEWED:
                abort(404)
            url = receipt_url(batch)
            if deed_for(db.session, actor, batch) is None:
                raise Refused("list_of_others")
            sent = request.form.get("submission_key") or new_key()
            if not first_time(db.session, key=sent, person_id=actor.person_id):
                return redirect(url)
            if batch.rows > (long_files.LONG_RUNNING if batch.kind == RUNNING else long_files.LONG_TO_TAKE_BACK):
                require_may_go_back(db.session, batch)
                asked = {"rows": batch.cases_opened}
                wanted = Wanted(TAKE_BACK, batch.kind, batch.id, area.id, batch.file_name, asked)
                return redirect(url_for("imports.progress", job_id=ask_for(db.session, wanted, by=actor)))
            left = take_back_list(db.session, batch, by=actor).left
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(url)
    say_taken_back(left[:MOST_NAMED], len(left) - MOST_NAMED)
    return redirect(url)


def say_taken_back(left: list[int], more: int) -> None:
    """That it is done, and which cases moved on since and stayed, as far as they are named."""
    flash(_("The list is taken back. You can load it again when it is right."), "success")
    if not left:
        return
    statement = select(Case.reference).where(Case.id.in_(left)).order_by(Case.reference)
    named = ", ".join(db.session.scalars(statement, execution_options=sight(current_actor())))
    if more > 0:
        named = _("%(cases)s and %(count)s more", cases=named, count=more)
    flash(_("These moved on since and stayed as they are: %(cases)s.", cases=named), "warning")


def undo_shown(batch: Batch) -> Shown | None:
    """Until when this person's organisation can take the list back, and how many cases would stay; why it cannot; or
    when it was. None for a list of others."""
    deed = deed_for(db.session, current_actor(), batch)
    if deed is None:
        return None
    if batch.state == BatchState.TAKEN_BACK:
        who = by_name(db.session.get_one(Person, deed.undone_by_id or deed.by_id))
        return {"done": _("%(when)s by %(who)s", when=moment(deed.undone_at or deed.at), who=who)}
    job_id = find_going_on(db.session, TAKE_BACK, batch.kind, batch.id)
    if job_id is not None:
        return {"going_on": url_for("imports.progress", job_id=job_id)}
    try:
        require_may_go_back(db.session, batch)
    except Refused as error:
        return {"why_not": refusal(error, language()) or error.key}
    return {
        "until": clock.local(batch.at + FOR).date(),
        "left": would_stay(db.session, batch),
        "url": url_for("imports.undo_list", batch_id=batch.id),
    }
