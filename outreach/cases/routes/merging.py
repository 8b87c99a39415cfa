"""Two cases of one child: laid beside each other, made one, said to be two children, or taken apart again."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.merging_records import merge_cases, part_cases, say_not_the_same
from outreach.cases.forms.merging import APART, MERGE, MergeForm, OtherCaseForm
from outreach.cases.models import Case
from outreach.cases.policy import leads
from outreach.cases.queries.beside import Pair, records_seen
from outreach.cases.queries.doubles import find_pair, probably_doubles, said_apart
from outreach.cases.queries.finding import find_case
from outreach.cases.queries.merges import merges_of
from outreach.cases.routes.beside_shown import pair_shown, points_said, record_shown
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.words import refusal
from outreach.children.grants import Scope, scope_of
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language, moment

Page = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/merge")
@allowed(*WORKING)
def merge(reference: str) -> Page:
    """Records that may be of the same child; with `other`, that one beside this one."""
    actor = current_actor()
    log_reading(db.session, actor, f"case:{_find(actor, reference).reference}")
    case, form = _find(actor, reference), OtherCaseForm(request.args)
    if "other" not in request.args:
        return _choose_page(actor, case, OtherCaseForm(None))
    pair = find_pair(db.session, actor, case, form.other.data or "") if form.validate() else None
    if pair is None:
        if form.other.data:
            form.other.errors = [_("You see no other case with this number whole. Check the number.")]
        return _choose_page(actor, case, form), 400
    log_reading(db.session, actor, f"case:{pair.other.case.reference}")
    return _pair_page(pair, _merge_form(pair, None))


@blueprint.post("/cases/<reference>/merge")
@allowed(*WORKING)
def send_merge(reference: str) -> Page:
    """They are one child, or two: said once."""
    actor = current_actor()
    case = _find(actor, reference)
    pair = find_pair(db.session, actor, case, request.form.get("other", ""))
    if pair is None:
        return _choose_page(actor, case, OtherCaseForm(None)), 400
    apart = request.form.get("what") == APART
    form = _merge_form(pair, request.form)
    if not apart and not form.validate():
        return _pair_page(pair, form), 400
    try:
        with transaction(db.session):
            kept = _say(actor, reference, pair.other.case.reference, None if apart else form.kept.data)
    except Refused as error:
        form.form_errors.append(refusal(error, language()))
        return _again(actor, reference, form), 400
    flash(
        _("Noted: these are two children. Nobody is asked again.") if apart else _("The two are one case now."),
        "success",
    )
    return redirect(url_for("cases.case", reference=kept))


@blueprint.post("/cases/<reference>/part")
@allowed(*WORKING)
def part(reference: str) -> Page:
    """The last merge of this case is taken back."""
    actor = current_actor()
    try:
        with transaction(db.session):
            case = _find(actor, reference, for_change=True)
            merges = merges_of(db.session, actor, case)
            if not merges:
                raise Refused("deed_undone")
            result = part_cases(db.session, merges[0].deed, by=actor)
        flash(_("They are two cases again."), "success")
        if result.left:
            flash(_("What happened since in the case that went on stays there."), "warning")
    except Refused as error:
        flash(refusal(error, language()), "error")
    return redirect(url_for("cases.case", reference=reference))


def _say(actor: Actor, reference: str, other: str, kept: str | None) -> str:
    """Do it with what this person may see now; `kept` None: they are two children. Which case to show then."""
    case = _find(actor, reference, for_change=True)
    pair = find_pair(db.session, actor, case, other)
    if pair is None or not pair.choices:
        raise Refused("not_yours_to_merge")
    if kept is None:
        say_not_the_same(db.session, pair.one.case, pair.other.case, by=actor)
        return case.reference
    record = next((each for each in pair.choices if each.case.reference == kept), None)
    if record is None:
        raise Refused("not_yours_to_merge")
    merge_cases(db.session, record.case, pair.beside_of(record).case, by=actor)
    return record.case.reference


def _find(actor: Actor, reference: str, *, for_change: bool = False) -> Case:
    """The case, for who leads it and sees it whole."""
    found = find_case(db.session, actor, reference, for_change=for_change)
    if found is None:
        abort(404)
    if not leads(actor, found) or scope_of(db.session, actor, found.id) is not Scope.FULL:
        abort(403)
    return found


def _merge_form(pair: Pair, sent: Any) -> MergeForm:
    form = MergeForm(sent)
    form.kept.choices = [(each.case.reference, _choice(pair, each.case)) for each in pair.choices]
    if sent is None and pair.choices:
        form.kept.data = pair.choices[0].case.reference
    return form


def _choice(pair: Pair, case: Case) -> str:
    record = pair.one if pair.one.case is case else pair.other
    return f"{record.child.name}, {case.reference}"


def _again(actor: Actor, reference: str, form: MergeForm) -> str:
    pair = find_pair(db.session, actor, _find(actor, reference), request.form.get("other", ""))
    return _pair_page(pair, form) if pair else _choose_page(actor, _find(actor, reference), OtherCaseForm(None))


def _choose_page(actor: Actor, case: Case, form: OtherCaseForm) -> str:
    own = records_seen(db.session, actor, [case.id])[case.id]
    merges = merges_of(db.session, actor, case)
    return render_template(
        "cases/merge.html",
        case=record_shown(own),
        form=form,
        pairs=[
            pair_shown(each)
            | {
                "points": points_said(each.likeness.score),
                "look_url": url_for("cases.merge", reference=case.reference, other=each.other.case.reference),
            }
            for each in probably_doubles(db.session, actor, case)
        ],
        merged=[
            {
                "kept": one.kept.reference,
                "double": one.double.reference,
                "kept_url": url_for("cases.case", reference=one.kept.reference),
                "double_url": url_for("cases.case", reference=one.double.reference),
                "at": moment(one.deed.at),
            }
            for one in merges
        ],
        part_url=url_for("cases.part", reference=case.reference),
    )


def _pair_page(pair: Pair, form: MergeForm) -> str:
    return render_template(
        "cases/merge_pair.html",
        pair=pair_shown(pair) | {"points": points_said(pair.likeness.score)},
        form=form,
        may=bool(pair.choices),
        apart=said_apart(db.session, pair),
        answers={"merge": MERGE, "apart": APART},
        back_url=url_for("cases.merge", reference=pair.one.case.reference),
    )
