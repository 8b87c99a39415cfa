"""A day of a case is set: chosen with the family, told by a school, or handed down by a higher room."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, CaseAnchor
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor


def write_anchor(session: Session, case: Case, anchor: Anchor, on: date, *, by: Actor) -> None:
    """Put a day in the place of the one known so far; the old row stays."""
    now = clock.now()
    old = _present(session, case, anchor)
    if old is not None:
        if old.on == on:
            return
        old.replaced_at = now
        session.flush()
    session.add(CaseAnchor(case_id=case.id, key=anchor.value, on=on, at=now, by_id=by.person_id, replaced_at=None))
    session.flush()


def drop_anchor(session: Session, case: Case, anchor: Anchor) -> None:
    """The day known so far holds no more, and none takes its place; the old row stays."""
    old = _present(session, case, anchor)
    if old is not None:
        old.replaced_at = clock.now()
        session.flush()


def _present(session: Session, case: Case, anchor: Anchor) -> CaseAnchor | None:
    present = select(CaseAnchor).where(
        CaseAnchor.case_id == case.id, CaseAnchor.key == anchor.value, CaseAnchor.replaced_at.is_(None)
    )
    return session.scalars(present, execution_options=INSIDE).one_or_none()
