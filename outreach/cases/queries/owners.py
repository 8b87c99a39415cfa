"""Who the next step belongs to: gathers the candidates, the process decides among them in its fixed order."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.queries import is_member
from outreach.cases.models import Case, Step
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.school_contacts import contact_person, find_contact
from outreach.cases.workflow import Owner, StepRule, choose_owner
from outreach.children.models import Child, Grant, Residence
from outreach.errors import Refused
from outreach.partners.models import SCHOOL, Organisation
from outreach.partners.queries import routed_organisation, serving
from outreach.schoolyear import school_year_of


def owner_of_next(session: Session, case: Case, rule: StepRule, *, named: Organisation | None) -> Owner:
    """The organisation a new step goes to. Raises Refused when the one named has ended."""
    today = clock.today()
    if named is not None and named.ended_on is not None and named.ended_on <= today:
        raise Refused("organisation_ended", organisation=named.name)
    return choose_owner(
        rule.owner,
        named=named.id if named else None,
        previous=_previous(session, case, rule),
        routed=_routed(session, case, rule),
        serving=_serving(session, case, rule),
        lead=case.lead_id,
    )


def person_of_next(session: Session, case: Case, key: str, organisation_id: int) -> int | None:
    """Who of that organisation had this step of the case last, if still there; else nobody yet. In a school that is
    the contact of this school year, never last year's teacher."""
    school = session.get_one(Organisation, organisation_id).kind == SCHOOL
    person_id = contact_person(session, find_contact(session, organisation_id, clock.today())) if school else None
    if person_id is None:
        person_id = _last_person(session, case, key, organisation_id, this_year=school)
    if person_id is None and case.companion_id is not None:
        person_id = case.companion_id
    if person_id is None or not is_member(session, person_id, organisation_id, clock.today()):
        return None
    return person_id


def _last_person(session: Session, case: Case, key: str, organisation_id: int, *, this_year: bool) -> int | None:
    statement = (
        select(Step.person_id)
        .where(Step.case_id == case.id, Step.key == key, Step.organisation_id == organisation_id)
        .order_by(Step.number.desc())
        .limit(1)
    )
    if this_year:
        first_on = school_year_of(clock.today()).first_on
        statement = statement.where(Step.told_at >= clock.moment_of(first_on, 0))
    return session.scalar(statement, execution_options=INSIDE)


def _previous(session: Session, case: Case, rule: StepRule) -> int | None:
    """The organisation of one of these kinds that last had this case."""
    if not rule.owner.kinds:
        return None
    statement = (
        select(Step.organisation_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(Step.case_id == case.id, Organisation.kind.in_(rule.owner.kinds), Organisation.ended_on.is_(None))
        .order_by(Step.number.desc())
        .limit(1)
    )
    return session.scalar(statement, execution_options=INSIDE)


def _routed(session: Session, case: Case, rule: StepRule) -> int | None:
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    today = clock.today()
    found = routed_organisation(
        session, case.area_id, rule.key, age=today.year - child.born_on.year, nis=nis_of(session, child), on=today
    )
    return found.id if found else None


def _serving(session: Session, case: Case, rule: StepRule) -> list[int]:
    today = clock.today()
    return [
        organisation.id
        for kind in rule.owner.kinds
        for organisation in serving(session, case.area_id, kind=kind, on=today)
    ]


def nis_of(session: Session, child: Child) -> str | None:
    """The municipality a child lives in now, as NIS code."""
    statement = select(Residence.nis).where(Residence.child_id == child.id, Residence.until_at.is_(None))
    return session.scalar(statement, execution_options=INSIDE)


def companion_team(session: Session, case: Case) -> int | None:
    """The organisation the companion accompanies this family for, while still there."""
    if case.companion_id is None:
        return None
    statement = select(Grant.organisation_id).where(
        Grant.case_id == case.id,
        Grant.person_id == case.companion_id,
        Grant.reason == "companion",
        Grant.until.is_(None),
    )
    organisation_id = session.scalars(statement, execution_options=INSIDE).first()
    if organisation_id is None or not is_member(session, case.companion_id, organisation_id, clock.today()):
        return None
    return organisation_id
