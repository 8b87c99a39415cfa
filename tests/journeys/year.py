"""The frame of a random school year: the town, the clock, who may do what, and the promises after each command."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import event, note, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.opening import NewCase, open_cases
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Step
from outreach.cases.models.step import LIVING
from outreach.cases.queries.verify import case_checks
from outreach.children.grants import scopes_of, sight, visible
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.notifications.models import SENT, UNSENT, OutboxMessage
from outreach.partners.calendars import calendar_for
from tests.journeys import promises
from tests.journeys.promises import READ
from tests.journeys.seeing import Sight
from tests.journeys.town import Town, make_town

T = TypeVar("T")


def when(*there: str) -> Callable[[Any], Any]:
    """A rule only for when there is such a thing."""
    return precondition(lambda year: set(there) <= year.there)


May = Callable[[Actor, Case, Step], bool]
Turn = tuple[Actor, Case, Step]

STARTS = (date(2026, 9, 1), date(2026, 12, 15), date(2027, 3, 30), date(2027, 6, 21))
"""The first school day, the December list, before Easter, the end of the year: from each on, months go by."""

_AGREED = ("parents_know", "parents_agree")
_TO_SCHOOL = (
    ("assign", ("organisation", "schooling_check")),
    ("wants_school", _AGREED),
    ("enrolled", ("school", "entry_day", *_AGREED)),
    ("started", ("entry_day",)),
    ("rarely_present", ("half_days_present", "half_days_possible")),
)
"""The way of a child into the second process, with what each outcome asks."""


class Year(RuleBasedStateMachine):
    """Commands run one after the other in one transaction, each in a savepoint as a request would in its own."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.sight = Sight()
        self.stand: object = None
        self.moved = True
        self.there: set[str] = set()
        self.now = clock.moment_of(STARTS[0], 9)
        session.rollback()
        session.connection(execution_options={"outreach_writes": True})

    def teardown(self) -> None:
        """Nothing of it is kept."""
        self.session.rollback()
        self.session.info.clear()
        self.session.expunge_all()

    @initialize(start=st.sampled_from(STARTS), routed=st.booleans(), ages=st.lists(st.integers(24, 75), max_size=4))
    def begin(self, start: date, routed: bool, ages: list[int]) -> None:
        """The town is there. Of the first list some are at intake, one is with a team, one is hardly ever at school."""
        self.now = clock.moment_of(start, 9)
        with clock.at(self.now):
            self.town: Town = make_town(self.session, routed=routed)
        self.arrive([40, *ages])
        for place, (case, _) in enumerate(self.living()):
            if place % 3 == 0:
                self._walk(case, _TO_SCHOOL)
            elif place % 3 == 1:
                self._walk(case, _TO_SCHOOL[:1])

    def _walk(self, case: Case, way: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Report these outcomes one after the other, each by somebody of who has the step."""
        answers = {
            "organisation": self.town.visiting[0].id,
            "schooling_check": "no",
            "parents": "yes",
            "school": self.town.schools[0].id,
            "entry_day": calendar_for(self.session).next_entry_on(self._born_on(case), self.today),
            "half_days_present": 3,
            "half_days_possible": 40,
        }
        for outcome, asked in way:
            step = next(each for _, each in reversed(self.living()) if each.case_id == case.id)
            facts = {key: answers.get(key, "yes") for key in asked}
            by = self.town.colleagues(step.organisation_id)[0]
            assert self.say(report_outcome, case, step, outcome=outcome, facts=facts, by=by) is not None

    def _born_on(self, case: Case) -> date:
        return self.session.get_one(Child, case.child_id, execution_options=READ).born_on

    def arrive(self, months: Sequence[int], *, outside: bool = False) -> None:
        """Children of so many months, on a list."""
        with clock.at(self.now):
            here = self.town.here
            children = [here.child("Kind", self.today - timedelta(days=30 * age)) for age in months]
        wanted = [NewCase(child, here.area.id, here.area.coordinator_id, outside) for child in children]
        assert len(self.say(open_cases, wanted, origin="list", by=self.town.machine)) == len(months)

    @property
    def today(self) -> date:
        """The day it is."""
        return clock.local(self.now).date()

    @rule(days=st.sampled_from((1, 1, 1, 2, 3, 5, 8, 13, 30, 65)), post=st.booleans())
    def days_pass(self, days: int, post: bool) -> None:
        """A morning some days later: yesterday's post has left, the clock wakes what slept, digests are queued once."""
        if post:
            unsent = update(OutboxMessage).where(OutboxMessage.state.in_(UNSENT))
            self.session.execute(unsent.values(state=SENT, sent_at=self.now))
        self._morning(days)
        second = self.say(remind)
        assert (second.digests_queued, second.steps_due) == (0, 0)

    def later(self, data: st.DataObject) -> None:
        """Between two commands a day or a week may go by."""
        days = data.draw(st.sampled_from((0, 0, 0, 1, 2, 4, 7)), label="days later")
        if days:
            self._morning(days)

    def _morning(self, days: int) -> None:
        self.now = clock.moment_of(self.today + timedelta(days=days), 8, 5)
        event(f"digests: {self.say(remind).digests_queued}")

    @invariant()
    def every_promise_is_kept(self) -> None:
        """After each command: what `outreach verify` checks, what the test reads by itself, and who sees what."""
        if not self.moved:
            return
        self.moved = False
        with clock.at(self.now):
            assert {each.key: each.examples for each in case_checks(self.session) if not each.ok} == {}
            promises.no_child_is_lost(self.session)
            promises.dates_are_in_order(self.session, self.today)
            promises.sides_hang_on_living_moves(self.session)
            promises.mail_is_right(self.session)
            self._everybody_sees_what_they_should()
        self.there = promises.what_there_is(self.session)

    def _everybody_sees_what_they_should(self) -> None:
        """The grants say what the events of the year say; looked at again when either is other than it was."""
        stand = (len(self.sight.held), self.sight.ended, promises.grants_now(self.session), self.today)
        if stand == self.stand:
            return
        self.stand = stand
        cases = promises.cases_now(self.session)
        for actor in self.town.actors:
            expected = {each: self.sight.scope(actor, each, self.now) for each in cases}
            expected = {case_id: scope for case_id, scope in expected.items() if scope is not None}
            assert scopes_of(self.session, actor, cases) == expected, actor
        one = self.town.actors[len(self.sight.held) % len(self.town.actors)]
        seen = self.session.scalars(select(Case.id).where(visible(one, Case.id)), execution_options=sight(one))
        assert set(seen) == {each for each in cases if self.scope_in(one, each) is not None}, one

    def say(self, command: Callable[..., T], *args: Any, may_refuse: Sequence[str] = (), **details: Any) -> T | None:
        """Run a command as a request would. A refusal changes nothing, and must be one of those that may come: None."""
        self.now += timedelta(minutes=1)
        with clock.at(self.now):
            before = promises.fingerprint(self.session)
            part = self.session.begin_nested()
            try:
                given = command(self.session, *args, **details)
                self.session.flush()
            except Refused as refused:
                part.rollback()
                self.session.expire_all()
                note(f"refused: {refused}")
                event(f"refused: {refused.key}")
                if refused.key not in may_refuse:
                    raise
                assert promises.fingerprint(self.session) == before
                return None
            part.commit()
            event(command.__name__)
            self.events_before, self.moved = before["event"], True
            self.session.expire_all()
            self.sight.observe(promises.cases_now(self.session), promises.steps_now(self.session), self.now)
            return given

    def trust(self, case: Case, actor: Actor) -> None:
        """The family is about to trust somebody of this organisation."""
        if case.companion_id != actor.person_id:
            self.sight.companion_team[case.id] = actor.organisation_id

    def tell(self, command: Callable[..., T], case: Case, *args: Any, **details: Any) -> T | None:
        """Run a command about a case, which leaves an event unless it is refused."""
        self.events_before = -1
        given = self.say(command, case, *args, **details)
        assert self.events_before < promises.count_events(self.session)
        return given

    def pick(self, data: st.DataObject, choices: Sequence[T], what: str) -> T:
        """One of several."""
        return choices[data.draw(st.integers(0, len(choices) - 1), label=what)]

    def turn(self, data: st.DataObject, may: May) -> Turn | None:
        """Somebody who may do this with a living step now, if there is one."""
        self.later(data)
        with clock.at(self.now):
            turns = [
                (actor, case, step)
                for case, step in self.living()
                for actor in self.town.actors
                if self.scope(actor, case) is not None and may(actor, case, step)
            ]
        if not turns:
            return None
        actor, case, step = self.pick(data, turns, "turn")
        note(f"{actor.name} ({actor.role}) at {step.key} number {step.number} of {case.id}, {step.state}, {self.today}")
        return actor, case, step

    def scope(self, actor: Actor, case: Case) -> str | None:
        """What the test expects this actor to see of a case."""
        return self.scope_in(actor, case.id)

    def scope_in(self, actor: Actor, case_id: int) -> str | None:
        """The same by the number of the case."""
        return self.sight.scope(actor, case_id, self.now)

    def living(self) -> list[tuple[Case, Step]]:
        """Every living step, side steps too."""
        statement = select(Case, Step).join(Step, Step.case_id == Case.id).where(Step.state.in_(LIVING))
        rows = self.session.execute(statement.order_by(Case.id, Step.number), execution_options=READ)
        return [(row[0], row[1]) for row in rows]

    def cases(self, *, ended: bool = False) -> list[Case]:
        """The open cases, or the ended ones."""
        over = Case.ended_at.is_not(None) if ended else Case.ended_at.is_(None)
        return list(self.session.scalars(select(Case).where(over).order_by(Case.id), execution_options=READ))


def on(now: datetime, days: int) -> date:
    """The day so many days from a moment."""
    return clock.local(now).date() + timedelta(days=days)
