"""A thousand mails about real cases, every kind in three languages: nothing that is known about anybody is in them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.family import add_contact
from outreach.cases.commands.linking import Asking, offers_of, send_link
from outreach.cases.commands.nudging import nudge_step
from outreach.cases.commands.opening import NewCase, open_cases
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Step, Track
from outreach.children.models import Child
from outreach.database import transaction
from outreach.extensions import db
from outreach.labels import LANGUAGES
from outreach.notifications.claims import Claimed, claim, mark_sent
from outreach.notifications.letters import write
from outreach.notifications.lines import LINE_TOKENS
from outreach.scheduler.post import office_of
from outreach.training.world.children import Listed, children_of_area
from tests.conftest import empty
from tests.ground import mails
from tests.ground.leaks import Secrets, hidden_in_any, secrets_of
from tests.journeys.promises import READ
from tests.simulation.acting import Day, at_hour
from tests.simulation.area import Area, make_area

FIRST = date(2026, 12, 15)
DAYS = 40
PHONE = "0470 12 34 56"


@pytest.fixture(scope="module")
def town(sqlite_app: Flask) -> Iterator[list[Claimed]]:
    """Every letter of six weeks in an area with invented families, as its deliverer had it in hand."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        yield list(_letters_of_six_weeks())
        db.session.rollback()


def _letters_of_six_weeks() -> Iterator[Claimed]:
    chance = Random(20261215)
    with clock.at(at_hour(FIRST, 6)), transaction(db.session):
        area = make_area(db.session, chance)
        for person_id in area.diligence:
            area.diligence[person_id] = 0.6
        _receive(area, children_of_area(FIRST, 60))
    for number in range(DAYS):
        today = FIRST + timedelta(days=number)
        with clock.at(at_hour(today, 13)):
            with transaction(db.session):
                remind(db.session)
            with transaction(db.session):
                yield from _handed_in(db.session)
        with clock.at(at_hour(today, 14)), transaction(db.session):
            Day(db.session, area).do_what_is_due()
            _ask_and_nudge(area, chance)
        db.session.expire_all()


def _handed_in(session: Session) -> list[Claimed]:
    at = clock.now()
    letters = claim(session, owner="post", at=at, until=at + timedelta(minutes=9), limit=500)
    for letter in letters:
        mark_sent(session, letter, owner="post", at=at)
    return [letter for letter in letters if letter.lines or letter.tokens]


def _receive(area: Area, listed: list[Listed]) -> None:
    """Families with everything that can be known about one."""
    session, here = area.town.session, area.town.here
    children = []
    for one in listed:
        child = here.child(
            one.first_name, one.born_on, last_name=one.last_name, street=one.street.name, number=one.number
        )
        child.insz = one.insz or None
        children.append(child)
    wanted = [NewCase(child, here.area.id, here.area.coordinator_id) for child in children]
    open_cases(session, wanted, origin="list", by=builtin(session, "import"))
    lies = area.town.named("Lies")
    for case in session.scalars(select(Case).order_by(Case.id), execution_options=READ).all():
        child = session.get_one(Child, case.child_id, execution_options=READ)
        name = f"Oma {child.last_name}"
        add_contact(
            session,
            case,
            name=name,
            relation="other",
            phone=PHONE,
            email="oma@familie.example",
            language=None,
            school_may_ring=False,
            by=lies,
        )
        add_note(session, case, text=f"{child.first_name} staat op de wachtlijst van De Krekel", shared=True, by=lies)


def _ask_and_nudge(area: Area, chance: Random) -> None:
    """Now and then the coordinator asks by link, or asks for attention."""
    session, lies = area.town.session, area.town.named("Lies")
    statement = (
        select(Case, Step).join(Step, Step.case_id == Case.id).where(Step.state == "open", Step.side_of_id.is_(None))
    )
    for case, step in session.execute(statement.order_by(Step.id), execution_options=READ).all():
        if chance.random() > 0.06:
            continue
        nudge_step(session, case, step, by=lies)
        track = session.get_one(Track, step.track_id, execution_options=READ)
        offers = offers_of(track.process, track.process_version, step)
        asking = Asking("onthaal@school.example", "nl", offers, "phone", clock.today(), 10)
        send_link(session, case, step, asking, by=lies)


