"""`outreach import --kind running`: a coordinator's own list of running cases is taken over."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from outreach.accounts.actors import builtin
from outreach.cli import named
from outreach.cli.asked import Asked, OnlyLooked, say, say_day, say_refused
from outreach.cli.console import LANGUAGE, answer
from outreach.cli.words_said import remember_words
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands import Terms
from outreach.imports.commands.loading_running import load_running
from outreach.imports.models import NOT_ENROLLED, RUNNING
from outreach.imports.queries.running import RunningComparison, compare_running
from outreach.imports.queries.unnamed import with_known_numbers
from outreach.imports.running import receive_running
from outreach.imports.running_words import meant
from outreach.imports.words import word

_SHOWN = 30
"""How many words without a meaning are said on the console."""


def import_running(asked: Asked) -> bool:
    """Take over lists of running cases, all or none: whether an agreement covers them."""
    read = [receive_running(one, asked.as_of) for one in asked.lists(RUNNING)]
    answers: list[dict[str, Any]] = []
    say_day(asked.as_of)
    with suppress(OnlyLooked), transaction(db.session) as session:
        area = named.area(session, asked.area_key)
        agreement = asked.agreement(session, area, NOT_ENROLLED)
        looked = asked.dry_run or agreement is None
        terms = Terms(area, asked.as_of, area.coordinator_id, agreement.id if agreement else None)
        by = builtin(session, "console")
        remember_words(session, area, asked, by)
        for one in read:
            running = with_known_numbers(session, one, area, terms.organisation_id)
            compared = compare_running(session, running, area, asked.as_of, terms.organisation_id)
            say_refused(running.incoming.judged.refused)
            _say_untied(compared)
            loaded = load_running(
                session, running, terms, by=by, parents_agree=asked.parents_agree, told=asked.progress
            )
            answers.append(loaded.answer())
        if looked:
            raise OnlyLooked
    if looked:
        answers = [{**one, "cases_opened": 0, "loaded": False, "batch": None} for one in answers]
    answer(asked.as_json, _together(asked.files, answers), _in_words(asked.files, answers, looked))
    return agreement is not None


def _say_untied(compared: RunningComparison) -> None:
    for text in compared.untied[:_SHOWN]:
        proposed = (meant("status", text) or "").partition(":")[2]
        key = "console.untied_proposed" if proposed else "console.untied"
        say(key, word=text, count=compared.statuses[text], target=proposed)
    for text in compared.unknown[:_SHOWN]:
        say("console.who_unknown", word=text, count=compared.who[text])


_ADDED_UP = (
    "rows", "new", "known", "double", "refused", "outside", "cases_opened", "closed", "contacts", "unassigned",
)  # fmt: skip


def _together(files: Sequence[Path], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one answer, or the sum of several."""
    if len(answers) == 1:
        return answers[0]
    return {
        **{name: sum(one[name] for one in answers) for name in _ADDED_UP},
        "same_file": all(one["same_file"] for one in answers),
        "loaded": any(one["loaded"] for one in answers),
        "batch": answers[-1]["batch"],
        "statuses": [line for one in answers for line in one["statuses"]],
        "who": [line for one in answers for line in one["who"]],
        "files": [{"file": file.name, **one} for file, one in zip(files, answers, strict=True)],
    }


def _in_words(files: Sequence[Path], answers: Sequence[dict[str, Any]], looked: bool) -> Iterable[str]:
    for file, one in zip(files, answers, strict=True):
        yield f"{file.name}: {word('console.account', LANGUAGE, **one)}"
        yield word("console.running", LANGUAGE, **one)
        for line in one["statuses"][:_SHOWN]:
            target = line["step"] or line["closure"] or "-"
            yield word("console.status", LANGUAGE, status=line["status"], target=target, count=line["count"])
        if one["same_file"]:
            yield word("console.same_file", LANGUAGE, batch=one["batch"] or "-")
        elif looked:
            yield word("console.dry_run", LANGUAGE)
        else:
            yield word("console.loaded", LANGUAGE, **one)
