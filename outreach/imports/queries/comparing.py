"""A judged list beside what is known: which children are new, which are known and what the list says otherwise."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.children.commands import insz_index
from outreach.children.matching import MATCHING, Match, Sought, match_children
from outreach.children.names import name_key
from outreach.children.queries import Known, known_children, special_addresses
from outreach.database.many import in_chunks
from outreach.imports.judging import Judged
from outreach.imports.listed import ListedChild
from outreach.partners.models import Area
from outreach.partners.queries import municipalities_of

MOST_AT_AN_ADDRESS = 6
"""With more children than this at one address somebody is asked what kind of place it is."""

_PORTION = 2_000


@dataclass(frozen=True, slots=True)
class CaseOfChild:
    """The case a known child has, or had last."""

    case_id: int
    reference: str
    area_id: int
    lead_id: int
    secrecy: str | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A listed child beside what is known of it."""

    child: ListedChild
    outside: bool
    match: Match | None = None
    known: Known | None = None
    case: CaseOfChild | None = None

    @property
    def differences(self) -> list[dict[str, str]]:
        """What the list says otherwise: name, birth date or address, and that the number is another."""
        return _differences(self.child, self.known, self.match) if self.known and self.match else []


@dataclass(frozen=True)
class Comparison:
    """A judged list, compared with the database as it is now: `matches` stand beside its children.

    A long list is held once. What is known of a child is looked up, a portion at a time, when it is asked for.
    """

    judged: Judged
    matches: Sequence[Match | None]
    here: frozenset[str]
    """The municipalities of the area."""

    @property
    def new(self) -> Iterator[Compared]:
        """Children nobody knew."""
        return (self._new(child) for child, match in self._pairs() if match is None)

    @property
    def outside(self) -> Iterator[ListedChild]:
        """Children living outside the area; they are new or known as well."""
        return (child for child in self.judged.children if _is_outside(child, self.here))

    @cached_property
    def _lives_outside(self) -> int:
        return sum(1 for _ in self.outside)

    def known(self, session: Session) -> Iterator[Compared]:
        """Children in the system already, each beside what is known of it."""
        return self._known(session, (pair for pair in self._pairs() if pair[1] is not None))

    def children(self, session: Session) -> Iterator[Compared]:
        """Every child of the list in its order, beside what is known of it."""
        return self._known(session, self._pairs())

    @property
    def cohorts(self) -> dict[int, int]:
        """How many new children of each birth year."""
        found: dict[int, int] = {}
        for one in self.new:
            found[one.child.born_on.year] = found.get(one.child.born_on.year, 0) + 1
        return found

    def counts(self, cases_opened: int = 0) -> dict[str, int]:
        """The account: rows = new + known + double + refused, always."""
        known = len(self.matches) - self.matches.count(None)
        return {
            "rows": self.judged.rows,
            "new": len(self.matches) - known,
            "known": known,
            "double": len(self.judged.doubles),
            "refused": len(self.judged.refused),
            "outside": self._lives_outside,
            "cases_opened": cases_opened,
        }

    def _pairs(self) -> Iterator[tuple[ListedChild, Match | None]]:
        return zip(self.judged.children, self.matches, strict=True)

    def _new(self, child: ListedChild) -> Compared:
        return Compared(child, _is_outside(child, self.here))

    def _known(self, session: Session, pairs: Iterable[tuple[ListedChild, Match | None]]) -> Iterator[Compared]:
        for portion in in_chunks(pairs, _PORTION):
            ids = [match.child_id for _, match in portion if match]
            known, cases = known_children(session, ids), cases_of(session, ids)
            for child, match in portion:
                if match is None:
                    yield self._new(child)
                else:
                    outside, child_id = _is_outside(child, self.here), match.child_id
                    yield Compared(child, outside, match, known.get(child_id), cases.get(child_id))


def compare(session: Session, judged: Judged, area: Area, as_of: date) -> Comparison:
    """Look up every child of a list, in a few statements for each few hundred."""
    matches = match_children(session, map(_sought, judged.children))
    return Comparison(judged, matches, frozenset(municipalities_of(session, area.id, as_of)))


def cases_of(session: Session, child_ids: Iterable[int]) -> dict[int, CaseOfChild]:
    """The open case of each child, else the one that ended last."""
    found: dict[int, CaseOfChild] = {}
    for chunk in in_chunks(child_ids):
        statement = (
            select(Case.child_id, Case.id, Case.reference, Case.area_id, Case.lead_id, Case.secrecy, Case.ended_at)
            .where(Case.child_id.in_(chunk))
            .order_by(Case.ended_at.is_(None), Case.ended_at, Case.id)
        )
        for child_id, case_id, reference, area_id, lead_id, secrecy, ended_at in session.execute(
            statement, execution_options=MATCHING
        ):
            found[child_id] = CaseOfChild(case_id, reference, area_id, lead_id, secrecy, ended_at is not None)
    return found


def crowded_addresses(session: Session, children: Sequence[ListedChild]) -> dict[str, list[ListedChild]]:
    """Addresses of more than six children of a list, unless it was said before what kind of place it is."""
    count = Counter(child.address_key for child in children)
    crowded = {key for key, there in count.items() if key and there > MOST_AT_AN_ADDRESS}
    crowded -= special_addresses(session, crowded).keys()
    at: dict[str, list[ListedChild]] = {}
    for child in children if crowded else ():
        if child.address_key in crowded:
            at.setdefault(child.address_key, []).append(child)
    return at


def _sought(child: ListedChild) -> Sought:
    return Sought(insz_index(child.insz), child.born_on, name_key(child.first_name, child.last_name), child.address_key)


def _is_outside(child: ListedChild, here: frozenset[str]) -> bool:
    """A municipality that is not of the area; one that is not known either, as long as something is written there."""
    if child.nis is None:
        return bool(child.municipality or child.postcode)
    return child.nis not in here


def _differences(child: ListedChild, known: Known, match: Match) -> list[dict[str, str]]:
    found = []
    listed_name, our_name = f"{child.first_name} {child.last_name}", f"{known.first_name} {known.last_name}"
    if listed_name != our_name:
        found.append({"field": "name", "listed": listed_name, "ours": our_name})
    if child.born_on != known.born_on:
        found.append({"field": "born_on", "listed": f"{child.born_on}", "ours": f"{known.born_on}"})
    if child.address_key and child.address_key != known.address_key:
        place = f"{child.street} {child.number}{f' bus {child.box}' if child.box else ''}"
        listed = f"{place}, {child.postcode} {child.municipality}".strip(", ")
        found.append({"field": "address", "listed": listed, "ours": known.address})
    if match.renumbered:
        found.append({"field": "number", "listed": "", "ours": ""})
    return found
