"""A world in which every page has something to show, and a person of every role in every place one can stand."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from sqlite3 import Connection, connect

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach import clock, schema
from outreach.accounts.actors import Actor, actor_for, builtin, ensure_builtins
from outreach.accounts.commands import add_person, add_substitution
from outreach.accounts.feeds import make_feed
from outreach.accounts.models import ROLES, Membership, Person
from outreach.accounts.sessions import open_session
from outreach.application import create_app
from outreach.attendance.models import Pupil
from outreach.cases.commands.family import add_contact
from outreach.cases.commands.linking import Asking, send_link
from outreach.cases.commands.owning import hand_over
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.receiving import Late, put_to_owner
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.searching import record_search
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.commands.words import add_note
from outreach.cases.models import Attempt, Case, Deed, Proposal, Step
from outreach.children.models import Child, Household, IdentityChange
from outreach.database import seen_by, transaction
from outreach.extensions import db
from outreach.imports.commands.loading import Terms, load_list
from outreach.imports.commands.loading_reports import ReportTerms, load_reports
from outreach.imports.commands.previewing import preview_list
from outreach.imports.commands.uploading_reports import keep_upload
from outreach.imports.judging import Incoming, receive
from outreach.imports.participation import receive_files
from outreach.imports.reading import read_list
from outreach.imports.reading.vocabulary import PARTICIPATION
from outreach.notifications.commands import Digest, queue_digests
from outreach.notifications.lines import Line
from outreach.partners.commands import add_agreement, add_closing, add_report_day, add_window, set_routing
from outreach.partners.models import AreaMunicipality, Organisation, OrganisationArea
from outreach.training.commands import finish, prepare
from outreach.training.sink import Sink
from tests.conftest import Browser, make_settings
from tests.ground.field import Field, make_field
from tests.guards.access_columns import columns_of, running_lists

READ = seen_by("test")

PLACES = {
    "own": "de-brug",
    "asked": "clb-gent",
    "lead": "lop-gent",
    "same area": "hvhk-gent",
    "other area": "de-brug-aalst",
    "lead of the other area": "lop-aalst",
}
"""Where somebody stands to the case: its owner, who was asked beside it or handed it, its lead, and strangers to it."""

Value = str | int


@dataclass(frozen=True)
class Who:
    """A role in a place; what it sees and may do is worked out in the tests, not here."""

    role: str
    place: str


@dataclass
class World:
    """The application with its database as it was made, and what its pages are asked for."""

    app: Flask
    values: dict[str, Value] = field(default_factory=dict)
    """What stands for a parameter of a URL; `spot.parameter` where it depends on what the URL is about."""
    tokens: dict[Who, str] = field(default_factory=dict)
    kept: Connection | None = None

    def browser(self, who: Who | None) -> FlaskClient:
        """A browser in which this person is signed in; nobody is, for None."""
        client = Browser(self.app, self.app.response_class)
        if who is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.tokens[who]
                cookie["_fresh"] = True
        return client

    def keep(self) -> None:
        """Remember the database as it is now."""
        with self.app.app_context():
            db.engine.dispose()
        self.kept = connect(":memory:", check_same_thread=False)
        with closing(connect(self._file)) as source:
            source.backup(self.kept)

    def put_back(self) -> None:
        """Undo what a request changed."""
        if self.kept is None:
            raise LookupError("nothing was kept")
        with self.app.app_context():
            db.engine.dispose()
        with closing(connect(self._file)) as target:
            _in_haste(target, None)
            self.kept.backup(target)

    @property
    def _file(self) -> str:
        return str(self.app.config["SETTINGS"].data_dir / "outreach.db")


@contextmanager
def made_world(folder: Path) -> Iterator[World]:
    """The world in a training environment on SQLite, so that the pages of that room are there too."""
    settings = make_settings(folder, f"sqlite:///{folder / 'outreach.db'}").with_changes(training=True)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False  # who may come in is asked here; the token has a test of its own
    world = World(app)
    with app.app_context():
        event.listen(db.engine, "connect", _in_haste)
    with clock.at(clock.parse_moment("2026-12-15T10:00")):
        with app.app_context():
            schema.upgrade()
            with transaction(db.session):
                _fill(db.session, world, folder)
            db.session.close()
        world.keep()
        yield world
    with app.app_context():
        db.engine.dispose()


def _in_haste(raw: Connection, _record: object) -> None:
    """Nothing here need outlive a power cut."""
    raw.execute("PRAGMA synchronous=OFF")


def _fill(session: Session, world: World, folder: Path) -> None:
    ensure_builtins(session)
    prepare(session)
    finish(session)
    gent, aalst = make_field(session), make_field(session, key="aalst", nis=("41002",))
    organisations = {**gent.organisations, **{f"{key}-aalst": one for key, one in aalst.organisations.items()}}
    organisations["lop-aalst"] = aalst.organisations["lop-aalst"]
    people = _people(session, world, {place: organisations[key] for place, key in PLACES.items()})
    _open(world, gent)
    _paused(world, gent)
    _unagreed(world, gent)
    _closed(world, gent)
    _moved(world, aalst)
    _list(session, world, gent, actor_for(people[Who("coordinator", "lead")]))
    _machinery(session, world, folder, people)
    _administered(session, world, gent)


def _people(session: Session, world: World, places: dict[str, Organisation]) -> dict[Who, Membership]:
    by = builtin(session, "console")
    made = {}
    for place, organisation in places.items():
        for role in ROLES:
            who, email = Who(role, place), f"{role}@{place.replace(' ', '-')}.example"
            membership = add_person(session, email=email, name=email, role=role, organisation=organisation, by=by)
            session.flush()
            world.tokens[who] = open_session(session, membership=membership)
            made[who] = membership
    return made


def _visited(world: World, gent: Field, name: str, born_on: date) -> tuple[Case, Step]:
    """A case whose home visit is the own team's, of nobody in particular."""
    case = gent.case(name, born_on)
    facts = {"organisation": gent.organisations["de-brug"].id}
    if born_on.year < 2022:
        facts["schooling_check"] = "none"
    report_outcome(gent.session, case, _newest(gent.session, case), outcome="assign", facts=facts, by=gent.coordinator)
    return case, _newest(gent.session, case)


