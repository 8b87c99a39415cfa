"""Which of the children found so far are meant: every word of the question is some name that the reader may know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outreach.children.grants import Scope
from outreach.children.models import Child, FamilyContact
from outreach.children.names import spelled, words
from outreach.children.search import Alike, compare, name_pieces
from outreach.children.search_sounds import sounds
from outreach.children.search_terms import Sought, normal_phone

_THE_SAME = 100.0
REFERENCE_PERSON = "reference_person"


@dataclass(frozen=True)
class Reason:
    """Why a case is shown, when it does not say so itself. `key`: sounds, looks, through, phone, reference, without."""

    key: str
    found: str
    asked: str = ""


@dataclass(frozen=True)
class Candidate:
    """A child somebody may see, with the grown-ups of the family."""

    child: Child
    scope: Scope
    reference_person: str | None
    contacts: Sequence[FamilyContact]

    @property
    def known_contacts(self) -> list[FamilyContact]:
        """Those the reader may know: all, or whom the parents agreed to."""
        return [one for one in self.contacts if self.scope is Scope.FULL or one.school_may_ring]

    def grown_ups(self) -> Iterator[tuple[str, str]]:
        """Name and relation of the grown-ups the reader may know."""
        if self.scope is Scope.FULL and self.reference_person:
            yield self.reference_person, REFERENCE_PERSON
        for contact in self.known_contacts:
            yield contact.name, contact.relation


@dataclass(frozen=True)
class Match:
    """How well a child answers to a question, 0 to 100, and why."""

    score: float
    reasons: tuple[Reason, ...]


def best_match(sought: Sought, candidate: Candidate, *, slips: bool) -> Match | None:
    """How this child answers, by its own names or with those of a grown-up; None when it does not."""
    if candidate.scope is Scope.REFERENCE:
        return None
    if sought.phone is not None:
        return _by_phone(sought, candidate)
    own = (candidate.child.first_name, candidate.child.last_name)
    best = _by_names(sought, own, None, slips)
    if best is None or best.score < _THE_SAME:
        for name, relation in candidate.grown_ups():
            other = _by_names(sought, (*own, name), relation, slips)
            if other is not None and (best is None or other.score > best.score):
                best = other
    return best


def _by_phone(sought: Sought, candidate: Candidate) -> Match | None:
    for contact in candidate.known_contacts:
        if contact.phone and normal_phone(contact.phone) == sought.phone:
            return Match(_THE_SAME, (Reason("phone", contact.name),))
    return None


def _by_names(sought: Sought, names: tuple[str, ...], relation: str | None, slips: bool) -> Match | None:
    asked = sought.names
    alike = compare(asked, name_pieces(*names), slips=slips)
    missing = asked.terms - {place for one in alike for place in one.asked.places}
    told = sum(one.found.weight for one in alike) + (sought.born_on is not None)
    spare = 1 if len(asked.terms) + (sought.born_on is not None) >= 3 else 0
    if not alike or told < 2 or len(missing) > spare:
        return None
    score = sum(one.score * len(one.asked.places & asked.terms) for one in alike) / len(asked.terms)
    return Match(score, tuple(_reasons(sought, names, relation, alike, missing)))


def _reasons(
    sought: Sought, names: tuple[str, ...], relation: str | None, alike: Sequence[Alike], missing: frozenset[int]
) -> Iterator[Reason]:
    own = len(words(names[0])) + len(words(names[1]))
    if relation is not None and any(max(one.found.places) >= own for one in alike):
        yield Reason("through", names[2], relation)
    written = [part for name in names for part in spelled(name)]
    typed = spelled(sought.names.text)
    for one in alike:
        if one.score < _THE_SAME:
            key = "looks" if sounds(one.asked.text).isdisjoint(sounds(one.found.text)) else "sounds"
            yield Reason(key, _joined(written, one.found.places), _joined(typed, one.asked.places))
    if missing:
        yield Reason("without", "", _joined(typed, missing))


def _joined(parts: Sequence[str], places: frozenset[int]) -> str:
    return " ".join(parts[place] for place in sorted(places))
