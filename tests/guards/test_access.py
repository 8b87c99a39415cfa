"""Nobody gets in where they do not belong: every route, for every role, in every place one can stand to a case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from outreach.accounts.models import ROLES
from outreach.web.access import ANYONE_SIGNED_IN, PUBLIC, rule_of
from tests.ground.pages import without_tokens

from .access_kept_up import KEPT_UP_HIDDEN_FROM, KEPT_UP_MAY_NOT
from .access_world import PLACES, Value, Who, World, made_world

PUBLIC_ENDPOINTS = frozenset(
    {
        "accounts.send_sign_in",
        "accounts.sign_in",
        "device.manifest",
        "cases.calendar",
        "cases.link",
        "cases.parents",
        "cases.send_link_answer",
        "help.index",
        "help.topic",
        "device.shell",
        "device.worker",
        "static",
        "web.accessibility",
        "web.healthz",
        "web.readyz",
    }
)
"""What a stranger may ask for; nothing else, ever."""

WORKING = frozenset({"coordinator", "team-lead", "worker", "school-contact", "bridge-person", "clb"})
COORDINATING = frozenset({"coordinator", "team-lead"})
BY_NAME = "bridge-person"
"""Sees only what is theirs by name; nothing is in this world."""

FULL, REFERENCE = "full", "reference"


@dataclass(frozen=True)
class Spot:
    """A case of the world as a URL names it: who sees how much of it, and whose step it is."""

    key: str
    scopes: dict[str, str]
    owner: str | None


SPOTS = {
    "open": Spot("open", {"own": FULL, "lead": FULL, "asked": REFERENCE}, owner="own"),
    "side": Spot("side", {"own": FULL, "lead": FULL, "asked": REFERENCE}, owner="asked"),
    "paused": Spot("paused", {"own": FULL, "lead": FULL}, owner="own"),
    "unagreed": Spot("unagreed", {"own": FULL, "lead": FULL, "asked": REFERENCE}, owner="asked"),
    "closed": Spot("closed", {"lead": FULL}, owner=None),
}


@dataclass(frozen=True)
class Standing:
    """Somebody before a case: what product.md lets them see and do."""

    who: Who
    spot: Spot

    @property
    def scope(self) -> str | None:
        """How much of the case they see."""
        return None if self.who.role == BY_NAME else self.spot.scopes.get(self.who.place)

    @property
    def whole(self) -> bool:
        """Sees all of it."""
        return self.scope == FULL

    @property
    def owns(self) -> bool:
        """Their organisation's move."""
        return self.who.role != BY_NAME and self.who.place == self.spot.owner

    @property
    def leads(self) -> bool:
        """Coordinates for the organisation in the lead."""
        return self.who.role in COORDINATING and self.who.place == "lead"

    @property
    def gives_out(self) -> bool:
        """Divides the work of the team that has it."""
        return self.owns and self.who.role in COORDINATING


May = Callable[[Standing], bool]

anybody: May = lambda at: True  # noqa: E731 - a table of short rules reads best as such
whole: May = lambda at: at.whole  # noqa: E731
owner: May = lambda at: at.owns  # noqa: E731
steering: May = lambda at: at.owns or at.leads  # noqa: E731
giving: May = lambda at: at.leads or at.gives_out  # noqa: E731
nudging: May = lambda at: at.leads and not at.owns  # noqa: E731
leading: May = lambda at: at.leads  # noqa: E731
not_owner: May = lambda at: at.whole and not at.owns  # noqa: E731
visiting: May = lambda at: at.whole and at.owns  # noqa: E731 - the own team is one that visits families
guarding: May = lambda at: at.whole and (at.owns or at.leads)  # noqa: E731

