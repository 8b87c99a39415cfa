"""What people do on a working day: report, plan, put off, rest, pass on, ask aside, go away."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import add_substitution
from outreach.accounts.models import Person
from outreach.cases.commands.opening import NewCase, open_cases
from outreach.cases.commands.owning import assign_step, hand_over
from outreach.cases.commands.planning import pause_step, plan_visit, set_new_aim
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step, ask_side_step
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Step, Track
from outreach.cases.models.step import LIVING
from outreach.cases.policy import may_report
from outreach.cases.queries.outcomes import is_compulsory, possible_outcomes
from outreach.cases.workflow import CLOSURE, processes
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.partners.models import Organisation
from tests.journeys.facts import Answers
from tests.journeys.promises import READ
from tests.simulation.area import Area, list_of, machine

_SAYS, _MOVES = 7, ("plan", "plan", "aim", "rest", "hand_over", "assign", "ask")


class Day:
    """One working day of everybody, within one transaction."""

    def __init__(self, session: Session, area: Area) -> None:
        self.session = session
        self.area = area
        self.chance = area.chance
        self.today = clock.today()

    def receive(self, count: int) -> None:
        """A list comes in."""
        here = self.area.town.here
        children = [here.child(name, born_on) for name, born_on in list_of(self.area, count)]
        wanted = [NewCase(child, here.area.id, here.area.coordinator_id) for child in children]
        open_cases(self.session, wanted, origin="list", by=machine(self.area))

    def go_away(self) -> None:
        """Now and then somebody is away for some weeks, mostly with a substitute."""
        actor = self.chance.choice(self.area.town.actors)
        if self.chance.random() > 0.08 or (actor.person_id in self.area.away and not self._is_back(actor)):
            return
        first = self.today + timedelta(days=self.chance.randint(1, 5))
        last = first + timedelta(days=self.chance.randint(3, 24))
        self.area.away[actor.person_id] = (first, last)
        mates = [each for each in self.area.town.colleagues(actor.organisation_id) if each.person_id != actor.person_id]
        if mates and self.chance.random() < 0.8:
            self._stand_in(actor, self.chance.choice(mates), first, last)

    def _stand_in(self, actor: Actor, mate: Actor, first: date, last: date) -> None:
        """A mate replaces somebody; one who is away in those days, or has a substitute of their own, does not."""
        try:
            add_substitution(
                self.session,
                person=self.session.get_one(Person, actor.person_id),
                substitute=self.session.get_one(Person, mate.person_id),
                organisation=self.session.get_one(Organisation, actor.organisation_id),
                from_on=first,
                until_on=last,
                by=builtin(self.session, "console"),
            )
        except Refused:
            return

    def _is_back(self, actor: Actor) -> bool:
        return self.area.away[actor.person_id][1] < self.today

    def do_what_is_due(self) -> int:
        """Everybody does some of what they have, most of it when it is due: how much."""
        statement = select(Case, Step).join(Step, Step.case_id == Case.id).where(Step.state.in_(LIVING))
        rows = self.session.execute(statement.order_by(Step.id), execution_options=READ).all()
        return sum(self._perhaps(case, step) for case, step in rows)

    def _perhaps(self, case: Case, step: Step) -> bool:
        organisation = case.lead_id if step.to_assign else step.organisation_id
        actor = self.area.who_acts(organisation, step.person_id, self.today)
        if actor is None or step.state == "planned":
            return False
        near = step.due_on is not None and step.due_on <= self.today + timedelta(days=3)
        if self.chance.random() > self.area.diligence[actor.person_id] * (1 if near else 0.1):
            return False
        part = self.session.begin_nested()
        try:
            self._act(actor, case, step)
            self.session.flush()
        except Refused:
            part.rollback()
            return False
        part.commit()
        return True

    def _act(self, actor: Actor, case: Case, step: Step) -> None:
        if step.side_of_id is not None:
            outcome = self.chance.choice(processes().answers_to(step.key)).key
            answer_side_step(self.session, case, step, outcome=outcome, answer="Ja, dinsdag.", by=actor)
        elif self.chance.randint(1, 10) <= _SAYS:
            self._say(actor, case, step)
        else:
            getattr(self, f"_{self.chance.choice(_MOVES)}")(actor, case, step)

    def _say(self, actor: Actor, case: Case, step: Step) -> None:
        if not may_report(actor, case, step):
            return
        offered = [each for each in possible_outcomes(self.session, case, step) if each.refusal is None]
        visit = self._rule(step).report == "visit"
        own = {outcome.key for outcome in self._rule(step).outcomes}
        fitting = [each for each in offered if not visit or each.outcome.key in own]
        going_on = [each for each in fitting if each.outcome.to != CLOSURE]
        if not fitting:
            return
        chosen = self.chance.choice(going_on if going_on and self.chance.random() < 0.75 else fitting).outcome
        child = self.session.get_one(Child, case.child_id, execution_options=READ)
        answers = Answers(self._number, self.area.town, case, step, child.born_on, self.today, is_compulsory(child))
        facts = answers.to(chosen)
        if visit:
            occasion = Occasion("door", clock.now() - timedelta(minutes=30), language="ar")
            record_home_visit(self.session, [Visited(case, step, chosen.key, facts)], occasion, by=actor)
        else:
            report_outcome(self.session, case, step, outcome=chosen.key, facts=facts, by=actor)

    def _number(self, first: int, last: int, _what: str) -> int:
        return self.chance.randint(first, last)

    def _plan(self, actor: Actor, case: Case, step: Step) -> None:
        plan_visit(self.session, case, step, on=self._later(20), by=actor)

    def _aim(self, actor: Actor, case: Case, step: Step) -> None:
        set_new_aim(self.session, case, step, aim_on=self._later(30), reason="Wacht op de stad", by=actor)

    def _rest(self, actor: Actor, case: Case, step: Step) -> None:
        reason = self.chance.choice(processes().common.pauses).key
        pause_step(self.session, case, step, reason=reason, until_on=self._later(40), remark=None, by=actor)

    def _hand_over(self, actor: Actor, case: Case, step: Step) -> None:
        partner = self.chance.choice(self.area.town.organisations)
        hand_over(self.session, case, step, organisation=partner, parents_know="yes", parents_agree="yes", by=actor)

    def _assign(self, actor: Actor, case: Case, step: Step) -> None:
        colleague = self.chance.choice(self.area.town.colleagues(step.organisation_id) or [actor])
        assign_step(self.session, case, step, person_id=colleague.person_id, by=actor)

    def _ask(self, actor: Actor, case: Case, step: Step) -> None:
        kind = self.chance.choice([each for each in processes().common.sides if each.kinds]).key
        partner = self.chance.choice(self.area.town.organisations)
        ask_side_step(self.session, case, step, kind=kind, organisation=partner, question="Kan een tolk mee?", by=actor)

    def _later(self, most: int) -> date:
        return self.today + timedelta(days=self.chance.randint(1, most))

    def _rule(self, step: Step) -> Any:
        track = self.session.get_one(Track, step.track_id, execution_options=READ)
        return processes().step(track.process, track.process_version, step.key)


def at_hour(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in Brussels."""
    return clock.moment_of(on, hour, minute)
