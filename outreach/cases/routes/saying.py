"""How a person says one thing about a case: once, when they may, on the version they saw; nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases import policy
from outreach.cases.models import Case, Step
from outreach.cases.queries.finding import find_case, find_step
from outreach.cases.routes.conflicts import conflict_of
from outreach.cases.words import refusal
from outreach.children.grants import Scope, scope_of, sight
from outreach.children.models import Child
from outreach.database import transaction
from outreach.errors import Conflict, Refused
from outreach.extensions import db
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Spot:
    """The case, and the step if it is about one, as the signed-in person may see them."""

    actor: Actor
    case: Case
    scope: Scope
    step_or_none: Step | None = None
    child: Child | None = None

    @property
    def step(self) -> Step:
        """The step it is about."""
        if self.step_or_none is None:
            raise LookupError("this is about a case, not about a step")
        return self.step_or_none

    @property
    def case_url(self) -> str:
        """The page of the case."""
        return url_for("cases.case", reference=self.case.reference)

    @property
    def name(self) -> str:
        """The child's name, or the reference for who may not know it."""
        return self.child.name if self.child else self.case.reference


@dataclass(frozen=True)
class Saying:
    """One thing a person can say: who may, the form it takes, the command it calls, the page it stands on.

    `say` runs inside the transaction and returns what happens next, in words; `then` where one goes on, if not to the
    case. `version` tells which state the person saw; None where two people saying it do not get in each other's way.
    """

    may: Callable[[Spot], bool]
    form: Callable[[Spot], FlaskForm]
    say: Callable[[Spot, Any], str]
    shown: Callable[[Spot, Any], dict[str, Any]]
    template: str = "cases/action.html"
    version: Callable[[Spot], str] | None = field(default=lambda spot: str(spot.step.version))
    then: Callable[[Spot, Any], str] | None = None


class NotYet(Exception):
    """The form is not filled in well; nothing is kept of it."""


def answer(saying: Saying, reference: str, number: int | None = None) -> Page:
    """Show the form, or take what it says."""
    if request.method == "GET":
        return _ask(saying, reference, number)
    try:
        return _take(saying, reference, number)
    except NotYet:
        return _again(saying, reference, number, None)
    except Refused as error:
        return _again(saying, reference, number, error)
    except Conflict:
        return _both(saying, reference, number)


def _ask(saying: Saying, reference: str, number: int | None) -> Page:
    spot = find_spot(reference, number)
    log_reading(db.session, spot.actor, f"case:{spot.case.reference}")
    spot = find_spot(reference, number)
    if not saying.may(spot):
        abort(403)
    form = saying.form(spot)
    if saying.version:
        form.version.data = saying.version(spot)
    return _page(saying, spot, form)


def _take(saying: Saying, reference: str, number: int | None) -> Page:
    """Fetch, policy, form and command in one transaction; a form sent twice does its work once."""
    actor = current_actor()
    key = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        if not first_time(db.session, key=key, person_id=actor.person_id):
            done = result_of(db.session, key=key, person_id=actor.person_id)
            return redirect(done or url_for("cases.my_work"))
        spot = find_spot(reference, number, for_change=True)
        seen = request.form.get("version") or None
        if saying.version and seen and seen != saying.version(spot) and _would(spot):
            raise Conflict("somebody_else_first")
        if not saying.may(spot):
            abort(403)
        form = saying.form(spot)
        url = spot.case_url
        if request.form.get("keep") == "theirs":
            return redirect(url)
        if not form.validate():
            raise NotYet
        told = saying.say(spot, form)
        url = saying.then(spot, form) if saying.then else url
        remember_result(db.session, key=key, person_id=actor.person_id, result=url)
    flash(told, "success")
    return redirect(url)


def _would(spot: Spot) -> bool:
    """Whether the person had a say in this before somebody else was first: else it is a plain 403."""
    step = spot.step_or_none
    return policy.leads(spot.actor, spot.case) or (step is None or policy.owns(spot.actor, step))


def _again(saying: Saying, reference: str, number: int | None, error: Refused | None) -> Page:
    """The form once more, with what was typed and what is wrong."""
    spot = find_spot(reference, number)
    form = saying.form(spot)
    form.validate()
    if error is not None:
        form.form_errors.append(refusal(error, language()))
    return _page(saying, spot, form), 422


def _both(saying: Saying, reference: str, number: int | None) -> Page:
    """Somebody else saved first: both versions, and a choice."""
    spot = find_spot(reference, number)
    form = saying.form(spot)
    version = saying.version(spot) if saying.version else ""
    shown = saying.shown(spot, form)
    found = conflict_of(db.session, spot.actor, spot.case, spot.step_or_none, form, version, shown["title"])
    page = render_template(
        "cases/action.html",
        **{**shown, "title": shown["title"], "intro": None},
        case={"name": spot.name, "reference": spot.case.reference, "url": spot.case_url},
        back_url=spot.case_url,
        form=form,
        conflict=found,
    )
    return page, 409


def _page(saying: Saying, spot: Spot, form: FlaskForm) -> str:
    return render_template(
        saying.template,
        case={"name": spot.name, "reference": spot.case.reference, "url": spot.case_url},
        back_url=spot.case_url,
        form=form,
        **saying.shown(spot, form),
    )


def find_spot(reference: str, number: int | None, *, for_change: bool = False) -> Spot:
    """The case and step if the signed-in person may see them, or 404."""
    actor = current_actor()
    step: Step | None = None
    if number is None:
        case = find_case(db.session, actor, reference, for_change=for_change)
    else:
        case, step = find_step(db.session, actor, reference, number, for_change=for_change) or (None, None)
    if case is None:
        abort(404)
    scope = scope_of(db.session, actor, case.id) or Scope.REFERENCE
    if step is not None and scope is not Scope.FULL and not policy.owns(actor, step):
        abort(404)
    child = db.session.get_one(Child, case.child_id, execution_options=sight(actor))
    return Spot(actor, case, scope, step, child if scope is not Scope.REFERENCE else None)
