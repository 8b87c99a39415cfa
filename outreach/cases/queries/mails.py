"""Which mails were sent about the steps of a case: to whom, why, and what became of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.cases.models import Reminder, Step
from outreach.cases.queries.case_page import Scene
from outreach.children.grants import Scope, sight
from outreach.notifications.models import OutboxLine, OutboxMessage
from outreach.partners.models import Organisation

COUNTED: Mapping[str, Any] = {"rung": "counted"}
"""The reason of a mail that does not name the step: it is one of a number."""


@dataclass(frozen=True)
class Told:
    """One mail about one step. `state` is that of the mail, "withdrawn" when the line was taken back (`gone` says why),
    None when nobody knows any more; `rule` is why it was written; `to` is empty for somebody who is gone."""

    step: Step
    at: datetime
    to: str
    state: str | None = None
    fault: str | None = None
    gone: str | None = None
    rule: Mapping[str, Any] | None = None
    urgent: bool = False
    message_id: int | None = None


def mails_about(session: Session, scene: Scene) -> list[Told]:
    """Newest first; only for who sees the whole case."""
    if scene.scope is not Scope.FULL:
        return []
    steps = {step.id: step for step in scene.steps}
    named = list(_named(session, steps))
    known = {(told.step.id, told.message_id) for told in named}
    found = named + [told for told in _counted(session, scene, steps) if (told.step.id, told.message_id) not in known]
    names = _names(session, {told.to for told in found})
    told = [replace(each, to=names.get(each.to, "")) for each in found]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _named(session: Session, steps: Mapping[int, Step]) -> Iterator[Told]:
    """Mails with a line about one of these steps."""
    statement = (
        select(OutboxLine, OutboxMessage)
        .join(OutboxMessage, OutboxMessage.id == OutboxLine.outbox_message_id)
        .where(OutboxLine.about.in_([f"step:{number}" for number in steps]))
        .order_by(OutboxLine.id)
    )
    for line, mail in session.execute(statement):
        told = _told(steps[int(line.about.partition(":")[2])], mail, line.rule)
        if line.withdrawn_at is not None:
            told |= {"state": "withdrawn", "gone": line.withdrawn_why or "changed"}
        yield Told(**told)


def _counted(session: Session, scene: Scene, steps: Mapping[int, Step]) -> Iterator[Told]:
    """Rungs of these steps that went into a mail as a number, or whose mail was emptied since."""
    mail_of = and_(
        OutboxMessage.address == Reminder.address,
        or_(OutboxMessage.digest_on == Reminder.on, OutboxMessage.urgent_on == Reminder.on),
        OutboxMessage.queued_at <= Reminder.at,
    )
    statement = (
        select(Reminder, OutboxMessage)
        .outerjoin(OutboxMessage, mail_of)
        .where(Reminder.step_id.in_(steps))
        .order_by(Reminder.id, OutboxMessage.queued_at.desc())
    )
    seen: set[tuple[int, str, datetime]] = set()
    for reminder, mail in session.execute(statement, execution_options=sight(scene.actor)):
        key = (reminder.step_id, reminder.address, reminder.at)
        if key in seen:
            continue
        seen.add(key)
        yield _one_counted(steps[reminder.step_id], reminder, mail)


def _one_counted(step: Step, reminder: Reminder, mail: OutboxMessage | None) -> Told:
    if mail is None:
        return Told(step, reminder.at, reminder.address)
    return Told(**_told(step, mail, None if mail.purged_at else COUNTED))


def _told(step: Step, mail: OutboxMessage, rule: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "step": step,
        "at": mail.sent_at or mail.failed_at or mail.queued_at,
        "to": mail.address,
        "state": mail.state,
        "fault": mail.last_error,
        "rule": rule,
        "urgent": mail.urgent_on is not None,
        "message_id": mail.id,
    }


def _names(session: Session, addresses: set[str]) -> dict[str, str]:
    """Whose address it is: a person, else the organisation of that mailbox."""
    found: dict[str, str] = {}
    boxes = select(Organisation.mailbox, Organisation.name).where(Organisation.mailbox.in_(addresses))
    people = select(Person.email, Person.name).where(Person.email.in_(addresses))
    for statement in (boxes, people):
        found.update((address or "", name) for address, name in session.execute(statement))
    return found
