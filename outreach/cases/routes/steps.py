"""What a person says about one step besides its report: give, take, hand over, plan, pause, new aim, ask, answer."""

from typing import Any

from flask import abort, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach.accounts.signed_in import current_actor
from outreach.cases import policy
from outreach.cases.commands import nudging, owning, planning, sides
from outreach.cases.forms import steps as forms
from outreach.cases.forms.steps import chosen_word
from outreach.cases.models import Pause, Step, StepState
from outreach.cases.queries import choices
from outreach.cases.queries.finding import find_step, track_of
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import report_door
from outreach.cases.routes.saying import Page, Saying, Spot, answer as answer_to
from outreach.cases.words import step_label
from outreach.cases.workflow import processes
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.web.access import allowed
from outreach.web.filters import day, language

_BOTH = ["GET", "POST"]
_STEP = "/cases/<reference>/steps/<int:number>"


def named(spot: Spot) -> str:
    """The name of the step."""
    track = track_of(db.session, spot.actor, spot.step)
    return step_label(track.process, spot.step.key, language())


@blueprint.get(_STEP)
@allowed(*WORKING)
def step(reference: str, number: int) -> Response:
    """Where a line of a mail leads: to the report for who may make it, else to the case."""
    actor = current_actor()
    found = find_step(db.session, actor, reference, number)
    if found is None:
        abort(404)
    case, here = found
    if not policy.may_report(actor, case, here):
        return redirect(url_for("cases.case", reference=case.reference))
    track = track_of(db.session, actor, here)
    url, _words, _icon = report_door(track.process, track.process_version, case.reference, here)
    return redirect(url)


def due_said(step: Step) -> str:
    """When it is to be done, for the line after saving."""
    if step.aim_on is not None:
        return str(_("aim %(day)s", day=day(step.aim_on)))
    return str(_("too late after %(day)s", day=day(step.too_late_on)))


def _steers(spot: Spot) -> bool:
    return policy.may_steer(spot.actor, spot.case, spot.step)


def _page(spot: Spot, title: str, submit: str, fields: list[Any], **more: Any) -> dict[str, Any]:
    return {"title": title, "intro": named(spot), "fields": fields, "submit_label": submit, **more}


