"""What somebody could rightly fill in with any outcome of any process, by the kind of each fact it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from outreach.cases.models import Case, Step
from outreach.cases.workflow import Fact, Outcome, asked, processes
from outreach.partners.calendars import calendar_for
from tests.journeys.town import Town

KNOWS = ("yes", "no", "not_asked")


@dataclass(frozen=True)
class Answers:
    """Right answers about one step of one child, as known today; `number` chooses from a first to a last one."""

    number: Callable[[int, int, str], int]
    town: Town
    case: Case
    step: Step
    born_on: date
    today: date
    compulsory: bool

    def to(self, outcome: Outcome) -> dict[str, Any]:
        """Everything an outcome asks and some of what it may ask; who gets the next step; which closure."""
        asks = asked(outcome, compulsory=self.compulsory)
        more = [fact for fact in outcome.may_ask if fact not in asks and self._yes(f"also {fact}")]
        facts = {fact.value: self._fact(fact, outcome) for fact in (*asks, *more)}
        if Fact.HALF_DAYS_PRESENT in asks:
            facts[Fact.HALF_DAYS_PRESENT] = min(facts[Fact.HALF_DAYS_PRESENT], facts[Fact.HALF_DAYS_POSSIBLE])
        if outcome.handover:
            facts |= {key: self._one_of(key, KNOWS) for key in ("parents_know", "parents_agree")}
        if len(outcome.closures) > 1:
            facts["closure"] = self._one_of("closure", outcome.closures)
        if Fact.ORGANISATION in facts and self._yes("starts in a wave"):
            facts["starts_on"] = self._day("starts", 0, 30)
        return facts

    def _fact(self, fact: Fact, outcome: Outcome) -> Any:
        if fact in (Fact.FAMILY_DAY, Fact.PLANNED_ON) and outcome.not_beyond is not None:
            return self._later_this_school_year(fact)
        given = _ANSWERS.get(fact)
        if given is not None:
            return given(self)
        raise AssertionError(f"the school year does not know what to answer to {fact}")

    def entry_day(self, first: int = 0, last: int = 60) -> date:
        """A day this child can start on, some weeks from now."""
        on = self._day("entry day", first, last)
        return calendar_for(self.town.session, self.step.area_id).next_entry_on(self.born_on, on)

    def _later_this_school_year(self, fact: Fact) -> date:
        """A day the family names, tomorrow at the soonest and the next 1 September at the latest."""
        year = self.today.year if (self.today.month, self.today.day) < (9, 1) else self.today.year + 1
        return self._day(fact.value, 1, (date(year, 9, 1) - self.today).days)

    def _day(self, what: str, first: int, last: int) -> date:
        return self.today + timedelta(days=self.number(first, last, what))

    def _number(self, what: str, last: int) -> int:
        return self.number(0, last, what)

    def _yes(self, what: str) -> bool:
        return bool(self.number(0, 1, what))

    def _one_of(self, what: str, choices: Any) -> Any:
        listed = list(choices)
        return listed[self.number(0, len(listed) - 1, what)]


_ANSWERS: dict[Fact, Callable[[Answers], Any]] = {
    Fact.SCHOOL: lambda at: at.town.schools[at._number("school", 1)].id,
    Fact.ENTRY_DAY: Answers.entry_day,
    Fact.PLANNED_ON: lambda at: at._day("planned on", 0, 30),
    Fact.CHANNEL: lambda at: at._one_of("channel", ("door", "phone", "message", "letter")),
    Fact.RESULT_ON: lambda at: at._day("result on", 1, 60),
    Fact.TICKET_EXPIRES_ON: lambda at: at._day("ticket expires on", 1, 60),
    Fact.REFUSED_ON: lambda at: at._day("refused on", -10, 0),
    Fact.PROOF: lambda at: at._one_of("proof", ("seen", "parents_word")),
    Fact.REASON: lambda at: at._one_of("reason", [each.key for each in processes().common.absence_reasons]),
    Fact.LEAVE_IN_PEACE_UNTIL: lambda at: at._day("in peace until", 1, 200),
    Fact.HALF_DAYS_PRESENT: lambda at: at._number("half days present", 60),
    Fact.HALF_DAYS_POSSIBLE: lambda at: at._number("half days possible", 60),
    Fact.PARENTS_TOLD: lambda at: "yes",
    Fact.ORGANISATION: lambda at: at.town.visiting[at._number("team", 1)].id,
    Fact.DESTINATION: lambda at: at._one_of("destination", ("aalst", "Brugge")),
    Fact.INTERPRETER: lambda at: at._one_of("interpreter", ("yes", "no")),
    Fact.LANGUAGE: lambda at: "ar",
    Fact.SCHOOLING_CHECK: lambda at: at._one_of("schooling check", ("yes", "no")),
    Fact.ORIGIN_TOLD: lambda at: at._one_of("origin told", ("yes", "no")),
    Fact.ENROLLED_ON: lambda at: at._day("enrolled on", -200, 0),
}
