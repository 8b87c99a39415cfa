"""What a dry run of the ladder needs besides the steps: rungs sent, how often steps opened, who is at an address."""

from collections import Counter as Tally, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.models import Person
from outreach.cases.models import Reminder, Step
from outreach.cases.queries.step_histories import History, there_since
from outreach.cases.workflow import Rung
from outreach.database import seen_by
from outreach.partners.models import Organisation

_READ = seen_by("dry run of the reminder ladder: what was sent, shown as numbers only")

RUNGS = (
    *(rung.value for rung in Rung),
    "team_lead_above",
    "coordinator_above",
    "round_stays",
    "round_pauses",
    "round_openings",
)
"""Under which names the ladder sends; other lines of a mail come whatever the ladder is."""

Rungs = dict[tuple[int, str, str, date], date]


def present_rungs(session: Session, area_id: int, since: date) -> tuple[Rungs, dict[str, int]]:
    """The rungs sent about an area's steps, with their day, as far as the steps were there on a day or later; and how
    many mails each address had of them from that day until yesterday."""
    columns = (Reminder.step_id, Reminder.address, Reminder.rung, Reminder.aim_on, Reminder.on)
    statement = select(*columns).join(Step, Step.id == Reminder.step_id)
    statement = statement.where(Step.area_id == area_id, Reminder.rung.in_(RUNGS), there_since(since))
    rows = session.execute(statement, execution_options=_READ).all()
    mails = {(row[1], row[4]) for row in rows if since <= row[4] < clock.today()}
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}, dict(Tally(address for address, _ in mails))


def places_of(histories: Iterable[History]) -> set[int]:
    """Every organisation that has or leads one of these steps at some moment."""
    states = (state for each in histories for state in each.states if state is not None)
    return {place for state in states for place in (state.organisation_id, state.lead_id)}


def opened_often(session: Session, area_id: int) -> Callable[[date], dict[tuple[int, str], int]]:
    """How often each step had opened in its track, by the day it is asked for."""
    opened: dict[tuple[int, str], list[date]] = defaultdict(list)
    statement = select(Step.track_id, Step.key, Step.opened_at).where(
        Step.area_id == area_id, Step.side_of_id.is_(None)
    )
    for track_id, key, at in session.execute(statement, execution_options=_READ):
        opened[track_id, key].append(clock.local(at).date())
    often = {key: days for key, days in opened.items() if len(days) > 1}
    return lambda day: {key: sum(on <= day for on in days) for key, days in often.items()}


def who_is_at(session: Session, addresses: Sequence[str]) -> dict[str, str]:
    """The person behind an address, else the team whose mailbox it is."""
    mailboxes = select(func.lower(Organisation.mailbox), Organisation.name).where(
        func.lower(Organisation.mailbox).in_(addresses)
    )
    people = select(func.lower(Person.email), Person.name).where(func.lower(Person.email).in_(addresses))
    return {row[0]: row[1] for statement in (mailboxes, people) for row in session.execute(statement)}
