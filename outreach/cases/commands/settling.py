"""Somebody decides about a report that did not fit: what stands, what is taken over, what is only noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.at_the_visit import ContactTold, FamilyTold, keep_told
from outreach.cases.commands.events import record
from outreach.cases.commands.family import set_companion, set_language
from outreach.cases.commands.noting_facts import Facts, write_placement
from outreach.cases.commands.planning import plan_visit
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_bare_visit
from outreach.cases.commands.words import add_note
from outreach.cases.merging import OUTCOME
from outreach.cases.models import ConflictItem, Step
from outreach.cases.policy import may_report
from outreach.cases.queries.conflicts import Waiting, present_step
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.outcomes import find_possible
from outreach.errors import Refused
from outreach.partners.models import SCHOOL, Organisation

STANDS, TAKEN, NOTED = "stands", "taken", "noted"
"""Keep what stands; put what was reported in its place; keep what stands and write the report in a note."""

VISIT = "visit"
"""The question whether a visit that was kept is added to the case."""

BY_ITSELF = ("planned_on", "language", "companion", "school")
"""Fields that can be taken over without an outcome."""

CONTACT = "contact_"
"""Begins the name of a field about somebody to ring, before the id."""

_ASIDE = frozenset({OUTCOME, VISIT, "typed", "note", "note_shared", "spoken", "channel"})


@dataclass(frozen=True)
class Question:
    """One thing to decide: the fields it is about, and why what was reported cannot be taken over, if so."""

    key: str
    fields: tuple[str, ...]
    refusal: Refused | None = None


def questions_of(session: Session, waiting: Waiting, *, by: Actor) -> list[Question]:
    """What is to be decided, an outcome together with the facts that hang on it."""
    mine = waiting.mine
    facts = [name for name in mine if name not in _ASIDE]
    found = []
    if VISIT in mine:
        found.append(Question(VISIT, (VISIT, *(["note"] if mine.get("note") else []))))
    if OUTCOME in mine:
        alone = [name for name in facts if name in ("language", "companion") or name.startswith(CONTACT)]
        hanging = [name for name in facts if name not in alone]
        found.append(Question(OUTCOME, (OUTCOME, *hanging), _outcome_refused(session, waiting, by)))
        facts = alone
    return [*found, *(Question(name, (name,), _fact_refused(session, waiting, name, by)) for name in facts)]


def settle_conflict(
    session: Session, waiting: Waiting, answers: Mapping[str, str], *, noted: Mapping[str, str], by: Actor
) -> None:
    """Decide every question at once. `noted` holds, by question, the words for a note.

    Raises Refused when it was decided already, a question has no answer, or what is taken over cannot be said now.
    """
    item, case = waiting.item, waiting.case
    if item.decided_at is not None:
        raise Refused("conflict_decided")
    questions = questions_of(session, waiting, by=by)
    if any(answers.get(question.key) not in (STANDS, TAKEN, NOTED) for question in questions):
        raise Refused("conflict_unanswered")
    for question in questions:
        if answers[question.key] == TAKEN:
            if question.refusal is not None:
                raise question.refusal
            _take(session, waiting, question.key, by)
    words = [noted[question.key] for question in questions if answers[question.key] == NOTED]
    if words:
        add_note(session, case, text="\n".join(words), shared=False, by=by)
    item.decided_at = clock.now()
    item.decided_by_id = by.person_id
    item.answers = dict(answers)
    step = session.get_one(Step, item.step_id, execution_options=INSIDE)
    data = {"item": item.id, "answers": dict(answers), "person": item.by_id}
    record(session, case, "conflict_settled", by=by, step=step, data=data)


def acknowledge(session: Session, item: ConflictItem, *, by: Actor) -> None:
    """The reporter has read what was decided."""
    if item.by_id == by.person_id and item.decided_at is not None and item.acknowledged_at is None:
        item.acknowledged_at = clock.now()
        session.flush()


def _outcome_refused(session: Session, waiting: Waiting, by: Actor) -> Refused | None:
    step = present_step(session, waiting.case)
    if step is None:
        return Refused("conflict_case_closed")
    if not may_report(by, waiting.case, step):
        return Refused("conflict_not_yours")
    possible = find_possible(session, waiting.case, step, str(waiting.mine[OUTCOME]))
    if possible is None:
        return Refused("conflict_not_at_step")
    return Refused(possible.refusal, **(possible.data or {})) if possible.refusal else None


def _fact_refused(session: Session, waiting: Waiting, name: str, by: Actor) -> Refused | None:
    if name not in BY_ITSELF and not name.startswith(CONTACT):
        return Refused("conflict_only_noted")
    if waiting.case.ended_at is not None:
        return Refused("conflict_case_closed")
    step = present_step(session, waiting.case)
    return Refused("conflict_not_yours") if step is None or not may_report(by, waiting.case, step) else None


def _take(session: Session, waiting: Waiting, key: str, by: Actor) -> None:
    case, mine, item = waiting.case, waiting.mine, waiting.item
    step = present_step(session, case)
    if key == VISIT:
        at_step = session.get_one(Step, item.step_id, execution_options=INSIDE)
        visited = Visited(case, at_step, str(mine[OUTCOME]))
        told = FamilyTold(note=str(mine.get("note") or ""))
        record_bare_visit(session, [visited], _occasion(mine[VISIT], told), by=by)
    elif step is None:
        raise Refused("conflict_case_closed")
    elif key == OUTCOME:
        apart = {*_ASIDE, "companion", *(name for name in mine if name.startswith(CONTACT))}
        facts = {name: value for name, value in mine.items() if name not in apart}
        how = {"channel": _again(mine), "language": mine.get("spoken")}
        report_outcome(session, case, step, outcome=str(mine[OUTCOME]), facts={**facts, **how}, by=by)
    else:
        _take_fact(session, waiting, step, key, by)


def _take_fact(session: Session, waiting: Waiting, step: Step, key: str, by: Actor) -> None:
    case, mine, item = waiting.case, waiting.mine, waiting.item
    if key == "planned_on":
        on = Facts(mine).day(key)
        if on is not None:
            plan_visit(session, case, step, on=on, by=by)
    elif key == "language":
        set_language(session, case, language=str(mine[key]), by=by)
    elif key.startswith(CONTACT):
        said = {name: mine[key].get(name) or None for name in ("phone", "language")}
        told = ContactTold(
            int(key.removeprefix(CONTACT)), str(mine[key]["name"]), str(mine[key]["relation"] or "other"), **said
        )
        keep_told(session, [(case, step)], FamilyTold(contacts=[told]), occasion="", by=by)
    elif key == "companion":
        set_companion(session, case, person_id=item.by_id, organisation_id=item.organisation_id, by=by)
    else:
        school = session.get(Organisation, int(mine[key]))
        if school is None or school.kind != SCHOOL:
            raise Refused("school_unknown")
        write_placement(session, case, school=school, entry_on=None, by=by)


def _again(mine: Mapping[str, Any]) -> str:
    """A meeting elsewhere that failed is tried again like a door."""
    channel = str(mine.get("channel") or "door")
    return "door" if channel == "elsewhere" else channel


def _occasion(stored: Mapping[str, Any], told: FamilyTold) -> Occasion:
    return Occasion(**{**stored, "at": clock.parse_moment(str(stored["at"])), "told": told})
