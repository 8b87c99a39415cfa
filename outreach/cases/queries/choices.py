"""What a form about a case offers to choose from: schools, organisations, people, the days a child can start on."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import members
from outreach.cases.models import Attempt, Case, CaseAnchor, Placement, Step
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import may_report
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor, Fact, OwnerRule, StepRule
from outreach.children.grants import Scope, sight, visible
from outreach.children.models import Child
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL, Organisation
from outreach.partners.queries import organisations
from outreach.schoolyear import Counter, third_birthday

_LOOK_BACK = timedelta(days=70)
"""A report may be about an entry day of some weeks ago."""


def schools_of(session: Session, case: Case) -> list[Organisation]:
    """The schools that serve the area of a case."""
    return organisations(session, area_id=case.area_id, kind=SCHOOL, on=clock.today())


def possible_owners(session: Session, case: Case, rules: Sequence[OwnerRule]) -> list[Organisation]:
    """Who of the area can have a step with one of these owner rules: the kinds named, and the lead."""
    kinds = {kind for rule in rules for kind in rule.kinds}
    serving = organisations(session, area_id=case.area_id, on=clock.today())
    found = [each for each in serving if each.kind in kinds or not kinds]
    if any(rule.lead or rule.else_lead for rule in rules):
        found.append(session.get_one(Organisation, case.lead_id))
    return list({each.id: each for each in found}.values())


def partners_of(session: Session, case: Case, *, without: int) -> list[Organisation]:
    """Everybody of the area a step can be handed to."""
    return [each for each in organisations(session, area_id=case.area_id, on=clock.today()) if each.id != without]


def colleagues(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """The people of an organisation who take steps."""
    found = {row.person_id: row.person.name for row in members(session, organisation_id, on=clock.today())}
    return sorted(found.items(), key=lambda each: each[1])


def chosen_entry_day(session: Session, case: Case) -> date | None:
    """The entry day that was chosen with the family."""
    statement = select(CaseAnchor.on).where(
        CaseAnchor.case_id == case.id, CaseAnchor.key == Anchor.ENTRY_DAY.value, CaseAnchor.replaced_at.is_(None)
    )
    return session.scalar(statement, execution_options=INSIDE)


def entry_days_for(session: Session, case: Case, child: Child) -> list[date] | None:
    """The days to choose from for a child under three, up to the first school day from its third birthday; None when
    any school day will do."""
    today, third = clock.today(), third_birthday(child.born_on)
    if today >= third:
        return None
    calendar = calendar_for(session, case.area_id)
    found = [calendar.next_entry_on(child.born_on, today - _LOOK_BACK)]
    while found[-1] < third:
        found.append(calendar.next_entry_on(child.born_on, found[-1] + timedelta(days=1)))
    chosen = chosen_entry_day(session, case)
    return sorted({*found, *([chosen] if chosen else [])})


def proposed_entry_day(session: Session, case: Case, child: Child) -> date:
    """The day chosen before, else the first one possible."""
    chosen = chosen_entry_day(session, case)
    if chosen is not None:
        return chosen
    calendar = calendar_for(session, case.area_id)
    tomorrow = calendar.add(clock.today(), 1, Counter.SCHOOL_DAYS).day
    return calendar.next_entry_on(child.born_on, tomorrow)


def first_contact_on(session: Session, case: Case) -> date | None:
    """The day somebody first spoke to the family in this case."""
    statement = select(func.min(Attempt.on)).where(Attempt.case_id == case.id, Attempt.reached)
    return session.scalar(statement, execution_options=INSIDE)


def visited_together(
    session: Session, actor: Actor, case: Case, step: Step, rule: StepRule
) -> list[tuple[Case, Step, Child]]:
    """The children one visit can be recorded for: this one first, then those of the household whose step of the same
    kind the actor may report."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    return [(case, step, child), *_others_at_home(session, actor, child, rule)]


def _others_at_home(session: Session, actor: Actor, child: Child, rule: StepRule) -> list[tuple[Case, Step, Child]]:
    statement = (
        select(Case, Step, Child)
        .join(Step, Step.case_id == Case.id)
        .join(Child, Child.id == Case.child_id)
        .where(
            Child.household_id == child.household_id,
            Child.id != child.id,
            Step.key == rule.key,
            IS_LIVING,
            visible(actor, Case.id, Scope.FULL),
        )
        .order_by(Child.born_on, Child.id)
    )
    rows = session.execute(statement, execution_options=sight(actor)).all()
    return [(row[0], row[1], row[2]) for row in rows if may_report(actor, row[0], row[1])]


def defaults_of(session: Session, case: Case, child: Child) -> dict[str, object]:
    """What a report proposes before anybody filled anything in."""
    statement = select(Placement.school_id).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    return {
        Fact.SCHOOL: session.scalar(statement, execution_options=INSIDE),
        Fact.ENTRY_DAY: proposed_entry_day(session, case, child),
        Fact.REFUSED_ON: clock.today(),
    }
