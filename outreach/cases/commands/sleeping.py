"""The steps of schools sleep from 1 July to the third school day of September: never late, and no mail."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.owning import subject_of
from outreach.cases.commands.stepping import calendar_of, dates_of, put_dates
from outreach.cases.commands.taking_back import take_back_links
from outreach.cases.models import Case, Pause, Step, StepState
from outreach.cases.workflow import asleep, schools_wake_on
from outreach.database import seen_by
from outreach.notifications.commands import withdraw_lines
from outreach.partners.models import SCHOOL, Organisation
from outreach.schoolyear import Counter

_READ = seen_by("clock: schools fall asleep")

SUMMER = "school_summer"
"""The reason of a pause that nobody asked for: schools are closed."""

_FIRST, _LAST = 7, 9
"""The months in which a school may sleep."""


def let_schools_sleep(session: Session, *, by: Actor) -> None:
    """Put every open step of a school to rest for the summer, once it is time."""
    if not _FIRST <= clock.today().month <= _LAST:
        return
    session.flush()
    statement = (
        select(Step, Case)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(Step.state == StepState.OPEN, Organisation.kind == SCHOOL)
    )
    for step, case in session.execute(statement, execution_options=_READ).all():
        _sleep(session, case, step, by)


def _sleep(session: Session, case: Case, step: Step, by: Actor) -> None:
    """A step of a school rests until its school is ready; days that come from the world do not wait for it."""
    today, calendar = clock.today(), calendar_of(session, step)
    wakes_on = schools_wake_on(today, calendar)
    if wakes_on is None:
        return
    until_on = wakes_on - timedelta(days=1)
    session.add(
        Pause(
            case_id=case.id,
            step_id=step.id,
            reason=SUMMER,
            remark=None,
            from_on=today,
            until_on=until_on,
            at=clock.now(),
            by_id=by.person_id,
            ended_at=None,
        )
    )
    before = {"aim_on": step.aim_on, "too_late_on": step.too_late_on}
    put_dates(step, asleep(dates_of(step), today, wakes_on, Counter(step.counter), calendar))
    step.state = StepState.PAUSED
    withdraw_lines(session, about=[subject_of(step)])
    take_back_links(session, [step.id])
    days = {"wakes_on": wakes_on, "before": before, "aim_on": step.aim_on, "too_late_on": step.too_late_on}
    record(session, case, "step_asleep", by=by, step=step, data=days)
