"""Two cases turn out to be of one child: one goes on, the other ends as its double; both histories stay."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.accompanying import granted_companion
from outreach.cases.commands.closing import close_all_tracks
from outreach.cases.commands.events import record
from outreach.cases.commands.family import set_secrecy
from outreach.cases.commands.perhaps_enrolled import go_on_visiting
from outreach.cases.commands.stepping import Opening, open_step, rule_of
from outreach.cases.commands.undoing import TakenBack, moved_on, remembered, undo_deed
from outreach.cases.models import Case, Deed, Proposal, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.merges import MERGED, kept_and_double
from outreach.cases.workflow import Owner
from outreach.children.commands import undo_number
from outreach.children.grants import Scope, grant
from outreach.children.merging import merge_child, records_of, say_two_children
from outreach.children.models import Child, Grant, IdentityChange
from outreach.errors import Refused

NOT_THE_SAME = "children_told_apart"
"""The same, for two records of two children."""

DOUBLE = "administrative"
"""The closure of the tracks of a double."""


def merge_cases(session: Session, kept: Case, double: Case, *, on_a_list: bool = False, by: Actor) -> Deed:
    """The children of these cases are one: what `double` still did goes on in `kept`, and can be taken apart again.

    `on_a_list`: the child turns out to be on the list it seemed to be gone from, so visits that waited go on.
    Raises Refused when the child of `kept` has no open case and the other does: the open one is kept then.
    """
    if kept.ended_at is not None and double.ended_at is None:
        raise Refused("keep_the_open_case")
    child, other = (session.get_one(Child, case.child_id, execution_options=INSIDE) for case in (kept, double))
    records, cases = _earlier_doubles(session, child, other)
    origin = f"merge:{kept.id}:{double.id}"
    with remembered(session, MERGED, {kept.id, double.id, *cases}, child_ids=records, origin=origin, by=by) as deed:
        merge_child(session, child, other, source=origin, by=by)
        if double.secrecy is not None and kept.secrecy is None:
            set_secrecy(session, kept, secrecy=double.secrecy, by=by)
        joined = _join_tracks(session, kept, double, by=by)
        _keep_companion(session, kept, double)
        if on_a_list:
            go_on_visiting(session, kept, by=by)
        _decide_proposals(session, double, by=by)
        close_all_tracks(session, double, key=DOUBLE, by=by)
        record(session, kept, MERGED, by=by, data={"deed": deed.id, "double": double.reference, "joined": joined})
        record(session, double, MERGED, by=by, data={"deed": deed.id, "kept": kept.reference})
    return deed


def say_not_the_same(session: Session, case: Case, other: Case, *, by: Actor) -> Deed:
    """The children of these cases are two, however alike: it is remembered, and nobody is asked again."""
    child, its_other = (session.get_one(Child, each.child_id, execution_options=INSIDE) for each in (case, other))
    with remembered(session, NOT_THE_SAME, [case.id, other.id], origin=f"apart:{case.id}:{other.id}", by=by) as deed:
        say_two_children(session, child, its_other, by=by)
        for here, there in ((case, other), (other, case)):
            record(session, here, NOT_THE_SAME, by=by, data={"deed": deed.id, "other": there.reference})
    return deed


def part_cases(session: Session, deed: Deed, *, by: Actor) -> TakenBack:
    """They are two children after all: both cases as before. What happened to the kept one since then stays with it.

    Raises Refused when the double moved on, or the merge was taken back or is older than thirty days.
    """
    if deed.undone_at is not None:
        raise Refused("deed_undone")
    kept, double = kept_and_double(session, deed)
    gone_on = moved_on(session, deed)
    if double.id in gone_on:
        raise Refused("double_moved_on", reference=double.reference)
    if kept.id in gone_on:
        _give_back_number(session, kept, deed)
        record(session, kept, "children_parted", by=by, data={"deed": deed.id, "double": double.reference})
    return undo_deed(session, deed, by=by)


def _earlier_doubles(session: Session, *children: Child) -> tuple[list[int], list[int]]:
    """The records that became one of these children before, and a case of each."""
    records = [each for child in children for each in records_of(session, child.id) if each != child.id]
    statement = select(func.min(Case.id)).where(Case.child_id.in_(records)).group_by(Case.child_id)
    return records, list(session.scalars(statement, execution_options=INSIDE))


def _join_tracks(session: Session, kept: Case, double: Case, *, by: Actor) -> list[str]:
    """Open tracks of the double of which the kept case has none go on there, at the same step, with the same owner."""
    if kept.ended_at is not None:
        return []
    open_tracks = select(Track).where(Track.ended_at.is_(None)).order_by(Track.id)
    there = session.scalars(open_tracks.where(Track.case_id == double.id), execution_options=INSIDE).all()
    here = {
        track.process
        for track in session.scalars(open_tracks.where(Track.case_id == kept.id), execution_options=INSIDE)
    }
    joined = [track for track in there if track.process not in here]
    for track in joined:
        _continue(session, kept, track, by=by)
    return [track.process for track in joined]


def _continue(session: Session, kept: Case, track: Track, *, by: Actor) -> None:
    made = Track(
        case_id=kept.id,
        process=track.process,
        process_version=track.process_version,
        opened_on=clock.today(),
        opened_at=clock.now(),
        ended_at=None,
    )
    session.add(made)
    session.flush()
    living = select(Step).where(Step.track_id == track.id, IS_LIVING, Step.side_of_id.is_(None)).order_by(Step.number)
    for step in session.scalars(living, execution_options=INSIDE).all():
        owner = Owner(step.organisation_id, "previous", to_assign=step.to_assign)
        opening = Opening(rule_of(session, step), owner, person_id=step.person_id, scope=Scope(step.scope))
        open_step(session, kept, made, opening, by=by)


def _keep_companion(session: Session, kept: Case, double: Case) -> None:
    """The person the family trusts stays so, when the kept case has nobody."""
    if kept.companion_id is not None or double.companion_id is None or kept.ended_at is not None:
        return
    team = select(Grant.organisation_id).where(Grant.case_id == double.id, Grant.person_id == double.companion_id)
    organisation_id = session.scalar(team.where(Grant.reason == "companion").limit(1), execution_options=INSIDE)
    if organisation_id is not None:
        kept.companion_id = double.companion_id
        grant(session, [granted_companion(kept, double.companion_id, organisation_id)])


def _decide_proposals(session: Session, double: Case, *, by: Actor) -> None:
    """Whether to open a double again is no question any more."""
    waiting = select(Proposal).where(Proposal.case_id == double.id, Proposal.decided_at.is_(None))
    for proposal in session.scalars(waiting, execution_options=INSIDE):
        proposal.decided_at, proposal.decided_by_id, proposal.answer = clock.now(), by.person_id, MERGED


def _give_back_number(session: Session, kept: Case, deed: Deed) -> None:
    """The number the kept child took from the other goes back to it."""
    child = session.get_one(Child, kept.child_id, execution_options=INSIDE)
    statement = select(IdentityChange).where(IdentityChange.child_id == child.id, IdentityChange.source == deed.origin)
    change = session.scalars(statement.order_by(IdentityChange.id.desc()), execution_options=INSIDE).first()
    if change is not None and change.undone_at is None and child.insz == change.after:
        undo_number(session, change, child)
