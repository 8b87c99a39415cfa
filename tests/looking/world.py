"""The training world as it stands on a Tuesday afternoon, made once for a whole run, and copied by who walks in it."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from filelock import FileLock
from flask import Flask, abort
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFError
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from outreach import clock, schema
from outreach.accounts.actors import ensure_builtins
from outreach.accounts.models import Person
from outreach.accounts.sessions import open_session
from outreach.application import create_app
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.models import Case, Step, StepState
from outreach.database import seen_by, transaction
from outreach.extensions import db
from outreach.imports.commands.loading_reports import ReportTerms, load_reports
from outreach.imports.participation import receive_files
from outreach.imports.reading import read_list
from outreach.imports.reading.vocabulary import PARTICIPATION
from outreach.partners.commands import add_agreement, add_report_day
from outreach.partners.models import Organisation
from outreach.partners.queries import find_area
from outreach.training.commands import prepare
from outreach.training.models import TrainingMark
from outreach.training.sink import Sink
from outreach.training.world.making import make_world
from outreach.training.world.people import actor_of, membership_of
from outreach.web.access import public
from tests.conftest import Browser, make_settings

MOMENT = clock.parse_moment("2026-12-15T14:10")
"""A worker stands in front of a door."""

STRANGER = ""


def shared_world(folder: Path) -> Path:
    """The folder of the world, made by whoever comes first; the folder is one all processes of a run share."""
    world, lock = folder / "world", FileLock(folder / "world.lock")
    with lock:
        if not (world / "made").exists():
            shutil.rmtree(world, ignore_errors=True)
            world.mkdir(parents=True)
            _make(world)
            (world / "made").touch()
    return world


def application(folder: Path) -> Flask:
    """The training application on the database of this folder; forms are asked for no token here."""
    settings = make_settings(folder, f"sqlite:///{folder / 'outreach.db'}").with_changes(training=True)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _make(folder: Path) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = application(folder)
    with clock.at(MOMENT):
        with app.app_context():
            schema.upgrade()
            with transaction(db.session):
                ensure_builtins(db.session)
                prepare(db.session)
            db.session.close()
        refusals = make_world(app)
        with app.app_context(), transaction(db.session):
            _ask_the_clb(db.session)
            _report_presence(db.session)
    _post_a_mail(folder / "mails")
    if refusals:
        raise AssertionError(f"the world was refused something: {refusals}")
    with app.app_context():
        db.engine.dispose()


def _ask_the_clb(session: Session) -> None:
    """A question beside a visit of Karim's, which nobody of the world asks."""
    clb = session.scalars(select(Organisation).where(Organisation.kind == "clb")).first()
    karim = actor_of(session, "Karim")
    visits = select(Step, Case).join(Case, Case.id == Step.case_id).where(Step.key == "home_visit")
    own = visits.where(Step.person_id == karim.person_id, Step.state == StepState.OPEN).order_by(Step.id)
    step, case = session.execute(own.limit(1), execution_options=seen_by("test")).one()
    question = "Kan jij meegaan? Mama vraagt iemand die Turks spreekt."
    ask_side_step(session, case, step, kind="clb_advice", organisation=clb, question=question, by=karim)


def _report_presence(session: Session) -> None:
    """The school of Els reported its kleuters in December, one of them rarely present."""
    els = actor_of(session, "Els")
    school = session.get_one(Organisation, els.organisation_id)
    area = find_area(session, "gent")
    assert area is not None
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    agreement = add_agreement(session, key="presence", area=area, source="participation", reference="protocol", **days)
    file = BytesIO(presence_report(school.number or "").encode())
    add_report_day(session, area=area, on=date(2027, 2, 1))
    reports = receive_files([read_list(file, "aanwezigheid.csv", PARTICIPATION)], date(2026, 12, 11))
    terms = ReportTerms(area, date(2026, 12, 11), school.id, agreement)
    load_reports(session, reports, terms, by=els)


