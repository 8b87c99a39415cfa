"""The facts an outcome asks for: checked, and written where they belong (chosen days, school, parents' answers)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.models import Case, Placement, Step
from outreach.cases.queries.circumstances import circumstances
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.offline import AS_ANCHOR
from outreach.cases.workflow import Fact, Outcome, asked, compulsory_from, processes
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL, Organisation
from outreach.schoolyear import Counter


@dataclass(frozen=True)
class Facts:
    """What was filled in, by fact; also who gets the next step and what the parents said."""

    given: dict[str, Any]

    def get(self, fact: str) -> Any:
        """The value of a fact, None when it was left open."""
        value = self.given.get(fact)
        return None if value == "" else value

    def day(self, fact: str) -> date | None:
        """The value of a fact that is a day."""
        value = self.get(fact)
        return date.fromisoformat(value) if isinstance(value, str) else value

    def closure(self, outcome: Outcome) -> str:
        """The closure meant: the only one, or the one chosen. Raises Refused when a choice is needed."""
        if len(outcome.closures) == 1:
            return outcome.closures[0]
        chosen = self.get("closure")
        if chosen not in outcome.closures:
            raise Refused("closure_to_choose", closures=list(outcome.closures))
        return str(chosen)

    def peace_until(self, case: Case, closure: str) -> date | None:
        """Until when the family is left in peace: the day given, else the next list, a year on from the opening."""
        if not processes().closure(closure).leave_in_peace:
            return None
        return self.day(Fact.LEAVE_IN_PEACE_UNTIL) or next_list_on(clock.today())

    def kept(self) -> dict[str, Any]:
        """What goes into the report: everything that was filled in."""
        return {key: value for key, value in self.given.items() if value not in (None, "", [])}


def next_list_on(today: date) -> date:
    """The next list comes in December (domain.md 4)."""
    return date(today.year if today.month < 12 else today.year + 1, 12, 1)


def write_facts(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, *, by: Actor) -> None:
    """Check that every asked fact is there and right, then write it. Raises Refused naming the first that is not."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    wanted = asked(outcome, compulsory=clock.today() >= compulsory_from(child.born_on))
    for fact in wanted:
        if facts.get(fact) is None:
            raise Refused("fact_missing", fact=fact.value)
    for fact in (*wanted, *outcome.may_ask):
        _check(fact, facts)
    _check_limit(session, case, step, outcome, facts)
    for fact, anchor in AS_ANCHOR.items():
        on = facts.day(fact)
        if on is not None and fact in wanted:
            write_anchor(session, case, anchor, _fitting(session, case, step, fact, on), by=by)
    if facts.get(Fact.SCHOOL) is not None:
        write_placement(session, case, school=_school(session, facts), entry_on=facts.day(Fact.ENTRY_DAY), by=by)


def write_placement(
    session: Session, case: Case, *, school: Organisation, entry_on: date | None, by: Actor
) -> Placement:
    """Put a school and entry day in the place of the ones chosen before."""
    now = clock.now()
    statement = select(Placement).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    old = session.scalars(statement, execution_options=INSIDE).one_or_none()
    if old is not None:
        old.replaced_at = now
        session.flush()
    placement = Placement(
        case_id=case.id, school_id=school.id, entry_on=entry_on, at=now, by_id=by.person_id, replaced_at=None
    )
    session.add(placement)
    return placement


def _check(fact: Fact, facts: Facts) -> None:
    if fact is Fact.HALF_DAYS_PRESENT:
        present, possible = facts.get(fact), facts.get(Fact.HALF_DAYS_POSSIBLE)
        if not 0 <= int(present) <= int(possible or 0):
            raise Refused("half_days_impossible", present=present, possible=possible)
    elif fact is Fact.FAMILY_DAY:
        on = facts.day(fact)
        if on is not None and on <= clock.today():
            raise Refused("family_day_in_past", on=on)
    elif fact is Fact.PLANNED_ON:
        on = facts.day(fact)
        if on is not None and on < clock.today():
            raise Refused("planned_in_past", on=on)
    elif fact is Fact.PARENTS_TOLD and facts.get(fact) not in (True, "yes"):
        raise Refused("parents_first")


def _check_limit(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts) -> None:
    """The day the family names is not beyond what the process allows ("later" ends at the next school year)."""
    if outcome.not_beyond is None:
        return
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    at = circumstances(session, case, child, organisation_id=step.organisation_id, opened_on=clock.today())
    limit = at.value(outcome.not_beyond)
    named = facts.day(Fact.FAMILY_DAY) or facts.day(Fact.PLANNED_ON)
    if limit is not None and named is not None and named > limit:
        raise Refused("family_day_too_far", until=limit)


def _fitting(session: Session, case: Case, step: Step, fact: Fact, on: date) -> date:
    """A day the child can really start on: the entry day on or after the one named. Other days stay as they are."""
    if fact is Fact.FAMILY_DAY:
        child = session.get_one(Child, case.child_id, execution_options=INSIDE)
        return calendar_for(session, step.area_id, step.organisation_id).next_entry_on(child.born_on, on)
    if fact is Fact.ENTRY_DAY:
        _check_entry_day(session, case, step, on)
    return on


def _check_entry_day(session: Session, case: Case, step: Step, on: date) -> None:
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    calendar = calendar_for(session, step.area_id)
    possible = calendar.next_entry_on(child.born_on, on)
    if possible != on:
        key = "entry_day_no_school" if not calendar.counts(on, Counter.SCHOOL_DAYS) else "entry_day_not_allowed"
        raise Refused(key, on=on, possible=possible)


def _school(session: Session, facts: Facts) -> Organisation:
    school = session.get(Organisation, int(facts.get(Fact.SCHOOL)))
    if school is None or school.kind != SCHOOL:
        raise Refused("school_unknown")
    return school
