"""Whether a process can be trusted: every way leads somewhere, every step has dates, every word three languages."""

from collections.abc import Iterable, Iterator, Sequence

from outreach.cases.workflow.facts import Fact
from outreach.cases.workflow.model import (
    CLOSURE,
    FROM_HERE,
    STAY,
    Anchor,
    Common,
    DateRule,
    Outcome,
    Process,
    StepRule,
    Strict,
)
from outreach.cases.workflow.problems import unsound
from outreach.labels import LANGUAGES

ASKED_AS = {
    Anchor.REFUSED_ON: Fact.REFUSED_ON,
    Anchor.RESULT_DAY: Fact.RESULT_ON,
    Anchor.TICKET_EXPIRES: Fact.TICKET_EXPIRES_ON,
}
"""Anchors an outcome has to ask for before a date can hang on them."""

ALWAYS_KNOWN = FROM_HERE | {Anchor.SCHOOL_YEAR_START, Anchor.NEXT_SCHOOL_YEAR, Anchor.AUTUMN_ENTRY_DAY}
"""Anchors that have a value for every child on every day."""


def check_common(common: Common) -> None:
    """Closures, side steps and short lists have unique keys and complete labels. Raises Unsound."""
    lists = (common.closures, common.sides, common.side_outcomes, common.standings, common.pauses)
    for kind in (*lists, common.absence_reasons, common.barriers):
        _unique([each.key for each in kind], "common")
        for each in kind:
            _worded(each, f"common {each.key}")


def check_process(process: Process, others: Sequence[Process], common: Common) -> None:
    """Refuse a process that could lose a child or a date. Raises Unsound with the place and the reason."""
    name = f"{process.key}-{process.version}"
    _unique([step.key for step in process.steps], name)
    _worded(process, name)
    if process.find_step(process.first) is None:
        raise unsound("first_step_unknown", process=name, step=process.first)
    for step in process.steps:
        _check_step(f"{name} {step.key}", step, process)
        for outcome in process.outcomes_of(step):
            place = f"{name} {step.key} {outcome.key}"
            _check_outcome(place, outcome, step, process)
            _check_closures(place, outcome, common)
            _check_opens(place, outcome, others)
    _check_ways(name, process, others)


def _check_step(place: str, step: StepRule, process: Process) -> None:
    _worded(step, place)
    _unique([outcome.key for outcome in (*step.outcomes, *process.always)], place)
    _unique([each.key for each in step.checklist], f"{place} checklist")
    for each in step.checklist:
        _worded(each, f"{place} checklist {each.key}")
    if not any(rule.when is None and rule.anchor in ALWAYS_KNOWN for rule in step.aim):
        raise unsound("step_without_aim", place=place)
    if not step.owner.lead and not step.owner.kinds:
        raise unsound("step_without_owner", place=place)
    if step.starts is not None and step.starts.anchor not in ALWAYS_KNOWN:
        raise unsound("start_without_day", place=place, anchor=step.starts.anchor.value)
    for aim in step.aim:
        for last in (*step.too_late.earliest, *step.too_late.otherwise):
            _check_order(place, aim, last)


def _check_order(place: str, aim: DateRule, last: DateRule) -> None:
    same = (aim.anchor, aim.counter, aim.when) == (last.anchor, last.counter, last.when)
    if same and aim.count > last.count:
        raise unsound("aim_after_too_late", place=place, aim=aim.count, too_late=last.count)


def _check_outcome(place: str, outcome: Outcome, step: StepRule, process: Process) -> None:
    _worded(outcome, place)
    asked = [*outcome.asks, *outcome.may_ask, *outcome.asks_if_compulsory]
    if len(set(asked)) < len(asked):
        twice = sorted({fact.value for fact in asked if asked.count(fact) > 1})
        raise unsound("fact_twice", place=place, facts=", ".join(twice))
    if outcome.to not in (STAY, CLOSURE) and process.find_step(outcome.to) is None:
        raise unsound("outcome_target_unknown", place=place, to=outcome.to)
    if outcome.to == STAY and outcome.stay is None:
        raise unsound("outcome_without_stay", place=place)
    if outcome.to != STAY and outcome.stay is not None:
        raise unsound("outcome_with_stay", place=place)
    if outcome.transfer is not None and process.find_step(outcome.transfer.unanswered) is None:
        raise unsound("outcome_target_unknown", place=place, to=outcome.transfer.unanswered)
    if outcome.after_tries and step.tries is None:
        raise unsound("outcome_without_tries", place=place)
    for rule in _own_rules(outcome):
        fact = ASKED_AS.get(rule.anchor)
        if fact is not None and fact not in outcome.asks:
            raise unsound("outcome_anchor_not_asked", place=place, anchor=rule.anchor.value)
    if outcome.aim is not None and outcome.too_late is not None:
        _check_order(place, outcome.aim, outcome.too_late)


