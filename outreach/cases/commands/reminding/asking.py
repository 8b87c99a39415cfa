"""The radar: whoever has a step of which nothing is heard, or whose reason stays open, finds one question beside it."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record_many
from outreach.cases.commands.owning import assignment_row, granted_owner, granted_person
from outreach.cases.commands.stepping import Opening, side_dates, step_row
from outreach.cases.models import Assignment, Case, Spotted, Step
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.radar import Noticed, hold_noticed, reasons_open, silences
from outreach.cases.queries.reminders import Ladders
from outreach.cases.workflow import Circumstances, Owner, SideRule, processes
from outreach.children.grants import Scope, grant
from outreach.database.absent import insert_absent
from outreach.database.many import insert_rows, insert_with_ids
from outreach.partners.calendars import calendar_for

_CHUNK = 1_000


def ask_owners(session: Session, ladders: Ladders, *, by: Actor) -> int:
    """Open one side step for each thing the radar noticed and nobody was asked about; how many."""
    asked = 0
    for what, look in (("reason", reasons_open), ("silence", silences)):
        rule = processes().noticed(what)
        noticed = look(session, rule, clock.today(), ladders)
        asked += _ask(
            session, rule, _first_time(session, rule, hold_noticed(session, noticed, silent=what == "silence")), by
        )
    return asked


def _first_time(session: Session, rule: SideRule, noticed: Sequence[Noticed]) -> list[Noticed]:
    """Those not noticed before; when several sweeps look at once the database lets each through once."""
    statement = insert_absent(session, Spotted).returning(Spotted.step_id)
    fresh: set[int] = set()
    for start in range(0, len(noticed), _CHUNK):
        rows = [_spotted(rule, each) for each in noticed[start : start + _CHUNK]]
        fresh.update(session.scalars(statement, rows))
    return [each for each in noticed if each.step.id in fresh]


def _spotted(rule: SideRule, noticed: Noticed) -> dict[str, Any]:
    return {
        "case_id": noticed.case.id,
        "step_id": noticed.step.id,
        "key": rule.key,
        "since": noticed.since,
        "at": clock.now(),
    }


def _ask(session: Session, rule: SideRule, noticed: Sequence[Noticed], by: Actor) -> int:
    """Many side steps at once, each for the owner of the step it stands beside; the clock asks."""
    numbers = _next_numbers(session, [each.case for each in noticed])
    rows = [_side(session, rule, each, next(numbers[each.case.id])) for each in noticed]
    ids = insert_with_ids(session, Step, [{**row, "version": 1} for row in rows])
    sides = [Step(id=step_id, **row) for step_id, row in zip(ids, rows, strict=True)]
    opened = [(each.case, side) for each, side in zip(noticed, sides, strict=True)]
    given = [assignment_row(case, side, reason=side.owner_reason, by=by) for case, side in opened]
    insert_rows(session, Assignment, given)
    grants = (each for case, side in opened for each in (granted_owner(case, side), granted_person(case, side)))
    grant(session, filter(None, grants))
    since = {side.id: each.since for each, side in zip(noticed, sides, strict=True)}
    record_many(
        session, opened, "side_step_asked", by=by, data=lambda _case, side: {"kind": rule.key, "since": since[side.id]}
    )
    return len(opened)


def _side(session: Session, rule: SideRule, noticed: Noticed, number: int) -> dict[str, Any]:
    case, step, today = noticed.case, noticed.step, clock.today()
    calendar = calendar_for(session, case.area_id, step.organisation_id)
    opening = Opening(
        rule,
        Owner(step.organisation_id, "noticed", to_assign=step.to_assign),
        person_id=step.person_id,
        scope=Scope.REFERENCE,
        side_of_id=step.id,
    )
    at = Circumstances(case.opened_on, case.opened_on, today, calendar)  # its dates hang on the day it opens alone
    return step_row(case, step.track_id, opening, side_dates(rule, at), number=number, starts_on=today)


def _next_numbers(session: Session, cases: Sequence[Case]) -> dict[int, Iterator[int]]:
    """For each case the numbers that come next."""
    found: dict[int, Iterator[int]] = {}
    ids = sorted({case.id for case in cases})
    for start in range(0, len(ids), _CHUNK):
        mine = Step.case_id.in_(ids[start : start + _CHUNK])
        statement = select(Step.case_id, func.max(Step.number)).where(mine).group_by(Step.case_id)
        found.update({row[0]: count(row[1] + 1) for row in session.execute(statement, execution_options=INSIDE)})
    return found