def presence_report(school_number: str, as_it: str = "") -> str:
    """A report of six kleuters; `as_it` makes it another file."""
    titles = "Schoolnummer;School;Leerlingnummer;Naam;Voornaam;Geboortedatum;Klas;Aanwezig;Mogelijk"
    rows = (
        f"{school_number};Onze school;L{n};Claes;Kind{n}{as_it};0{n}/03/2023;K1;{30 if n == 1 else 110};118"
        for n in range(1, 7)
    )
    return "\r\n".join((titles, *rows))


def _post_a_mail(folder: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "outreach@gent.example", "de-brug@gent.example"
    mail["Subject"], mail["Date"] = "2 stappen wachten op jullie, 1 is te laat", format_datetime(MOMENT)
    mail.set_content("2 stappen wachten op jullie.\n")
    mail.add_alternative(
        "<!doctype html><html lang='nl'><title>Mail</title><p>2 stappen wachten op jullie.</p></html>", "html"
    )
    Sink(folder).keep(mail.as_bytes(), ["de-brug@gent.example"])


@dataclass
class Walked:
    """A copy of the world with somebody walking in it, who may be anybody."""

    app: Flask
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    kept: Connection | None = None

    def browser(self, who: str) -> FlaskClient:
        """A browser without pictures, in which this person is signed in."""
        client = Browser(self.app, self.app.response_class)
        if who != STRANGER:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = self.token(who), True
        return client

    def token(self, who: str) -> str:
        """The open session of this person, by first name."""
        if who not in self.tokens:
            with self.app.app_context(), clock.at(MOMENT), transaction(db.session):
                self.tokens[who] = open_session(db.session, membership=membership_of(db.session, who))
            self.keep()
        return self.tokens[who]

    def cookie(self, who: str) -> str:
        """The cookie of that session, as a real browser keeps it."""
        with self.browser(who).session_transaction() as values:
            kept = dict(values)
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps(kept))

    def speak(self, language: str) -> None:
        """Everybody reads this language from now on."""
        with self.app.app_context(), transaction(db.session):
            db.session.execute(update(Person).values(language=language))
        self.keep()

    def is_being_made(self) -> None:
        """As if the world were still being made, until it is put back."""
        with self.app.app_context(), transaction(db.session):
            db.session.execute(update(TrainingMark).values(finished_at=None, percent=40))
        self.app.extensions["training"]["made"] = False

    def keep(self) -> None:
        """Remember the database as it is now."""
        self._leave()
        self.kept = connect(":memory:", check_same_thread=False)
        with closing(connect(self._file)) as source:
            source.backup(self.kept)

    def put_back(self) -> None:
        """Undo what was changed since."""
        if self.kept is None:
            raise LookupError("nothing was kept")
        self._leave()
        with closing(connect(self._file)) as target:
            target.execute("PRAGMA synchronous=OFF")
            self.kept.backup(target)

    def _leave(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    @property
    def _file(self) -> Path:
        return self.folder / "outreach.db"


@contextmanager
def walked(world: Path, folder: Path) -> Iterator[Walked]:
    """A copy of the world in `folder`, at its moment; with pages that fail on purpose, to see what they look like."""
    shutil.copytree(world, folder, dirs_exist_ok=True)
    app = application(folder)
    app.add_url_rule("/fails/<int:code>", "fails", _fail)
    with app.app_context():
        event.listen(db.engine, "connect", _in_haste)
    try:
        with clock.at(MOMENT):
            world = Walked(app, folder)
            world.keep()
            yield world
    finally:
        with app.app_context():
            db.engine.dispose()


@public
def _fail(code: int) -> Any:
    """Any error page; 419 is a form that lay open too long."""
    if code == 419:
        raise CSRFError
    abort(code)


def _in_haste(raw: Connection, _record: object) -> None:
    """Nothing here need outlive a power cut."""
    raw.execute("PRAGMA synchronous=OFF")
