"""How the differences of a list, what would become of them and what was decided are written on a page."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from outreach import clock
from outreach.cases.commands.undoing import FOR
from outreach.cases.models import Step, Track
from outreach.cases.words import closure_label, step_label
from outreach.imports.answers import ANSWERS, Answer
from outreach.imports.commands.planning_answers import Plan
from outreach.imports.models import Batch, DifferenceKind
from outreach.imports.queries.deciding import Item
from outreach.imports.queries.deeds import Done
from outreach.imports.queries.tallies import Tally
from outreach.imports.routes.shown import Shown, told
from outreach.imports.words import word
from outreach.partners.models import Area
from outreach.web.filters import age, day, language, moment

_ICONS = {
    DifferenceKind.GONE: "question",
    DifferenceKind.MOVED: "place",
    DifferenceKind.RESPELT: "edit",
    DifferenceKind.CAPITALS: "edit",
    DifferenceKind.BORN: "calendar",
    DifferenceKind.RENUMBERED: "person",
    DifferenceKind.OUTSIDE: "outside",
    DifferenceKind.AGAIN: "undo",
}

_BY_HOUSEHOLD = ("moved.split", "moved.together")
"""Effects that are counted in households."""


def batch_shown(batch: Batch, area: Area, before: Batch | None = None) -> Shown:
    """The list, and the one it is laid beside."""
    return {
        "id": batch.id,
        "file_name": batch.file_name,
        "area": area.name,
        "as_of": batch.as_of,
        "url": url_for("imports.receipt", batch_id=batch.id),
        "before": before and {"as_of": before.as_of, "url": url_for("imports.receipt", batch_id=before.id)},
    }


def tiles_shown(batch: Batch, area: Area, counts: Mapping[str, Tally], still: int, pairs: Tally) -> list[Shown]:
    """Every group with its number; those in which something waits stand out."""
    found: list[Shown] = [
        _tile("new", batch.new, "new", url_for("cases.area", key=area.key) if batch.new else None),
        _tile("still", still, "known"),
    ]
    for kind in ANSWERS:
        tally = counts.get(kind, Tally())
        url = url_for("imports.differences", batch_id=batch.id, group=kind.value, _anchor="group")
        found.append(_group_tile(kind, tally, _ICONS[kind], url))
    url = url_for("imports.proposed", batch_id=batch.id)
    return [*found, _group_tile(DifferenceKind.PROPOSED, pairs, "people", url) | {"url": url}]


def _group_tile(key: str, tally: Tally, icon: str, url: str) -> Shown:
    tile = _tile(key, tally.count, icon, url if tally.count else None)
    if tally.waiting:
        tile |= {"tone": "soon", "label": word(f"tile.{key}.waiting", language(), count=tally.waiting)}
    return tile


def _tile(key: str, number: int, icon: str, url: str | None = None) -> Shown:
    return {"number": number, "label": word(f"tile.{key}", language()), "icon": icon, "tone": "plain", "url": url}


def items_shown(
    items: Sequence[Item],
    moves: Mapping[int, tuple[Step, Track, date | None]],
    seen: Container[int],
    ticked: Collection[int] = (),
) -> list[Shown]:
    """The children of one group, each with the list beside ours and where its case stands. `seen`: the cases one may
    open."""
    return [
        _item_shown(item)
        | _stands(moves.get(item.case.id))
        | {"url": url_for("cases.case", reference=item.case.reference) if item.case.id in seen else None}
        | {"ticked": item.difference.id in ticked}
        for item in items
    ]


def _item_shown(item: Item) -> Shown:
    listed, ours = _both(item)
    return {
        "id": item.difference.id,
        "key": item.key,
        "name": item.child.name,
        "age": age(item.child.born_on),
        "reference": item.case.reference,
        "listed": listed,
        "ours": ours,
        "ended": item.case.ended_at is not None,
        "newer": item.newer,
        "put_off": item.difference.answer is not None,
    }


def _both(item: Item) -> tuple[str, str]:
    """What the list says, and what stands here now."""
    kind, said = item.difference.kind, item.said
    if kind == DifferenceKind.AGAIN:
        return word(f"proposal.{said['listed']}", language()), closure_label(said["ours"], language())
    if kind == DifferenceKind.RENUMBERED:
        return word("differs.other_number", language()), ""
    now = {DifferenceKind.MOVED: item.address, DifferenceKind.BORN: item.child.born_on.isoformat()}
    if kind == DifferenceKind.OUTSIDE:
        return said["listed"], item.home.municipality if item.home else ""
    return told(said["listed"]), told(now.get(DifferenceKind(kind), item.child.name))


def _stands(move: tuple[Step, Track, date | None] | None) -> Shown:
    if move is None:
        return {"step": "", "rests_until": None}
    step, track, rests_until = move
    return {"step": step_label(track.process, step.key, language()), "rests_until": rests_until}


def plans_shown(plans: Sequence[Plan]) -> Shown:
    """What would happen: in numbers, child by child, and who stays as they are with the reason."""
    possible = [plan for plan in plans if plan.stays is None]
    return {
        "summary": list(_summary(possible)),
        "items": [
            _item_shown(plan.item) | {"takes": plan.answer is Answer.TAKE, "apart": "moved.split" in plan.effects}
            for plan in possible
        ],
        "left_out": [
            _item_shown(plan.item) | {"reason": word(f"stays.{plan.stays}", language())}
            for plan in plans
            if plan.stays is not None
        ],
    }


def _summary(plans: Sequence[Plan]) -> Iterator[str]:
    """ "17 addresses change", "3 households split"."""
    counted: dict[str, set[int]] = {}
    for plan in plans:
        for effect in plan.effects:
            one = plan.item.child.household_id if effect in _BY_HOUSEHOLD else plan.item.difference.id
            counted.setdefault(effect, set()).add(one)
    for effect, those in counted.items():
        yield word(f"effect.{effect}", language(), count=len(those))


def deeds_shown(batch: Batch, deeds: Sequence[Done]) -> list[dict[str, Any]]:
    """What was decided, by whom and when, and until when it can be taken back."""
    now = clock.now()
    found = []
    for done in deeds:
        deed, kind = done.deed, done.deed.key.partition(".")[0]
        undone = deed.undone_at is not None
        possible = not undone and now <= deed.at + FOR
        found.append(
            {
                "title": word(f"group.{kind}.title", language()),
                "answer": word(f"answer.{deed.key}", language()),
                "count": done.cases,
                "by": done.by,
                "at_text": moment(deed.at),
                "undone_text": moment(deed.undone_at) if deed.undone_at else "",
                "left": list(done.left),
                "until": day(clock.local(deed.at + FOR).date()),
                "undo_url": url_for("imports.undo_decision", batch_id=batch.id, deed_id=deed.id) if possible else None,
            }
        )
    return found
