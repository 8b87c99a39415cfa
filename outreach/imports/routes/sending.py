"""What every upload has in common: one answer to one form, what was chosen in it, and what its preview says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import BinaryIO, TypeVar

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from wtforms import Field, Form

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.errors import Refused, Unreadable
from outreach.extensions import db
from outreach.imports.commands import Terms
from outreach.imports.commands.keeping import Sent
from outreach.imports.findings import Finding
from outreach.imports.forms import UploadForm, upload_form
from outreach.imports.models import NOT_ENROLLED, Batch
from outreach.imports.queries.agreeing import only_agreement, require_valid
from outreach.imports.queries.kept import kept_for
from outreach.imports.routes.blueprint import Page, own_areas
from outreach.imports.routes.shown import Shown
from outreach.imports.words import refusal, word
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

_LONGEST_NAME = 120

AnyForm = TypeVar("AnyForm", bound=Form)


def answer_sent(form: AnyForm, files: Field, page: Callable[[AnyForm], str], send: Callable[[AnyForm], str]) -> Page:
    """Go on where sending leads to; what is wrong with the form or its files is said beside it, nothing typed lost."""
    if not form.validate():
        return page(form), 400
    try:
        return redirect(send(form))
    except (Unreadable, Refused) as error:
        files.errors = [refusal(error, language()) or error.key]
        return page(form), 422


def kept_once(keep: Callable[[Actor], str], *, otherwise: str) -> str:
    """Keep what was sent, in one transaction; where to go on. A form sent twice is kept once, and leads there too."""
    actor, key = current_actor(), request.form.get("submission_key") or new_key()
    with transaction(db.session):
        if not first_time(db.session, key=key, person_id=actor.person_id):
            return result_of(db.session, key=key, person_id=actor.person_id) or url_for(otherwise)
        url = keep(actor)
        remember_result(db.session, key=key, person_id=actor.person_id, result=url)
    return url


def bare_name(sent: str | None, otherwise: str) -> str:
    """The name of a file without a path."""
    return PurePath((sent or otherwise).replace("\\", "/")).name[-_LONGEST_NAME:]


def new_upload_form() -> UploadForm:
    """The form with one's own areas, and the agreements a list of them leans on."""
    areas = own_areas()
    ids = {area.id for area in areas}
    known = [one for one in agreements(db.session) if one.area_id in ids and one.source == NOT_ENROLLED]
    return upload_form(areas, known)


@dataclass(frozen=True)
class Chosen:
    """What somebody chose in the form for one list: the file, and on which terms it comes."""

    name: str
    stream: BinaryIO
    terms: Terms

    def kept_as(self, kind: str) -> Sent:
        """As it is kept, as a list of this kind."""
        terms = self.terms
        return Sent(kind, self.name, terms.area, terms.organisation_id, terms.agreement_id, terms.as_of)


def chosen(form: UploadForm) -> Chosen:
    """What was chosen in a form that holds; an area that is not one's own does not exist.

    Raises Refused for an agreement that does not cover the list.
    """
    area = next((one for one in own_areas() if one.id == form.area.data), None)
    actor, as_of = current_actor(), form.as_of.data
    if area is None or actor.organisation_id is None or as_of is None:
        abort(404)
    agreement = _agreement_for(form, area, as_of)
    terms = Terms(area, as_of, actor.organisation_id, agreement.id if agreement else None)
    return Chosen(bare_name(form.file.data.filename, "lijst"), form.file.data.stream, terms)


def _agreement_for(form: UploadForm, area: Area, as_of: date) -> Agreement | None:
    """The one chosen, which must be valid; else the only valid one."""
    named = form.data.get("agreement")
    if not named:
        return only_agreement(db.session, area, as_of)
    found = db.session.get_one(Agreement, int(named))
    require_valid(found, area, as_of)
    return found


def agreement_of(batch: Batch, area: Area) -> int | None:
    """The agreement this list may be loaded under: the one it was uploaded with, or the only valid one by now."""
    if batch.agreement_id is not None:
        return batch.agreement_id
    agreement = only_agreement(db.session, area, batch.as_of)
    return agreement.id if agreement else None


def agreements_url(area: Area) -> str | None:
    """Where the agreements of an area stand, for who coordinates it."""
    if area.coordinator_id != current_actor().organisation_id:
        return None
    return url_for("administration.area", key=area.key, _anchor="agreements-title")


def read_from(batch: Batch) -> Shown | None:
    """From which sheet and line the list was read, and where to say otherwise, as long as the file is kept."""
    kept = kept_for(db.session, current_actor(), batch.id)
    if kept is None:
        return None
    return {"sheet": kept.sheet, "row": kept.title_row, "url": url_for("imports.columns", file_id=kept.id)}


def remarks_said(remarks: Sequence[Finding], more: int, *, todo: bool = False) -> list[str]:
    """Each remark with its place, and with `todo` what to do about it; and how many more there are."""
    found = []
    for one in remarks:
        place = word("console.place", language(), row=one.row_number, column=one.column or "-")
        found.append(" ".join([f"{place}:", one.wrong(language()), *([one.todo(language())] if todo else [])]))
    if more == 1:
        found.append(_("And 1 more remark of this sort."))
    elif more > 1:
        found.append(_("And %(count)s more remarks of this sort.", count=more))
    return found
