"""Whether the lines of a mail still hold at the moment it is sent: the step is open, and still its reader's."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, Step, StepState
from outreach.cases.queries.readers import Reader, Readers
from outreach.database import seen_by
from outreach.notifications.commands import normalised
from outreach.notifications.lines import LivingLine
from outreach.partners.models import Area

_READ = seen_by("delivery: is a line still true")

_OWN = frozenset({"late", "soon", "quiet", "new", "unowned"})
_AIMED = frozenset({"step_late", "step_too_late", "step_soon"})
_SILENT = frozenset({"step_silent", "step_help"})


class _Now(NamedTuple):
    """A step as it stands now."""

    id: int
    state: str
    organisation_id: int
    person_id: int | None
    area_id: int
    aim_on: object
    last_fact_on: object
    lead_id: int
    coordinator_id: int


def dead_lines(session: Session, letters: Sequence[tuple[str, Sequence[LivingLine]]]) -> set[int]:
    """The lines (by id) of these letters (address, lines) that are no longer true; a statement for the steps, and the
    readers of the day when there is any line about a step."""
    wanted = {step_id for _, lines in letters for line in lines for step_id in _steps_of(line)}
    if not wanted:
        return set()
    steps = _now(session, wanted)
    places = {place for step in steps.values() for place in (step.organisation_id, step.lead_id, step.coordinator_id)}
    readers = Readers(session, clock.today(), sorted(places))
    return {
        line.id
        for address, lines in letters
        for line in lines
        if (about := _steps_of(line)) and not any(_holds(line, address, steps.get(each), readers) for each in about)
    }


def _now(session: Session, step_ids: Iterable[int]) -> dict[int, _Now]:
    columns = (*(getattr(Step, name) for name in _Now._fields[:-2]), Case.lead_id, Area.coordinator_id)
    found: dict[int, _Now] = {}
    ids = sorted(step_ids)
    for start in range(0, len(ids), 10_000):
        statement = (
            select(*columns)
            .join(Case, Case.id == Step.case_id)
            .join(Area, Area.id == Step.area_id)
            .where(Step.id.in_(ids[start : start + 10_000]))
        )
        found.update((row[0], _Now._make(row)) for row in session.execute(statement, execution_options=_READ))
    return found


def _steps_of(line: LivingLine) -> list[int]:
    """The steps a line speaks of; none for counts of reports and the like."""
    room, _, number = line.about.partition(":")
    if room == "step" and number.isdecimal():
        return [int(number)]
    return [int(each) for each in (line.rule or {}).get("steps", ())]


def _holds(line: LivingLine, address: str, step: _Now | None, readers: Readers) -> bool:
    """Open, still measured by the same aim, still without news if that is what it says, and still for this reader."""
    living = (StepState.OPEN, StepState.PLANNED) if line.key == "step_answered" else (StepState.OPEN,)
    if step is None or step.state not in living:
        return False
    rule = line.rule or {}
    if line.key in _AIMED and str(step.aim_on) != rule.get("aim_on", str(step.aim_on)):
        return False
    if line.key in _SILENT and str(step.last_fact_on) != rule.get("heard_on", str(step.last_fact_on)):
        return False
    return any(normalised(reader.address) == address for reader in _readers_of(line, step, readers))


def _readers_of(line: LivingLine, step: _Now, readers: Readers) -> list[Reader]:
    """Who such a line would be written to now."""
    owner = readers.owner(step.person_id, step.organisation_id)
    if line.group in _OWN:
        return [owner] if owner else readers.coordinators_of_area(step.area_id)
    above = readers.above_lead(step.person_id, step.organisation_id)
    return [*readers.coordinators(step.lead_id), *readers.team_leads(step.organisation_id), *above]
