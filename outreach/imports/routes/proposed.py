"""New children of a list who are probably known: each pair side by side, said to be one child or two."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.undoing import FOR
from outreach.cases.routes.beside_shown import pair_shown, points_said
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.commands.proposed import NOT_THE_SAME, SAME, say_not_same, say_same, take_back_proposed
from outreach.imports.models import BatchState
from outreach.imports.queries.pairs import SaidOfPair, said_of_pairs
from outreach.imports.queries.proposals import ProposedPair, proposals_of
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.routes.differences_shown import batch_shown
from outreach.imports.words import refusal, word
from outreach.web.access import allowed
from outreach.web.filters import day, language, moment
from outreach.web.submissions import first_time, new_key

PAGE = 10
"""Pairs on one page."""


@blueprint.get("/lists/<int:batch_id>/proposed")
@allowed(ROLE)
def proposed(batch_id: int) -> Page:
    """The pairs that wait, the likeliest first, and what was said about others."""
    actor = current_actor()
    log_reading(db.session, actor, f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    if batch.state == BatchState.PREVIEWED:
        return redirect(url_for("imports.preview", batch_id=batch.id))
    if batch.state == BatchState.TAKEN_BACK:
        return redirect(url_for("imports.receipt", batch_id=batch.id))
    found = proposals_of(db.session, actor, batch)
    last = max(-(-len(found) // PAGE), 1)
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    return render_template(
        "imports/proposed.html",
        batch=batch_shown(batch, area),
        back_url=url_for("imports.differences", batch_id=batch.id),
        waiting=len(found),
        pairs=[_pair(batch.id, one) for one in found[(number - 1) * PAGE : number * PAGE]],
        pages=_pages(batch.id, number, last),
        said=[_said(batch.id, one) for one in said_of_pairs(db.session, actor, batch)],
    )


@blueprint.post("/lists/<int:batch_id>/proposed/<int:difference_id>")
@allowed(ROLE)
def decide_proposed(batch_id: int, difference_id: int) -> Page:
    """They are one child, or two. Sent twice it is done once."""
    actor, answer = current_actor(), request.form.get("answer", "")
    try:
        with transaction(db.session):
            batch, _area = batch_or_404(batch_id, for_change=True)
            found = proposals_of(db.session, actor, batch, ids=[difference_id], for_change=True)
            sent = request.form.get("submission_key") or new_key()
            if not first_time(db.session, key=sent, person_id=actor.person_id):
                return redirect(url_for("imports.proposed", batch_id=batch_id))
            if not found or answer not in (SAME, NOT_THE_SAME):
                raise Refused("proposal_decided")
            if answer == SAME:
                say_same(db.session, batch, found[0], by=actor)
            else:
                say_not_same(db.session, found[0], by=actor)
        flash(_("One child now: both histories are kept.") if answer == SAME else _("Two children: noted."), "success")
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
    return redirect(url_for("imports.proposed", batch_id=batch_id))


@blueprint.post("/lists/<int:batch_id>/proposed/<int:difference_id>/undo")
@allowed(ROLE)
def undo_proposed(batch_id: int, difference_id: int) -> Page:
    """The pair is asked about again."""
    actor = current_actor()
    try:
        with transaction(db.session):
            batch, _area = batch_or_404(batch_id)
            said = {one.difference.id: one for one in said_of_pairs(db.session, actor, batch)}
            if difference_id not in said:
                abort(404)
            take_back_proposed(db.session, said[difference_id].deed, by=actor)
        flash(_("Taken back: the pair waits for an answer again."), "success")
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
    return redirect(url_for("imports.proposed", batch_id=batch_id))


def _pair(batch_id: int, one: ProposedPair) -> dict[str, Any]:
    reference = one.new.reference
    shown = pair_shown(one.pair) | {"points": points_said(one.pair.likeness.score)} if one.pair else None
    return {
        "pair": shown,
        "reference": reference,
        "url": url_for("cases.case", reference=reference),
        "coordinator": one.coordinator,
        "may": one.kept is not None,
        "decide_url": url_for("imports.decide_proposed", batch_id=batch_id, difference_id=one.difference.id),
    }


def _said(batch_id: int, one: SaidOfPair) -> dict[str, Any]:
    possible = clock.now() <= one.deed.at + FOR
    return {
        "answer": word(f"answer.proposed.{one.difference.answer}", language()),
        "reference": one.reference,
        "url": url_for("cases.case", reference=one.reference),
        "by": one.by,
        "at_text": moment(one.deed.at),
        "until": day(clock.local(one.deed.at + FOR).date()),
        "undo_url": url_for("imports.undo_proposed", batch_id=batch_id, difference_id=one.difference.id)
        if possible
        else None,
    }


def _pages(batch_id: int, number: int, last: int) -> dict[str, Any]:
    def url(page: int) -> str:
        return url_for("imports.proposed", batch_id=batch_id, page=page)

    return {
        "number": number,
        "count": last,
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < last else None,
    }
