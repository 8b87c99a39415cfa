"""When a step is worked on: the next agreed day, a pause and its end, a new aim once."""

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.hearing import hear_of
from outreach.cases.commands.inviting import follow_day
from outreach.cases.commands.owning import subject_of
from outreach.cases.commands.stepping import calendar_of, dates_of, put_dates
from outreach.cases.commands.taking_back import take_back_links
from outreach.cases.models import Case, Pause, Step, StepState
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import agreed_day, paused, processes, resumed
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.schoolyear import Counter


def plan_visit(session: Session, case: Case, step: Step, *, on: date, at: time | None = None, by: Actor) -> None:
    """Agree on the day of the next visit, and the hour; the aim follows it, not past too late."""
    if not step.living:
        raise Refused("step_ended", number=step.number)
    if on < clock.today():
        raise Refused("planned_in_past", on=on)
    before = step.aim_on
    step.planned_on, step.planned_part, step.planned_at = on, None, at
    put_dates(step, agreed_day(dates_of(step), on, clock.today()))
    _touched(session, step)
    told = {"on": on, "at": f"{at:%H:%M}" if at else None, "before": before, "aim_on": step.aim_on}
    record(session, case, "visit_planned", by=by, step=step, data=told)
    follow_day(session, case, step, been=False, by=by)


def pause_step(
    session: Session, case: Case, step: Step, *, reason: str, until_on: date, remark: str | None, by: Actor
) -> Pause:
    """Let a step rest until a day; aims move on with it, days that come from the world do not."""
    if step.state != StepState.OPEN:
        raise Refused("step_not_open", number=step.number)
    if until_on <= clock.today():
        raise Refused("pause_ends_in_past", until=until_on)
    if reason not in {choice.key for choice in processes().common.pauses}:
        raise Refused("pause_reason_unknown", reason=reason)
    today = clock.today()
    pause = Pause(
        case_id=case.id,
        step_id=step.id,
        reason=reason,
        remark=remark or None,
        from_on=today,
        until_on=until_on,
        at=clock.now(),
        by_id=by.person_id,
        ended_at=None,
    )
    session.add(pause)
    before = _days(step)
    step.state = StepState.PAUSED
    step.pauses += 1
    _shift(session, step, today, until_on)
    _touched(session, step)
    take_back_links(session, [step.id])
    record(
        session,
        case,
        "step_paused",
        by=by,
        step=step,
        data={"reason": reason, "until_on": until_on, "before": before, **_days(step)},
    )
    return pause


def resume_step(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """Take a paused step up again; of a pause that ends early the days not used are given back."""
    if step.state != StepState.PAUSED:
        raise Refused("step_not_paused", number=step.number)
    if step.sleeps_until is not None:
        raise Refused("school_sleeps", until=step.sleeps_until)
    take_up(session, step)
    _touched(session, step)
    record(session, case, "step_resumed", by=by, step=step, data=_days(step))


def take_up(session: Session, step: Step) -> None:
    """A planned or paused step is worked on: it is open, and days of its pause that were not used are given back."""
    if step.state == StepState.PAUSED:
        statement = select(Pause).where(Pause.step_id == step.id, Pause.ended_at.is_(None))
        session.scalars(statement, execution_options=INSIDE).one().ended_at = clock.now()
        put_dates(step, resumed(dates_of(step), clock.today(), Counter(step.counter), calendar_of(session, step)))
    step.state = StepState.OPEN


def set_new_aim(session: Session, case: Case, step: Step, *, aim_on: date, reason: str, by: Actor) -> None:
    """Move the aim once, with a reason, not beyond too late; the ladder is silent until then."""
    if not step.living:
        raise Refused("step_ended", number=step.number)
    if step.new_aim_at is not None:
        raise Refused("new_aim_only_once")
    if not reason.strip():
        raise Refused("new_aim_without_reason")
    if aim_on <= clock.today():
        raise Refused("new_aim_in_past", on=aim_on)
    if step.too_late_on is not None and step.too_late_on >= clock.today() and aim_on > step.too_late_on:
        raise Refused("new_aim_past_too_late", too_late_on=step.too_late_on)
    before = step.aim_on
    step.new_aim_at = clock.now()
    put_dates(step, agreed_day(dates_of(step), aim_on, clock.today(), reason="new_aim"))
    _touched(session, step)
    record(
        session,
        case,
        "new_aim_set",
        by=by,
        step=step,
        data={"before": before, "aim_on": step.aim_on},
        personal={"reason": reason},
    )


def _shift(session: Session, step: Step, from_on: date, until_on: date) -> None:
    put_dates(step, paused(dates_of(step), from_on, until_on, Counter(step.counter), calendar_of(session, step)))


def _days(step: Step) -> dict[str, date | None]:
    return {"aim_on": step.aim_on, "too_late_on": step.too_late_on}


def _touched(session: Session, step: Step) -> None:
    hear_of(session, step)
    withdraw_lines(session, about=[subject_of(step)])
