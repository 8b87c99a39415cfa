"""Two cases beside each other, field by field: are they of one child? Only for who sees both whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.cases.policy import may_merge
from outreach.cases.queries.guarded import in_the_open
from outreach.children.grants import Scope, sight, visible
from outreach.children.insz import Insz
from outreach.children.likeness import FieldLikeness, Likeness, Portrait, Verdict, compare_children
from outreach.children.models import Child, Household, Residence
from outreach.database.many import in_chunks

Value = str | date | None

_HIDDEN = "hidden"


@dataclass(frozen=True)
class Record:
    """A case with its child; `place` is None when the address must stay hidden from the reader."""

    case: Case
    child: Child
    place: str | None
    reference_person: str
    portrait: Portrait


@dataclass(frozen=True)
class Beside:
    """One field of two records: what each says, what that means, and its points."""

    field: str
    one: Value
    other: Value
    said: FieldLikeness


@dataclass(frozen=True)
class Pair:
    """Two records beside each other, as one person may see them."""

    one: Record
    other: Record
    likeness: Likeness
    actor: Actor

    @property
    def beside(self) -> list[Beside]:
        """The fields, most telling first."""
        values: dict[str, tuple[Value, Value]] = {
            "name": (self.one.child.name, self.other.child.name),
            "born_on": (self.one.child.born_on, self.other.child.born_on),
            "address": (self.one.place, self.other.place),
            "reference_person": (self.one.reference_person, self.other.reference_person),
            "number": (None, None),
        }
        return [Beside(said.field, *values[said.field], self._told(said)) for said in self.likeness.fields]

    @property
    def choices(self) -> list[Record]:
        """Which of the two may go on; when only one is open, that one. Empty: this person may not merge them."""
        open_ones = [each for each in (self.one, self.other) if each.case.ended_at is None]
        able = open_ones if len(open_ones) == 1 else [self.one, self.other]
        return [each for each in able if self._may_keep(each)]

    def beside_of(self, kept: Record) -> Record:
        """The record that ends when `kept` goes on."""
        return self.other if kept is self.one else self.one

    def _may_keep(self, kept: Record) -> bool:
        return may_merge(self.actor, kept.case, self.beside_of(kept).case, Scope.FULL)

    def _told(self, said: FieldLikeness) -> FieldLikeness:
        """Whether a hidden address agrees would tell where it is."""
        if said.field == "address" and None in (self.one.place, self.other.place):
            return FieldLikeness(said.field, Verdict.UNKNOWN, 0, _HIDDEN)
        return said


def pairs_seen(session: Session, actor: Actor, case_ids: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Pair]:
    """Of these pairs of cases those this person sees whole, both of them, by their ids."""
    records = records_seen(session, actor, chain.from_iterable(case_ids))
    return {
        (one, other): Pair(
            records[one],
            records[other],
            compare_children(records[one].portrait, records[other].portrait),
            actor,
        )
        for one, other in case_ids
        if one in records and other in records
    }


def records_seen(session: Session, actor: Actor, case_ids: Iterable[int]) -> dict[int, Record]:
    """Of these cases those this person sees whole, each with its child and present address."""
    found: dict[int, Record] = {}
    for chunk in in_chunks(set(case_ids)):
        shown = set(
            session.scalars(
                select(Case.id).where(Case.id.in_(chunk), in_the_open(actor)), execution_options=sight(actor)
            )
        )
        statement = (
            select(Case, Child, Residence, Household.reference_person)
            .join(Child, Child.id == Case.child_id)
            .join(Household, Household.id == Child.household_id)
            .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
            .where(Case.id.in_(chunk), visible(actor, Case.id, Scope.FULL))
        )
        for case, child, home, reference in session.execute(statement, execution_options=sight(actor)):
            found[case.id] = _record(case, child, home, reference or "", case.id in shown)
    return found


def _record(case: Case, child: Child, home: Residence | None, reference: str, shown: bool) -> Record:
    number = Insz(child.insz) if child.insz else None
    key = home.address_key if home else ""
    portrait = Portrait(child.first_name, child.last_name, child.born_on, number, key, reference)
    place = f"{home.line}, {home.postcode} {home.municipality}".strip(", ") if home else ""
    return Record(case, child, place if shown else None, reference, portrait)
