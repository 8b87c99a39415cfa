"""The way in: who gets in, who waits, and that nobody can be kept out or found out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts import brakes, passwords, sessions
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.commands import TRAY, add_person, end_membership, set_password
from outreach.accounts.models import Membership, SignInAttempt, SignInSession
from outreach.accounts.sign_in import Outcome, sign_in
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.models import Organisation

from .conftest import PASSWORD

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def attempt(
    session: Session, password: str = PASSWORD, address: str = HOME, email: str = "amina@brug.example"
) -> Outcome:
    return sign_in(session, email=email, password=password, address=address)


def fail(session: Session, times: int, address: str = HOME, email: str = "amina@brug.example") -> None:
    for _ in range(times):
        assert attempt(session, "fout wachtwoord", address, email) == Outcome()


def test_the_right_password_opens_a_session_for_the_membership(session: Session, amina: Membership) -> None:
    outcome = attempt(session, email=" AMINA@Brug.example ")
    assert outcome.token is not None
    opened = sessions.find_open_session(session, outcome.token)
    assert opened is not None
    assert opened.actor == actor_for(amina)
    assert session.scalar(select(SignInSession.token_digest)) != outcome.token


@pytest.mark.parametrize("email", ["amina@brug.example", "niemand@brug.example"])
def test_wrong_and_unknown_get_the_same_answer_and_the_same_brake(
    session: Session, amina: Membership, email: str
) -> None:
    fail(session, 5, email=email)
    assert attempt(session, "fout wachtwoord", email=email) == Outcome(wait_seconds=1)


def test_a_person_who_left_gets_the_answer_of_an_unknown_one(session: Session, amina: Membership, by: Actor) -> None:
    end_membership(session, membership=amina, handed_to=TRAY, by=by)
    session.commit()
    assert attempt(session) == Outcome()


def test_a_person_without_password_does_not_get_in(session: Session, bert: Membership) -> None:
    assert attempt(session, "", email="bert@brug.example") == Outcome()


def test_the_wait_grows_and_the_right_password_works_after_it(session: Session, amina: Membership) -> None:
    fail(session, 5)
    waits = []
    for _ in range(4):
        wait = attempt(session).wait_seconds
        waits.append(wait)
        with clock.at(clock.now() + timedelta(seconds=sum(waits))):
            assert attempt(session, "fout wachtwoord") == Outcome()
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    with clock.at(clock.now() + timedelta(seconds=brakes.PAIR.longest * 2)):
        assert attempt(session).token


def test_tries_made_while_waiting_do_not_lengthen_the_wait(session: Session, amina: Membership) -> None:
    fail(session, 5)
    first = attempt(session).wait_seconds
    for _ in range(20):
        assert attempt(session).wait_seconds == first


def test_strangers_cannot_keep_somebody_out_of_a_known_place(session: Session, amina: Membership) -> None:
    assert attempt(session).token
    for number in range(40):
        attempt(session, "geraden", f"198.51.100.{number}")
    assert attempt(session, address=ELSEWHERE).wait_seconds > 0
    assert attempt(session, address=HOME).token


def test_an_address_that_tries_many_accounts_is_slowed(session: Session, amina: Membership) -> None:
    for number in range(brakes.ADDRESS.free):
        fail(session, 1, ELSEWHERE, f"iemand{number}@brug.example")
    assert attempt(session, address=ELSEWHERE).wait_seconds > 0
    assert attempt(session, address=HOME).token


def test_many_tries_at_once_are_counted_one_by_one(app: Flask, session: Session, amina: Membership) -> None:
    moment = clock.now()

    def guess(number: int) -> bool:
        with clock.at(moment), app.app_context():
            return attempt(db.session, f"geraden {number}").wait_seconds > 0

    with ThreadPoolExecutor(8) as threads:
        slowed = list(threads.map(guess, range(16)))
    assert slowed.count(False) == brakes.PAIR.free
    assert session.scalar(select(func.count(SignInAttempt.id))) == brakes.PAIR.free


def test_neighbours_in_one_ipv6_network_count_as_one(session: Session) -> None:
    first = brakes.caller("a@b.example", "2001:db8::1")
    assert first == brakes.caller("a@b.example", "2001:db8::ffff:2")
    assert first != brakes.caller("a@b.example", "2001:db8:0:1::1")


def test_tries_hold_neither_account_nor_address(session: Session, amina: Membership) -> None:
    fail(session, 1)
    row = session.scalars(select(SignInAttempt)).one()
    assert "amina" not in row.account
    assert HOME not in row.address


def test_old_tries_are_dropped_when_somebody_comes_in(session: Session, amina: Membership) -> None:
    fail(session, 3)
    with clock.at(clock.now() + timedelta(days=61)):
        assert attempt(session).token
    assert session.scalar(select(func.count(SignInAttempt.id))) == 1


def test_a_hash_of_another_cost_is_made_again(session: Session, amina: Membership, by: Actor) -> None:
    passwords.install(cheap=False)
    try:
        strong = passwords.hash_password(PASSWORD)
    finally:
        passwords.install(cheap=True)
    set_password(session, person=amina.person, password_hash=strong, by=by)
    session.commit()
    assert attempt(session).token
    assert not passwords.outdated(amina.person.password_hash or "")


def test_the_same_letters_typed_otherwise_are_the_same_password() -> None:
    assert passwords.verify(passwords.hash_password("café crème"), "cafe\u0301 cre\u0300me")


@pytest.mark.parametrize("password", ["kort", "x" * 201])
def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(Refused):
        passwords.hash_password(password)


def test_a_made_password_is_never_the_same_and_easy_to_read() -> None:
    made = {passwords.random_password() for _ in range(50)}
    assert len(made) == 50
    assert not set("".join(made)) & set("il1o0")


def test_the_last_organisation_acted_for_comes_back(
    session: Session, amina: Membership, school: Organisation, by: Actor
) -> None:
    other = add_person(
        session, email="amina@brug.example", name="Amina", role="bridge-person", organisation=school, by=by
    )
    session.commit()
    outcome = attempt(session)
    opened = sessions.find_open_session(session, outcome.token or "")
    assert opened is not None
    assert opened.places == 2
    sessions.switch_membership(session, session_id=opened.session_id, membership=other, by=opened.actor)
    session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        again = sessions.find_open_session(session, attempt(session).token or "")
    assert again is not None
    assert again.actor.organisation_id == school.id


def test_nobody_acts_for_a_membership_of_somebody_else(session: Session, amina: Membership, dirk: Membership) -> None:
    opened = sessions.find_open_session(session, attempt(session).token or "")
    assert opened is not None
    with pytest.raises(Refused):
        sessions.switch_membership(session, session_id=opened.session_id, membership=dirk, by=opened.actor)


@pytest.mark.parametrize(
    ("later", "alive"),
    [(timedelta(hours=3, minutes=59), True), (sessions.IDLE, False), (sessions.LONGEST, False)],
)
def test_a_forgotten_browser_is_signed_out(session: Session, amina: Membership, later: timedelta, alive: bool) -> None:
    token = attempt(session).token or ""
    with clock.at(clock.now() + later):
        assert (sessions.find_open_session(session, token) is not None) is alive


def test_a_day_ends_even_for_who_never_stopped(session: Session, amina: Membership) -> None:
    token = attempt(session).token or ""
    start = clock.now()
    for hours in range(1, 12):
        with clock.at(start + timedelta(hours=hours)):
            opened = sessions.find_open_session(session, token)
            assert opened is not None
            sessions.note_seen(session, opened.session_id)
            session.commit()
    with clock.at(start + sessions.LONGEST):
        assert sessions.find_open_session(session, token) is None


def test_a_new_password_ends_every_session(session: Session, amina: Membership, by: Actor) -> None:
    tokens = [attempt(session).token or "" for _ in range(2)]
    set_password(session, person=amina.person, password_hash=passwords.hash_password("een ander woord"), by=by)
    session.commit()
    assert [sessions.find_open_session(session, token) for token in tokens] == [None, None]
