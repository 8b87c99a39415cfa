"""A partner without an account answers one question, once; the answer goes the way every answer goes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.answering import Answer, answer_link
from outreach.cases.commands.linking import send_link, withdraw_link
from outreach.cases.commands.owning import hand_over
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.models import Case, Event, Report, SignedLink, Step
from outreach.cases.queries.links import find_asked
from outreach.cases.queries.verify import case_checks
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.notifications.models import QUEUED, WITHDRAWN, WrongAddress
from tests.ground.field import Field

from .conftest import EARLY, READ, Send, asking, kinds, letter_of, step_of, token_in


def answered(session: Session, link: SignedLink, key: str, on: date | None = None) -> None:
    """Whoever has the letter answers."""
    asked = find_asked(session, token_in(letter_of(session, link)))
    assert asked is not None
    answer_link(session, asked, Answer(key, on))
    session.flush()


def sound(session: Session) -> bool:
    """Whether every promise about cases holds."""
    session.flush()
    return [each for each in case_checks(session) if not each.ok] == []


def test_milan_started_is_reported_by_the_link_as_by_a_person(session: Session, case: Case, send: Send) -> None:
    link = send(days=30)
    with clock.at(EARLY):
        answered(session, link, "started")
    assert step_of(session, case, "warm_welcome").outcome == "started"
    assert step_of(session, case, "first_weeks").state == "open"
    told = session.scalars(select(Event).where(Event.via == "link"), execution_options=READ).all()
    assert [each.kind for each in told] == ["outcome_reported"]
    report = session.scalars(select(Report).where(Report.outcome == "started"), execution_options=READ).one()
    assert report.facts == {"entry_day": "2027-01-04"}
    assert sound(session)


def test_nobody_can_have_started_before_the_first_day(session: Session, field: Field, case: Case, send: Send) -> None:
    """Then the answer goes to who asked, and the step stays."""
    answered(session, send(), "started")
    assert step_of(session, case, "warm_welcome").living
    side = step_of(session, case, "link_answer")
    assert (side.organisation_id, side.person_id) == (field.coordinator.organisation_id, field.coordinator.person_id)
    assert sound(session)


def test_not_yet_becomes_the_agreed_day(session: Session, case: Case, send: Send) -> None:
    answered(session, send(), "not_yet", date(2026, 12, 18))
    step = step_of(session, case, "warm_welcome")
    assert (step.planned_on, step.state) == (date(2026, 12, 18), "open")
    assert kinds(session, case)[-1] == "visit_planned"


def test_a_day_on_which_it_is_too_late_also_comes_back(session: Session, case: Case, send: Send) -> None:
    last = step_of(session, case, "warm_welcome").too_late_on
    assert last is not None
    answered(session, send(), "not_yet", last + timedelta(days=3))
    assert step_of(session, case, "warm_welcome").aim_on == last
    assert step_of(session, case, "link_answer").living


@pytest.mark.parametrize(("key", "side"), [("not_mine", "link_answer"), ("unknown_child", "ring_them")])
def test_who_cannot_answer_says_so_and_the_sender_hears(
    session: Session, field: Field, case: Case, send: Send, key: str, side: str
) -> None:
    answered(session, send(by=field.coordinator), key)
    found = step_of(session, case, side)
    assert (found.person_id, found.state) == (field.coordinator.person_id, "open")
    assert step_of(session, case, "warm_welcome").living
    answered(session, send(by=field.coordinator), key)
    sides = select(Step).where(Step.key == side)
    assert len(session.scalars(sides, execution_options=READ).all()) == 1, "one of each at a time"
    assert sound(session)


def test_a_step_without_a_plain_outcome_is_confirmed_by_the_sender(session: Session, field: Field) -> None:
    """At intake nobody offered anything: "done" moves nothing."""
    case = field.case("Noor", date(2023, 6, 10))
    link = send_link(session, case, step_of(session, case, "intake"), asking(offers=[]), by=field.coordinator)
    answered(session, link, "link_done")
    assert step_of(session, case, "intake").living
    assert step_of(session, case, "link_answer").living
    assert sound(session)


def test_a_side_step_is_answered_in_its_own_words(session: Session, field: Field, case: Case) -> None:
    clb, welcome = field.organisations["clb-gent"], step_of(session, case, "warm_welcome")
    side = ask_side_step(
        session, case, welcome, kind="clb_advice", organisation=clb, question="Kan dat?", by=field.school
    )
    link = send_link(session, case, side, asking(offers=["done", "not_for_us"]), by=field.coordinator)
    answered(session, link, "not_for_us")
    assert (side.state, side.outcome) == ("done", "not_for_us")
    assert sound(session)


def test_one_answer_only(session: Session, case: Case, send: Send) -> None:
    link = send()
    answered(session, link, "not_mine")
    with pytest.raises(Refused, match="link_gone"):
        answered(session, link, "settling_in_held")


def test_of_two_answers_at_the_same_moment_one_counts(app: Flask, session: Session, case: Case, send: Send) -> None:
    token = token_in(letter_of(session, send(days=30)))
    session.commit()

    def once(key: str) -> str:
        with clock.at(EARLY), app.app_context():
            try:
                with transaction(db.session):
                    asked = find_asked(db.session, token)
                    assert asked is not None
                    answer_link(db.session, asked, Answer(key))
            except Refused as error:
                return error.key
            finally:
                db.session.close()
        return "taken"

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(once, ["started", "settling_in_held", "not_mine", "started"]))
    assert sorted(said) == ["link_gone", "link_gone", "link_gone", "taken"]
    told = select(Event).where(Event.via == "link", Event.kind != "side_step_asked")
    assert len(session.scalars(told, execution_options=READ).all()) == 1


def test_a_link_ends_after_its_last_day(session: Session, send: Send) -> None:
    link = send(days=14)
    with clock.at(clock.moment_of(date(2026, 12, 29), 23, 59)):
        token = token_in(letter_of(session, link))
        asked = find_asked(session, token)
        assert asked is not None
        assert asked.open
    with clock.at(clock.moment_of(date(2026, 12, 30), 0)), pytest.raises(Refused, match="link_gone"):
        answered(session, link, "not_mine")


def test_a_link_that_was_taken_back_takes_its_letter_along(
    session: Session, field: Field, case: Case, send: Send
) -> None:
    link = send()
    assert letter_of(session, link).state == QUEUED
    withdraw_link(session, case, link, by=field.coordinator)
    session.expire_all()
    assert letter_of(session, link).state == WITHDRAWN
    with pytest.raises(Refused, match="link_gone"):
        answered(session, link, "not_mine")
    with pytest.raises(Refused, match="link_not_out"):
        withdraw_link(session, case, link, by=field.coordinator)


Change = Callable[[Session, Field, Case, Step], object]

CHANGES: dict[str, Change] = {
    "ended": lambda session, field, case, step: report_outcome(
        session, case, step, outcome="moved_abroad", facts={}, by=field.school
    ),
    "paused": lambda session, field, case, step: pause_step(
        session, case, step, reason="illness", until_on=date(2026, 12, 31), remark=None, by=field.school
    ),
    "handed over": lambda session, field, case, step: hand_over(
        session,
        case,
        step,
        organisation=field.organisations["de-wilg"],
        parents_know="yes",
        parents_agree="yes",
        by=field.school,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_step_that_moved_on_takes_its_links_back(
    session: Session, field: Field, case: Case, send: Send, change: str
) -> None:
    link = send()
    CHANGES[change](session, field, case, step_of(session, case, "warm_welcome"))
    session.flush()
    session.expire_all()
    assert link.withdrawn_at is not None
    assert letter_of(session, link).state == WITHDRAWN
    with pytest.raises(Refused, match="link_gone"):
        answered(session, link, "started")


def test_a_second_link_to_the_same_address_takes_the_first_back(session: Session, send: Send) -> None:
    first, elsewhere = send(), send(address="directie@dewilg.example")
    second = send(address=" Onthaal@DeWilg.example ")
    assert first.withdrawn_at is not None
    assert (elsewhere.withdrawn_at, second.withdrawn_at) == (None, None)


def test_enough_is_enough_on_one_day(session: Session, send: Send) -> None:
    for _ in range(3):
        send()
    with pytest.raises(Refused, match="links_enough_today"):
        send()
    with clock.at(clock.now() + timedelta(days=1)):
        assert send().id


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"known_on": date(2026, 12, 16)}, "link_reference_unknown"),
        ({"known_how": "mail"}, "link_reference_unknown"),
        ({"address": "onthaal"}, "link_address_unusable"),
        ({"offers": ["died"]}, "link_answers_unknown"),
        ({"offers": ["postponed"]}, "link_answers_unknown"),
    ],
)
def test_what_cannot_be_sent(session: Session, case: Case, send: Send, other: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        send(**other)


def test_an_address_that_takes_no_mail_gets_no_link(session: Session, send: Send) -> None:
    session.add(WrongAddress(address="onthaal@dewilg.example", error="address_refused", at=clock.now()))
    session.flush()
    with pytest.raises(Refused, match="link_address_wrong"):
        send()


def test_the_token_is_in_the_letter_alone(session: Session, send: Send) -> None:
    """The table has its digest, the event its number; the outbox keeps the letter's words encrypted."""
    token = token_in(letter_of(session, send()))
    assert len(token) == 43
    for table in ("signed_link", "outbox_message", "event"):
        rows = session.execute(text(f'SELECT * FROM "{table}"'), execution_options=READ).all()
        assert rows
        assert not any(token in str(row) for row in rows)
    links = session.execute(text("SELECT address FROM signed_link"), execution_options=READ).scalars()
    assert "dewilg" not in "".join(links)
