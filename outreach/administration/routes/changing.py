"""How a person changes one thing about a place: once, on the version they saw, after seeing which dates move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.administration.commands.moving import ToConfirm, move_dates
from outreach.administration.commands.noting import Place, hold
from outreach.administration.models import PartnerChange
from outreach.administration.queries import version_of
from outreach.administration.routes.blueprint import Page
from outreach.administration.routes.shown import conflict_shown, preview_shown
from outreach.administration.words import refusal
from outreach.database import transaction
from outreach.errors import Conflict, Refused
from outreach.extensions import db
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

SEEN, BACK = "seen", "back"
"""Fields of the page that shows what moves: what it showed, and the button back to the form."""

_NOT_KEPT = {"csrf_token", "submission_key", SEEN, BACK}


@dataclass(frozen=True)
class Changing:
    """One thing that can be changed: whose page it stands on, its form, its command, and what is said afterwards.

    `do` runs inside the transaction. `about` names the row whose version the person saw, `stored` is the form as it
    stands now. `moves`: the dates of open steps may move, which is shown first. `remarks` stand on the form.
    """

    title: str
    place: Place | None
    back_url: str
    back_text: str
    form: Any
    do: Callable[[Actor], PartnerChange]
    done: str
    submit: str
    about: str | None = None
    stored: FlaskForm | None = None
    moves: bool = False
    remarks: Sequence[str] = ()
    remove_url: str | None = None
    tone: str = "primary"
    then: Callable[[PartnerChange], str] | None = None


class _NotYet(Exception):
    """The form is not filled in well, or somebody wants to look at it once more."""


class _Shown(Exception):
    """The page to show instead of changing anything; all that was tried is undone."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.page = page
        super().__init__()


def answer(make: Callable[[], Changing]) -> Page:
    """Show the form, or take what it says. `make` fetches and judges, afresh in each transaction."""
    if request.method == "GET":
        return _form_page(make())
    try:
        return _take(make)
    except _NotYet:
        changing = make()
        if BACK in request.form:
            return _form_page(changing, typed=True)
        changing.form.validate()
        return _form_page(changing, typed=True), 422
    except _Shown as shown:
        return render_template("administration/preview.html", **shown.page)
    except Refused as error:
        changing = make()
        changing.form.validate()
        changing.form.form_errors.append(refusal(error, language()))
        return _form_page(changing, typed=True), 422
    except Conflict:
        return _both(make()), 409


def _take(make: Callable[[], Changing]) -> Response:
    """Fetch, policy, form, command and moved dates in one transaction; a form sent twice does its work once."""
    actor = current_actor()
    key = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        if not first_time(db.session, key=key, person_id=actor.person_id):
            return redirect(result_of(db.session, key=key, person_id=actor.person_id) or "/")
        changing = make()
        if request.form.get("keep") == "theirs":
            return redirect(changing.back_url)
        if changing.place is not None:
            hold(db.session, changing.place, about=changing.about, seen=request.form.get("version"))
        if BACK in request.form or not changing.form.validate():
            raise _NotYet
        change = changing.do(actor)
        if changing.moves and changing.place is not None:
            _move(changing, change, actor)
        url = changing.then(change) if changing.then else changing.back_url
        remember_result(db.session, key=key, person_id=actor.person_id, result=url)
        done = changing.done
    flash(done, "success")
    return redirect(url)


def _move(changing: Changing, change: PartnerChange, actor: Actor) -> None:
    if changing.place is None:
        return
    seen = request.form.get(SEEN)
    try:
        move_dates(db.session, change, changing.place, seen=seen, by=actor)
    except ToConfirm as asks:
        shown = preview_shown(db.session, actor, asks.preview, change)
        raise _Shown({**shown, **_around(changing), "kept": _kept(), "again": seen is not None}) from asks


def _around(changing: Changing) -> dict[str, Any]:
    return {
        "title": changing.title,
        "back_url": changing.back_url,
        "back_text": changing.back_text,
        "submit": changing.submit,
        "tone": changing.tone,
        "remarks": changing.remarks,
    }


def _kept() -> list[tuple[str, str]]:
    """What was typed, to be sent again."""
    return [(name, value) for name, values in request.form.lists() if name not in _NOT_KEPT for value in values]


def _form_page(changing: Changing, *, typed: bool = False) -> str:
    form = changing.form
    if "version" in form and changing.about is not None and not (typed and form.version.data):
        form.version.data = version_of(db.session, changing.about)
    return render_template(
        "administration/form.html",
        **_around(changing),
        form=form,
        fields=[field for field in form if field.type not in ("HiddenField", "CSRFTokenField")],
        submit_form=_("See what changes") if changing.moves else changing.submit,
        remove_url=changing.remove_url,
    )


def _both(changing: Changing) -> str:
    """Somebody else saved first: both versions, and a choice."""
    version = version_of(db.session, changing.about or "")
    return render_template(
        "administration/form.html",
        **_around(changing),
        form=changing.form,
        conflict={
            **conflict_shown(db.session, changing.about or "", changing.form, changing.stored),
            "version": version,
            "kept": [pair for pair in _kept() if pair[0] not in ("version", "keep")],
        },
    )
