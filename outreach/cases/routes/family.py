"""What a person adds to a case: notes, contacts, address, language, companion, secrecy; and opening it again."""

from typing import Any

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import select

from outreach.cases import policy
from outreach.cases.commands import family, opening, words
from outreach.cases.commands.with_two import end_visit_with_two, visit_with_two
from outreach.cases.forms import family as forms
from outreach.cases.forms.steps import chosen_word
from outreach.cases.models import Note
from outreach.cases.queries.choices import colleagues
from outreach.cases.queries.finding import living_steps, track_of
from outreach.cases.queries.with_two import goes_visiting, visits_with_two
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.steps import due_said
from outreach.cases.words import choices, label
from outreach.children.addresses import AddressKind
from outreach.children.grants import Scope, sight
from outreach.children.models import FamilyContact, Residence, VisitWithTwo
from outreach.extensions import db
from outreach.partners import municipalities
from outreach.web.access import allowed
from outreach.web.filters import day, language

_BOTH = ["GET", "POST"]


def _adds(spot: Spot) -> bool:
    return policy.may_add_facts(spot.actor, spot.case, spot.scope)


def _adds_to_all(spot: Spot) -> bool:
    return _adds(spot) and spot.scope is Scope.FULL


def _page(title: str, fields: list[Any], submit: str = "", **more: Any) -> dict[str, Any]:
    return {"title": title, "fields": fields, "submit_label": submit or _("Save"), **more}


def _languages() -> list[tuple[str, str]]:
    return [("", _("Not known")), *choices("language", language())]


@blueprint.route("/cases/<reference>/notes", methods=_BOTH)
@allowed(*WORKING)
def note(reference: str) -> Page:
    """Write a note."""

    def say(spot: Spot, form: forms.NoteForm) -> str:
        words.add_note(db.session, spot.case, text=form.text.data or "", shared=form.shared.data, by=spot.actor)
        return str(_("The note is saved."))

    saying = Saying(
        may=_adds,
        form=lambda _spot: forms.NoteForm(),
        say=say,
        shown=lambda _spot, form: _page(_("Write a note"), [form.text, form.shared]),
        version=None,
    )
    return answer(saying, reference)


@blueprint.route("/cases/<reference>/notes/<int:note_id>", methods=_BOTH)
@allowed(*WORKING)
def correct_note(reference: str, note_id: int) -> Page:
    """Put better words in a note's place."""

    def form(spot: Spot) -> forms.NoteForm:
        found = _note(spot, note_id)
        return forms.NoteForm(text=found.text, shared=found.shared)

    def say(spot: Spot, form: forms.NoteForm) -> str:
        found = _note(spot, note_id)
        words.correct_note(
            db.session, spot.case, found, text=form.text.data or "", shared=form.shared.data, by=spot.actor
        )
        return str(_("The note is corrected; the old words stay in the history."))

    saying = Saying(
        may=_adds,
        form=form,
        say=say,
        shown=lambda _spot, form: _page(_("Correct a note"), [form.text, form.shared]),
        version=None,
    )
    return answer(saying, reference)


def _note(spot: Spot, note_id: int) -> Note:
    """A note of one's own organisation in this case, or 404."""
    statement = select(Note).where(
        Note.id == note_id, Note.case_id == spot.case.id, Note.organisation_id == spot.actor.organisation_id
    )
    found = db.session.scalars(statement, execution_options=sight(spot.actor)).one_or_none()
    if found is None:
        abort(404)
    return found


@blueprint.route("/cases/<reference>/contacts", methods=_BOTH)
@allowed(*WORKING)
def contact(reference: str) -> Page:
    """Add somebody who may be rung."""

    def form(_spot: Spot) -> forms.ContactForm:
        made = forms.ContactForm()
        made.relation.choices = choices("relation", language())
        made.language.choices = _languages()
        return made

    def say(spot: Spot, form: forms.ContactForm) -> str:
        added = family.add_contact(
            db.session,
            spot.case,
            name=form.name.data or "",
            relation=form.relation.data,
            phone=form.phone.data or None,
            email=form.email.data or None,
            language=form.language.data or None,
            school_may_ring=form.school_may_ring.data,
            by=spot.actor,
        )
        return str(_("%(name)s is now one of the contacts.", name=added.name))

    def shown(spot: Spot, form: forms.ContactForm) -> dict[str, Any]:
        fields = [form.name, form.relation, form.phone, form.email, form.language, form.school_may_ring]
        warning = label("warning", spot.case.secrecy, language()) if spot.case.secrecy else None
        return _page(_("Add a contact"), fields, warning=warning)

    return answer(Saying(may=_adds_to_all, form=form, say=say, shown=shown, version=None), reference)