def _newest(session: Session, case: Case) -> Step:
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def _name(world: World, key: str, case: Case, step: Step) -> None:
    world.values |= {f"{key}.reference": case.reference, f"{key}.number": step.number}


def _open(world: World, gent: Field) -> None:
    case, step = _visited(world, gent, "Lotte", date(2024, 5, 20))
    session = gent.session
    _name(world, "open", case, step)
    contact = add_contact(
        session,
        case,
        name="Mama",
        relation="mother",
        phone="+32470000000",
        email=None,
        language="tr",
        school_may_ring=False,
        by=gent.worker,
    )
    at_the_door = Occasion(channel="door", at=clock.now())
    record_home_visit(session, [Visited(case, step, "nobody_reached")], at_the_door, by=gent.worker)
    tried = select(Attempt.id).where(Attempt.case_id == case.id)
    world.values["attempt_id"] = session.scalars(tried, execution_options=READ).one()
    note = add_note(session, case, text="belt liever 's avonds", shared=False, by=gent.worker)
    clb = gent.organisations["clb-gent"]
    side = ask_side_step(
        session, case, step, kind="clb_advice", organisation=clb, question="Kan jij meegaan?", by=gent.worker
    )
    _name(world, "side", case, side)
    by_phone = Asking("x@example.test", "nl", [], "phone", clock.today(), 14)
    world.values["link_id"] = send_link(session, case, step, by_phone, by=gent.worker).id
    late = Late("a-late-report", clock.now())
    versions = {"mine": {"language": "tr"}, "theirs": {"language": "ar"}}
    item = put_to_owner(session, case, step, late, reason="fields", **versions, by=gent.worker)
    world.values["item_id"] = item.id
    household = session.scalars(select(Household).limit(1), execution_options=READ).one()
    world.values |= {"contact_id": contact.id, "note_id": note.id, "household_id": household.id}


def _paused(world: World, gent: Field) -> None:
    case, step = _visited(world, gent, "Milan", date(2023, 3, 10))
    until = clock.today() + timedelta(days=20)
    pause_step(gent.session, case, step, reason="family_away", until_on=until, remark=None, by=gent.worker)
    _name(world, "paused", case, step)


def _unagreed(world: World, gent: Field) -> None:
    case, step = _visited(world, gent, "Noor", date(2023, 6, 10))
    clb = gent.organisations["clb-gent"]
    answers = {"parents_know": "no", "parents_agree": "not_asked"}
    hand_over(gent.session, case, step, organisation=clb, by=gent.worker, **answers)
    _name(world, "unagreed", case, step)


def _closed(world: World, gent: Field) -> None:
    case = gent.case("Adam", date(2024, 1, 5))
    step = _newest(gent.session, case)
    report_outcome(gent.session, case, step, outcome="already_enrolled", facts={}, by=gent.coordinator)
    _name(world, "closed", case, step)


def _moved(world: World, aalst: Field) -> None:
    """A family of the other area that moved here, offered to who coordinates here."""
    case = aalst.case("Sam", date(2024, 2, 1))
    step = _newest(aalst.session, case)
    outcome, facts = "moved_within_flanders", {"destination": "gent"}
    report_outcome(aalst.session, case, step, outcome=outcome, facts=facts, by=aalst.coordinator)
    aalst.session.flush()
    offered = select(Proposal.id).where(Proposal.case_id == case.id)
    world.values["transfer.proposal_id"] = aalst.session.scalars(offered, execution_options=READ).one()


LIST = "Naam;Voornaam;Geboortedatum;Straat;Huisnummer;Postcode;Gemeente\n{};01/03/2024;Sleepstraat;171;9000;Gent\n"


def _incoming(name: str) -> Incoming:
    file = read_list(BytesIO(LIST.format(name).encode()), "lijst.csv")
    return receive(file, clock.today())


