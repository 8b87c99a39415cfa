"""Asking somebody without an account by link, and taking that back."""

from typing import Any

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from outreach.cases import policy
from outreach.cases.commands.linking import Asking, offers_of, send_link, withdraw_link
from outreach.cases.forms.links import LinkForm, link_form
from outreach.cases.forms.steps import StepForm
from outreach.cases.models import SignedLink, Step
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.finding import track_of
from outreach.cases.queries.links import WAITING, last_day, links_out
from outreach.cases.queries.naming import names
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.shown import step_name
from outreach.cases.routes.steps import named
from outreach.cases.words import outcome_label
from outreach.cases.workflow import CLOSURE, processes
from outreach.children.grants import sight
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.web.access import allowed
from outreach.web.filters import day, language, moment

_BOTH = ["GET", "POST"]


@blueprint.route("/cases/<reference>/steps/<int:number>/link", methods=_BOTH)
@allowed(*WORKING)
def ask_by_link(reference: str, number: int) -> Page:
    """Ask somebody without an account how it stands with a step."""
    saying = Saying(
        may=lambda spot: policy.may_link(spot.actor, spot.case, spot.step) and spot.step.state in WAITING,
        form=_form,
        say=_send,
        shown=_shown,
    )
    return answer(saying, reference, number)


def _form(spot: Spot) -> LinkForm:
    """To the step's own organisation unless somebody types another address; answers that end the case unticked."""
    track = track_of(db.session, spot.actor, spot.step)
    offers = offers_of(track.process, track.process_version, spot.step)
    words = [
        (key, outcome_label(track.process, track.process_version, spot.step.key, key, language())) for key in offers
    ]
    owner = db.session.get_one(Organisation, spot.step.organisation_id)
    elsewhere = owner.id != spot.actor.organisation_id
    return link_form(
        words,
        chosen=[key for key in offers if not _ends(spot.step, track.process, track.process_version, key)],
        address=owner.mailbox if elsewhere else None,
        spoken=owner.language if elsewhere else language(),
    )


def _ends(step: Step, process: str, version: int, outcome: str) -> bool:
    found = None if step.side_of_id is not None else processes().outcome(process, version, step.key, outcome)
    return found is not None and found.to == CLOSURE


def _send(spot: Spot, form: LinkForm) -> str:
    if form.known_on.data is None:
        raise LookupError("validated as filled in")
    link = send_link(
        db.session,
        spot.case,
        spot.step,
        Asking(
            address=form.address.data or "",
            language=form.spoken.data,
            offers=form["offers"].data if "offers" in form else [],
            known_how=form.known_how.data,
            known_on=form.known_on.data,
            days=current_app.config["SETTINGS"].link_days,
        ),
        by=spot.actor,
    )
    return str(
        _("A link goes to %(address)s. It answers once, until %(moment)s.", address=link.address, moment=_until(link))
    )


def _shown(spot: Spot, form: LinkForm) -> dict[str, Any]:
    fields = [
        form.address,
        form.spoken,
        *([form["offers"]] if "offers" in form else []),
        form.known,
        form.known_how,
        form.known_on,
    ]
    then = [
        _("The mail and the page show the reference and the step, no name and nothing about the child."),
        _("The answer stands on the timeline as given by link, and to whom it was sent."),
        _("The link stops when the step ends, rests or changes hands, and you can take it back on the case."),
    ]
    return {
        "title": _("Ask for an answer by link"),
        "intro": named(spot),
        "fields": fields,
        "submit_label": _("Send the link"),
        "consequences": then,
        "looks": {"spoken": "tight", "known_how": "even"},
    }


@blueprint.route("/cases/<reference>/links/<int:link_id>/withdraw", methods=_BOTH)
@allowed(*WORKING)
def withdraw_sent_link(reference: str, link_id: int) -> Page:
    """Take a link back."""

    def found(spot: Spot) -> tuple[SignedLink, Step]:
        statement = select(SignedLink, Step).join(Step, Step.id == SignedLink.step_id)
        statement = statement.where(SignedLink.id == link_id, SignedLink.case_id == spot.case.id)
        row = db.session.execute(statement, execution_options=sight(spot.actor)).one_or_none()
        if row is None:
            abort(404)
        return row[0], row[1]

    def say(spot: Spot, _form: StepForm) -> str:
        withdraw_link(db.session, spot.case, found(spot)[0], by=spot.actor)
        return str(_("The link does not work any more."))

    def shown(spot: Spot, _form: StepForm) -> dict[str, Any]:
        link, _step = found(spot)
        then = [_("Whoever opens it reads that it does not work any more. A mail that has not left stays here.")]
        return {
            "title": _("Take the link back"),
            "intro": link.address,
            "fields": [],
            "submit_label": _("Take back"),
            "consequences": then,
        }

    saying = Saying(
        may=lambda spot: policy.may_link(spot.actor, spot.case, found(spot)[1]),
        form=lambda _spot: StepForm(),
        say=say,
        shown=shown,
        version=None,
    )
    return answer(saying, reference)


def links_told(scene: Scene) -> list[dict[str, Any]]:
    """The links of a case that wait for an answer, as its page shows them."""
    found = links_out(db.session, scene)
    known = names(db.session, (link.sent_by_id for link, _step in found), ())
    return [
        {
            "step": step_name(scene.track_of(step), step),
            "address": link.address,
            "by": known.person(link.sent_by_id),
            "sent_at": moment(link.sent_at),
            "until": _until(link),
            "opened_at": moment(link.first_opened_at),
            "withdraw_url": url_for("cases.withdraw_sent_link", reference=scene.case.reference, link_id=link.id)
            if policy.may_link(scene.actor, scene.case, step)
            else None,
        }
        for link, step in found
    ]


def _until(link: SignedLink) -> str:
    """The last day one can answer."""
    return day(last_day(link.expires_at))