@blueprint.route("/cases/<reference>/contacts/<int:contact_id>/end", methods=_BOTH)
@allowed(*WORKING)
def end_contact(reference: str, contact_id: int) -> Page:
    """A number that is no longer right."""

    def say(spot: Spot, _form: forms.EndContactForm) -> str:
        family.end_contact(db.session, spot.case, _contact(spot, contact_id), by=spot.actor)
        return str(_("This number is no longer shown."))

    def shown(spot: Spot, _form: forms.EndContactForm) -> dict[str, Any]:
        found = _contact(spot, contact_id)
        return _page(_("No longer right"), [], _("Take off"), intro=f"{found.name} {found.phone or found.email or ''}")

    saying = Saying(may=_adds_to_all, form=lambda _spot: forms.EndContactForm(), say=say, shown=shown, version=None)
    return answer(saying, reference)


def _contact(spot: Spot, contact_id: int) -> FamilyContact:
    """A contact of this child's household, or 404."""
    household = spot.child.household_id if spot.child else None
    statement = select(FamilyContact).where(
        FamilyContact.id == contact_id, FamilyContact.household_id == household, FamilyContact.ended_at.is_(None)
    )
    found = db.session.scalars(statement, execution_options=sight(spot.actor)).one_or_none()
    if found is None:
        abort(404)
    return found


@blueprint.route("/cases/<reference>/address", methods=_BOTH)
@allowed(*WORKING)
def address(reference: str) -> Page:
    """The family lives elsewhere than known."""

    def form(spot: Spot) -> forms.AddressForm:
        made = forms.AddressForm(obj=residence_of(spot))
        made.kind.choices = choices("address", language())
        return made

    def say(spot: Spot, form: forms.AddressForm) -> str:
        parts = {name: form[name].data or "" for name in ("street", "number", "box", "postcode", "municipality")}
        found = municipalities.by_name(parts["municipality"], parts["postcode"])
        written = {**parts, "nis": found.nis if found else None}
        family.correct_address(db.session, spot.case, address=written, kind=AddressKind(form.kind.data), by=spot.actor)
        return str(_("The address is corrected; the old one stays in the history."))

    def shown(_spot: Spot, form: forms.AddressForm) -> dict[str, Any]:
        fields = [form.kind, form.street, form.number, form.box, form.postcode, form.municipality]
        return _page(_("Correct the address"), fields)

    saying = Saying(
        may=lambda spot: _adds_to_all(spot) and not is_hidden(spot), form=form, say=say, shown=shown, version=_lives
    )
    return answer(saying, reference)


def residence_of(spot: Spot) -> Residence | None:
    statement = select(Residence).where(Residence.child_id == spot.case.child_id, Residence.until_at.is_(None))
    return db.session.scalars(statement, execution_options=sight(spot.actor)).one_or_none()


def _lives(spot: Spot) -> str:
    residence = residence_of(spot)
    return str(residence.id if residence else 0)


def is_hidden(spot: Spot) -> bool:
    return spot.case.secrecy is not None and not _guards(spot)


def _guards(spot: Spot) -> bool:
    steps = living_steps(db.session, spot.actor, spot.case)
    return policy.may_guard(spot.actor, spot.case, steps)


@blueprint.route("/cases/<reference>/language", methods=_BOTH)
@allowed(*WORKING)
def language_at_home(reference: str) -> Page:
    """Note the language spoken with this family."""

    def form(spot: Spot) -> forms.LanguageForm:
        known = spot.child.language if spot.child else None
        made = forms.LanguageForm(language=known, interpreter=bool(spot.child and spot.child.interpreter))
        listed = choices("language", language())
        own = [(known, known)] if known and known not in dict(listed) else []
        made.language.choices = [("", _("Choose")), *own, *listed]
        return made

    def say(spot: Spot, form: forms.LanguageForm) -> str:
        family.set_language(db.session, spot.case, language=form.language.data, by=spot.actor)
        family.set_interpreter(db.session, spot.case, needed=form.interpreter.data, by=spot.actor)
        return str(_("Language at home: %(language)s.", language=label("language", form.language.data, language())))

    saying = Saying(
        may=_adds_to_all,
        form=form,
        say=say,
        shown=lambda _spot, form: _page(_("Language at home"), [form.language, form.interpreter]),
        version=lambda spot: str(spot.child.version if spot.child else 0),
    )
    return answer(saying, reference)


