"""What people do when a random school year turns: decide on open cases, take it back, name the contact of a school."""

from hypothesis import event, strategies as st
from hypothesis.stateful import rule

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.naming_contacts import name_contact
from outreach.cases.commands.year_end import can_take_back, decide_at_year_end, plan_decision, take_back_decision
from outreach.cases.queries.school_contacts import schools_asked
from outreach.cases.queries.year_end import OpenCase, open_cases
from outreach.cases.workflow import processes
from outreach.cases.workflow.year_end import Decision, season
from tests.journeys.year import Year, when

_DECISIONS = st.none() | st.sampled_from(Decision)
_REASONS = st.sampled_from([closure.key for closure in processes().common.closures])


class TurnOfYear(Year):
    """June, the summer and September."""

    @when("open")
    @rule(data=st.data(), decision=_DECISIONS, reason=_REASONS)
    def somebody_decides_at_the_years_end(self, data: st.DataObject, decision: Decision | None, reason: str) -> None:
        """As proposed or otherwise; what cannot be done is refused, and changes nothing."""
        found = self._open_to_somebody(data)
        if found is None:
            return
        actor, one = found
        with clock.at(self.now):
            plan = plan_decision(self.session, one, decision=decision, closure=reason, by=actor)
        event(f"year end: {plan.decision}, {plan.stays}")
        decided = self.say(decide_at_year_end, plan, may_refuse=("year_end_not_now",), by=actor)
        assert (decided is None) == (plan.stays is not None or not season(self.today))
        if decided is not None:
            assert (one.case.ended_at is not None) == (plan.closure is not None)

    @when("open")
    @rule(data=st.data())
    def somebody_takes_a_decision_back(self, data: st.DataObject) -> None:
        """Possible exactly as long as the page offers it."""
        found = self._open_to_somebody(data, decided=True)
        if found is None:
            return
        actor, one = found
        possible, moved = can_take_back(one), ("year_end_moved_on", "year_end_not_here")
        self.say(take_back_decision, one, may_refuse=() if possible else moved, by=actor)

    @rule(data=st.data(), mailbox=st.booleans())
    def a_school_names_its_contact(self, data: st.DataObject, mailbox: bool) -> None:
        """Of the schools that are asked, somebody who may says who it is."""
        with clock.at(self.now):
            asked = [(actor, each) for actor in self.town.actors for each in schools_asked(self.session, actor)]
        if not asked:
            return
        actor, one = self.pick(data, asked, "school")
        people = self.town.colleagues(one.school.id)
        person_id = None if mailbox or not people else people[0].person_id
        count = self.say(name_contact, one.school, person_id=person_id, by=actor)
        assert count is not None
        assert count >= one.steps

    def _open_to_somebody(self, data: st.DataObject, *, decided: bool = False) -> tuple[Actor, OpenCase] | None:
        with clock.at(self.now):
            found = [
                (actor, one)
                for actor in self.town.actors
                for one in open_cases(self.session, actor)
                if (one.decided is not None) == decided
            ]
        return self.pick(data, found, "case") if found else None