def _list(session: Session, world: World, gent: Field, coordinator: Actor) -> None:
    """A list that was loaded, with a question and a changed number on its receipt, and one that is looked at."""
    terms = Terms(gent.area, clock.today(), gent.organisations["lop-gent"].id)
    world.values["batch_id"] = batch_id = load_list(session, _incoming("Safi;Ayaan"), terms, by=coordinator).batch_id
    world.values["preview.batch_id"] = preview_list(session, _incoming("Safi;Noa"), terms, by=coordinator).id
    world.values |= columns_of(session, terms, coordinator)
    world.values |= running_lists(session, terms, coordinator)
    _reports(session, world, gent, coordinator)
    child = session.scalars(select(Child).where(Child.first_name == "Ayaan"), execution_options=READ).one()
    change = IdentityChange(
        child_id=child.id,
        field="insz",
        before=None,
        after=None,
        source=f"batch:{batch_id}",
        at=clock.now(),
        by_id=coordinator.person_id,
    )
    deed = Deed(
        key="gone.later",
        origin=f"batch:{batch_id}",
        at=clock.now(),
        by_id=coordinator.person_id,
        organisation_id=coordinator.organisation_id,
    )
    session.add_all([change, deed])
    session.flush()
    world.values |= {"deed_id": deed.id, "difference_id": 1}
    searched = record_search(session, words="Ayaan Safi", kind="names", found=[], by=coordinator)
    world.values |= {"change_id": change.id, "search_key": searched}


def _administered(session: Session, world: World, gent: Field) -> None:
    """A row of everything that is kept up about the area, and closing days of the own team."""
    team, today = gent.organisations["de-brug"], clock.today()
    closed = {"from_on": today, "until_on": today, "reason": "teamdag"}
    closing = add_closing(session, organisation=team, **closed)
    add_closing(session, area=gent.area, **closed)
    routing = set_routing(session, area=gent.area, step="home_visit", organisation=team)
    window = add_window(session, area=gent.area, birth_year=2024, closes_on=today)
    paper = {"key": "gent", "source": "not-enrolled", "reference": "DOSSIER 12"}
    agreement = add_agreement(session, area=gent.area, from_on=today, until_on=today, **paper)
    place = session.scalars(select(AreaMunicipality).where(AreaMunicipality.area_id == gent.area.id)).first()
    service = session.scalars(select(OrganisationArea).where(OrganisationArea.organisation_id == team.id)).one()
    world.values |= {
        "organisation_id": team.id,
        "closing_id": closing.id,
        "routing_id": routing.id,
        "window_id": window.id,
        "day_id": add_report_day(session, area=gent.area, on=today).id,
        "agreement_id": agreement.id,
        "place_id": place.id if place else 0,
        "service_id": service.id,
    }


REPORT = """Schoolnr;School;Stamnummer;Naam;Voornaam;Geboortejaar;Klas;Aanwezig;Mogelijk
{};De Linde;S-1;Safi;Ayaan;2023;K1;20;100
"""


def _reports(session: Session, world: World, gent: Field, coordinator: Actor) -> None:
    """The report of a school that was loaded, and one that is looked at."""
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    agreement = add_agreement(
        session, key="deelname", area=gent.area, source="participation", reference="protocol", **days
    )
    session.flush()
    terms = ReportTerms(gent.area, clock.today(), gent.organisations["lop-gent"].id, agreement)
    file = read_list(BytesIO(REPORT.format("000004").encode()), "rapport.csv", PARTICIPATION)
    loaded = load_reports(session, receive_files([file], clock.today()), terms, by=coordinator)
    world.values["imports.report.batch_id"] = loaded.batches[0]
    world.values["pupil_id"] = session.scalars(select(Pupil.id), execution_options=READ).one()
    sent = [("rapport.csv", REPORT.format("000005").encode())]
    world.values["upload_id"] = keep_upload(session, sent, terms, by=coordinator).id


def _machinery(session: Session, world: World, folder: Path, people: dict[Who, Membership]) -> None:
    away, stands_in = people[Who("worker", "own")], people[Who("coordinator", "own")]
    session.flush()
    today = clock.today()
    substitution = add_substitution(
        session,
        person=session.get_one(Person, away.person_id),
        substitute=session.get_one(Person, stands_in.person_id),
        organisation=away.organisation,
        from_on=today,
        until_on=today + timedelta(days=7),
        by=builtin(session, "console"),
    )
    session.flush()
    line = Line("help", "team:clb:late", "team_late", {"kind": "clb", "count": 1, "path": "/areas"})
    address = away.person.email or ""
    queued = queue_digests(session, [Digest(address, "nl", today, [line])])
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "outreach@example.test", "x@example.test", "Een brief"
    mail.set_content("tekst")
    mail.add_alternative("<p>tekst</p>", subtype="html")
    Sink(folder / "mails").keep(mail.as_bytes(), ["x@example.test"])
    world.values |= {
        "key": "gent",
        "person_id": away.person_id,
        "membership_id": away.id,
        "substitution_id": substitution.id,
        "message_id": queued.messages[address],
        "mail_id": "000001",
        "filename": "logo.svg",
        "token": "a-link-that-was-never-sent",
        "feed.token": make_feed(session, membership=away, by=actor_for(away)),
        "process": "enrolment",
        "version": 1,
        "name": "my_work",
    }