@blueprint.route(f"{_STEP}/assign", methods=_BOTH)
@allowed(*WORKING)
def assign(reference: str, number: int) -> Page:
    """Give a step to a colleague, or back to the team's tray."""

    def form(spot: Spot) -> forms.AssignForm:
        made = forms.AssignForm(person=spot.step.person_id or 0)
        made.person.choices = [(0, _("The team's tray")), *choices.colleagues(db.session, spot.step.organisation_id)]
        return made

    def say(spot: Spot, form: forms.AssignForm) -> str:
        person_id = form.person.data or None
        owning.assign_step(db.session, spot.case, spot.step, person_id=person_id, by=spot.actor)
        name = chosen_word(form.person)
        return str(_("%(step)s is now with %(name)s, %(due)s.", step=named(spot), name=name, due=due_said(spot.step)))

    saying = Saying(
        may=lambda spot: policy.may_assign(spot.actor, spot.case, spot.step),
        form=form,
        say=say,
        shown=lambda spot, form: _page(spot, _("Give to a colleague"), _("Give"), [form.person]),
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/take", methods=_BOTH)
@allowed(*WORKING)
def take(reference: str, number: int) -> Page:
    """Take a step of one's own team."""

    def say(spot: Spot, _form: forms.StepForm) -> str:
        owning.take_step(db.session, spot.case, spot.step, by=spot.actor)
        return str(_("%(step)s is now yours, %(due)s.", step=named(spot), due=due_said(spot.step)))

    saying = Saying(
        may=lambda spot: policy.may_take(spot.actor, spot.step),
        form=lambda _spot: forms.StepForm(),
        say=say,
        shown=lambda spot, _form: _page(
            spot,
            _("Take it up myself"),
            _("Take it up"),
            [],
            consequences=[_("The step then appears in your own work.")],
        ),
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/nudge", methods=_BOTH)
@allowed(*WORKING)
def nudge(reference: str, number: int) -> Page:
    """Ask the owner of a step for attention."""

    def say(spot: Spot, _form: forms.StepForm) -> str:
        nudging.nudge_step(db.session, spot.case, spot.step, by=spot.actor)
        return str(_("A line about %(step)s goes with the owner's next mail.", step=named(spot)))

    saying = Saying(
        may=lambda spot: policy.may_nudge(spot.actor, spot.case, spot.step),
        form=lambda _spot: forms.StepForm(),
        say=say,
        shown=lambda spot, _form: _page(
            spot,
            _("Remind the owner"),
            _("Remind"),
            [],
            consequences=[
                _("It is one line in the owner's next mail, in working hours; no mail of its own."),
                _("It stands on the timeline, and can be done once a day."),
            ],
        ),
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/hand-over", methods=_BOTH)
@allowed(*WORKING)
def hand_over(reference: str, number: int) -> Page:
    """Pass a step to another organisation."""

    def form(spot: Spot) -> forms.HandOverForm:
        made = forms.HandOverForm()
        partners = choices.partners_of(db.session, spot.case, without=spot.step.organisation_id)
        made.organisation.choices = [("", _("Choose")), *((each.id, each.name) for each in partners)]
        made.parents_know.choices = made.parents_agree.choices = forms.knows_choices()
        return made

    def say(spot: Spot, form: forms.HandOverForm) -> str:
        organisation = db.session.get_one(Organisation, form.organisation.data)
        owning.hand_over(
            db.session,
            spot.case,
            spot.step,
            organisation=organisation,
            parents_know=form.parents_know.data,
            parents_agree=form.parents_agree.data,
            by=spot.actor,
        )
        due = due_said(spot.step)
        return str(_("%(step)s is now with %(name)s, %(due)s.", step=named(spot), name=organisation.name, due=due))

    saying = Saying(may=_may_hand_over, form=form, say=say, shown=_hand_over_shown)
    return answer_to(saying, reference, number)


def _may_hand_over(spot: Spot) -> bool:
    return _steers(spot) and spot.step.side_of_id is None


def _hand_over_shown(spot: Spot, form: forms.HandOverForm) -> dict[str, Any]:
    fields = [form.organisation, form.parents_know, form.parents_agree]
    then = [_("Unless the parents know and agree, the other organisation sees the reference and the step only.")]
    looks = {"parents_know": "tight", "parents_agree": "tight"}
    title = _("Hand over to another organisation")
    return _page(spot, title, _("Hand over"), fields, consequences=then, looks=looks)


@blueprint.route(f"{_STEP}/agree", methods=_BOTH)
@allowed(*WORKING)
def agree(reference: str, number: int) -> Page:
    """The parents know and agree."""

    def say(spot: Spot, _form: forms.StepForm) -> str:
        owning.parents_agreed(db.session, spot.case, spot.step, by=spot.actor)
        name = db.session.get_one(Organisation, spot.step.organisation_id).name
        return str(_("Noted: the parents agree. %(name)s can see the case now.", name=name))

    def shown(spot: Spot, _form: forms.StepForm) -> dict[str, Any]:
        name = db.session.get_one(Organisation, spot.step.organisation_id).name
        then = [_("%(name)s may see what it needs for its part of the work.", name=name)]
        return _page(spot, _("The parents agree"), _("The parents know and agree"), [], consequences=then)

    saying = Saying(
        may=lambda spot: policy.may_agree(spot.actor, spot.case, spot.step, spot.scope),
        form=lambda _spot: forms.StepForm(),
        say=say,
        shown=shown,
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/pause", methods=_BOTH)
@allowed(*WORKING)
def pause(reference: str, number: int) -> Page:
    """Let a step rest until a day."""

    def form(_spot: Spot) -> forms.PauseForm:
        made = forms.PauseForm()
        made.reason.choices = forms.pause_choices()
        return made

    def say(spot: Spot, form: forms.PauseForm) -> str:
        if form.until_on.data is None:
            raise LookupError("validated as filled in")
        done: Pause = planning.pause_step(
            db.session,
            spot.case,
            spot.step,
            reason=form.reason.data,
            until_on=form.until_on.data,
            remark=form.remark.data,
            by=spot.actor,
        )
        return str(_("%(step)s rests until %(day)s.", step=named(spot), day=day(done.until_on)))

    def shown(spot: Spot, form: forms.PauseForm) -> dict[str, Any]:
        then = [_("The aim moves on by the days of the pause; an entry day does not.")]
        fields = [form.reason, form.until_on, form.remark]
        return _page(spot, _("Pause"), _("Pause"), fields, consequences=then)

    return answer_to(
        Saying(may=lambda spot: _steers(spot) and spot.step.state == StepState.OPEN, form=form, say=say, shown=shown),
        reference,
        number,
    )


@blueprint.route(f"{_STEP}/resume", methods=_BOTH)
@allowed(*WORKING)
def resume(reference: str, number: int) -> Page:
    """Take a paused step up again."""

    def say(spot: Spot, _form: forms.StepForm) -> str:
        planning.resume_step(db.session, spot.case, spot.step, by=spot.actor)
        return str(_("%(step)s goes on, %(due)s.", step=named(spot), due=due_said(spot.step)))

    saying = Saying(
        may=lambda spot: _steers(spot) and spot.step.state == StepState.PAUSED,
        form=lambda _spot: forms.StepForm(),
        say=say,
        shown=lambda spot, _form: _page(
            spot, _("Take up again"), _("Take up again"), [], consequences=[_("The pause ends today.")]
        ),
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/new-aim", methods=_BOTH)
@allowed(*WORKING)
def new_aim(reference: str, number: int) -> Page:
    """Move the aim once, with a reason."""

    def say(spot: Spot, form: forms.NewAimForm) -> str:
        if form.aim_on.data is None:
            raise LookupError("validated as filled in")
        planning.set_new_aim(
            db.session, spot.case, spot.step, aim_on=form.aim_on.data, reason=form.reason.data or "", by=spot.actor
        )
        return str(_("New aim of %(step)s: %(day)s.", step=named(spot), day=day(spot.step.aim_on)))

    def shown(spot: Spot, form: forms.NewAimForm) -> dict[str, Any]:
        then = [_("This can be done once for a step. No reminder is sent before the new aim.")]
        if spot.step.too_late_on:
            then.append(_("Not after %(day)s: then it is too late for the child.", day=day(spot.step.too_late_on)))
        return _page(spot, _("Set a new aim"), _("Save"), [form.aim_on, form.reason], consequences=then)

    return answer_to(
        Saying(may=_steers, form=lambda _spot: forms.NewAimForm(), say=say, shown=shown), reference, number
    )


@blueprint.route(f"{_STEP}/ask", methods=_BOTH)
@allowed(*WORKING)
def ask(reference: str, number: int) -> Page:
    """Ask another partner one thing beside this step."""

    def form(spot: Spot) -> forms.AskForm:
        made = forms.AskForm()
        made.kind.choices = forms.side_choices()
        partners = choices.partners_of(db.session, spot.case, without=spot.step.organisation_id)
        made.organisation.choices = [("", _("Choose")), *((each.id, each.name) for each in partners)]
        return made

    def say(spot: Spot, form: forms.AskForm) -> str:
        organisation = db.session.get_one(Organisation, form.organisation.data)
        side = sides.ask_side_step(
            db.session,
            spot.case,
            spot.step,
            kind=form.kind.data,
            organisation=organisation,
            question=form.question.data or "",
            by=spot.actor,
        )
        return str(_("Asked of %(name)s, %(due)s.", name=organisation.name, due=due_said(side)))

    saying = Saying(
        may=lambda spot: spot.step.living and spot.step.side_of_id is None and policy.owns(spot.actor, spot.step),
        form=form,
        say=say,
        shown=lambda spot, form: _page(
            spot,
            _("Ask a partner something"),
            _("Ask"),
            [form.kind, form.organisation, form.question],
            looks={"kind": "even"},
        ),
        version=None,
    )
    return answer_to(saying, reference, number)


@blueprint.route(f"{_STEP}/answer", methods=_BOTH)
@allowed(*WORKING)
def answer(reference: str, number: int) -> Page:
    """Answer what was asked."""

    def form(spot: Spot) -> forms.AnswerForm:
        made = forms.AnswerForm()
        made.outcome.choices = forms.side_answers(spot.step.key)
        return made

    def say(spot: Spot, form: forms.AnswerForm) -> str:
        sides.answer_side_step(
            db.session,
            spot.case,
            spot.step,
            outcome=form.outcome.data,
            answer=form.answer.data or "",
            by=spot.actor,
        )
        if processes().side(spot.step.key).noticed:
            return str(_("Thank you, it stands on the timeline."))
        return str(_("Your answer has gone to whoever asked."))

    saying = Saying(
        may=lambda spot: spot.step.side_of_id is not None and policy.may_report(spot.actor, spot.case, spot.step),
        form=form,
        say=say,
        shown=lambda spot, form: _page(
            spot, _("Answer"), _("Send"), [form.outcome, form.answer], looks={"outcome": "even"}
        ),
    )
    return answer_to(saying, reference, number)
