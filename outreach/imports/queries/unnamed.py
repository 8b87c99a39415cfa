"""Rows of a list of running cases that tell a child by its number alone."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.children import insz
from outreach.children.commands import insz_index
from outreach.children.insz import Insz
from outreach.children.matching import MATCHING
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.imports.checking import RefusedRow
from outreach.imports.judging import sort_out
from outreach.imports.listed import ListedChild
from outreach.imports.queries.comparing import cases_of
from outreach.imports.queries.running import is_ours
from outreach.imports.reading.values import as_text
from outreach.imports.running import RunningList
from outreach.partners.models import Area

_ENOUGH_WITH_A_NUMBER = {"name_missing", "born_missing"}


def with_known_numbers(session: Session, running: RunningList, area: Area, organisation_id: int) -> RunningList:
    """The list with the rows taken in that lack a name or birth date, but have the number of a child whose case is
    one's own; a number of others' children tells nothing, and its row stays refused."""
    judged = running.incoming.judged
    lacking = {one.row_number: number for one in judged.refused if (number := _number_alone(one))}
    ours = _ours(session, set(lacking.values()), area, organisation_id)
    refused = [
        _named(one, ours[lacking[one.row_number]]) if lacking.get(one.row_number) in ours else one
        for one in judged.refused
    ]
    every = [*judged.children, *(one.child for one in judged.doubles), *refused]
    again = sort_out(sorted(every, key=lambda one: one.row_number))
    return replace(running, incoming=replace(running.incoming, judged=again))


def _number_alone(refused: RefusedRow) -> str | None:
    if {fault.key for fault in refused.faults} - _ENOUGH_WITH_A_NUMBER:
        return None
    cell = refused.row.cells.get("insz")
    try:
        return insz.parse(cell if isinstance(cell, int | float) else as_text(cell)).number
    except Refused:
        return None


def _ours(session: Session, numbers: set[str], area: Area, organisation_id: int) -> dict[str, Child]:
    indexes = {insz_index(Insz(number)): number for number in numbers}
    statement = select(Child).where(Child.insz_index.in_(list(indexes)), Child.merged_into_id.is_(None))
    known = {child.id: child for child in session.scalars(statement, execution_options=MATCHING)}
    cases = cases_of(session, known)
    return {
        indexes[child.insz_index]: child
        for child_id, child in known.items()
        if child_id in cases and is_ours(cases[child_id], area, organisation_id)
    }


def _named(refused: RefusedRow, child: Child) -> ListedChild:
    """The row as if it had named the child as we do."""
    return ListedChild(
        row_number=refused.row_number,
        insz=Insz(child.insz) if child.insz else None,
        first_name=child.first_name,
        last_name=child.last_name,
        born_on=child.born_on,
        street="",
        number="",
        box="",
        postcode="",
        municipality="",
        nis=None,
        old_nis=None,
        reference_person="",
        language="",
    )
