"""The phone without a connection: what goes along, and what comes back when there is one again."""

import re
from base64 import urlsafe_b64encode
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Redirect

from outreach import clock, crypto
from outreach.accounts.queries import has_left
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.accounts.wiping import find_wipe_before, wipe_phones
from outreach.cases.commands.taking_along import LAST_HOUR, take_along
from outreach.cases.drafts import open_draft, read_envelope
from outreach.cases.queries.conflicts import count_conflicts
from outreach.cases.queries.my_work import lines_of
from outreach.cases.queries.offline import visits_of_today
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import step_card
from outreach.cases.routes.receiving import Absent, Incomplete, receive
from outreach.cases.routes.saying import Spot, find_spot
from outreach.cases.routes.visits import form_of, seen_at, shown_of, together_at
from outreach.cases.words import refusal
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.web.access import allowed, answers_json
from outreach.web.filters import language

Answer = Response | tuple[Response, int]


@blueprint.get("/offline/hello")
@answers_json
@allowed()
def hello() -> Answer:
    """Who is signed in on this phone, a fresh token, the key to seal drafts to, and whether to wipe."""
    actor = current_actor()
    name, point = crypto.keys().seal
    wipe = find_wipe_before(db.session, actor.person_id)
    return jsonify(
        person=str(actor.person_id),
        name=actor.name,
        csrf=generate_csrf(),
        seal={"id": name, "key": urlsafe_b64encode(point).decode().rstrip("=")},
        wipe_before=wipe.isoformat() if wipe else None,
        conflicts=count_conflicts(db.session, actor),
    )


@blueprint.post("/my-work/take-along")
@answers_json
@allowed(*WORKING)
def send_take_along() -> Answer:
    """The visits of today, each as its card and its form; who took which along is written down."""
    actor = current_actor()
    wanted = [(case.reference, step.number) for case, step in visits_of_today(db.session, actor)]
    for reference, _number in wanted:
        log_reading(db.session, actor, f"case:{reference}")
    spots = [find_spot(reference, number) for reference, number in wanted]
    cards = _cards(spots)
    visits = [_visit(spot, cards[spot.step.id]) for spot in spots]
    steps = {step.id: step for spot in spots for _case, step, _child in together_at(spot)}
    taken_at = clock.now()
    try:
        with transaction(db.session):
            take_along(db.session, list(steps.values()), by=actor)
    except Refused as error:
        return jsonify(text=refusal(error, language())), 409
    wipe_at = clock.moment_of(clock.today(), LAST_HOUR)
    return jsonify(
        person=str(actor.person_id), taken_at=taken_at.isoformat(), wipe_at=wipe_at.isoformat(), visits=visits
    )


def _cards(spots: list[Spot]) -> dict[int, str]:
    """The card of each step, as My work shows it."""
    if not spots:
        return {}
    found = lines_of(db.session, spots[0].actor, [spot.step.id for spot in spots])
    cards = {line.step.id: step_card(spots[0].actor, line, found.names) for line in found.lines}
    return {key: render_template("cases/_taken_along.html", card=card) for key, card in cards.items()}


def _visit(spot: Spot, card: str) -> dict[str, Any]:
    form = form_of(spot)
    page = render_template(
        "cases/_visit_form.html",
        case={"name": spot.name, "reference": spot.case.reference, "url": spot.case_url},
        cancel_url=spot.case_url,
        form=form,
        **shown_of(spot, form),
    )
    return {
        "step": str(spot.step.id),
        "reference": spot.case.reference,
        "title": spot.name,
        "card": card,
        "form": _SECRETS.sub("", page),
        "seen": seen_at(spot, form),
    }


_SECRETS = re.compile(r'<input type="hidden" name="(?:csrf_token|submission_key)"[^>]*>')


"""A report sent later gets its own."""


@blueprint.post("/my-work/wipe")
@allowed(*WORKING)
def wipe() -> Redirect:
    """Let every phone of this person wipe the visits it took along; drafts that were not sent stay."""
    actor = current_actor()
    with transaction(db.session):
        wipe_phones(db.session, actor.person_id, by=actor)
    flash(_("Your phone wipes today's visits as soon as it has a connection. Reports not sent yet stay."), "success")
    return redirect(url_for("cases.my_work"))


@blueprint.post("/offline/drafts/open")
@answers_json
@allowed(*WORKING)
def send_open_draft() -> Answer:
    """Take up an unfinished report again on another day: its fields, only for whom it belongs to."""
    try:
        envelope = read_envelope(request.get_json(silent=True))
        if envelope.person_id != current_actor().person_id:
            return jsonify(result="other_person"), 403
        draft = open_draft(envelope)
    except Unreadable as error:
        return jsonify(result="unreadable", text=refusal(error, language())), 400
    return jsonify(step=str(draft.step_id), fields=draft.fields, at=draft.at.isoformat())


@blueprint.post("/offline/reports")
@answers_json
@allowed(*WORKING)
def send_report() -> Answer:
    """A report that was made without a connection: taken once, however often it is sent."""
    actor = current_actor()
    try:
        envelope = read_envelope(request.get_json(silent=True))
        if envelope.person_id != actor.person_id and not has_left(db.session, envelope.person_id):
            return jsonify(result="other_person"), 403
        draft = open_draft(envelope)
    except Unreadable as error:
        return jsonify(result="unreadable", text=refusal(error, language())), 400
    try:
        return jsonify(id=draft.id, **receive(actor, draft))
    except Absent:
        return jsonify(result="absent"), 404
    except Incomplete as error:
        return jsonify(id=draft.id, result="incomplete", errors=error.faults, url=error.url), 422
