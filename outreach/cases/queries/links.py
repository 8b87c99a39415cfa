"""Signed links: the one a token opens, as far as its holder may know; and those of a case, for who sees it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, SignedLink, Step, StepState, Track
from outreach.cases.queries.case_page import Scene
from outreach.children.grants import Scope, sight
from outreach.database import seen_by
from outreach.partners.models import Organisation

_READ = seen_by("link: who holds its token sees reference and step, nothing of the child")

WAITING = (StepState.PLANNED, StepState.OPEN)
"""A step that rests or has ended asks nothing."""


@dataclass(frozen=True)
class Asked:
    """All that somebody with the link may know: which reference and step, who asks (the kind), what can be said."""

    link_id: int
    reference: str
    process: str
    version: int
    step: str
    asker: str
    language: str
    offers: tuple[str, ...]
    expires_at: datetime
    answered_at: datetime | None
    open: bool


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_asked(session: Session, token: str) -> Asked | None:
    """What a token asks; None for one we never sent."""
    statement = (
        select(SignedLink, Case.reference, Step, Track.process, Track.process_version, Organisation.kind)
        .join(Case, Case.id == SignedLink.case_id)
        .join(Step, Step.id == SignedLink.step_id)
        .join(Track, Track.id == Step.track_id)
        .join(Organisation, Organisation.id == SignedLink.organisation_id)
        .where(SignedLink.token_digest == digest_of(token))
    )
    row = session.execute(statement, execution_options=_READ).one_or_none()
    if row is None:
        return None
    link, reference, step, process, version, kind = row
    return Asked(
        link.id,
        reference,
        process,
        version,
        step.key,
        kind,
        link.language,
        tuple(link.offers),
        link.expires_at,
        link.answered_at,
        is_out(link) and step.state in WAITING,
    )


def hold_asked(session: Session, link_id: int) -> tuple[SignedLink, Case, Step]:
    """The rows behind a link, held until the transaction ends: the case first, as every other change does."""
    link = session.get_one(SignedLink, link_id, execution_options=_READ)
    holding = select(Case).where(Case.id == link.case_id).with_for_update(of=Case)
    case = session.scalars(holding, execution_options=_READ).one()
    fresh = {**_READ, "populate_existing": True}
    step = session.scalars(select(Step).where(Step.id == link.step_id), execution_options=fresh).one()
    return link, case, step


def last_day(expires_at: datetime) -> date:
    """The last day on which a link can be answered."""
    return clock.local(expires_at - timedelta(seconds=1)).date()


def is_out(link: SignedLink) -> bool:
    """Whether it can still be answered, as far as the link goes."""
    return link.answered_at is None and link.withdrawn_at is None and link.expires_at > clock.now()


def links_out(session: Session, scene: Scene) -> list[tuple[SignedLink, Step]]:
    """The links of a case that wait for an answer, about the steps this person sees; oldest first."""
    steps = {step.id: step for step in scene.steps}
    found = [link for link in all_links(session, scene) if is_out(link)]
    return [(link, steps[link.step_id]) for link in found if steps[link.step_id].state in WAITING]


def all_links(session: Session, scene: Scene) -> list[SignedLink]:
    """Every link of a case for who sees all of it; else those one's own organisation sent. Oldest first."""
    steps = [step.id for step in scene.steps]
    statement = select(SignedLink).where(SignedLink.case_id == scene.case.id, SignedLink.step_id.in_(steps))
    if scene.scope is not Scope.FULL:
        statement = statement.where(SignedLink.organisation_id == scene.actor.organisation_id)
    return list(session.scalars(statement.order_by(SignedLink.id), execution_options=sight(scene.actor)))
