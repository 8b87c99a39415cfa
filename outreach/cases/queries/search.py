"""Looking for a child among the cases somebody may see: by names, birth date, phone number or reference."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import CTE, ColumnElement, Select, intersect, select, union_all
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Search
from outreach.accounts.searching import A_WHILE
from outreach.cases.models import Case, SearchWords, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import owns, place_is_hidden
from outreach.cases.queries.naming import Names, names
from outreach.cases.queries.ranking import Candidate, Match, Reason, best_match
from outreach.cases.references import similar_references
from outreach.children.grants import Scope, scopes_of, sight, visible
from outreach.children.models import Child, ChildSearchKey, FamilyContact, FamilySearchKey, Household
from outreach.children.search_keys import phone_key
from outreach.children.search_terms import Sought, read_terms

SHOWN = 20
"""Cases a search shows at most; who has more in mind says more."""

_LOOKED_AT = 300
"""Visible cases that are compared with the question."""

Among = Collection[str] | None


@dataclass(frozen=True)
class Result:
    """One case a search shows; the child is None where only the reference may be seen."""

    case: Case
    child: Child | None
    scope: Scope
    reasons: tuple[Reason, ...]
    step: Step | None = None
    track: Track | None = None
    hide_school: bool = False


@dataclass(frozen=True)
class Results:
    """What a search shows. `kind`: what was looked for by; `enough`: False when too little was asked to look at all."""

    kind: str = "names"
    enough: bool = True
    shown: list[Result] = field(default_factory=list)
    more: bool = False
    names: Names = field(default_factory=Names)


@dataclass(frozen=True)
class Asked:
    """An earlier search: what was typed, and the references of the cases that were shown."""

    words: str
    found: frozenset[str]


def search_cases(session: Session, actor: Actor, text: str, *, among: Among = None) -> Results:
    """The cases this person may see that answer to these words, the most alike first.

    What they may not see is as if it were not there. `among`: only these references, as an earlier search showed them.
    """
    sought, references = read_terms(text), similar_references(text)
    if not references and not sought.enough:
        return Results(enough=False)
    found = _by_reference(session, actor, references, text)
    more = False
    if sought.enough:
        seen, more = _by_terms(session, actor, sought)
        found += [one for one in seen if one.case.id not in {each.case.id for each in found}]
    more = more or len(found) > SHOWN
    if among is not None:
        found = [one for one in found if one.case.reference in among]
    shown = _with_steps(session, actor, found[:SHOWN])
    return Results(_kind(sought, references), True, shown, more, _names(session, shown))


def find_asked(session: Session, actor: Actor, key: str) -> Asked | None:
    """A search this person made within the hour, by the key in its address."""
    statement = (
        select(SearchWords.words, Search.found)
        .join(Search, Search.id == SearchWords.search_id)
        .where(
            SearchWords.key == key,
            SearchWords.person_id == actor.person_id,
            Search.organisation_id == actor.organisation_id,
            SearchWords.at > clock.now() - A_WHILE,
        )
    )
    row = session.execute(statement, execution_options=sight(actor)).one_or_none()
    return Asked(row[0], frozenset(subject.removeprefix("case:") for subject in row[1])) if row else None


def _kind(sought: Sought, references: list[str]) -> str:
    if references and not sought.enough:
        return "reference"
    return "phone" if sought.phone else "birth_date" if sought.born_on else "names"


def _by_reference(session: Session, actor: Actor, references: list[str], typed: str) -> list[Result]:
    if not references:
        return []
    statement = (
        select(Case, Child)
        .join(Child, Child.id == Case.child_id)
        .where(Case.reference.in_(references), visible(actor, Case.id))
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    scopes = scopes_of(session, actor, [case.id for case, _ in rows])
    plain = "".join(typed.upper().split()).replace("-", "")
    return [
        Result(
            case,
            child if scopes[case.id] is not Scope.REFERENCE else None,
            scopes[case.id],
            () if case.reference.replace("-", "") == plain else (Reason("reference", case.reference, typed.strip()),),
        )
        for case, child in rows
        if case.id in scopes
    ]


def _by_terms(session: Session, actor: Actor, sought: Sought) -> tuple[list[Result], bool]:
    """First what sounds so; when there is nothing, what has one word of it and looks like the rest."""
    found, more = _matching(session, actor, sought, _candidates(sought), slips=sought.born_on is not None)
    if not found and sought.born_on is None and sought.phone is None:
        found, more = _matching(session, actor, sought, _hearing(sought, any_word=True), slips=True)
    return found, more


def _candidates(sought: Sought) -> ColumnElement[bool]:
    if sought.phone is not None:
        key = phone_key(sought.phone)
        return Child.household_id.in_(select(FamilySearchKey.household_id).where(FamilySearchKey.key == key))
    if sought.born_on is not None:
        return Child.born_on == sought.born_on
    return _hearing(sought)


def _hearing(sought: Sought, *, any_word: bool = False) -> ColumnElement[bool]:
    """Children of whom every word (or any) is a name of their own, or of a grown-up of the family."""
    each = sought.names.term_keys()
    if any_word:
        return Child.id.in_(select(_heard("any", frozenset().union(*each)).c.id))
    parts = [select(_heard(f"word_{number}", keys).c.id) for number, keys in enumerate(each)]
    heard = intersect(*parts).cte("heard").prefix_with("MATERIALIZED")
    return Child.id.in_(select(heard.c[0]))


def _heard(name: str, keys: Iterable[str]) -> CTE:
    keys = sorted(keys)
    own = select(ChildSearchKey.child_id.label("id")).where(ChildSearchKey.key.in_(keys))
    family = (
        select(Child.id)
        .join(FamilySearchKey, FamilySearchKey.household_id == Child.household_id)
        .where(FamilySearchKey.key.in_(keys))
    )
    return union_all(own, family).cte(name).prefix_with("MATERIALIZED")


def _matching(
    session: Session, actor: Actor, sought: Sought, which: ColumnElement[bool], *, slips: bool
) -> tuple[list[Result], bool]:
    rows = session.execute(_visible_cases(actor, which), execution_options=sight(actor)).all()
    scopes = scopes_of(session, actor, [row[0].id for row in rows])
    contacts = _contacts(session, actor, {row[1].household_id for row in rows})
    found: dict[int, tuple[Match, Case, Child]] = {}
    for case, child, reference_person in sorted(rows, key=lambda row: (row[0].ended_at is not None, -row[0].id)):
        scope = scopes.get(case.id, Scope.REFERENCE)
        candidate = Candidate(child, scope, reference_person, contacts.get(child.household_id, []))
        match = best_match(sought, candidate, slips=slips)
        if match is not None and child.id not in found:
            found[child.id] = (match, case, child)
    ranked = sorted(found.values(), key=lambda one: (-one[0].score, one[1].ended_at is not None, one[2].name))
    results = [Result(case, child, scopes[case.id], match.reasons) for match, case, child in ranked]
    return results, len(rows) == _LOOKED_AT


def _visible_cases(actor: Actor, which: ColumnElement[bool]) -> Select[Case, Child, str | None]:
    return (
        select(Case, Child, Household.reference_person)
        .join(Child, Child.id == Case.child_id)
        .join(Household, Household.id == Child.household_id)
        .where(
            which,
            Child.merged_into_id.is_(None),
            Child.died_on.is_(None),
            visible(actor, Case.id, Scope.FULL, Scope.WELCOME),
        )
        .limit(_LOOKED_AT)
    )


def _contacts(session: Session, actor: Actor, households: set[int]) -> dict[int, list[FamilyContact]]:
    """Who may be rung in each of these households; whom of them somebody may know is decided by their scope."""
    found: dict[int, list[FamilyContact]] = {}
    statement = select(FamilyContact).where(
        FamilyContact.household_id.in_(households), FamilyContact.ended_at.is_(None)
    )
    for contact in session.scalars(statement.order_by(FamilyContact.id), execution_options=sight(actor)):
        found.setdefault(contact.household_id, []).append(contact)
    return found


def _with_steps(session: Session, actor: Actor, found: list[Result]) -> list[Result]:
    """Each with the step that waits, as its page shows it: a side step or a step of others only to who sees all."""
    statement = (
        select(Step, Track)
        .join(Track, Track.id == Step.track_id)
        .where(Step.case_id.in_([one.case.id for one in found]), IS_LIVING)
        .order_by(Step.side_of_id.is_not(None), Step.number)
    )
    living: dict[int, list[tuple[Step, Track]]] = {}
    for step, track in session.execute(statement, execution_options=sight(actor)):
        living.setdefault(step.case_id, []).append((step, track))
    return [_with_step(actor, one, living.get(one.case.id, [])) for one in found]


def _with_step(actor: Actor, one: Result, living: list[tuple[Step, Track]]) -> Result:
    hidden = place_is_hidden(actor, one.case, [step for step, _ in living])
    shown = [each for each in living if one.scope is Scope.FULL or owns(actor, each[0])]
    step, track = shown[0] if shown else (None, None)
    return Result(one.case, one.child, one.scope, one.reasons, step, track, hidden)


def _names(session: Session, shown: list[Result]) -> Names:
    steps = [one.step for one in shown if one.step]
    return names(session, {step.person_id for step in steps}, {step.organisation_id for step in steps})