@blueprint.route("/cases/<reference>/with-two", methods=_BOTH)
@allowed(*WORKING)
def with_two(reference: str) -> Page:
    """Say that this family is visited by two, or no longer; only those who visit families know of it."""

    def form(spot: Spot) -> forms.WithTwoForm:
        said = _with_two(spot)
        made = forms.WithTwoForm(reason=said.reason if said else "")
        made.reason.choices = [("", _("One person is enough")), *choices("with_two", language())]
        return made

    def say(spot: Spot, form: forms.WithTwoForm) -> str:
        if not form.reason.data:
            end_visit_with_two(db.session, spot.case, by=spot.actor)
            return str(_("One person is enough from now on."))
        said = visit_with_two(db.session, spot.case, reason=form.reason.data, by=spot.actor)
        return str(_("By two, until %(day)s.", day=day(said.until_on)))

    saying = Saying(
        may=lambda spot: _adds_to_all(spot) and spot.case.ended_at is None and _goes_visiting(spot),
        form=form,
        say=say,
        shown=lambda _spot, form: _page(
            _("Visit with two"),
            [form.reason],
            consequences=[_("Those who visit families see it for six months, before any contact. Nobody else does.")],
        ),
        version=lambda spot: str(said.id if (said := _with_two(spot)) else 0),
    )
    return answer(saying, reference)


def _with_two(spot: Spot) -> VisitWithTwo | None:
    household = spot.child.household_id if spot.child else 0
    return visits_with_two(db.session, spot.actor, [household]).get(household)


def _goes_visiting(spot: Spot) -> bool:
    steps = living_steps(db.session, spot.actor, spot.case)
    return goes_visiting(spot.actor, [(step, track_of(db.session, spot.actor, step)) for step in steps])


@blueprint.route("/cases/<reference>/companion", methods=_BOTH)
@allowed(*WORKING)
def companion(reference: str) -> Page:
    """Name who accompanies the family."""

    def form(spot: Spot) -> forms.CompanionForm:
        made = forms.CompanionForm(person=spot.case.companion_id or spot.actor.person_id)
        team = colleagues(db.session, spot.actor.organisation_id) if spot.actor.organisation_id else []
        made.person.choices = team
        return made

    def say(spot: Spot, form: forms.CompanionForm) -> str:
        family.set_companion(
            db.session,
            spot.case,
            person_id=form.person.data,
            organisation_id=spot.actor.organisation_id,
            by=spot.actor,
        )
        name = chosen_word(form.person)
        return str(_("%(name)s accompanies this family from now on.", name=name))

    saying = Saying(
        may=lambda spot: _adds_to_all(spot) and spot.case.ended_at is None,
        form=form,
        say=say,
        shown=lambda _spot, form: _page(
            _("Name the companion"),
            [form.person],
            consequences=[_("The companion sees the case to its end, and may add to it.")],
        ),
        version=lambda spot: str(spot.case.version),
    )
    return answer(saying, reference)


@blueprint.route("/cases/<reference>/secrecy", methods=_BOTH)
@allowed(*WORKING)
def secrecy(reference: str) -> Page:
    """Hide address and school, or show them again."""

    def form(spot: Spot) -> forms.SecrecyForm:
        made = forms.SecrecyForm(secrecy=spot.case.secrecy or "")
        made.secrecy.choices = [("", _("Nothing special")), *choices("secrecy", language())]
        return made

    def say(spot: Spot, form: forms.SecrecyForm) -> str:
        family.set_secrecy(db.session, spot.case, secrecy=form.secrecy.data or None, by=spot.actor)
        return str(
            _("Address and school are hidden.") if form.secrecy.data else _("Address and school are shown again.")
        )

    saying = Saying(
        may=lambda spot: _adds_to_all(spot) and _guards(spot),
        form=form,
        say=say,
        shown=lambda _spot, form: _page(
            _("Hide address and school"),
            [form.secrecy],
            consequences=[_("Only the lead, who has the open step and the companion still see address and school.")],
        ),
        version=lambda spot: str(spot.case.version),
    )
    return answer(saying, reference)


@blueprint.route("/cases/<reference>/reopen", methods=_BOTH)
@allowed(*WORKING)
def reopen(reference: str) -> Page:
    """Begin again with a case that ended."""

    def say(spot: Spot, _form: forms.ReopenForm) -> str:
        step = opening.reopen_case(db.session, spot.case, by=spot.actor)
        return str(_("The case is open again, %(due)s.", due=due_said(step)))

    def shown(spot: Spot, _form: forms.ReopenForm) -> dict[str, Any]:
        ended = day(spot.case.ended_at.date()) if spot.case.ended_at else ""
        then = [_("The case ended on %(day)s and begins again at the first step, with you.", day=ended)]
        return _page(_("Open the case again"), [], _("Open again"), consequences=then)

    saying = Saying(
        may=lambda spot: policy.may_reopen(spot.actor, spot.case) and spot.scope is Scope.FULL,
        form=lambda _spot: forms.ReopenForm(),
        say=say,
        shown=shown,
        version=lambda spot: str(spot.case.version),
    )
    return answer(saying, reference)
