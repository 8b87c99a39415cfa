"""What a list says otherwise than the one before it: decided by group, first what would happen, and taken back."""

from collections.abc import Collection, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.models import Case
from outreach.children.grants import scopes_of, sight
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.imports.answers import ANSWERS, MOST, Answer
from outreach.imports.commands.planning_answers import plan_answer
from outreach.imports.commands.settling import Settled, settle, take_back
from outreach.imports.forms import DecideForm, decide_form
from outreach.imports.models import Batch, BatchState, DifferenceKind
from outreach.imports.queries import before, deciding as queries, deeds, tallies
from outreach.imports.queries.deciding import Item
from outreach.imports.queries.pairs import count_proposed
from outreach.imports.queries.proposals import proposals_of
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint
from outreach.imports.routes.differences_shown import batch_shown, deeds_shown, items_shown, plans_shown, tiles_shown
from outreach.imports.words import refusal, word
from outreach.partners.models import Area
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

PAGE = 50
"""Children on one page."""


@blueprint.get("/lists/<int:batch_id>/differences")
@allowed(ROLE)
def differences(batch_id: int) -> Page:
    """The groups of a list, and what waits in one of them."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    if batch.state == BatchState.PREVIEWED:
        return redirect(url_for("imports.preview", batch_id=batch.id))
    if batch.state == BatchState.TAKEN_BACK:
        return redirect(url_for("imports.receipt", batch_id=batch.id))
    return _page(batch, area, _kind(request.args.get("group")))


@blueprint.post("/lists/<int:batch_id>/differences")
@allowed(ROLE)
def preview_decision(batch_id: int) -> Page:
    """What would happen to the ticked children; nothing changes yet."""
    actor = current_actor()
    log_reading(db.session, actor, f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    kind = _kind_sent()
    form = decide_form(kind, ANSWERS[kind], request.form)
    ticked, whole = set(request.form.getlist("item", type=int)), "whole" in request.form
    filled_in = form.validate()
    if not ticked and not whole:
        form.form_errors.append(_("Tick at least one child."))
    if not filled_in or not (ticked or whole):
        return _page(batch, area, kind, form, ticked), 400
    items = queries.items_of(db.session, actor, batch, kind, ids=None if whole else ticked, most=MOST)
    plans = plan_answer(db.session, batch, items, answer=Answer(form.answer.data))
    return render_template(
        "imports/differences_preview.html",
        batch=batch_shown(batch, area),
        group={"key": kind.value, "title": word(f"group.{kind}.title", language())},
        answer={"key": form.answer.data, "label": word(f"answer.{kind}.{form.answer.data}", language())},
        decide_url=url_for("imports.decide_differences", batch_id=batch.id),
        back_url=url_for("imports.differences", batch_id=batch.id, group=kind.value),
        **plans_shown(plans),
    )


@blueprint.post("/lists/<int:batch_id>/differences/confirm")
@allowed(ROLE)
def decide_differences(batch_id: int) -> Page:
    """Do what was previewed; a case that moved on since is named and left. Sent twice it is done once."""
    actor = current_actor()
    with transaction(db.session):
        batch, area = batch_or_404(batch_id, for_change=True)
        kind = _kind_sent()
        form = decide_form(kind, ANSWERS[kind], request.form)
        if not form.validate():
            return _page(batch, area, kind, form), 400
        stamps = None if "whole" in request.form else dict(_stamp(each) for each in request.form.getlist("item"))
        sent = request.form.get("submission_key") or new_key()
        if first_time(db.session, key=sent, person_id=actor.person_id):
            _say(_decide(actor, batch, kind, Answer(form.answer.data), stamps))
    return redirect(url_for("imports.differences", batch_id=batch_id, group=kind.value))


@blueprint.post("/lists/<int:batch_id>/deeds/<int:deed_id>/undo")
@allowed(ROLE)
def undo_decision(batch_id: int, deed_id: int) -> Page:
    """Take one decision back."""
    actor = current_actor()
    try:
        with transaction(db.session):
            batch, _area = batch_or_404(batch_id)
            deed = deeds.find_deed(db.session, actor, batch, deed_id)
            if deed is None:
                abort(404)
            result = take_back(db.session, deed, by=actor)
            left = [
                db.session.get_one(Case, case_id, execution_options=sight(actor)).reference for case_id in result.left
            ]
        flash(_("Taken back: everything is as it was before."), "success")
        if left:
            flash(_("These moved on since and stayed as they are: %(cases)s.", cases=", ".join(left)), "warning")
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
    return redirect(url_for("imports.differences", batch_id=batch_id, _anchor="decided"))


def _decide(
    actor: Actor, batch: Batch, kind: DifferenceKind, answer: Answer, stamps: Mapping[int, str] | None
) -> Settled:
    """Only what still stands as it was looked at (`stamps`; None: the whole group as it is now)."""
    ids = None if stamps is None else set(stamps)
    found = queries.items_of(db.session, actor, batch, kind, ids=ids, most=MOST, for_change=True)
    same = [item for item in found if stamps is None or item.stamp == stamps[item.difference.id]]
    settled = settle(db.session, batch, plan_answer(db.session, batch, same, answer=answer), by=actor)
    left = (ids or set()) - {item.difference.id for item in same}
    named = queries.references_of(db.session, actor, batch, left)
    settled.stayed += [(named[number], "moved_on") for number in sorted(named)]
    return settled


def _say(settled: Settled) -> None:
    count = len(settled.done)
    if count == 1:
        flash(_("1 child decided."), "success")
    elif count:
        flash(_("%(count)s children decided.", count=count), "success")
    if settled.stayed:
        told = ", ".join(f"{reference} ({word(f'stays.{why}', language())})" for reference, why in settled.stayed)
        flash(_("These stayed as they were: %(cases)s.", cases=told), "warning")


def _page(
    batch: Batch,
    area: Area,
    kind: DifferenceKind | None,
    form: DecideForm | None = None,
    ticked: Collection[int] = (),
) -> str:
    session, actor = db.session, current_actor()
    counts = tallies.tallies(session, actor, batch)
    earlier = before.list_before(session, actor, batch)
    kind = kind or next((one for one in ANSWERS if one in counts and counts[one].waiting), None)
    waiting = counts[kind].waiting if kind and kind in counts else 0
    last = max(-(-waiting // PAGE), 1)
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    items: list[Item] = []
    if kind is not None:
        items = queries.items_of(session, actor, batch, kind, offset=(number - 1) * PAGE, most=PAGE)
    seen = scopes_of(session, actor, [one.case.id for one in items])
    return render_template(
        "imports/differences.html",
        batch=batch_shown(batch, area, earlier),
        tiles=tiles_shown(batch, area, counts, before.still_on_it(session, actor, batch, earlier), _pairs(batch)),
        group=kind and {"key": kind.value, "waiting": waiting, "at_once": min(waiting, MOST)},
        words={part: word(f"group.{kind}.{part}", language()) for part in ("title", "why")} if kind else {},
        columns=_columns(kind),
        one_click=kind is DifferenceKind.CAPITALS,
        form=form or (kind and decide_form(kind, ANSWERS[kind])),
        items=items_shown(items, queries.moves_of(session, actor, items), seen, ticked),
        pages=_pages(batch, kind, number, last),
        others=tallies.of_others(session, actor, batch),
        deeds=deeds_shown(batch, deeds.deeds_of(session, actor, batch)),
    )


def _columns(kind: DifferenceKind | None) -> list[str]:
    """Above what the list says and what stands with us."""
    if kind is DifferenceKind.GONE:
        return []
    return [_("What we ask"), _("Closed as")] if kind is DifferenceKind.AGAIN else [_("On the list"), _("With us")]


def _pairs(batch: Batch) -> tallies.Tally:
    """How many new children are probably known, and about how many of them this person can say something."""
    waiting = proposals_of(db.session, current_actor(), batch)
    return tallies.Tally(count_proposed(db.session, current_actor(), batch), len(waiting))


def _pages(batch: Batch, kind: DifferenceKind | None, number: int, last: int) -> dict[str, object]:
    def url(page: int) -> str:
        return url_for("imports.differences", batch_id=batch.id, group=kind.value if kind else None, page=page)

    return {
        "number": number,
        "count": last,
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < last else None,
    }


def _kind(key: str | None) -> DifferenceKind | None:
    return DifferenceKind(key) if key in {one.value for one in ANSWERS} else None


def _kind_sent() -> DifferenceKind:
    kind = _kind(request.form.get("group"))
    if kind is None:
        abort(400)
    return kind


def _stamp(sent: str) -> tuple[int, str]:
    number, _bar, stamp = sent.partition("|")
    return int(number) if number.isdecimal() else 0, stamp
