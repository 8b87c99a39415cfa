"""Cases that were merged, as long as they can be taken apart, and the double behind a case."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Deed, DeedItem
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import sight
from outreach.children.models import Child

MERGED = "children_merged"
"""The key of the deed, and of the event in both cases."""


@dataclass(frozen=True)
class Merge:
    """Two cases that became one, and when it was said."""

    deed: Deed
    kept: Case
    double: Case


def merges_of(session: Session, actor: Actor, case: Case) -> list[Merge]:
    """What was merged into this case, or this case into, and not taken back; the newest first."""
    statement = (
        select(Deed)
        .join(DeedItem, DeedItem.deed_id == Deed.id)
        .where(DeedItem.case_id == case.id, Deed.key == MERGED, Deed.undone_at.is_(None))
        .order_by(Deed.id.desc())
    )
    found = session.scalars(statement, execution_options=sight(actor)).all()
    both = [Merge(deed, *kept_and_double(session, deed)) for deed in found]
    return [one for one in both if case.id in (one.kept.id, one.double.id)]


def kept_and_double(session: Session, deed: Deed) -> tuple[Case, Case]:
    """The two cases a merge was about."""
    _merge, kept_id, double_id = deed.origin.split(":")
    kept, double = (session.get_one(Case, int(each), execution_options=INSIDE) for each in (kept_id, double_id))
    return kept, double


def doubles_of(session: Session, actor: Actor, case: Case) -> list[Case]:
    """The ended cases of records that became the child of this case; whoever sees it whole may read them."""
    merged = aliased(Child)
    statement = (
        select(Case).join(merged, merged.id == Case.child_id).where(merged.merged_into_id == case.child_id)
    ).order_by(Case.id)
    return list(session.scalars(statement, execution_options=sight(actor)))


def became(session: Session, actor: Actor, case: Case) -> Case | None:
    """The case that goes on for the child of a double: the open one, else the one that ended last."""
    double = aliased(Child)
    statement = (
        select(Case)
        .join(double, double.merged_into_id == Case.child_id)
        .where(double.id == case.child_id)
        .order_by(Case.ended_at.is_not(None), Case.ended_at.desc(), Case.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()
