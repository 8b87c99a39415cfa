"""Columns nobody has seen before: what is in them, what they are, said once and remembered; another sheet or line."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import is_school
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.imports.commands import Terms, preview_list
from outreach.imports.commands.placing import forget_place, remember_place
from outreach.imports.commands.previewing_running import preview_running
from outreach.imports.commands.queueing import Wanted, ask_for, stop_looking
from outreach.imports.commands.tying import Said, tie_columns
from outreach.imports.forms import ColumnsForm, columns_form
from outreach.imports.judging import Incoming, receive
from outreach.imports.long_files import about_rows, is_long
from outreach.imports.models import LOOK, NOT_ENROLLED, REPORTS, RUNNING, KeptFile
from outreach.imports.policy import areas_to_report
from outreach.imports.queries.kept import content_of, find_kept
from outreach.imports.queries.running import compare_running
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.queries.unnamed import with_known_numbers
from outreach.imports.reading import Choice, ListFile, guess_list, read_list
from outreach.imports.reading.examples import examples_of, shape_of
from outreach.imports.reading.lists import first_rows, sheet_names
from outreach.imports.reading.values import as_text
from outreach.imports.reading.vocabulary import Vocabulary, title_keys
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.report_uploads import go_on
from outreach.imports.routes.shown import Shown
from outreach.imports.running import RunningList, receive_running
from outreach.imports.words import refusal, word
from outreach.partners.models import Area
from outreach.web.access import allowed
from outreach.web.filters import language

ROLES = ("coordinator", "school-contact")

_TITLE_ROWS = 15
_LONGEST_LINE = 70


def look_later(kept: KeptFile, found: ListFile, stream: BinaryIO, *, by: Actor) -> str:
    """Let a long file be looked at outside the request; where to see how far that is."""
    kept.sheet, kept.title_row = found.sheet, found.header.row_number
    wanted = Wanted(LOOK, kept.kind, kept.id, kept.area_id, kept.file_name, {"rows": about_rows(stream)})
    return url_for("imports.progress", job_id=ask_for(db.session, wanted, by=by))


def preview_kept(
    session: Session, kept: KeptFile, found: ListFile, incoming: Incoming, terms: Terms, *, by: Actor
) -> str:
    """Look at the list of a kept file, and remember where in the file it stands; the address of the preview."""
    batch = preview_list(session, incoming, terms, by=by)
    kept.batch_id, kept.sheet, kept.title_row = batch.id, found.sheet, found.header.row_number
    return url_for("imports.preview", batch_id=batch.id)


def preview_kept_running(
    session: Session, kept: KeptFile, found: ListFile, running: RunningList, terms: Terms, *, by: Actor
) -> str:
    """The same for a list of running cases: first what its words mean, if nobody said so yet."""
    running = with_known_numbers(session, running, terms.area, terms.organisation_id)
    batch = preview_running(session, running, terms, by=by)
    kept.batch_id, kept.sheet, kept.title_row = batch.id, found.sheet, found.header.row_number
    compared = compare_running(session, running, terms.area, terms.as_of, terms.organisation_id)
    asks = compared.untied or compared.unknown
    return url_for("imports.running_words" if asks else "imports.running_preview", batch_id=batch.id)


@blueprint.get("/lists/files/<int:file_id>/columns")
@allowed(*ROLES)
def columns(file_id: int) -> Page:
    """Every column with examples, and what we think it is."""
    log_reading(db.session, current_actor(), f"file:{file_id}")
    kept, area = _kept_or_404(file_id)
    with content_of(db.session, current_actor(), kept) as content:
        try:
            return _columns_page(kept, area, content, _guessed(kept, content, request.args))
        except Unreadable as error:
            flash(refusal(error, language()) or error.key, "error")
            return redirect(_back(kept))


@blueprint.post("/lists/files/<int:file_id>/columns")
@allowed(*ROLES)
def tie(file_id: int) -> Page:
    """Remember what the columns are, and look at the list."""
    actor = current_actor()
    kept, area = _kept_or_404(file_id)
    with content_of(db.session, actor, kept) as content:
        try:
            found = _guessed(kept, content, request.form)
            form = columns_form(found, examples_of(found))
            if not form.validate():
                return _columns_page(kept, area, content, found, form), 400
            _remember(kept, form, actor)
            _remember_place(kept, content, found, actor)
            if kept.kind in REPORTS:
                return redirect(go_on(kept.upload_id or 0))
            choice = Choice(found.sheet, found.header.row_number)
            words = vocabulary_for(db.session, kept.organisation_id, kept.kind)
            read = read_list(content, kept.file_name, words, choice)
            if is_long(content) and kept.kind != RUNNING:
                with transaction(db.session):
                    kept, area = _kept_or_404(file_id)
                    stop_looking(db.session, by=actor)
                    return redirect(look_later(kept, read, content, by=actor))
            running = receive_running(read, kept.as_of) if kept.kind == RUNNING else None
            incoming = running.incoming if running else receive(read, kept.as_of)
        except (Unreadable, Refused) as error:
            flash(refusal(error, language()) or error.key, "error")
            return redirect(_back(kept))
    with transaction(db.session):
        kept, area = _kept_or_404(file_id)
        terms = Terms(area, kept.as_of, kept.organisation_id, kept.agreement_id)
        if running is not None:
            return redirect(preview_kept_running(db.session, kept, read, running, terms, by=actor))
        return redirect(preview_kept(db.session, kept, read, incoming, terms, by=actor))


def _kept_or_404(file_id: int) -> tuple[KeptFile, Area]:
    kept = find_kept(db.session, current_actor(), file_id)
    areas = areas_to_report(db.session, current_actor(), clock.today())
    area = next((one for one in areas if kept and one.id == kept.area_id), None)
    if kept is None or area is None:
        abort(404)
    return kept, area


def _back(kept: KeptFile) -> str:
    """Where the file was chosen."""
    places = {NOT_ENROLLED: "imports.upload", RUNNING: "imports.upload_running"}
    return url_for(places.get(kept.kind, "imports.upload_reports"))


def _guessed(kept: KeptFile, content: BinaryIO, said: Any) -> ListFile:
    """The list as it stands on the sheet and under the line that are asked for, else where it was found before."""
    words = vocabulary_for(db.session, kept.organisation_id, kept.kind)
    names = sheet_names(content, kept.file_name)
    place, row = said.get("sheet", type=int), said.get("row", type=int)
    sheet = kept.sheet if place is None else names[place] if 0 <= place < len(names) else None
    title_row = row if row is not None else kept.title_row if place is None else None
    return guess_list(content, kept.file_name, words, Choice(sheet, title_row))


def _remember(kept: KeptFile, form: ColumnsForm, actor: Actor) -> None:
    titles = form.found.titles
    keys = title_keys(titles)
    said = {keys[place]: Said(titles[place], name) for place, name in form.said.items()}
    if said:
        with transaction(db.session):
            tie_columns(db.session, kept.organisation_id, kept.kind, said, by=actor)


def _remember_place(kept: KeptFile, content: BinaryIO, found: ListFile, actor: Actor) -> None:
    """Where the list was pointed out is remembered; where it is found by itself nothing has to be."""
    words = vocabulary_for(db.session, kept.organisation_id, kept.kind)
    chosen = Choice(found.sheet, found.header.row_number)
    with transaction(db.session):
        if _found_by_itself(content, kept.file_name, words) == chosen:
            forget_place(db.session, kept.organisation_id, kept.kind)
        else:
            remember_place(db.session, kept.organisation_id, kept.kind, chosen, by=actor)


def _found_by_itself(content: BinaryIO, name: str, words: Vocabulary) -> Choice | None:
    try:
        found = read_list(content, name, words)
    except Unreadable:
        return None
    return Choice(found.sheet, found.header.row_number)


def _columns_page(
    kept: KeptFile, area: Area, content: BinaryIO, found: ListFile, form: ColumnsForm | None = None
) -> str:
    hidden = kept.kind in REPORTS and not is_school(current_actor())
    examples = examples_of(found, hidden=hidden)
    form = form or columns_form(found, examples_of(found))
    names = sheet_names(content, kept.file_name)
    missing = [word(f"field.{key}", language()) for key in found.header.missing]
    return render_template(
        "imports/columns.html",
        file={"name": kept.file_name, "area": area.name, "as_of": kept.as_of},
        missing=", ".join(missing),
        sheets=[{"value": place, "name": name, "chosen": name == found.sheet} for place, name in enumerate(names)],
        sheet=names.index(found.sheet) if found.sheet in names else None,
        rows=_rows_shown(first_rows(content, kept.file_name, found, _TITLE_ROWS), found, hidden=hidden),
        row=found.header.row_number,
        form=form,
        columns=[
            {"title": found.titles[place], "number": place + 1, "examples": examples[place], "field": one}
            for place, one in form.asked.items()
        ],
        back_url=_back(kept),
        remembered_url=url_for("imports.remembered"),
    )


def _rows_shown(rows: Sequence[tuple[int, Sequence[Any]]], found: ListFile, *, hidden: bool) -> list[Shown]:
    """The lines one can point at as the titles; of a report of many schools its importer reads no names."""
    shown = [{"value": 0, "text": _("None: the list has no titles"), "chosen": found.header.row_number == 0}]
    for number, cells in rows:
        line = " · ".join(text for cell in cells if (text := as_text(cell).strip()))[:_LONGEST_LINE]
        if hidden and number != found.header.row_number:
            line = shape_of(line)
        told = _("Row %(number)s", number=number)
        shown.append({"value": number, "text": f"{told}: {line}", "chosen": number == found.header.row_number})
    return shown
