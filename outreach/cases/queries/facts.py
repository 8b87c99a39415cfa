"""The rows that are the facts of cases, table by table, as values that can be written back exactly as they were."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnClause, TableClause, Text, column, select, table
from sqlalchemy.orm import Session

from outreach.cases.models import (
    Assignment,
    Attempt,
    Case,
    CaseAnchor,
    Closure,
    ConflictItem,
    Handover,
    Note,
    Pause,
    Placement,
    Proposal,
    Report,
    SignedLink,
    Step,
    TakenAlong,
    Track,
    YearDecision,
)
from outreach.cases.queries.inside import INSIDE
from outreach.children.models import (
    Child,
    ChildSearchKey,
    FamilyContact,
    FamilySearchKey,
    Grant,
    Household,
    HouseholdMembership,
    IdentityChange,
    Residence,
    TwoChildren,
    VisitWithTwo,
)
from outreach.database import EncryptedText, Model
from outreach.database.many import in_chunks

Row = dict[str, Any]
Facts = dict[tuple[str, str], Row]
"""Row by table and primary key (as JSON)."""

OF_HOUSEHOLD: dict[type[Model], str] = {
    Household: "id",
    FamilyContact: "household_id",
    FamilySearchKey: "household_id",
    VisitWithTwo: "household_id",
}
OF_CHILD: dict[type[Model], str] = {
    Child: "id",
    HouseholdMembership: "child_id",
    Residence: "child_id",
    IdentityChange: "child_id",
    TwoChildren: "child_id",
    ChildSearchKey: "child_id",
    Grant: "child_id",
}
OF_CASE: dict[type[Model], str] = {
    Case: "id",
    Track: "case_id",
    CaseAnchor: "case_id",
    Placement: "case_id",
    Step: "case_id",
    Closure: "case_id",
    Assignment: "case_id",
    Pause: "case_id",
    Report: "case_id",
    Attempt: "case_id",
    Note: "case_id",
    Handover: "case_id",
    Proposal: "case_id",
    SignedLink: "case_id",
    ConflictItem: "case_id",
    TakenAlong: "case_id",
    YearDecision: "case_id",
}
"""Every fact table, and the column that says whose fact it is. Households come first, then children, then cases: what
others point to is written before them, and taken away after."""

IN_ORDER: tuple[type[Model], ...] = (*OF_HOUSEHOLD, *OF_CHILD, *OF_CASE)


@dataclass(frozen=True)
class Subjects:
    """Whose facts: cases with their children, and the households these belong to."""

    cases: frozenset[int]
    children: frozenset[int]
    households: frozenset[int]


def subjects_of(session: Session, case_ids: Collection[int], child_ids: Collection[int] = ()) -> Subjects:
    """These cases, their children and more children, with every household these belong or belonged to."""
    children = set(child_ids)
    households: set[int] = set()
    for part in in_chunks(case_ids):
        statement = select(Case.child_id).where(Case.id.in_(part))
        children.update(session.scalars(statement, execution_options=INSIDE))
    for part in in_chunks(children):
        statement = select(Child.household_id).where(Child.id.in_(part))
        households.update(session.scalars(statement, execution_options=INSIDE))
        earlier = select(HouseholdMembership.household_id).where(HouseholdMembership.child_id.in_(part))
        households.update(session.scalars(earlier, execution_options=INSIDE))
    return Subjects(frozenset(case_ids), frozenset(children), frozenset(households))


def facts_of(session: Session, subjects: Subjects) -> Facts:
    """Every row about these subjects, as it is stored (encrypted texts stay encrypted)."""
    session.flush()
    found: Facts = {}
    for models, ids in (
        (OF_HOUSEHOLD, subjects.households),
        (OF_CHILD, subjects.children),
        (OF_CASE, subjects.cases),
    ):
        for model, owner in models.items():
            for row in _rows(session, model, owner, ids):
                found[stored(model).name, key_of(model, row)] = row
    return found


def owners_of(session: Session, subjects: Subjects) -> Mapping[tuple[str, int], int]:
    """Which case each child and each household counts with: its own; for one of several cases the first."""
    found: dict[tuple[str, int], int] = {}
    for part in in_chunks(sorted(subjects.cases)):
        statement = select(Case.id, Child.id, Child.household_id).join(Child, Child.id == Case.child_id)
        rows = session.execute(statement.where(Case.id.in_(part)).order_by(Case.id), execution_options=INSIDE)
        for case_id, child_id, household_id in rows:
            found.setdefault(("child", child_id), case_id)
            found.setdefault(("household", household_id), case_id)
    return found


def owner_of(model: type[Model], row: Row) -> tuple[str, int]:
    """Whose fact a row is: ("case" | "child" | "household", id)."""
    for kind, models in (("case", OF_CASE), ("child", OF_CHILD), ("household", OF_HOUSEHOLD)):
        if model in models:
            return kind, row[models[model]]
    raise KeyError(model.__name__)


@cache
def stored(model: type[Model]) -> TableClause:
    """The table of a model with its encrypted columns as the plain text that is stored."""
    columns: list[ColumnClause[Any]] = [
        column(each.name, Text() if isinstance(each.type, EncryptedText) else each.type)
        for each in model.__table__.columns
    ]
    return table(model.__tablename__, *columns)


@cache
def key_columns(model: type[Model]) -> tuple[str, ...]:
    """The names of the primary key."""
    return tuple(each.name for each in model.__table__.primary_key)


def key_of(model: type[Model], row: Row) -> str:
    """The primary key of a row as text."""
    return json.dumps([row[name] for name in key_columns(model)])


def written(value: Any) -> Any:
    """A value as JSON holds it, days and moments marked."""
    if isinstance(value, datetime):
        return {"@moment": value.isoformat()}
    return {"@day": value.isoformat()} if isinstance(value, date) else value


def read(value: Any) -> Any:
    """The value again."""
    if isinstance(value, dict) and value.keys() == {"@moment"}:
        return datetime.fromisoformat(value["@moment"])
    if isinstance(value, dict) and value.keys() == {"@day"}:
        return date.fromisoformat(value["@day"])
    return value


def by_model(changes: Sequence[Row]) -> Iterator[tuple[type[Model], list[Row]]]:
    """Changes grouped by table, in the order in which rows may be written."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for each in changes:
        grouped[each["table"]].append(each)
    for model in IN_ORDER:
        if grouped.get(stored(model).name):
            yield model, grouped[stored(model).name]


def _rows(session: Session, model: type[Model], owner: str, ids: frozenset[int]) -> Iterator[Row]:
    source = stored(model)
    for part in in_chunks(sorted(ids)):
        statement = select(source).where(source.c[owner].in_(part))
        for row in session.execute(statement, execution_options=INSIDE).mappings():
            yield dict(row)