def _check_closures(place: str, outcome: Outcome, common: Common) -> None:
    closures = {closure.key: closure for closure in common.closures}
    if outcome.to == CLOSURE and not outcome.closures:
        raise unsound("outcome_without_closure", place=place)
    if outcome.to != CLOSURE and outcome.closures:
        raise unsound("outcome_with_closure", place=place)
    accepted = [outcome.transfer.accepted] if outcome.transfer else []
    for key in (*outcome.closures, *accepted):
        if key not in closures:
            raise unsound("closure_unknown", place=place, closure=key)
        if closures[key].leave_in_peace and Fact.LEAVE_IN_PEACE_UNTIL not in (*outcome.asks, *outcome.may_ask):
            raise unsound("closure_without_peace_day", place=place, closure=key)


def _check_opens(place: str, outcome: Outcome, others: Sequence[Process]) -> None:
    if outcome.opens is None:
        return
    key, _, step = outcome.opens.partition("/")
    newest = max((other for other in others if other.key == key), key=lambda other: other.version, default=None)
    if newest is None or newest.find_step(step) is None:
        raise unsound("outcome_process_unknown", place=place, opens=outcome.opens)


def _check_ways(name: str, process: Process, others: Sequence[Process]) -> None:
    """Every step is reached from the first one or from another process, and reaches a closure."""
    leads = {step.key: set(_targets(step, process)) for step in process.steps}
    reached = {process.first} | _entered_from(process, others)
    grown = True
    while grown:
        further = {to for key in reached for to in leads.get(key, ())} - {CLOSURE}
        grown = not further <= reached
        reached |= further
    lost = [step.key for step in process.steps if step.key not in reached]
    if lost:
        raise unsound("step_unreachable", process=name, steps=", ".join(lost))
    ending, grown = {CLOSURE}, True
    while grown:
        further = {key for key, to in leads.items() if to & ending}
        grown = not further <= ending
        ending |= further
    stuck = [step.key for step in process.steps if step.key not in ending]
    if stuck:
        raise unsound("step_dead_end", process=name, steps=", ".join(stuck))


def _targets(step: StepRule, process: Process) -> Iterator[str]:
    """Where the owner's own outcomes lead. What can be said at every step (moved, died) does not make a way on."""
    for outcome in step.outcomes:
        if outcome.to != STAY:
            yield outcome.to
    if any(outcome.to != STAY for outcome in step.outcomes):
        yield from (outcome.to for outcome in process.always if outcome.to not in (STAY, CLOSURE))


def _entered_from(process: Process, others: Sequence[Process]) -> set[str]:
    opened = [outcome.opens for other in others for step in other.steps for outcome in step.outcomes if outcome.opens]
    return {step for key, _, step in (each.partition("/") for each in opened) if key == process.key}


def _own_rules(outcome: Outcome) -> list[DateRule]:
    stay = outcome.stay
    rules = (outcome.aim, outcome.too_late, *((stay.aim, stay.too_late) if stay else ()))
    return [rule for rule in rules if rule is not None]


def _unique(keys: Sequence[str], place: str) -> None:
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise unsound("key_twice", place=place, keys=", ".join(sorted(twice)))


def _worded(thing: Strict, place: str) -> None:
    for name in ("label", "help"):
        word = getattr(thing, name, None)
        if word is not None:
            _complete(word, place)


def _complete(word: dict[str, str], place: str) -> None:
    missing = [language for language in LANGUAGES if not word.get(language)]
    if missing:
        raise unsound("label_missing", label=place, languages=", ".join(missing))
    unknown = _strangers(word)
    if unknown:
        raise unsound("label_language_unknown", label=place, languages=", ".join(unknown))


def _strangers(word: Iterable[str]) -> list[str]:
    return sorted(set(word) - set(LANGUAGES))
