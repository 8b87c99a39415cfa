"""Merge, not last-wins: whatever two people type in whatever order, nothing of either is lost."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from hypothesis import given, settings, strategies as st

from outreach.cases.merging import Fate, conflicts, merge, standing

BESIDE = frozenset({"note"})
HANGING = frozenset({"school"})
FIELDS = ("outcome", "school", "language", "planned_on", "note")


def fate(field: str, seen: Any, typed: Any, now: Any, **more: Any) -> Fate:
    return merge({field: seen}, {field: typed}, {field: now}, **more)[field].fate


def test_what_nobody_else_touched_becomes_what_stands() -> None:
    assert fate("language", "ar", "tr", "ar") is Fate.APPLIED
    assert fate("language", None, "tr", "") is Fate.APPLIED


def test_the_same_said_twice_agrees() -> None:
    assert fate("outcome", None, "wants_school", "wants_school") is Fate.AGREED


def test_what_both_changed_differently_is_for_a_person() -> None:
    assert fate("language", "ar", "tr", "so") is Fate.CONFLICT
    assert fate("outcome", None, "wants_school", "nobody_reached") is Fate.CONFLICT
    assert fate("language", "ar", "tr", None) is Fate.CONFLICT, "somebody took it away"


def test_what_was_left_as_it_was_seen_gives_way() -> None:
    assert fate("language", "ar", "ar", "so") is Fate.LEFT
    assert fate("planned_on", None, "", "2026-12-20") is Fate.LEFT


def test_a_fact_beside_others_never_contradicts() -> None:
    assert fate("note", None, "belt 's avonds", "iets anders", beside=BESIDE) is Fate.ADDED


def test_what_was_perhaps_never_shown_only_fills_an_empty_place() -> None:
    assert merge({}, {"language": "tr"}, {})["language"].fate is Fate.APPLIED
    assert merge({}, {"language": "tr"}, {"language": "so"})["language"].fate is Fate.CONFLICT


def test_a_step_that_rests_takes_no_outcome_but_agrees_with_one() -> None:
    assert fate("outcome", None, "wants_school", None, blocked=True) is Fate.CONFLICT
    assert fate("outcome", None, "wants_school", "wants_school", blocked=True) is Fate.AGREED


def test_facts_wait_with_the_outcome_that_asked_for_them() -> None:
    typed, now = {"outcome": "enrolled", "school": 7}, {"outcome": "refused"}
    assert merge({}, typed, now, hang_on_outcome=HANGING)["school"].fate is Fate.CONFLICT
    agreed = merge({}, typed, {"outcome": "enrolled", "school": 7}, hang_on_outcome=HANGING)
    assert agreed["school"].fate is Fate.AGREED
    other = merge({}, typed, {"outcome": "enrolled", "school": 8}, hang_on_outcome=HANGING)
    assert (other["outcome"].fate, other["school"].fate) == (Fate.AGREED, Fate.CONFLICT)
    unsaid = merge({}, typed, {"outcome": "enrolled"}, hang_on_outcome=HANGING)
    assert unsaid["school"].fate is Fate.CONFLICT, "an empty place is not filled behind the other's back"


class Case:
    """What stands, what stood before, and what waits for a person; two phones and the office write to it."""

    def __init__(self) -> None:
        self.now: dict[str, Any] = {}
        self.history: list[tuple[str, Any]] = []
        self.inbox: list[tuple[str, Any]] = []
        self.typed: list[tuple[str, Any]] = []
        self.blocked = False
        self.phones: dict[int, dict[str, Any]] = {0: {}, 1: {}}

    def put(self, field: str, value: Any) -> None:
        if field in self.now:
            self.history.append((field, self.now[field]))
        self.now[field] = value

    def act(self, op: tuple[Any, ...]) -> None:
        kind, who, values = op
        if kind == "take":
            self.phones[who] = dict(self.now)
        elif kind == "office":
            self.typed.extend(values.items())
            for field, value in values.items():
                self.put(field, value)
        elif kind == "block":
            self.blocked = not self.blocked
        elif kind == "settle" and self.inbox:
            field, value = self.inbox.pop(0)
            self.history.append((field, value))
            if who:
                self.put(field, value)
        elif kind == "send":
            self.receive(self.phones[who], values)

    def receive(self, seen: dict[str, Any], typed: dict[str, Any]) -> None:
        self.typed.extend(typed.items())
        before = dict(self.now)
        found = merge(seen, typed, self.now, beside=BESIDE, hang_on_outcome=HANGING, blocked=self.blocked)
        assert found.keys() == typed.keys()
        for field, value in standing(found).items():
            if found[field].fate is Fate.ADDED:
                self.history.append((field, value))
            elif found[field].fate is Fate.APPLIED:
                assert before.get(field) == seen.get(field) or before.get(field) is None, "overwrote another's words"
                self.put(field, value)
            else:
                assert found[field].fate is not Fate.AGREED or value == self.now.get(field)
        self.inbox.extend((field, one.mine) for field, one in conflicts(found).items())


values = st.fixed_dictionaries({}, optional={field: st.sampled_from("abc") for field in FIELDS})
ops = st.tuples(st.sampled_from(["take", "office", "block", "settle", "send", "send"]), st.integers(0, 1), values)


def told(story: Iterable[tuple[Any, ...]]) -> None:
    """Tell a story, and look whether every word of it is somewhere."""
    case = Case()
    for op in story:
        case.act(op)
    assert set(case.typed) <= {*case.now.items(), *case.history, *case.inbox}


@given(st.lists(ops, min_size=2, max_size=10))
def test_every_value_typed_is_current_in_the_history_or_in_the_inbox(story: list[tuple[Any, ...]]) -> None:
    told(story)


def random_story(chance: Random) -> Iterator[tuple[Any, ...]]:
    """What two phones and an office may do in a day, in any order."""
    for _ in range(chance.randint(2, 12)):
        kind = chance.choice(["take", "office", "block", "settle", "send", "send"])
        yield kind, chance.randrange(2), {field: chance.choice("abc") for field in FIELDS if chance.random() < 0.6}


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_and_so_it_is_in_ten_thousand_random_interleavings(seed: int) -> None:
    for number in range(100):
        told(random_story(Random(f"{seed} {number}")))
