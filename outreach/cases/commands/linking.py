"""Asking one answer of somebody without an account: a link is sent, and can be taken back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case, SignedLink, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.links import WAITING, digest_of, is_out
from outreach.cases.workflow import processes, sayable_by_link
from outreach.errors import Refused
from outreach.notifications.commands import is_usable, normalised, queue_letter, withdraw_letter
from outreach.notifications.models import FAILED, OutboxMessage

KNOWN_HOW = ("phone", "welcome_sheet")
"""How a partner got the reference from us: never by this mail."""

A_DAY = 3
"""So many links leave about one step on one day."""


@dataclass(frozen=True)
class Asking:
    """To whom, in which language, which outcomes can be chosen, and how and when the receiver got the reference."""

    address: str
    language: str
    offers: Sequence[str]
    known_how: str
    known_on: date
    days: int


def send_link(session: Session, case: Case, step: Step, asking: Asking, *, by: Actor) -> SignedLink:
    """Send a link that can be answered once within so many days; an earlier one to that address is taken back.

    The token is in the letter and nowhere else. Raises Refused, also for an address that takes no mail.
    """
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    _check(session, track, step, asking)
    for former in _out(session, step):
        if normalised(former.address) == normalised(asking.address):
            _take_back(session, former, by=by)
    token = secrets.token_urlsafe(32)
    until = clock.today() + timedelta(days=asking.days)
    link = _link(case, step, asking, token, until, by)
    session.add(link)
    session.flush()
    link.outbox_message_id = queue_letter(
        session,
        kind="step_link",
        address=asking.address,
        language=asking.language,
        dedupe_key=f"step_link:{link.id}",
        tokens={
            "reference": case.reference,
            "process": track.process,
            "step": step.key,
            "until": until.isoformat(),
            "path": f"/answer/{token}?language={asking.language}",
        },
        not_after_at=link.expires_at,
    )
    _check_letter(session, link)
    record(session, case, "link_sent", by=by, step=step, data={"link": link.id, "until_on": until})
    return link


def withdraw_link(session: Session, case: Case, link: SignedLink, *, by: Actor) -> None:
    """Take a link back before it is answered, and its letter if it has not left. Raises Refused when it is not out."""
    if not is_out(link):
        raise Refused("link_not_out")
    _take_back(session, link, by=by)
    step = session.get_one(Step, link.step_id, execution_options=INSIDE)
    record(session, case, "link_withdrawn", by=by, step=step, data={"link": link.id})


def offers_of(process: str, version: int, step: Step) -> list[str]:
    """The keys of the outcomes that can be offered at a step; at a side step its answers."""
    if step.side_of_id is not None:
        return [choice.key for choice in processes().answers_to(step.key)]
    return [outcome.key for outcome in sayable_by_link(processes().step(process, version, step.key))]


def _check(session: Session, track: Track, step: Step, asking: Asking) -> None:
    if step.state not in WAITING:
        raise Refused("link_step_rests")
    if not is_usable(normalised(asking.address)):
        raise Refused("link_address_unusable")
    if asking.known_how not in KNOWN_HOW or asking.known_on > clock.today():
        raise Refused("link_reference_unknown")
    if not set(asking.offers) <= set(offers_of(track.process, track.process_version, step)):
        raise Refused("link_answers_unknown")
    since = clock.moment_of(clock.today(), 0)
    today = select(func.count(SignedLink.id)).where(SignedLink.step_id == step.id, SignedLink.sent_at >= since)
    if (session.scalar(today, execution_options=INSIDE) or 0) >= A_DAY:
        raise Refused("links_enough_today", most=A_DAY)


def _link(case: Case, step: Step, asking: Asking, token: str, until: date, by: Actor) -> SignedLink:
    return SignedLink(
        case_id=case.id,
        step_id=step.id,
        address=asking.address.strip(),
        language=asking.language,
        offers=list(asking.offers),
        token_digest=digest_of(token),
        known_how=asking.known_how,
        known_on=asking.known_on,
        sent_at=clock.now(),
        sent_by_id=by.person_id,
        organisation_id=by.organisation_id or step.organisation_id,
        expires_at=clock.moment_of(until + timedelta(days=1), 0),
    )


def _check_letter(session: Session, link: SignedLink) -> None:
    state = select(OutboxMessage.state).where(OutboxMessage.id == link.outbox_message_id)
    if session.scalar(state) == FAILED:
        raise Refused("link_address_wrong")


def _out(session: Session, step: Step) -> list[SignedLink]:
    statement = select(SignedLink).where(
        SignedLink.step_id == step.id, SignedLink.answered_at.is_(None), SignedLink.withdrawn_at.is_(None)
    )
    return list(session.scalars(statement, execution_options=INSIDE))


def _take_back(session: Session, link: SignedLink, *, by: Actor) -> None:
    link.withdrawn_at, link.withdrawn_by_id = clock.now(), by.person_id
    if link.outbox_message_id is not None:
        withdraw_letter(session, link.outbox_message_id)
