"""In June one line says, once, that the school year ends and how many open cases wait for a decision."""

from collections import Counter as Tally
from datetime import date

from sqlalchemy.orm import Session

from outreach.cases.commands.reminding.desk import Desk
from outreach.cases.queries.readers import Reader, Readers
from outreach.cases.queries.year_end_told import undecided_by_lead, undecided_by_school
from outreach.cases.workflow.year_end import told_from
from outreach.notifications.commands import normalised
from outreach.notifications.lines import Line
from outreach.notifications.queries import addresses_told
from outreach.schoolyear import SchoolCalendar

YEAR_END = "year_end"

_JUNE = 6


def announce_year_end(session: Session, desk: Desk, readers: Readers, today: date) -> None:
    """From the first working day of June: a line for coordinators of leads and contacts of schools not told yet."""
    if today.month != _JUNE or today < told_from(today.year, SchoolCalendar()):
        return
    counts: Tally[str] = Tally()
    found: dict[str, Reader] = {}
    for reader, count in _waiting(session, readers, today):
        address = normalised(reader.address)
        counts[address] += count
        found[address] = reader
    told = addresses_told(session, YEAR_END, sorted(counts), since=today.replace(day=1))
    for address in sorted(counts.keys() - told):
        data = {"count": counts[address], "path": "/year-end"}
        line = Line("new", f"year_end:{today.year}", YEAR_END, data, {"rung": YEAR_END})
        desk.announce(found[address], line)


def _waiting(session: Session, readers: Readers, today: date) -> list[tuple[Reader, int]]:
    leads, schools = undecided_by_lead(session, today), undecided_by_school(session, today)
    told = [(reader, count) for id_, count in leads.items() for reader in readers.coordinators(id_)]
    told += [(reader, count) for id_, count in schools.items() for reader in readers.school_contacts(id_)]
    return [(reader, count) for reader, count in told if reader.works]