CASE_PAGES: dict[str, tuple[str, May]] = {
    "cases.address": ("open", whole),
    "cases.agree": ("unagreed", not_owner),
    "cases.answer": ("side", owner),
    "cases.ask": ("open", owner),
    "cases.ask_by_link": ("open", steering),
    "cases.assign": ("open", giving),
    "cases.case": ("open", anybody),
    "cases.companion": ("open", whole),
    "cases.contact": ("open", whole),
    "cases.correct_note": ("open", whole),
    "cases.end_contact": ("open", whole),
    "cases.hand_over": ("open", steering),
    "cases.household": ("open", whole),
    "cases.household_child": ("open", whole),
    "cases.language_at_home": ("open", whole),
    "cases.merge": ("open", leading),
    "cases.new_aim": ("open", steering),
    "cases.note": ("open", whole),
    "cases.nudge": ("open", nudging),
    "cases.part": ("open", leading),
    "cases.pause": ("open", steering),
    "cases.plan": ("open", steering),
    "cases.reopen": ("closed", leading),
    "cases.report": ("open", owner),
    "cases.resume": ("paused", steering),
    "cases.secrecy": ("open", guarding),
    "cases.send_household": ("open", whole),
    "cases.send_household_child": ("open", whole),
    "cases.send_merge": ("open", leading),
    "cases.step": ("open", anybody),
    "cases.take": ("open", owner),
    "cases.visit": ("open", owner),
    "cases.visit_kept": ("open", whole),
    "cases.with_two": ("open", visiting),
    "cases.withdraw_sent_link": ("open", steering),
}
"""Pages of a case: which of the world's cases they are asked for, and who may, of those who see it. See policy.py."""

SPOT_OF = {
    "cases.accept": "transfer",
    "cases.calendar": "feed",
    "imports.preview": "preview",
    "imports.report": "imports.report",
    "imports.report_refused": "imports.report",
    "imports.confirm": "preview",
    "imports.running_receipt": "running",
    **dict.fromkeys(("imports.running_words", "imports.say_words"), "running_preview"),
    **dict.fromkeys(("imports.running_preview", "imports.take_over_running"), "running_preview"),
}


def _has_no_lists(who: Who) -> bool:
    """Lists of an area belong to who coordinates it; Kind en Gezin and towns load their own."""
    return who.place != "lead"


def _sees_no_reports(who: Who) -> bool:
    """A late report about the open case is for those who see all of that case."""
    return who.role == BY_NAME or who.place not in ("own", "lead")


def _has_no_reports(who: Who) -> bool:
    """The receipt of a report is for the organisation that sent it."""
    return who.place != "lead"


def _sent_no_report(who: Who) -> bool:
    """What is only looked at is for who sent it."""
    return who != Who("coordinator", "lead")