@pytest.fixture(scope="module")
def secrets(town: list[Claimed]) -> Secrets:
    """Everything that is known about anybody after those weeks."""
    return secrets_of(db.session)


@pytest.fixture(scope="module")
def written(sqlite_app: Flask, town: list[Claimed]) -> Callable[..., bytes]:
    """A letter written out by this installation."""
    office = office_of(sqlite_app.config["SETTINGS"])
    return lambda letter: write(letter, office).as_bytes()


def test_a_thousand_mails_of_every_kind_name_nobody(
    town: list[Claimed], secrets: Secrets, written: Callable[..., bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    references = db.session.scalars(select(Case.reference), execution_options=READ).all()
    samples = [mails.claimed(kind, reference=reference) for kind in mails.kinds() for reference in references[:40]]
    sources, counts = [], Counter[str]()
    for letter in [*town, *samples]:
        for language in LANGUAGES:
            sources.append(written(replace(letter, language=language, plain=bool(len(sources) % 5 == 0))))
            counts[letter.kind] += 1
            counts.update(f"line {line.key}" for line in letter.lines)
    assert len(sources) >= 1000, counts
    assert {kind for kind in mails.kinds() if not counts[kind]} == set()
    assert {key for key in LINE_TOKENS if not counts[f"line {key}"]} == set()
    assert hidden_in_any(secrets, sources) == {}
    with capsys.disabled():
        print(f"\n{len(sources):,} mails about {len(references)} cases, {len(town)} of them sent: 0 hits")


def test_the_weeks_brought_mail_of_their_own(town: list[Claimed]) -> None:
    """Most of it is about what happened, not about samples."""
    kinds = Counter(letter.kind for letter in town)
    assert kinds["digest"] > 50, kinds
    assert kinds["step_link"] > 5, kinds
    keys = {line.key for letter in town for line in letter.lines}
    assert {"step_new", "step_soon", "step_late", "step_nudged", "team_late"} <= keys


HIDING = {
    "the subject": lambda mail, what: mail.replace_header("Subject", f"Outreach: {what}"),
    "a header": lambda mail, what: mail.add_header("X-About", what),
    "the text": lambda mail, what: mail.get_body(("plain",)).set_content(f"Dag, {what}!", cte="quoted-printable"),
    "the HTML": lambda mail, what: mail.get_body(("html",)).set_content(f"<b>{what}</b>", subtype="html", cte="base64"),
    "an attribute": lambda mail, what: mail.get_body(("html",)).set_content(f'<a title="{what}">x</a>', subtype="html"),
    "a calendar": lambda mail, what: mail.add_attachment(f"SUMMARY:{what}", subtype="calendar"),
    "a file's name": lambda mail, what: mail.add_attachment(b"x", "text", "calendar", filename=f"{what}.ics"),
}
"""Where a name could hide."""


@pytest.mark.parametrize("place", HIDING)
def test_what_would_be_hidden_is_found(secrets: Secrets, place: str) -> None:
    """The search itself: a child with accents in its name, its number, its birth date and its grandmother's phone."""
    statement = select(Child).where(Child.insz.is_not(None)).order_by(Child.id)
    children = db.session.scalars(statement, execution_options=READ).all()
    child = next(each for each in children if not (each.first_name + each.last_name).isascii())
    for what in (
        child.first_name,
        child.last_name,
        f"{child.born_on:%d.%m.%Y}",
        f"{child.insz[:6]}-{child.insz[6:9]}.{child.insz[9:]}",
        "+0470/12.34.56",
        f"{child.first_name} staat op de wachtlijst van De Krekel",
        "Gezin tijdelijk weg",
        "Basisschool De Linde",
    ):
        mail = EmailMessage()
        mail["Subject"], mail["To"] = "Outreach: 1 stap vraagt je aandacht", "wim@example.test"
        mail.set_content("Dag,")
        mail.add_alternative("<p>Dag,</p>", subtype="html")
        assert secrets.found_in(mail.as_bytes().replace(b"\n", b"\r\n")) == set()
        HIDING[place](mail, what)
        assert secrets.found_in(mail.as_bytes().replace(b"\n", b"\r\n")), (place, what)
