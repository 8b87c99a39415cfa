"""What people do with steps in a random year: report, visit, pass on, plan, rest, ask aside."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import event, note, strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.owning import assign_step, hand_over, parents_agreed, take_step
from outreach.cases.commands.planning import pause_step, plan_visit, resume_step, set_new_aim
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step, ask_side_step
from outreach.cases.commands.visiting import CHANNELS, Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Proposal, Step, Track
from outreach.cases.policy import may_agree, may_assign, may_report, may_steer, may_take, owns
from outreach.cases.queries.choices import visited_together
from outreach.cases.queries.outcomes import is_compulsory, possible_outcomes
from outreach.cases.queries.transfers import TRANSFER
from outreach.cases.workflow import CLOSURE, Possible, asked, processes
from outreach.children.grants import Scope
from outreach.children.models import Child
from tests.journeys.facts import KNOWS, Answers
from tests.journeys.promises import READ
from tests.journeys.year import Turn, Year, on, when

_LEADING, _VISITING = ("lop",), ("inloopteam", "kind-en-gezin")
_CHOOSING = ("school", "huis-van-het-kind", "clb", "ocmw")


class Steps(Year):
    """The moves of a case."""

    @when("open")
    @rule(data=st.data())
    def the_lead_reports(self, data: st.DataObject) -> None:
        """Any outcome that can be said now, with everything it asks filled in rightly."""
        self._report(data, *_LEADING)

    @when("open")
    @rule(data=st.data())
    def a_team_reports(self, data: st.DataObject) -> None:
        """The same, by who visits families."""
        self._report(data, *_VISITING)

    @when("open")
    @rule(data=st.data())
    def a_school_reports(self, data: st.DataObject) -> None:
        """The same, by schools and those who help to choose one."""
        self._report(data, *_CHOOSING)

    @when("open")
    @rule(data=st.data())
    def anybody_reports(self, data: st.DataObject) -> None:
        """The same, by anybody: most of a year is people reporting."""
        self._report(data, *_LEADING, *_VISITING, *_CHOOSING)

    @when("open")
    @rule(data=st.data())
    def something_cannot_be_said(self, data: st.DataObject) -> None:
        """An outcome that is not offered now is refused for the reason shown."""
        found = self._chosen(data, possible=False)
        if found is not None:
            (actor, case, step), refused, facts = found
            assert refused.refusal is not None
            details = {"outcome": refused.outcome.key, "facts": facts, "by": actor}
            assert self.say(report_outcome, case, step, may_refuse=(refused.refusal,), **details) is None

    @when("open")
    @rule(data=st.data())
    def a_fact_is_forgotten(self, data: st.DataObject) -> None:
        """Nothing is written when one of the asked facts is missing."""
        found = self._chosen(data)
        if found is None:
            return
        (actor, case, step), possible, facts = found
        wanted = asked(possible.outcome, compulsory=self._is_compulsory(case))
        if wanted:
            del facts[self.pick(data, wanted, "forgotten")]
            details = {"outcome": possible.outcome.key, "facts": facts, "by": actor}
            assert self.say(report_outcome, case, step, may_refuse=("fact_missing",), **details) is None

    @when("open")
    @rule(data=st.data(), channel=st.sampled_from(CHANNELS), trusted=st.booleans())
    def a_family_is_visited(self, data: st.DataObject, channel: str, trusted: bool) -> None:
        """One visit for all children of the household, an outcome for each."""
        turn = self.turn(data, lambda actor, case, step: may_report(actor, case, step) and self._is_visit(step))
        if turn is None:
            return
        actor, case, step = turn
        with clock.at(self.now):
            here = visited_together(self.session, actor, case, step, self._rule(step))
        visited = [self._visited(data, each[0], each[1]) for each in here]
        occasion = Occasion(channel, self.now - timedelta(hours=2), language="ar", companion=trusted)
        teams = dict(self.sight.companion_team)
        for one in visited:
            if trusted:
                self.trust(one.case, actor)
        told = self.say(record_home_visit, visited, occasion, by=actor)
        assert told is not None
        assert len(told) == len(here)
        for one in visited:
            if one.case.ended_at is not None and one.case.id in teams:
                self.sight.companion_team[one.case.id] = teams[one.case.id]

    @when("open")
    @rule(data=st.data())
    def somebody_takes_a_step(self, data: st.DataObject) -> None:
        """A step of one's own team."""
        turn = self.turn(data, lambda actor, _, step: may_take(actor, step))
        if turn is not None:
            actor, case, step = turn
            self.tell(take_step, case, step, by=actor)

    @when("open")
    @rule(data=st.data())
    def a_step_is_given_to_a_colleague(self, data: st.DataObject) -> None:
        """Or back to the tray."""
        turn = self.turn(data, may_assign)
        if turn is not None:
            actor, case, step = turn
            colleagues = [each.person_id for each in self.town.colleagues(step.organisation_id)]
            person_id = self.pick(data, [None, *colleagues], "colleague")
            self.tell(assign_step, case, step, person_id=person_id, by=actor)

    @when("open")
    @rule(data=st.data(), know=st.sampled_from(KNOWS), agree=st.sampled_from(KNOWS))
    def a_step_is_handed_over(self, data: st.DataObject, know: str, agree: str) -> None:
        """To any partner of the area."""
        turn = self.turn(data, may_steer)
        if turn is not None:
            actor, case, step = turn
            partner = self.pick(data, self.town.organisations, "partner")
            same = ("handover_to_same",) if partner.id == step.organisation_id else ()
            details = {"organisation": partner, "parents_know": know, "parents_agree": agree, "by": actor}
            self.tell(hand_over, case, step, may_refuse=same, **details)

    @when("hidden")
    @rule(data=st.data())
    def the_parents_agree(self, data: st.DataObject) -> None:
        """Who sees the whole case talked to them."""

        def may(actor: Actor, case: Case, step: Step) -> bool:
            scope = self.scope(actor, case)
            return may_agree(actor, case, step, Scope(scope) if scope else None)

        turn = self.turn(data, may)
        if turn is not None:
            actor, case, step = turn
            self.tell(parents_agreed, case, step, by=actor)

    @when("open")
    @rule(data=st.data(), days=st.integers(0, 40))
    def a_day_is_agreed(self, data: st.DataObject, days: int) -> None:
        """The next visit is planned."""
        turn = self.turn(data, may_steer)
        if turn is not None:
            actor, case, step = turn
            self.tell(plan_visit, case, step, on=on(self.now, days), by=actor)

    @when("open")
    @rule(data=st.data(), days=st.integers(1, 90))
    def a_step_rests(self, data: st.DataObject, days: int) -> None:
        """Paused with a reason and a last day."""
        turn = self.turn(data, lambda actor, case, step: may_steer(actor, case, step) and step.state == "open")
        if turn is not None:
            actor, case, step = turn
            reason = self.pick(data, processes().common.pauses, "reason").key
            details = {"reason": reason, "until_on": on(self.now, days), "remark": None, "by": actor}
            self.tell(pause_step, case, step, **details)

    @when("paused")
    @rule(data=st.data())
    def a_step_is_taken_up_again(self, data: st.DataObject) -> None:
        """Before its pause was over; a step of a school that sleeps in summer is not woken by hand."""
        turn = self.turn(data, lambda actor, case, step: may_steer(actor, case, step) and step.state == "paused")
        if turn is not None:
            actor, case, step = turn
            asleep = ("school_sleeps",) if step.sleeps_until is not None else ()
            self.tell(resume_step, case, step, may_refuse=asleep, by=actor)

    @when("open")
    @rule(data=st.data(), days=st.integers(1, 60))
    def an_aim_is_set_anew(self, data: st.DataObject, days: int) -> None:
        """Once, and not past too late."""
        turn = self.turn(data, may_steer)
        if turn is not None:
            actor, case, step = turn
            details = {"aim_on": on(self.now, days), "reason": "Wacht op de stad", "by": actor}
            self.tell(set_new_aim, case, step, may_refuse=("new_aim_only_once", "new_aim_past_too_late"), **details)

    @when("open")
    @rule(data=st.data())
    def a_partner_is_asked(self, data: st.DataObject) -> None:
        """One thing, beside the step."""
        turn = self.turn(data, lambda actor, case, step: may_steer(actor, case, step) and step.side_of_id is None)
        if turn is not None:
            actor, case, step = turn
            kind = self.pick(data, [each for each in processes().common.sides if each.kinds], "kind").key
            partner = self.pick(data, self.town.organisations, "partner")
            details = {"kind": kind, "organisation": partner, "question": "Kan er een tolk mee?", "by": actor}
            self.tell(ask_side_step, case, step, **details)

    @when("asked")
    @rule(data=st.data())
    def a_partner_answers(self, data: st.DataObject) -> None:
        """The side step ends, the step it was asked beside goes on."""
        turn = self.turn(data, lambda actor, _, step: owns(actor, step) and step.side_of_id is not None)
        if turn is not None:
            actor, case, step = turn
            outcome = self.pick(data, processes().answers_to(step.key), "answer").key
            move = self.session.get_one(Step, step.side_of_id, execution_options=READ)
            before = move.state
            self.tell(answer_side_step, case, step, outcome=outcome, answer="Ja, dinsdag.", by=actor)
            assert move.state == before

    def _report(self, data: st.DataObject, *kinds: str) -> None:
        found = self._chosen(data, kinds)
        if found is not None:
            (actor, case, step), possible, facts = found
            event(f"{step.key}: {possible.outcome.key}")
            refusals = self._no_move(case, facts) if possible.outcome.transfer is not None else ()
            details = {"outcome": possible.outcome.key, "facts": facts, "by": actor}
            told = self.tell(report_outcome, case, step, may_refuse=refusals, **details)
            assert refusals or told is not None

    def _no_move(self, case: Case, facts: dict[str, Any]) -> tuple[str, ...]:
        """A family moves to another area, and is offered to one at a time (its other track may have offered it)."""
        if facts["destination"] == self._area_key(case):
            return ("transfer_to_same_area",)
        waiting = select(Proposal.id).where(
            Proposal.case_id == case.id, Proposal.key == TRANSFER, Proposal.decided_at.is_(None)
        )
        return ("step_waits_for_area",) if self.session.scalars(waiting, execution_options=READ).all() else ()

    def _chosen(
        self, data: st.DataObject, kinds: Sequence[str] = (), *, possible: bool = True
    ) -> tuple[Turn, Possible, dict[str, Any]] | None:
        """Somebody who may report, an outcome that can (or cannot) be said, and the facts for it."""

        def may(actor: Actor, case: Case, step: Step) -> bool:
            of_kind = not kinds or actor.organisation_kind in kinds
            return of_kind and may_report(actor, case, step) and step.side_of_id is None

        turn = self.turn(data, may)
        if turn is None:
            return None
        _, case, step = turn
        with clock.at(self.now):
            offered = possible_outcomes(self.session, case, step)
        fitting = [each for each in offered if (each.refusal is None) is possible]
        if not fitting:
            return None
        chosen = self.pick(data, self._mostly_going_on(data, fitting), "outcome")
        return turn, chosen, self._facts(data, case, step, chosen)

    def _mostly_going_on(self, data: st.DataObject, offered: list[Possible]) -> list[Possible]:
        """Three times in four one that leads on, so that cases get far."""
        on = [each for each in offered if each.outcome.to != CLOSURE]
        return on if on and data.draw(st.integers(0, 3), label="closing") else offered

    def _visited(self, data: st.DataObject, case: Case, step: Step) -> Visited:
        """What came of a visit for one child: what the step itself offers."""
        with clock.at(self.now):
            offered = possible_outcomes(self.session, case, step)
        own = {outcome.key for outcome in self._rule(step).outcomes}
        fitting = [each for each in offered if each.refusal is None and each.outcome.key in own]
        chosen = self.pick(data, self._mostly_going_on(data, fitting), "outcome of the visit")
        return Visited(case, step, chosen.outcome.key, self._facts(data, case, step, chosen))

    def _facts(self, data: st.DataObject, case: Case, step: Step, chosen: Possible) -> dict[str, Any]:
        compulsory, born_on = self._is_compulsory(case), self._child(case).born_on

        def number(first: int, last: int, what: str) -> int:
            return data.draw(st.integers(first, last), label=what)

        with clock.at(self.now):
            facts = Answers(number, self.town, case, step, born_on, self.today, compulsory).to(chosen.outcome)
        note(f"{chosen.outcome.key}: {facts}")
        return facts

    def _child(self, case: Case) -> Child:
        return self.session.get_one(Child, case.child_id, execution_options=READ)

    def _is_compulsory(self, case: Case) -> bool:
        with clock.at(self.now):
            return is_compulsory(self._child(case))

    def _area_key(self, case: Case) -> str:
        return self.town.here.area.key if case.area_id == self.town.here.area.id else self.town.there.area.key

    def _is_visit(self, step: Step) -> bool:
        return step.side_of_id is None and self._rule(step).report == "visit"

    def _rule(self, step: Step) -> Any:
        track = self.session.get_one(Track, step.track_id, execution_options=READ)
        return processes().step(track.process, track.process_version, step.key)