HIDDEN_FROM: dict[str, Callable[[Who], bool]] = {
    "accounts.send_switch": lambda who: True,  # an empty form names no membership
    "cases.accept": lambda who: who.place != "lead",
    "cases.area": lambda who: "other" in who.place,
    "cases.preview_waves": lambda who: "other" in who.place,
    "cases.assign_waves": lambda who: "other" in who.place,
    "cases.correct_note": lambda who: who.place == "lead",  # a note of another organisation
    "cases.end_membership": lambda who: False,
    "cases.send_end_membership": lambda who: False,
    **dict.fromkeys(("imports.receipt", "imports.refused_csv", "imports.refused_xlsx"), _has_no_lists),
    "imports.undo_number_change": _has_no_lists,
    **dict.fromkeys(("imports.differences", "imports.preview_decision", "imports.decide_differences"), _has_no_lists),
    "imports.undo_decision": _has_no_lists,
    **dict.fromkeys(("imports.proposed", "imports.decide_proposed"), _has_no_lists),
    "imports.undo_proposed": lambda who: True,  # nothing was said about a pair of this list
    "imports.account": _has_no_lists,
    "cases.found": lambda who: False,  # another's search, or none, is the empty field
    **dict.fromkeys(("cases.conflict", "cases.send_conflict", "cases.read_conflict"), _sees_no_reports),
    "imports.preview": lambda who: who.place != "lead",  # only who uploaded it
    **dict.fromkeys(("imports.look_at_upload", "imports.load_reports_looked_at"), _sent_no_report),
    **dict.fromkeys(("imports.progress", "imports.stop"), _sent_no_report),
    **dict.fromkeys(("imports.report", "imports.report_refused"), _has_no_reports),
    **dict.fromkeys(("attendance.pupil", "attendance.sheet"), lambda who: True),  # only its own school; none is here
    "imports.confirm": lambda who: who.place != "lead",
    **dict.fromkeys(("imports.columns", "imports.tie"), lambda who: who != Who("coordinator", "lead")),
    "imports.forget": lambda who: who.place != "lead",
    "imports.forget_list_place": lambda who: who.place != "lead",
    **dict.fromkeys(("imports.running_receipt", "imports.undo_list"), _has_no_lists),
    **dict.fromkeys(("imports.running_words", "imports.say_words"), _has_no_lists),  # only who uploaded it
    **dict.fromkeys(("imports.running_preview", "imports.take_over_running"), _has_no_lists),
    **dict.fromkeys(
        ("notifications.resend", "notifications.mail", "notifications.mark_wrong", "notifications.clear_wrong"),
        lambda who: who.role != "administrator" and who.place not in ("own", "lead"),  # it went to the own team
    ),
    **dict.fromkeys(("cases.preview_letters", "cases.send_letters"), lambda who: "other" in who.place),
    "cases.letter_texts_page": lambda who: who.place != "lead",  # the words are those of the area's coordinator
    **dict.fromkeys(("cases.link", "cases.send_link_answer"), lambda who: False),  # one page for every token
    "cases.calendar": lambda who: False,  # who has the link
    "cases.process": lambda who: False,
    "feeds.make": lambda who: who != Who("worker", "own"),  # only one's own places
    "feeds.end": lambda who: who != Who("worker", "own"),
    **dict.fromkeys(
        ("cases.ladder", "cases.try_ladder", "cases.change_ladder"),
        lambda who: who.role != "administrator" and "other" in who.place,
    ),
    **KEPT_UP_HIDDEN_FROM,
    "help.topic": lambda who: False,
    "people.change": lambda who: False,
    "people.person": lambda who: False,
    "people.reset_password": lambda who: False,
    "reminders.back": lambda who: who != Who("worker", "own"),  # only one's own absence
    "substitutes.remove": lambda who: who.role == "team-lead" and who.place != "own",
    "training.mail": lambda who: False,
    "training.mail_html": lambda who: False,
}
"""Of those whose role may come in: for whom what the URL names does not exist."""

MAY_NOT: dict[str, Callable[[Who], bool]] = {
    # the ladder is that of the area's coordinator
    "cases.change_ladder": lambda who: who.role == "coordinator" and who.place != "lead",
    "cases.send_conflict": lambda who: who.place != "own" and who.role not in COORDINATING,
    **KEPT_UP_MAY_NOT,
}
"""Of those who see what the URL names: who may not do it."""

REDIRECT, FORBIDDEN, MISSING, ANSWER = "to sign-in", "403", "404", "an answer"


