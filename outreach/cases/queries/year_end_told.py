"""Whom to tell in June that open cases wait for a decision, and how many."""

from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Step, YearDecision
from outreach.cases.models.step import IS_LIVING
from outreach.database import seen_by
from outreach.partners.models import SCHOOL, Organisation
from outreach.schoolyear import school_year_of

_READ = seen_by("morning sweep")


def undecided_by_lead(session: Session, today: date) -> dict[int, int]:
    """Open cases without a decision, for each organisation in the lead; a school is told of its steps."""
    statement = (
        select(Case.lead_id, func.count(Case.id))
        .join(Organisation, Organisation.id == Case.lead_id)
        .where(Case.ended_at.is_(None), ~_decided(today), Organisation.kind != SCHOOL)
        .group_by(Case.lead_id)
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=_READ)}


def undecided_by_school(session: Session, today: date) -> dict[int, int]:
    """Open cases without a decision in which a school has a step, for each school."""
    statement = (
        select(Step.organisation_id, func.count(func.distinct(Step.case_id)))
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(IS_LIVING, Step.side_of_id.is_(None), ~_decided(today), Organisation.kind == SCHOOL)
        .group_by(Step.organisation_id)
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=_READ)}


def _decided(today: date) -> ColumnElement[bool]:
    return exists().where(
        YearDecision.case_id == Case.id,
        YearDecision.school_year == school_year_of(today).start,
        YearDecision.taken_back_at.is_(None),
    )
