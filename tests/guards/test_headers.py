"""What every answer carries: a strict policy, no caching, cookies out of reach, and forms that cannot be forged."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from outreach.accounts.models import ADMINISTRATOR

from .access_world import Who, World, made_world
from .test_access import ANSWER, endpoints, expected_of, url_of

LOOKERS = (Who("coordinator", "lead"), Who("worker", "own"), Who("clb", "asked"), Who(ADMINISTRATOR, "own"))

FRAMED = frozenset({"training.mail_html"})
"""A mail of the sink as a mail program draws it: a document of its own, shut in a sandbox (training only)."""

INLINE = {
    "a script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a style": r"<style\b|<[^>]+\sstyle=",
    "a handler": r"<[a-z][^>]*\son[a-z]+=",
    "an address of a script": r"javascript:",
    "a foreign address": r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("headers")) as world:
        yield world


def test_every_page_carries_the_policy_and_holds_nothing_inline(world: World) -> None:
    seen: set[str] = set()
    for rule, method in endpoints(world.app):
        for who in (None, *LOOKERS):
            if method != "GET" or rule.endpoint in seen | FRAMED or expected_of(world, rule, who) != ANSWER:
                continue
            answer = world.browser(who).get(url_of(world, rule), buffered=True)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if rule.endpoint != "static":
                said = answer.headers["Content-Security-Policy"].split(";")
                policy = dict(part.strip().split(" ", 1) for part in said)
                assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
                assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
                assert policy["worker-src"] == policy["manifest-src"] == "'self'"
                told_nobody = rule.endpoint in ("cases.link", "cases.calendar")  # their address is a key
                assert answer.headers["Referrer-Policy"] == ("no-referrer" if told_nobody else "same-origin")
                asked = answer.headers["Permissions-Policy"]
                assert all(f"{what}=()" in asked for what in ("camera", "geolocation", "microphone", "contacts"))
                kept = {"device.worker": "no-cache", "cases.calendar": "private, no-cache"}
                assert answer.headers["Cache-Control"] == kept.get(rule.endpoint, "no-store")
            if answer.mimetype == "text/html":
                found = [what for what, pattern in INLINE.items() if re.search(pattern, answer.text, re.IGNORECASE)]
                assert found == [], f"{rule.rule} holds {found}"
            if answer.status_code == 200:
                seen.add(rule.endpoint)
    pages = {rule.endpoint for rule, method in endpoints(world.app) if method == "GET"}
    leading_on = {"cases.areas", "cases.home", "cases.step"}
    asking_more = {"cases.try_ladder"}  # without numbers to try it shows its form again
    reported = {rule.endpoint for rule, _ in endpoints(world.app) if rule.endpoint.startswith("attendance.")}
    assert pages - seen - FRAMED - reported == leading_on | asking_more, "a page nobody here could look at"


def test_error_pages_carry_the_policy_too(world: World) -> None:
    answers = [
        world.browser(None).get("/nothing-here"),
        world.browser(Who("worker", "own")).get("/people"),
        world.browser(Who("worker", "own")).post("/my-work"),
    ]
    assert [answer.status_code for answer in answers] == [404, 403, 405]
    for answer in answers:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    answer = world.browser(None).get("/sign-in")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_is_refused_everywhere(world: World) -> None:
    signed_in: dict[str, FlaskClient] = {}
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for rule, method in endpoints(world.app):
            if method == "GET":
                continue
            who = next((one for one in LOOKERS if expected_of(world, rule, one) == ANSWER), LOOKERS[0])
            browser = signed_in.setdefault(who.role, world.browser(who))
            answer = browser.open(url_of(world, rule), method=method, data={"answer": "x"})
            assert answer.status_code == 400, f"{method} {rule.rule} took a form without a token"
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False
