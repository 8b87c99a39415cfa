"""Who is the contact of a school this school year, and which schools have not said so since their steps woke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.models import Case, SchoolContact, Step
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import COORDINATING
from outreach.children.grants import sight, visible
from outreach.database import seen_by
from outreach.partners.models import Organisation
from outreach.schoolyear import school_year_of

NEW_YEAR = "new_year"
"""Why a step that woke is nobody's yet: its school is asked for the contact of the new year first."""

_READ = seen_by("naming a school's contact: every step of that school that waits for one")


@dataclass(frozen=True)
class Asked:
    """A school that is asked for its contact, and how many steps wait for the answer."""

    school: Organisation
    steps: int


def find_contact(session: Session, school_id: int, on: date) -> SchoolContact | None:
    """The contact a school named for the school year of this day."""
    statement = (
        select(SchoolContact)
        .where(SchoolContact.organisation_id == school_id, SchoolContact.school_year == school_year_of(on).start)
        .order_by(SchoolContact.id.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def contact_person(session: Session, contact: SchoolContact | None) -> int | None:
    """The person who was named, while still there; None for the mailbox."""
    if contact is None or contact.person_id is None:
        return None
    there = is_member(session, contact.person_id, contact.organisation_id, clock.today())
    return contact.person_id if there else None


def schools_asked(session: Session, actor: Actor) -> list[Asked]:
    """The schools somebody can name the contact of: one's own, and those with a step in a case one leads."""
    statement = (
        select(Organisation, func.count(Step.id))
        .join(Step, Step.organisation_id == Organisation.id)
        .join(Case, Case.id == Step.case_id)
        .where(IS_LIVING, Step.owner_reason == NEW_YEAR, _may_name(actor), visible(actor, Case.id))
        .group_by(Organisation.id)
        .order_by(Organisation.name)
    )
    return [Asked(row[0], row[1]) for row in session.execute(statement, execution_options=sight(actor))]


def steps_without_contact(session: Session, school_id: int) -> Sequence[tuple[Case, Step]]:
    """Every step of a school that waits for its contact, whoever leads the case."""
    statement = (
        select(Case, Step)
        .join(Step, Step.case_id == Case.id)
        .where(IS_LIVING, Step.owner_reason == NEW_YEAR, Step.organisation_id == school_id)
        .order_by(Step.id)
        .with_for_update(of=(Case, Step))
    )
    return [(row[0], row[1]) for row in session.execute(statement, execution_options=_READ)]


def _may_name(actor: Actor) -> ColumnElement[bool]:
    own = Step.organisation_id == actor.organisation_id
    return or_(own, Case.lead_id == actor.organisation_id) if actor.role in COORDINATING else own
