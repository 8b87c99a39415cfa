"""What is said when a process is refused: one sentence per fault, naming file, step and outcome."""

from typing import Any

from outreach.errors import Unsound

SENTENCES = {
    "process_unreadable": "{file}: {place}: {reason}",
    "process_file_name": "{file} holds version {version} of {process}: its name must be {process}-{version}.toml",
    "process_not_published": "{process} has no line in published.toml: record it when it is ready, not before",
    "process_changed": "{process} was published and has changed since: put the change in {next}.toml instead",
    "process_missing": "{process} stands in published.toml, but its file is gone: tracks still follow it",
    "first_step_unknown": "{process} begins at '{step}', which is none of its steps",
    "key_twice": "{place}: {keys} used more than once",
    "label_missing": "{label}: no text in {languages}",
    "label_language_unknown": "{label}: unknown language {languages}",
    "step_without_aim": "{place}: every aim hangs on a day that may be missing; end with one counted from the opening",
    "step_without_owner": "{place}: nobody owns this step; name the lead or kinds of organisations",
    "aim_after_too_late": "{place}: the aim ({aim}) lies after too late ({too_late}) of the same anchor",
    "start_without_day": "{place}: the start day hangs on {anchor}, which may have no value",
    "outcome_target_unknown": "{place}: leads to '{to}', which is no step of this process",
    "outcome_without_closure": "{place}: ends the track without saying how",
    "outcome_with_closure": "{place}: names closures but does not end the track",
    "outcome_without_stay": "{place}: stays at the step without saying how the dates move",
    "outcome_with_stay": "{place}: says how dates move but leaves the step",
    "outcome_without_tries": "{place}: waits for set tries, and the step sets none",
    "outcome_process_unknown": "{place}: opens '{opens}', which is no step of another process",
    "outcome_anchor_not_asked": "{place}: counts from {anchor} without asking for it",
    "fact_twice": "{place}: asks {facts} twice",
    "closure_unknown": "{place}: closure '{closure}' is not in common.toml",
    "closure_without_peace_day": "{place}: closure '{closure}' must ask until when the family is left in peace",
    "step_unreachable": "{process}: no outcome leads to {steps}",
    "step_dead_end": "{process}: from {steps} no outcome ever leads to a closure",
}


def unsound(key: str, **data: Any) -> Unsound:
    """The fault as an error that can be raised; `says` is the sentence for who writes the file."""
    return Unsound(key, says=SENTENCES[key].format(**data), **data)
