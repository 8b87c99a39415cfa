"""A list of running cases as its pages show it: each word and where it leads, each name, each known child."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.queries.assigning import assigned_to
from outreach.cases.words import closure_label, step_label
from outreach.imports.likely_names import Candidate, word_key
from outreach.imports.queries.followers import STATUS, candidates
from outreach.imports.queries.proposing import probably_known
from outreach.imports.queries.running import Path, RunningChild, RunningComparison
from outreach.imports.routes.shown import MOST, Shown, Sight, doubles_shown, name_of, outside_shown, refused_shown
from outreach.imports.running_forms import WordsForm
from outreach.imports.targets import Place, process
from outreach.partners.models import Area
from outreach.web.filters import day, language

_EXAMPLES = 3


def asked_shown(compared: RunningComparison, form: WordsForm, about: str) -> list[Shown]:
    """Each word with how many rows have it, some of the children, and the field that asks what it means."""
    counts = compared.statuses if about == STATUS else compared.who
    examples: dict[str, list[str]] = defaultdict(list)
    for child in compared.children:
        said = child.told.status if about == STATUS else child.told.who
        if said and len(examples[word_key(said)]) < _EXAMPLES:
            examples[word_key(said)].append(name_of(child.compared.child))
    return [
        {
            "word": one.word,
            "count": counts[one.word],
            "examples": examples[word_key(one.word)],
            "field": one.field,
            "proposed": one.proposed,
        }
        for one in form.asked(about)
    ]


def running_shown(session: Session, actor: Actor, area: Area, compared: RunningComparison) -> Shown:
    """What a person looks at before a list of running cases is taken over."""
    judged = compared.comparison.judged
    there = {one.follower: one for one in candidates(session, area)}
    waiting = [child for child in compared.children if child.path is not Path.OPEN][:MOST]
    sight = Sight(session, actor, [one.compared.case for one in waiting if one.compared.case])
    instead = [child for child in compared.children if child.opens and child.instead_of]
    return {
        "counts": compared.counts(kept=True),
        "places": places_shown((child.told.status, child.place) for child in compared.children if child.opens),
        "people": _people_shown(compared, there),
        "known": [_known_shown(child, sight) for child in waiting],
        "instead": [
            {"name": name_of(child.compared.child), "closure": closure_label(str(child.instead_of), language())}
            for child in instead[:MOST]
        ],
        "partners": _with_partners(compared),
        "alike": [name_of(one.listed) for one in probably_known(session, compared.comparison)][:MOST],
        "refused": refused_shown(judged.refused[:MOST]),
        "outside": outside_shown(islice(compared.comparison.outside, MOST)),
        "doubles": doubles_shown(judged.doubles[:MOST]),
    }


def places_shown(told: Iterable[tuple[str, Place]] | Counter[tuple[str, Place]]) -> list[Shown]:
    """Where the cases of each word go, the word with most cases first."""
    counts = told if isinstance(told, Counter) else _by_word(told)
    return [
        {
            "word": word or _("no status"),
            "count": count,
            "place": place_label(place),
            "closed": place.closure is not None,
        }
        for (word, place), count in counts.most_common(MOST)
    ]


def place_label(place: Place) -> str:
    """A step or closure by its name."""
    if place.closure:
        return str(_("closed: %(how)s", how=closure_label(place.closure, language())))
    return step_label(process().key, place.step or "", language())


def _by_word(told: Iterable[tuple[str, Place]]) -> Counter[tuple[str, Place]]:
    """The same word in another spelling counts with its first one."""
    first: dict[str, str] = {}
    return Counter((first.setdefault(word_key(word), word), place) for word, place in told)


def _people_shown(compared: RunningComparison, there: dict[Any, Candidate]) -> list[Shown]:
    found = []
    for text, count in compared.who.most_common(MOST):
        candidate = there.get(compared.words.followers.get(word_key(text)))
        name = None
        if candidate is not None:
            plain = candidate.follower.person_id is None
            name = candidate.name if plain else f"{candidate.name} ({candidate.organisation})"
        found.append({"word": text, "count": count, "name": name})
    return found


def _with_partners(compared: RunningComparison) -> int:
    """How many families go to a partner that sees as much as the parents agreed to."""
    current = process()
    assigned = assigned_to(current)
    asking = {step.key for step in current.steps if step.owner.kinds and step.key not in assigned}
    return sum(child.opens and child.place.step in asking for child in compared.children)


def _known_shown(child: RunningChild, sight: Sight) -> Shown:
    known = sight.known(child.compared.child, [], child.compared.case)
    return {
        "name": known["name"],
        "row": known["row"],
        "state": known["state"],
        "status": child.told.status,
        "what": _what_happens(child),
    }


def _what_happens(child: RunningChild) -> str:
    if child.path is Path.ENDED:
        return str(_("The case was closed and stays closed; whoever leads it can open it again on its page."))
    if child.path is Path.LEAVE:
        return str(_("Nothing is added here."))
    if child.path is Path.REOPEN:
        return str(_("Was taken back before; opens again."))
    last = max((contact.on for contact in child.contacts), default=None)
    if last is not None:
        return str(_("The contact of %(day)s is added; the step stays as it is.", day=day(last)))
    return (
        str(_("New words are added as a note; the step stays as it is.")) if child.notes else str(_("nothing changes"))
    )
