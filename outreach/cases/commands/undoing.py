"""A decision on many cases is remembered row by row, so that it can be taken back exactly for thirty days."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case, Deed, DeedItem, Event, Reminder, Spotted, Step
from outreach.cases.queries import facts
from outreach.cases.queries.facts import Facts, Row, Subjects
from outreach.cases.queries.inside import INSIDE
from outreach.children.models import Child, Household, HouseholdMembership
from outreach.database import Model
from outreach.database.many import in_chunks
from outreach.errors import Refused

FOR = timedelta(days=30)
"""How long a decision can be taken back."""


@dataclass(frozen=True)
class TakenBack:
    """The cases that are as before, and those that had moved on and were left."""

    undone: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


@contextmanager
def remembered(
    session: Session, key: str, case_ids: Collection[int], *, child_ids: Collection[int] = (), origin: str, by: Actor
) -> Iterator[Deed]:
    """Whatever commands do inside to these cases (and children) is remembered as one deed, case by case.

    Must enclose commands about these cases alone; rows of events, mail and readings are not facts and are not kept.
    """
    subjects = facts.subjects_of(session, case_ids, child_ids)
    before, seqs = facts.facts_of(session, subjects), _last_events(session, subjects.cases)
    owners = facts.owners_of(session, subjects)
    deed = Deed(key=key, origin=origin, at=clock.now(), by_id=by.person_id, organisation_id=by.organisation_id)
    session.add(deed)
    session.flush()
    yield deed
    after = facts.facts_of(session, _with_new_households(session, subjects))
    owners = {**facts.owners_of(session, subjects), **owners}
    last, changed = _last_events(session, subjects.cases), _changes(before, after, owners)
    for case_id in sorted(subjects.cases):
        if case_id not in changed and last.get(case_id) == seqs.get(case_id):
            continue
        session.add(
            DeedItem(
                deed_id=deed.id,
                case_id=case_id,
                changes=json.dumps(changed.get(case_id, []), ensure_ascii=False, default=facts.written),
                first_seq=seqs.get(case_id, 0) + 1,
                last_seq=last.get(case_id, 0),
            )
        )
    session.flush()


def undo_deed(session: Session, deed: Deed, *, by: Actor) -> TakenBack:
    """Put every case of a deed back as it was; one that moved on since is left and named, and with it the children
    of its household: what was done to them together is taken back together.

    Raises Refused when the deed was taken back before, or is older than thirty days.
    """
    if deed.undone_at is not None:
        raise Refused("deed_undone")
    if clock.now() > deed.at + FOR:
        raise Refused("deed_too_old", days=FOR.days)
    deed.undone_at, deed.undone_by_id = clock.now(), by.person_id
    result = TakenBack()
    statement = select(DeedItem).where(DeedItem.deed_id == deed.id).order_by(DeedItem.id)
    items = session.scalars(statement, execution_options=INSIDE).all()
    left = _left(session, items)
    standing = [item for item in items if item.id not in left]
    _free_numbers(session, standing)
    _put_back(session, [change for item in standing for change in json.loads(item.changes)])
    session.expire_all()
    for item in items:
        case = session.get_one(Case, item.case_id, execution_options=INSIDE)
        if item.id in left:
            item.left_at = clock.now()
            result.left.append(case.id)
            continue
        told = record(session, case, "deed_undone", by=by, data={"deed": deed.id, "key": deed.key})
        item.undone_seq = told.seq
        result.undone.append(case.id)
    session.flush()
    return result


def moved_on(session: Session, deed: Deed) -> set[int]:
    """The cases of a deed to which anything happened since; taking it back would leave them."""
    items = session.scalars(select(DeedItem).where(DeedItem.deed_id == deed.id), execution_options=INSIDE).all()
    return {item.case_id for item in items if _moved_on(session, item)}


def happened_since(session: Session, deeds: Sequence[Deed]) -> set[int]:
    """The cases of these deeds in which anything happened since, by their events alone: what a page tells beforehand,
    in two statements for any number of cases."""
    ours = DeedItem.deed_id.in_([deed.id for deed in deeds])
    later = and_(Event.case_id == DeedItem.case_id, Event.seq > DeedItem.last_seq)
    events = select(Event.case_id, Event.seq).join(DeedItem, later).where(ours)
    found = {(row[0], row[1]) for row in session.execute(events, execution_options=INSIDE)}
    cases = select(DeedItem.case_id).where(ours).scalar_subquery()
    undone = select(DeedItem).where(DeedItem.case_id.in_(cases), DeedItem.undone_seq.is_not(None))
    for item in session.scalars(undone, execution_options=INSIDE):
        found -= {(item.case_id, seq) for seq in _seqs(item)}
    return {case_id for case_id, _ in found}


def _with_new_households(session: Session, subjects: Subjects) -> Subjects:
    now = facts.subjects_of(session, subjects.cases, subjects.children)
    return Subjects(subjects.cases, subjects.children, subjects.households | now.households)


def _last_events(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in in_chunks(sorted(case_ids)):
        statement = select(Event.case_id, func.max(Event.seq)).where(Event.case_id.in_(part)).group_by(Event.case_id)
        found.update((row[0], row[1]) for row in session.execute(statement, execution_options=INSIDE))
    return found


def _changes(before: Facts, after: Facts, owners: Mapping[tuple[str, int], int]) -> dict[int, list[Row]]:
    """What became of each row, by the case it counts with: `before` and `after`, None where there was no row."""
    models = {facts.stored(model).name: model for model in facts.IN_ORDER}
    found: dict[int, list[Row]] = defaultdict(list)
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if old == new:
            continue
        kind, owner = facts.owner_of(models[place[0]], old or new or {})
        case_id = owner if kind == "case" else owners[kind, owner]
        found[case_id].append({"table": place[0], "before": old, "after": new})
    return found


def _left(session: Session, items: Sequence[DeedItem]) -> set[int]:
    """The items that moved on, and those of a household that was changed for both."""
    households = {item.id: _households_changed(item) for item in items}
    changed = set().union(*households.values())
    for item in items:
        own = select(Child.household_id).join(Case, Case.child_id == Child.id).where(Case.id == item.case_id)
        households[item.id] |= changed.intersection(session.scalars(own, execution_options=INSIDE))
    ours = select(Case.child_id).where(Case.id.in_([item.case_id for item in items]))
    children = set(session.scalars(ours, execution_options=INSIDE))
    left = {item.id for item in items if _moved_on(session, item) or _joined(session, item, children)}
    before = -1
    while len(left) > before:
        before = len(left)
        theirs = set().union(*(households[item_id] for item_id in left))
        left |= {item_id for item_id, here in households.items() if here & theirs}
    return left


def _joined(session: Session, item: DeedItem, children: Collection[int]) -> bool:
    """Whether another child came into a household this item made."""
    name = facts.stored(Household).name
    made = [row["after"]["id"] for row in json.loads(item.changes) if row["table"] == name and row["before"] is None]
    there = select(HouseholdMembership.child_id).where(HouseholdMembership.household_id.in_(made))
    return bool(set(session.scalars(there, execution_options=INSIDE)) - set(children)) if made else False


def _households_changed(item: DeedItem) -> set[int]:
    columns = {facts.stored(Household).name: "id", facts.stored(HouseholdMembership).name: "household_id"}
    changes = [each for each in json.loads(item.changes) if each["table"] in columns]
    return {(each["after"] or each["before"])[columns[each["table"]]] for each in changes}


def _moved_on(session: Session, item: DeedItem) -> bool:
    """Whether anything happened to the case since, other than deeds that were taken back, or a row is other."""
    later = select(Event.seq).where(Event.case_id == item.case_id, Event.seq > item.last_seq)
    seqs = set(session.scalars(later, execution_options=INSIDE))
    undone = select(DeedItem).where(DeedItem.case_id == item.case_id, DeedItem.undone_seq.is_not(None))
    for other in session.scalars(undone, execution_options=INSIDE):
        seqs -= _seqs(other)
    return bool(seqs) or any(not _is_still(session, model, each) for model, each in _each(json.loads(item.changes)))


def _seqs(undone: DeedItem) -> set[int]:
    """The events of a deed that was taken back, and that of its taking back."""
    return {*range(undone.first_seq, undone.last_seq + 1), undone.undone_seq or 0}


def _each(changes: Sequence[Row]) -> Iterator[tuple[type[Model], Row]]:
    return ((model, each) for model, rows in facts.by_model(changes) for each in rows)


def _is_still(session: Session, model: type[Model], change: Row) -> bool:
    after = _values(change["after"])
    source = facts.stored(model)
    statement = select(source).where(_is_row(model, after or _values(change["before"]) or {}))
    row = session.execute(statement, execution_options=INSIDE).mappings().one_or_none()
    return (dict(row) if row is not None else None) == after


def _free_numbers(session: Session, items: Sequence[DeedItem]) -> None:
    """Children of one deed may have passed on a number: none has it while they are put back one after the other."""
    source = facts.stored(Child)
    for model, change in (found for item in items for found in _each(json.loads(item.changes))):
        if model is Child and change["before"] and change["after"]:
            row = _is_row(model, _values(change["before"]) or {})
            session.execute(update(source).where(row).values(insz_index=None))


def _put_back(session: Session, changes: Sequence[Row]) -> None:
    """New rows go, changed ones are as before, those taken away come back; new households go when nobody is in them."""
    grouped = list(facts.by_model(changes))
    gone = [each["after"] for model, rows in grouped if model is Step for each in rows if each["before"] is None]
    _let_go(session, {row["id"]: row["key"] for row in gone})
    for model, rows in reversed(grouped):
        if model is not Household:
            _take_away(session, model, rows)
    for model, rows in grouped:
        for each in rows:
            before = _values(each["before"])
            if before is not None and each["after"] is not None:
                session.execute(update(facts.stored(model)).where(_is_row(model, before)).values(before))
    for model, rows in grouped:
        new = [_values(each["before"]) for each in rows if each["after"] is None]
        if new:
            session.execute(insert(facts.stored(model)), new)  # type: ignore[arg-type]
        if model is Household:
            _take_away(session, model, rows)


def _take_away(session: Session, model: type[Model], rows: Sequence[Row]) -> None:
    for each in rows:
        if each["before"] is None:
            session.execute(delete(facts.stored(model)).where(_is_row(model, _values(each["after"]) or {})))


def _let_go(session: Session, steps: Mapping[int, str]) -> None:
    """Events stay: of a step that goes they keep the key. That somebody was reminded of it is in the outbox, and what
    the radar saw of it is gone with it."""
    about = select(Event).where(Event.step_id.in_(list(steps)))
    for event in session.scalars(about, execution_options=INSIDE).all():
        event.data = {**event.data, "step": steps[event.step_id or 0]}
        event.step_id = None
    session.flush()
    for model in (Reminder, Spotted):
        session.execute(
            delete(model).where(model.step_id.in_(list(steps))).execution_options(synchronize_session=False)
        )


def _values(row: Mapping[str, Any] | None) -> Row | None:
    return None if row is None else {name: facts.read(value) for name, value in row.items()}


def _is_row(model: type[Model], row: Row) -> ColumnElement[bool]:
    source = facts.stored(model)
    return and_(*(source.c[name] == row[name] for name in facts.key_columns(model)))
