"""A process told in words of one language: who moves, by when, and where each answer leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from outreach.cases.workflow.explaining import WORDS
from outreach.cases.workflow.loading import Processes
from outreach.cases.workflow.model import CLOSURE, STAY, DateRule, Outcome, OwnerRule, Process, StepRule, TooLate
from outreach.partners.words import WORDS as PARTNERS

Leads = Literal["step", "stay", "closure"]


@dataclass(frozen=True)
class Answer:
    """One outcome: its name, and what limits it or follows from it."""

    label: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """The answers that lead to the same place: another step, this step again, or one of the ends."""

    leads: Leads
    target: str
    label: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class ToldStep:
    """One step in words. `usual`: it lies on the way most cases go."""

    key: str
    label: str
    help: str
    usual: bool
    owner: str
    aim: str
    too_late: str
    starts: str
    tries: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class ToldProcess:
    """A published version in words: the usual way first, then what is only sometimes needed."""

    key: str
    version: int
    label: str
    steps: tuple[ToldStep, ...]
    always: tuple[Way, ...]


def tell(known: Processes, process: Process, language: str) -> ToldProcess:
    """Read a process to a person."""
    teller = _Teller(known, process, language)
    usual = usual_way(process)
    rules = sorted(process.steps, key=lambda rule: usual.index(rule.key) if rule.key in usual else len(usual))
    return ToldProcess(
        process.key,
        process.version,
        process.label[language],
        tuple(teller.step(rule, usual=rule.key in usual) for rule in rules),
        teller.ways(process.always),
    )


def usual_way(process: Process) -> list[str]:
    """The steps most cases go through: each time where the first answer that goes on leads."""
    found: list[str] = []
    rule = process.find_step(process.first)
    while rule is not None and rule.key not in found:
        found.append(rule.key)
        target = next((outcome.to for outcome in rule.outcomes if outcome.to != STAY), CLOSURE)
        rule = process.find_step(target)
    return found


class _Teller:
    """Knows the language and the names of everything a process can lead to."""

    def __init__(self, known: Processes, process: Process, language: str) -> None:
        self.known, self.process, self.language = known, process, language

    def step(self, rule: StepRule, *, usual: bool) -> ToldStep:
        tries = rule.tries.model_dump() if rule.tries else None
        return ToldStep(
            key=rule.key,
            label=rule.label[self.language],
            help=rule.help[self.language] if rule.help else "",
            usual=usual,
            owner=self._owner(rule.owner),
            aim=self._first_of(rule.aim),
            too_late=self._too_late(rule.too_late),
            starts=self._rule(rule.starts) if rule.starts else "",
            tries=self._say("tries", **tries) if tries else "",
            ways=self.ways(rule.outcomes),
        )

    def ways(self, outcomes: Iterable[Outcome]) -> tuple[Way, ...]:
        """Grouped by where they lead: to steps in the order they are named, then staying, then the ends."""
        outcomes = list(outcomes)
        targets = dict.fromkeys(each.to for each in outcomes if each.to not in (STAY, CLOSURE))
        here = self.process
        names = {rule.key: rule.label[self.language] for rule in here.steps}
        ways = [Way("step", target, names[target], self._answers(outcomes, target)) for target in targets]
        ways += [Way("stay", STAY, "", self._answers(outcomes, STAY))]
        ways += [Way("closure", CLOSURE, "", self._answers(outcomes, CLOSURE))]
        return tuple(way for way in ways if way.answers)

    def _answers(self, outcomes: Sequence[Outcome], target: str) -> tuple[Answer, ...]:
        return tuple(
            Answer(each.label[self.language], tuple(self._limits(each))) for each in outcomes if each.to == target
        )

    def _limits(self, outcome: Outcome) -> Iterable[str]:
        if outcome.when:
            yield self._say(f"limit.{outcome.when}")
        if outcome.at_most is not None:
            yield self._say("limit.once" if outcome.at_most == 1 else "limit.at_most", count=outcome.at_most)
        for name in ("after_tries", "handover", "companion", "transfer"):
            if getattr(outcome, name):
                yield self._say(f"limit.{name}")
        if outcome.opens:
            opened = self.known.current(outcome.opens.partition("/")[0])
            yield self._say("limit.opens", process=opened.label[self.language])

    def _owner(self, rule: OwnerRule) -> str:
        if rule.lead:
            owner = self._say("owner.lead")
        else:
            owner = self._or([self._kind(kind) for kind in rule.kinds])
            owner = self._say("owner.else_lead", kinds=owner) if rule.else_lead else owner
        if rule.beside:
            owner = self._say("owner.beside", owner=owner, beside=self._or([self._kind(kind) for kind in rule.beside]))
        return owner

    def _or(self, names: Sequence[str]) -> str:
        first, last = ", ".join(names[:-1]), names[-1]
        return self._say("owner.or", first=first, last=last) if first else last

    def _kind(self, kind: str) -> str:
        return PARTNERS.text(f"kind.{kind}", self.language)

    def _too_late(self, rule: TooLate) -> str:
        rules = [self._rule(each) for each in rule.earliest]
        first = self._say("rule.earliest", rules=", ".join(rules)) if len(rules) > 1 else "".join(rules)
        then = self._first_of(rule.otherwise)
        if first and then:
            return self._say("rule.otherwise", first=first, then=then)
        return first or then or self._say("rule.none")

    def _first_of(self, rules: Sequence[DateRule]) -> str:
        """Each rule stands in for the ones before it."""
        told = ""
        for each in reversed(rules):
            rule = self._rule(each)
            told = self._say("rule.otherwise", first=rule, then=told) if told else rule
        return told

    def _rule(self, rule: DateRule) -> str:
        key = "rule.same" if rule.count == 0 else "rule.after" if rule.count > 0 else "rule.before"
        number = "one" if abs(rule.count) == 1 else "many"
        told = self._say(
            key,
            count=abs(rule.count),
            days=self._say(f"days.{rule.counter}.{number}"),
            anchor=self._say(f"from.{rule.anchor}"),
        )
        return self._say(f"rule.{rule.when}", rule=told) if rule.when else told

    def _say(self, key: str, **data: object) -> str:
        return WORDS.text(key, self.language, **data)
