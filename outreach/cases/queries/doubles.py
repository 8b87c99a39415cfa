"""Which other case may be of the same child, among those somebody sees whole."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.cases.queries.beside import Pair, pairs_seen
from outreach.cases.queries.finding import find_case
from outreach.children.grants import Scope, sight, visible
from outreach.children.merging import records_of, two_children
from outreach.children.models import Child
from outreach.children.resembling import portraits, resembling


def probably_doubles(session: Session, actor: Actor, case: Case) -> list[Pair]:
    """Cases of children who are probably this one, the likeliest first; without those said to be another child."""
    besides = {*records_of(session, case.child_id), *two_children(session, case.child_id)}
    portrait = portraits(session, [case.child_id])[case.child_id]
    found = [one.child_id for one in resembling(session, [portrait], besides=besides)]
    newest = select(Case.id, Case.child_id).where(Case.child_id.in_(found), visible(actor, Case.id, Scope.FULL))
    rows = session.execute(newest.order_by(Case.ended_at.is_(None), Case.id), execution_options=sight(actor))
    case_of = {child_id: case_id for case_id, child_id in rows}
    wanted = [(case.id, case_of[child_id]) for child_id in found if child_id in case_of]
    seen = pairs_seen(session, actor, wanted)
    return [seen[each] for each in wanted if each in seen]


def find_pair(session: Session, actor: Actor, case: Case, reference: str) -> Pair | None:
    """This case beside another one, if both are seen whole and are of two records."""
    other = find_case(session, actor, reference)
    if other is None or other.child_id == case.child_id:
        return None
    merged = select(Child.id).where(Child.id.in_([case.child_id, other.child_id]), Child.merged_into_id.is_not(None))
    if session.scalars(merged, execution_options=sight(actor)).first() is not None:
        return None
    return pairs_seen(session, actor, [(case.id, other.id)]).get((case.id, other.id))


def said_apart(session: Session, pair: Pair) -> bool:
    """Whether somebody said that these are two children."""
    return pair.other.child.id in two_children(session, pair.one.child.id)
