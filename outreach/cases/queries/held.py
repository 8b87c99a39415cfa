"""How much hangs on an organisation or a municipality, in counts: for who administers them, and sees no case."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Step
from outreach.cases.models.step import IS_LIVING
from outreach.children.models import Residence
from outreach.database import seen_by

_READ = seen_by("administration: counts of what an organisation or municipality still has")


@dataclass(frozen=True)
class Held:
    """What an organisation still has: living steps, and open cases in its lead."""

    steps: int
    cases: int


def held_by(session: Session, organisation_id: int) -> Held:
    """What has to be taken over before an organisation can stop."""
    steps = select(func.count(Step.id)).where(Step.organisation_id == organisation_id, IS_LIVING)
    cases = select(func.count(Case.id)).where(Case.lead_id == organisation_id, Case.ended_at.is_(None))
    return Held(
        session.scalar(steps, execution_options=_READ) or 0,
        session.scalar(cases, execution_options=_READ) or 0,
    )


def open_cases_in(session: Session, area_id: int, nis: str) -> int:
    """How many open cases of an area are of children who live in this municipality: they stay with the area."""
    lives = select(Residence.child_id).where(Residence.nis == nis, Residence.until_at.is_(None))
    statement = select(func.count(Case.id)).where(
        Case.area_id == area_id, Case.ended_at.is_(None), Case.child_id.in_(lives)
    )
    return session.scalar(statement, execution_options=_READ) or 0
