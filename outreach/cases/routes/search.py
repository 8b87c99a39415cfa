"""Looking for a child: asked by POST, shown under a key that says nothing, written down before it is shown."""

from typing import Any

from flask import Flask, redirect, render_template, url_for
from flask_babel import gettext as _
from structlog import get_logger
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.searching import note_search, searched_enough
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.searching import record_search
from outreach.cases.forms.search import SearchForm
from outreach.cases.queries.naming import Names
from outreach.cases.queries.ranking import REFERENCE_PERSON, Reason
from outreach.cases.queries.search import Result, Results, find_asked, search_cases
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.shown import step_name
from outreach.cases.words import label
from outreach.database import transaction
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import age, language

log = get_logger()

Page = str | Response | tuple[str, int]

ENDPOINTS = frozenset({"cases.search", "cases.send_search", "cases.found"})
"""The pages that have the field themselves."""

TOO_LITTLE, TOO_OFTEN = "too_little", "too_often"


@blueprint.get("/search")
@allowed(*WORKING)
def search() -> Page:
    """The field, empty."""
    return _page(SearchForm(formdata=None))


@blueprint.post("/search")
@allowed(*WORKING)
def send_search() -> Page:
    """Look, write it down, and go to where the results are shown; a whole case number goes to the case."""
    actor, form = current_actor(), SearchForm()
    if not form.validate():
        return _page(form, TOO_LITTLE), 400
    if searched_enough(db.session, actor):
        return _too_often(actor, form)
    words = form.words.data or ""
    results = search_cases(db.session, actor, words)
    if not results.enough:
        return _page(form, TOO_LITTLE), 400
    found = [one.case.reference for one in results.shown]
    straight = results.kind == "reference" and len(found) == 1 and not results.shown[0].reasons
    with transaction(db.session):
        key = record_search(db.session, words=words, kind=results.kind, found=found, by=actor)
    return redirect(url_for("cases.case", reference=found[0]) if straight else url_for("cases.found", search_key=key))


@blueprint.get("/search/<search_key>")
@allowed(*WORKING)
def found(search_key: str) -> Page:
    """What one's own search of this hour showed, as far as one may still see it; else the empty field."""
    actor = current_actor()
    asked = find_asked(db.session, actor, search_key)
    if asked is None:
        return redirect(url_for("cases.search"))
    form = SearchForm(formdata=None, data={"words": asked.words})
    return _page(form, results=search_cases(db.session, actor, asked.words, among=asked.found))


def register(app: Flask) -> None:
    """The field in the header of who has cases."""
    app.context_processor(lambda: {"search_roles": WORKING, "search_pages": ENDPOINTS})


def _too_often(actor: Actor, form: SearchForm) -> Page:
    log.warning("search_braked", person=actor.person_id, organisation=actor.organisation_id)
    with transaction(db.session):
        note_search(db.session, actor, kind="names", found=[], braked=True)
    return _page(form, TOO_OFTEN), 429


def _page(form: SearchForm, stopped: str | None = None, results: Results | None = None) -> str:
    return render_template(
        "cases/search.html",
        form=form,
        stopped=stopped,
        searched=results is not None,
        found=[_shown(one, results.names) for one in results.shown] if results else [],
        more=results.more if results else False,
    )


def _shown(one: Result, names: Names) -> dict[str, Any]:
    reference, step, child = one.case.reference, one.step, one.child
    known = Names(names.people, names.organisations, one.hide_school)
    return {
        "name": child.name if child else _("Case %(reference)s", reference=reference),
        "reference": reference,
        "url": url_for("cases.case", reference=reference),
        "age": age(child.born_on) if child else "",
        "step": step_name(one.track, step) if step and one.track else "",
        "owner": _owner(known, step) if step else "",
        "closed": one.case.ended_at is not None,
        "reasons": [_reason(reason) for reason in one.reasons],
    }


def _owner(names: Names, step: Any) -> str:
    """Whose move it is: the team, and who of it."""
    organisation = names.organisation(step.organisation_id) or _("a school")
    person = names.person(step.person_id)
    return f"{organisation}, {person}" if person else organisation


def _reason(reason: Reason) -> str:
    """Why this case, when it does not say so itself."""
    given = {"found": reason.found, "asked": reason.asked}
    if reason.key == "through":
        relation = _("reference person") if reason.asked == REFERENCE_PERSON else ""
        relation = relation or label("relation", reason.asked, language())
        return str(_("%(name)s, %(relation)s", name=reason.found, relation=relation))
    said = {
        "sounds": _("%(found)s sounds like %(asked)s", **given),
        "looks": _("%(found)s looks like %(asked)s", **given),
        "reference": _("%(found)s looks like %(asked)s", **given),
        "phone": _("Phone number of %(found)s", **given),
        "without": _("Nothing here answers to %(asked)s", **given),
    }
    return str(said[reason.key])
