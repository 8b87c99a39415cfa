"""Letters to the ticked families of an area: looked at, printed, and recorded once they are on their way."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.writing_letters import record_letters, write_letter_text
from outreach.cases.forms.letters import LettersForm, LetterTextsForm
from outreach.cases.letter_words import FIELDS, FROM_THE_RIGHT, KINDS, OWN, languages, paragraphs
from outreach.cases.queries import area_list
from outreach.cases.queries.letters import Addressed, LeftOut, addressed, letter_texts
from outreach.cases.routes.area import ROLES, Page, see_area
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import label, refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.letterhead import Letterhead, letterhead_of, write_letterhead
from outreach.partners.models import Area
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

Shown = dict[str, Any]


@blueprint.post("/areas/<key>/letters/preview")
@allowed(*ROLES)
def preview_letters(key: str) -> Page:
    """Who gets which letter, ready to be printed; nothing is recorded yet."""
    actor = current_actor()
    area = see_area(actor, key)
    form = _form()
    chosen = "kind" in request.form
    return _page(actor, area, form, faulty=chosen and not form.validate())


@blueprint.post("/areas/<key>/letters/send")
@allowed(*ROLES)
def send_letters(key: str) -> Page:
    """They are on their way: each is an attempt; sent twice it is recorded once."""
    actor = current_actor()
    area = see_area(actor, key)
    form = _form()
    if not form.validate():
        return _page(actor, area, form, faulty=True), 400
    try:
        _record_once(actor, key, form)
    except Refused as error:
        form.form_errors.append(refusal(error, language()))
        return _page(actor, see_area(actor, key), form), 400
    return redirect(url_for("cases.area", key=key))


def _record_once(actor: Actor, key: str, form: LettersForm) -> None:
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        area = see_area(actor, key)
        if not first_time(db.session, key=sent, person_id=actor.person_id):
            return
        letters, _left_out = _sorted_out(db.session, actor, area, for_change=True)
        count = record_letters(db.session, letters, kind=form.kind.data, visit_on=form.announced_on, by=actor)
    if count == 1:
        flash(_("1 letter is recorded as an attempt."), "success")
    else:
        flash(_("%(count)s letters are recorded as attempts.", count=count), "success")


def _form() -> LettersForm:
    form = LettersForm(request.form if "kind" in request.form else None)
    form.kind.choices = [(kind, label("letter_kind", kind, language())) for kind in KINDS]
    return form


def _sorted_out(
    session: Session, actor: Actor, area: Area, *, for_change: bool = False
) -> tuple[list[Addressed], list[LeftOut]]:
    ticked = set(request.form.getlist("household", type=int))
    known = area_list.households(session, actor, area, area_list.Chosen())
    order = sorted(ticked & known.keys())
    return addressed(session, actor, area_list.waiting_steps(session, actor, area, order, for_change=for_change))


def _page(actor: Actor, area: Area, form: LettersForm, *, faulty: bool = False) -> str:
    letters, left_out = _sorted_out(db.session, actor, area)
    head = letterhead_of(db.session, area)
    texts = letter_texts(db.session, area, form.kind.data if form.kind.data in KINDS else KINDS[0])
    return render_template(
        "cases/letters.html",
        area=area,
        form=form,
        faulty=faulty,
        kept=[("household", letter.household_id) for letter in letters],
        letters=[] if faulty else [_letter(letter, texts, head, form) for letter in letters],
        head=head,
        left_out=[
            {"name": each.waiting.child.name, "reference": each.waiting.case.reference, "reason": _why(each)}
            for each in left_out
        ],
        texts_url=url_for("cases.letter_texts_page", key=area.key) if _may_write(actor, area) else None,
    )


def _why(each: LeftOut) -> str:
    return label("no_letter", each.reason, language())


def _letter(letter: Addressed, texts: Any, head: Letterhead, form: LettersForm) -> Shown:
    spoken = [OWN]
    if letter.language and letter.language in texts and letter.language != OWN:
        spoken.append(letter.language)
    home = letter.residence
    return {
        "name": letter.name,
        "lines": [home.line, f"{home.postcode} {home.municipality}".strip()],
        "references": [each.case.reference for each, _outcome in letter.visits],
        "texts": [_text(each, texts[each], head, form) for each in spoken],
    }


def _text(spoken: str, text: str, head: Letterhead, form: LettersForm) -> Shown:
    contact = ", ".join(part for part in (head.phone, head.email) if part)
    return {
        "language": spoken,
        "direction": "rtl" if spoken in FROM_THE_RIGHT else "ltr",
        "paragraphs": paragraphs(text, spoken, on=form.announced_on, sender=head.name, contact=contact),
    }


@blueprint.route("/areas/<key>/letters", methods=["GET", "POST"])
@allowed("coordinator")
def letter_texts_page(key: str) -> Page:
    """The sender and the words of an area's letters, with an example beside them."""
    actor = current_actor()
    area = see_area(actor, key)
    if not _may_write(actor, area):
        abort(404)
    asked = request.args.get("language", OWN)
    spoken = asked if asked in languages() else OWN
    form = _texts_form(area, spoken)
    if request.method == "POST" and form.validate():
        try:
            with transaction(db.session):
                _write(actor, see_area(actor, key), form, spoken)
            flash(_("Saved."), "success")
            return redirect(url_for("cases.letter_texts_page", key=key, language=spoken))
        except Refused as error:
            form.form_errors.append(refusal(error, language()))
    page = _texts_page(see_area(actor, key), form, spoken)
    return page if request.method == "GET" else (page, 400)


def _may_write(actor: Actor, area: Area) -> bool:
    return actor.role == "coordinator" and actor.organisation_id == area.coordinator_id


def _texts_form(area: Area, spoken: str) -> LetterTextsForm:
    head = letterhead_of(db.session, area)
    known = {kind: letter_texts(db.session, area, kind)[spoken] for kind in KINDS}
    data = {"name": head.name, "address": head.address, "phone": head.phone, "email": head.email, **known}
    form = LetterTextsForm(request.form if request.method == "POST" else None, data=data)
    for kind in KINDS:
        form[kind].render_kw = {"rows": 11, "lang": spoken, "dir": "auto"}
    return form


def _write(actor: Actor, area: Area, form: LetterTextsForm, spoken: str) -> None:
    given = {name: form[name].data or "" for name in ("name", "address", "phone", "email")}
    write_letterhead(db.session, area, **given)
    for kind in KINDS:
        write_letter_text(db.session, area, kind=kind, language=spoken, text=form[kind].data or "", by=actor)


def _texts_page(area: Area, form: LetterTextsForm, spoken: str) -> str:
    head = letterhead_of(db.session, area)
    example = LettersForm(None)
    shown = []
    for kind in KINDS:
        example.kind.data = kind
        known = letter_texts(db.session, area, kind)
        shown.append({"kind": label("letter_kind", kind, language()), **_text(spoken, known[spoken], head, example)})
    return render_template(
        "cases/letter_texts.html",
        area=area,
        form=form,
        spoken=spoken,
        choices=[
            (each, label("language", each, language()), url_for("cases.letter_texts_page", key=area.key, language=each))
            for each in languages()
        ],
        fields=sorted(FIELDS),
        examples=shown,
    )
