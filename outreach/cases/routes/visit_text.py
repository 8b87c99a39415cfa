"""A visit as plain text, for the record system somebody also has to fill in: no more than was said, and no name."""

from collections.abc import Iterator

from outreach.cases.models import Attempt, Event, Report, Step
from outreach.cases.queries.case_page import Scene, case_scene
from outreach.cases.queries.naming import names
from outreach.cases.queries.visits import own_note, report_of
from outreach.cases.routes.facts_told import fact_lines
from outreach.cases.routes.saying import Spot
from outreach.cases.routes.story import attempt_lines
from outreach.cases.words import closure_label, label, outcome_label, step_label, text
from outreach.cases.workflow import Fact
from outreach.extensions import db
from outreach.web.filters import hour, language


def text_of(spot: Spot, attempt: Attempt) -> str:
    """Everything of this visit that its reader may take along, one thing on a line."""
    return "\n".join(_lines(spot, case_scene(db.session, spot.actor, spot.case), attempt))


def _lines(spot: Spot, scene: Scene, attempt: Attempt) -> Iterator[str]:
    spoken = language()
    report, led = report_of(db.session, spot.actor, attempt)
    known = names(
        db.session, [attempt.by_id], [attempt.organisation_id, *_organisations(report)], hide_schools=scene.hidden
    )
    channel = label("channel", attempt.channel, spoken)
    yield text("visit_text.case", spoken, reference=spot.case.reference)
    yield text("visit_text.head", spoken, channel=channel, day=attempt.on, hour=hour(attempt.at))
    who = known.organisation(attempt.organisation_id)
    yield text("visit_text.by", spoken, name=known.person(attempt.by_id), organisation=who)
    if report is not None:
        step = next(each for each in scene.steps if each.id == report.step_id)
        yield text("visit_text.outcome", spoken, outcome=_outcome(scene, step, report))
    yield from attempt_lines(scene, attempt)
    if report is not None:
        yield from fact_lines(scene, report, known, {Fact.PLANNED_ON} if attempt.details.get("next") else ())
    yield from _then(scene, led)
    note = own_note(db.session, spot.actor, attempt)
    if note is not None:
        yield text("visit_text.note", spoken, note=note.text)


def _organisations(report: Report | None) -> list[int]:
    facts = report.facts if report else {}
    return [int(facts[key]) for key in ("school", "organisation") if facts.get(key)]


def _outcome(scene: Scene, step: Step, report: Report) -> str:
    track = scene.track_of(step)
    return outcome_label(track.process, track.process_version, step.key, report.outcome, language())


def _then(scene: Scene, led: Event | None) -> Iterator[str]:
    """The next step with its owner and aim, or how the track ended."""
    if led is None:
        return
    spoken = language()
    if led.data.get("closure"):
        yield text("visit_text.closed", spoken, closure=closure_label(led.data["closure"], spoken))
    step = next((each for each in scene.steps if each.number == led.data.get("next")), None)
    if step is None:
        return
    name = step_label(scene.track_of(step).process, step.key, spoken)
    owner = scene.names.organisation(step.organisation_id)
    yield text("visit_text.next_step", spoken, step=name, organisation=owner, day=step.aim_on or step.due_on)
