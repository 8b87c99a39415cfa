"""Which of the ticked families can get a letter now, which cannot and why, and the words their area uses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.letter_words import shipped
from outreach.cases.models import Case, LetterText, StepState
from outreach.cases.policy import may_steer
from outreach.cases.queries.area_list import Waiting
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Fact, Outcome, processes
from outreach.children.grants import sight
from outreach.children.models import Child, Household, Residence
from outreach.partners.models import Area

LETTER = "letter"
"""The channel of an attempt."""


@dataclass(frozen=True)
class Addressed:
    """A household that gets a letter: its name on the envelope, where it lives, and the visits it counts for."""

    household_id: int
    name: str
    residence: Residence
    language: str | None
    visits: tuple[tuple[Waiting, Outcome], ...]


@dataclass(frozen=True)
class LeftOut:
    """A household that gets none, and why."""

    waiting: Waiting
    reason: str


def addressed(session: Session, actor: Actor, waiting: Sequence[Waiting]) -> tuple[list[Addressed], list[LeftOut]]:
    """Sort out the living steps of some households, in their order."""
    guarded = _guarded(session, {each.child.household_id for each in waiting})
    found: list[Addressed] = []
    left_out: list[LeftOut] = []
    for household_id, group in groupby(waiting, key=lambda each: each.child.household_id):
        steps = list(group)
        reason = "guarded" if household_id in guarded else _hindrance(actor, steps)
        if reason is not None:
            left_out.append(LeftOut(steps[0], reason))
        else:
            found.append(_addressed(session, actor, household_id, steps))
    return found, left_out


def _guarded(session: Session, household_ids: Iterable[int]) -> set[int]:
    """Households in which any child is guarded or has died, also one this person does not see."""
    statement = (
        select(Child.household_id)
        .outerjoin(Case, Case.child_id == Child.id)
        .where(Child.household_id.in_(list(household_ids)), Case.secrecy.is_not(None) | Child.died_on.is_not(None))
    )
    return set(session.scalars(statement, execution_options=INSIDE))


def _hindrance(actor: Actor, steps: Sequence[Waiting]) -> str | None:
    sought = [each for each in steps if by_letter(each) is not None]
    if not sought:
        return "no_visit"
    ready = [each for each in sought if each.step.state == StepState.OPEN]
    if not ready:
        return "not_open"
    if not any(may_steer(actor, each.case, each.step) for each in ready):
        return "not_yours"
    home = _home(ready)
    return None if home is not None and home.street and home.kind == "home" else "no_address"


def _home(steps: Sequence[Waiting]) -> Residence | None:
    return next((each.residence for each in steps if each.residence is not None), None)


def _addressed(session: Session, actor: Actor, household_id: int, steps: Sequence[Waiting]) -> Addressed:
    visits = [
        (each, outcome)
        for each in steps
        if each.step.state == StepState.OPEN
        and may_steer(actor, each.case, each.step)
        and (outcome := by_letter(each)) is not None
    ]
    ready = [each for each, _outcome in visits]
    household = session.get_one(Household, household_id, execution_options=sight(actor))
    names = dict.fromkeys(each.child.last_name for each in ready)
    residence = _home(ready)
    if residence is None:
        raise LookupError(f"household {household_id} has no address")
    return Addressed(
        household_id,
        household.reference_person or " - ".join(names),
        residence,
        next((each.child.language for each in ready if each.child.language), None),
        tuple(visits),
    )


def by_letter(waiting: Waiting) -> Outcome | None:
    """The outcome that says somebody was sought by letter and not met; none where the step is no visit."""
    process = processes().process(waiting.track.process, waiting.track.process_version)
    rule = process.find_step(waiting.step.key)
    if rule is None or rule.report != "visit":
        return None
    return next(
        (
            outcome
            for outcome in rule.outcomes
            if Fact.CHANNEL in outcome.asks and outcome.stay and LETTER in outcome.stay.by_channel
        ),
        None,
    )


def letter_texts(session: Session, area: Area, kind: str) -> Mapping[str, str]:
    """What a letter of this kind says, by language: the area's own words where it wrote them."""
    own = select(LetterText.language, LetterText.text).where(LetterText.area_id == area.id, LetterText.kind == kind)
    return {**shipped()[kind], **{row.language: row.text for row in session.execute(own)}}