def endpoints(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with every method that does something."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("world")) as world:
        yield world


def test_every_endpoint_states_who_may_come_in(world: World) -> None:
    rules = {rule.endpoint: rule_of(world.app, rule.endpoint) for rule in world.app.url_map.iter_rules()}
    assert [endpoint for endpoint, rule in rules.items() if not rule] == []
    known = {PUBLIC, ANYONE_SIGNED_IN, *ROLES}
    assert {endpoint: rule for endpoint, rule in rules.items() if not set(rule) <= known} == {}
    assert {endpoint for endpoint, rule in rules.items() if PUBLIC in rule} == PUBLIC_ENDPOINTS


def test_the_table_of_case_pages_is_that_of_the_application(world: World) -> None:
    asked = {rule.endpoint for rule in world.app.url_map.iter_rules() if "reference" in rule.arguments}
    assert asked == CASE_PAGES.keys(), "a page of a case: say in CASE_PAGES who may, of those who see the case"


def test_pages_that_name_something_say_from_whom_it_is_hidden(world: World) -> None:
    named = {rule.endpoint for rule in world.app.url_map.iter_rules() if rule.arguments - {"reference", "filename"}}
    unsaid = named - CASE_PAGES.keys() - HIDDEN_FROM.keys()
    assert unsaid == set(), "what such a URL names may belong to others: say in HIDDEN_FROM for whom it does not exist"


PARTS = 6
"""The table is asked in so many tests, so that several processes share it."""


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_the_answer_that_was_stated_and_nobody_else(world: World, part: int) -> None:
    wrong: list[str] = []
    for rule, method in endpoints(world.app)[part::PARTS]:
        url = url_of(world, rule)
        for who in askers(world, rule):
            answer = world.browser(who).open(url, method=method, buffered=True)
            got, expected = outcome(answer), expected_of(world, rule, who)
            if got != expected:
                wrong.append(f"{method} {url} ({rule.endpoint}) by {who}: {got}, expected {expected}")
            if method != "GET" and answer.status_code < 400:
                world.put_back()
    assert wrong == []


def askers(world: World, rule: Rule) -> Iterator[Who | None]:
    """Nobody, and everybody; a role the rule leaves out is refused at the door, wherever it stands: once is enough."""
    stated = rule_of(world.app, rule.endpoint)
    yield None
    for who in world.tokens:
        let_in = stated == (ANYONE_SIGNED_IN,) or who.role in stated
        far_away = who.place == "lead of the other area" and who.role not in COORDINATING
        if (let_in and PUBLIC not in stated and not far_away) or who.place == "own":
            yield who


def url_of(world: World, rule: Rule) -> str:
    """The URL of a rule, filled in from the world."""
    key = SPOT_OF.get(rule.endpoint) or CASE_PAGES.get(rule.endpoint, ("open", anybody))[0]
    values: dict[str, Value] = {}
    for name in rule.arguments:
        found = world.values.get(f"{key}.{name}", world.values.get(name))
        if found is None:
            pytest.fail(f"{rule.rule}: nothing in access_world.py stands for <{name}>; add it to World.values")
        values[name] = found
    adapter = world.app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values)


def expected_of(world: World, rule: Rule, who: Who | None) -> str:
    """The answer that follows from the stated rule and the tables above."""
    stated = rule_of(world.app, rule.endpoint)
    if PUBLIC in stated:
        return ANSWER
    if who is None or rule.endpoint == "accounts.sign_out":
        return REDIRECT
    if stated != (ANYONE_SIGNED_IN,) and who.role not in stated:
        return FORBIDDEN
    if rule.endpoint in CASE_PAGES:
        key, may = CASE_PAGES[rule.endpoint]
        standing = Standing(who, SPOTS[key])
        of_a_step = "number" in rule.arguments and rule.endpoint != "cases.step"  # which only leads on to the case
        if standing.scope is None or (of_a_step and not standing.whole and not standing.owns):
            return MISSING
        if not may(standing):
            return FORBIDDEN
    hidden = HIDDEN_FROM.get(rule.endpoint)
    if hidden and hidden(who):
        return MISSING
    return FORBIDDEN if MAY_NOT.get(rule.endpoint, lambda _who: False)(who) else ANSWER


def outcome(answer: TestResponse) -> str:
    """What came back, as the tables name it; a script is told 401, and shows the sign-in page itself."""
    if answer.status_code == 401:
        return REDIRECT
    if answer.status_code in (302, 303) and (answer.location or "").startswith("/sign-in"):
        return REDIRECT
    if answer.status_code in (200, 302, 303, 400, 409, 422):
        return ANSWER
    return str(answer.status_code)


def test_every_role_stands_in_every_place(world: World) -> None:
    assert set(world.tokens) == {Who(role, place) for role in ROLES for place in PLACES}
    assert set(ROLES) >= WORKING


def test_a_stranger_is_sent_back_to_the_page_wanted(world: World) -> None:
    reference = world.values["open.reference"]
    answer = world.browser(None).get(f"/cases/{reference}")
    assert answer.location == f"/sign-in?next=%2Fcases%2F{reference}" or answer.location.endswith(str(reference))


def test_a_case_that_is_not_there_looks_like_one_that_may_not_be_seen(world: World) -> None:
    stranger = world.browser(Who("worker", "other area"))
    hidden = stranger.get(f"/cases/{world.values['open.reference']}")
    absent = stranger.get("/cases/ZZZZZ-Z")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert without_tokens(hidden.text) == without_tokens(absent.text)
