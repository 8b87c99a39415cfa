"""Whether a process can be trusted: every way leads somewhere, every step has dates, every word three languages."""

from collections.abc import Iterable, Sequence

from outreach.cases.workflow.model import (
    CLOSURE,
    FROM_HERE,
    STAY,
    Common,
    DateRule,
    Fact,
    Outcome,
    Process,
    StepRule,
    Strict,
)
from outreach.errors import Unsound
from outreach.labels import LANGUAGES


def check_common(common: Common) -> None:
    """Closures, side steps and short lists have unique keys and complete labels. Raises Unsound."""
    for kind in (common.closures, common.sides, common.pauses, common.absence_reasons, common.barriers):
        keys = [each.key for each in kind]
        _unique(keys, "common")
        for each in kind:
            _worded(each, f"common {each.key}")


def check_process(process: Process, others: Sequence[Process], common: Common) -> None:
    """Refuse a process that could lose a child or a date. Raises Unsound with the place and the reason."""
    name = f"{process.key}-{process.version}"
    _unique([step.key for step in process.steps], name)
    _worded(process, name)
    if process.find_step(process.first) is None:
        raise Unsound("process_first_step_unknown", process=name, step=process.first)
    for step in process.steps:
        _check_step(name, step, process)
        for outcome in (*step.outcomes, *process.always):
            _check_outcome(f"{name} {step.key} {outcome.key}", outcome, step, process, others, common)
    _check_reachable(name, process, others)


def _check_step(name: str, step: StepRule, process: Process) -> None:
    place = f"{name} {step.key}"
    _worded(step, place)
    _unique([outcome.key for outcome in (*step.outcomes, *process.always)], place)
    if not step.aim or not any(_always_has_value(rule) for rule in step.aim):
        raise Unsound("step_without_aim", place=place)
    if step.too_late.earliest and not step.too_late.otherwise and not step.aim:
        raise Unsound("step_without_date", place=place)
    if not step.owner.lead and not step.owner.kinds:
        raise Unsound("step_without_owner", place=place)
    for word in step.checklist:
        _complete(word, f"{place} checklist")
    if not any(outcome.to != STAY for outcome in step.outcomes):
        raise Unsound("step_dead_end", place=place)


def _check_outcome(
    place: str, outcome: Outcome, step: StepRule, process: Process, others: Sequence[Process], common: Common
) -> None:
    _worded(outcome, place)
    closures = {closure.key: closure for closure in common.closures}
    if outcome.to == CLOSURE:
        if not outcome.closures:
            raise Unsound("outcome_without_closure", place=place)
        for key in outcome.closures:
            if key not in closures:
                raise Unsound("closure_unknown", place=place, closure=key)
            if closures[key].leave_in_peace and Fact.LEAVE_IN_PEACE_UNTIL not in (*outcome.asks, *outcome.may_ask):
                raise Unsound("closure_without_peace_day", place=place, closure=key)
    elif outcome.to != STAY and process.find_step(outcome.to) is None:
        raise Unsound("outcome_target_unknown", place=place, to=outcome.to)
    if outcome.opens and not _opens(outcome.opens, others):
        raise Unsound("outcome_process_unknown", place=place, opens=outcome.opens)
    if outcome.after_tries and step.tries is None and outcome in step.outcomes:
        raise Unsound("outcome_without_tries", place=place)


def _check_reachable(name: str, process: Process, others: Sequence[Process]) -> None:
    entered = {process.first} | {
        outcome.opens.partition("/")[2]
        for other in others
        for step in other.steps
        for outcome in step.outcomes
        if outcome.opens and outcome.opens.startswith(f"{process.key}/")
    }
    todo = list(entered)
    while todo:
        step = process.find_step(todo.pop())
        if step is None:
            continue
        for outcome in (*step.outcomes, *process.always):
            if outcome.to not in (STAY, CLOSURE) and outcome.to not in entered:
                entered.add(outcome.to)
                todo.append(outcome.to)
    lost = [step.key for step in process.steps if step.key not in entered]
    if lost:
        raise Unsound("step_unreachable", process=name, steps=", ".join(lost))


def _opens(target: str, others: Sequence[Process]) -> bool:
    key, _, step = target.partition("/")
    return any(other.key == key and other.find_step(step) is not None for other in others)


def _always_has_value(rule: DateRule) -> bool:
    return rule.anchor in FROM_HERE or rule.anchor.value == "school_year_start"


def _unique(keys: Sequence[str], place: str) -> None:
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise Unsound("key_twice", place=place, keys=", ".join(sorted(twice)))


def _worded(thing: Strict, place: str) -> None:
    for name in ("label", "help"):
        word = getattr(thing, name, None)
        if word is not None:
            _complete(word, place)


def _complete(word: dict[str, str], place: str) -> None:
    missing = [language for language in LANGUAGES if not word.get(language)]
    if missing:
        raise Unsound("label_missing", label=place, languages=", ".join(missing))
    unknown = _strangers(word)
    if unknown:
        raise Unsound("label_language_unknown", label=place, languages=", ".join(unknown))


def _strangers(word: Iterable[str]) -> list[str]:
    return sorted(set(word) - set(LANGUAGES))
