"""What the words of a coordinator's own list mean: said once, before anybody looks where its cases would go."""

from flask import redirect, render_template, url_for

from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands.tying_words import forget_words, tie_words
from outreach.imports.models import RUNNING, Batch, BatchState
from outreach.imports.queries.followers import STATUS, WHO, candidates
from outreach.imports.queries.running import RunningComparison, compare_running
from outreach.imports.queries.running_kept import running_of
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint, receipt_url
from outreach.imports.routes.running_shown import asked_shown
from outreach.imports.routes.sending import read_from
from outreach.imports.running_forms import WordsForm, words_form
from outreach.partners.models import Area
from outreach.web.access import allowed


@blueprint.get("/lists/running/<int:batch_id>/words")
@allowed(ROLE)
def running_words(batch_id: int) -> Page:
    """Each word of the list once, with what we think it means."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id, RUNNING)
    if batch.state != BatchState.PREVIEWED:
        return redirect(receipt_url(batch))
    compared = compared_now(batch, area)
    return _words_page(batch, area, compared, words_form(compared, candidates(db.session, area)))


@blueprint.post("/lists/running/<int:batch_id>/words")
@allowed(ROLE)
def say_words(batch_id: int) -> Page:
    """Remember what the words mean, and see where every case would go."""
    actor = current_actor()
    with transaction(db.session):
        batch, area = batch_or_404(batch_id, RUNNING)
        if batch.state != BatchState.PREVIEWED:
            return redirect(receipt_url(batch))
        compared = compared_now(batch, area)
        form = words_form(compared, candidates(db.session, area))
        if not form.validate():
            return _words_page(batch, area, compared, form), 400
        for about in (STATUS, WHO):
            tie_words(db.session, batch.organisation_id, area, about, form.said(about), by=actor)
            forget_words(db.session, batch.organisation_id, area, about, form.left_open(about))
    return redirect(url_for("imports.running_preview", batch_id=batch_id))


def compared_now(batch: Batch, area: Area) -> RunningComparison:
    """The kept list compared anew."""
    return compare_running(db.session, running_of(db.session, batch), area, batch.as_of, batch.organisation_id)


def head(batch: Batch, area: Area) -> dict[str, object]:
    """Which list a page is about."""
    return {"file_name": batch.file_name, "as_of": batch.as_of, "area": area.name}


def _words_page(batch: Batch, area: Area, compared: RunningComparison, form: WordsForm) -> str:
    return render_template(
        "imports/running_words.html",
        batch=head(batch, area),
        form=form,
        statuses=asked_shown(compared, form, STATUS),
        names=asked_shown(compared, form, WHO),
        back_url=url_for("imports.upload_running"),
        read_from=read_from(batch),
    )
