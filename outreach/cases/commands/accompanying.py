"""What a companion may see: from the day the family trusts somebody, to 60 days after the case ended."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.queries import is_member
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import Granted, Scope, grant
from outreach.children.models import Grant


def companion_subject(case: Case) -> str:
    """How the companion's grant names its case."""
    return f"companion:{case.id}"


def granted_companion(case: Case, person_id: int, organisation_id: int) -> Granted:
    """The grant of who accompanies a family for an organisation."""
    return Granted(
        child_id=case.child_id,
        case_id=case.id,
        organisation_id=organisation_id,
        person_id=person_id,
        scope=Scope.FULL,
        reason="companion",
        subject=companion_subject(case),
    )


def accompany_again(session: Session, case: Case) -> None:
    """A case begins again: who accompanied the family still does, unless that person left the team meanwhile."""
    if case.companion_id is None:
        return
    last = select(Grant.organisation_id).where(
        Grant.case_id == case.id, Grant.subject == companion_subject(case), Grant.person_id == case.companion_id
    )
    organisation_id = session.scalar(last.order_by(Grant.id.desc()).limit(1), execution_options=INSIDE)
    if organisation_id is None or not is_member(session, case.companion_id, organisation_id, clock.today()):
        case.companion_id = None
        return
    grant(session, [granted_companion(case, case.companion_id, organisation_id)])
