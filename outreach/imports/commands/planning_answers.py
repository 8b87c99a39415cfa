"""What an answer would do about each difference of a group, or why it stays; nothing changes yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.correcting import stays_behind
from outreach.cases.commands.opening import leave_in_peace_until
from outreach.cases.commands.perhaps_enrolled import why_no_check
from outreach.cases.commands.proposing import asked_again
from outreach.cases.models import Case, Proposal
from outreach.cases.queries.transfers import TRANSFER
from outreach.children.matching import MATCHING
from outreach.imports.answers import Answer
from outreach.imports.models import Batch, DifferenceKind
from outreach.imports.queries.deciding import Item
from outreach.imports.queries.leaning_on import number_change, transferring
from outreach.partners.queries import area_named


@dataclass(frozen=True)
class Plan:
    """What an answer would do about one child: keys of its effects, or why it `stays` as it is."""

    item: Item
    answer: Answer
    stays: str | None = None
    effects: tuple[str, ...] = ()


def plan_answer(session: Session, batch: Batch, items: Sequence[Item], *, answer: Answer) -> list[Plan]:
    """What this answer would do about each of these differences of one kind; nothing changes."""
    stays = [_stays(session, batch, item, answer) for item in items]
    moving = [item for item, why in zip(items, stays, strict=True) if why is None]
    splits = _splitting(session, moving) if is_move(items, answer) else set()
    return [
        Plan(item, answer, why, () if why else _effects(item, answer, splits))
        for item, why in zip(items, stays, strict=True)
    ]


def _stays(session: Session, batch: Batch, item: Item, answer: Answer) -> str | None:
    """Why nothing can be done about a difference this way; None when it can."""
    if item.difference.kind == DifferenceKind.AGAIN:
        return _no_answer_again(session, item, answer)
    if answer in (Answer.KEEP, Answer.LATER):
        return None
    if item.case.ended_at is not None:
        return "ended"
    if item.newer:
        return "newer_list"
    if answer is Answer.VERIFY:
        return why_no_check(session, item.case)
    if answer is Answer.OFFER:
        return _no_offer(session, item)
    if answer is Answer.PUT_BACK:
        return None if number_change(session, batch, item) else "moved_on"
    return _no_take_over(item)


def _no_answer_again(session: Session, item: Item, answer: Answer) -> str | None:
    if asked_again(session, item.case) is None:
        return "decided"
    if answer is not Answer.REOPEN:
        return None
    peace = leave_in_peace_until(session, item.case)
    return "in_peace" if peace is not None and peace > clock.today() else None


def _no_take_over(item: Item) -> str | None:
    kind = item.difference.kind
    if item.row is None:
        return "moved_on"
    ours = {DifferenceKind.MOVED: item.address, DifferenceKind.BORN: item.child.born_on.isoformat()}
    if ours.get(DifferenceKind(kind), item.child.name) != item.said["ours"]:
        return "changed_here"
    if kind == DifferenceKind.MOVED and item.case.secrecy is not None:
        return "guarded"
    incomplete = kind in (DifferenceKind.RESPELT, DifferenceKind.CAPITALS) and not (
        item.row.first_name and item.row.last_name
    )
    return "name_incomplete" if incomplete else None


def _no_offer(session: Session, item: Item) -> str | None:
    area = area_named(session, item.destination, clock.today())
    if area is None:
        return "no_area"
    if area.id == item.case.area_id:
        return "same_area"
    if _offered(session, item.case):
        return "offer_waits"
    return None if transferring(session, item.case) else "no_offer"


def is_move(items: Sequence[Item], answer: Answer) -> bool:
    """Whether addresses are taken over: who moves together is then handled together."""
    return answer is Answer.TAKE and any(item.difference.kind == DifferenceKind.MOVED for item in items)


def _splitting(session: Session, items: Sequence[Item]) -> set[int]:
    """The differences whose child leaves others of its household behind."""
    apart: set[int] = set()
    for together in by_move(items):
        children = [item.child.id for item in together]
        if stays_behind(session, together[0].child.household_id, children):
            apart.update(item.difference.id for item in together)
    return apart


def _effects(item: Item, answer: Answer, splits: set[int]) -> tuple[str, ...]:
    kind = item.difference.kind
    if kind == DifferenceKind.MOVED and answer is Answer.TAKE:
        return ("moved.take", "moved.split" if item.difference.id in splits else "moved.together")
    return (f"{kind}.{answer}",)


def by_move(items: Sequence[Item]) -> list[list[Item]]:
    """Children of one household that go to the same address."""
    found: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in items:
        found[item.child.household_id, item.row.address_key if item.row else ""].append(item)
    return list(found.values())


def _offered(session: Session, case: Case) -> bool:
    waiting = select(Proposal.id).where(
        Proposal.case_id == case.id, Proposal.key == TRANSFER, Proposal.decided_at.is_(None)
    )
    return session.scalar(waiting.limit(1), execution_options=MATCHING) is not None
