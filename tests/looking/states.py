"""What neither a link nor a form leads to: pages of rare cases, of faults, and of a world that is not there yet."""

import json
from io import BytesIO
from urllib.parse import urlsplit

from sqlalchemy import select

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.linking import Asking, send_link
from outreach.cases.models import Case, Step
from outreach.database import seen_by, transaction
from outreach.extensions import db
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.models import LOOK, NOT_ENROLLED
from outreach.notifications.models import OutboxMessage
from outreach.partners.models import Organisation
from outreach.partners.queries import find_area
from outreach.training.world.people import actor_of
from tests.looking.catalogue import Looked, Walk
from tests.looking.world import STRANGER, Walked, presence_report

FAULTS = (400, 403, 404, 405, 409, 413, 419, 429, 500, 503)

WHO_LOOKS_FOR_CASES = ("An", "Karim", "Els", "Joris", "Yasmina", "Marleen", "Emine", "Griet")


_OTHER_NUMBERS = (
    "before_aim=3&only_if_aim_after=5&never_sooner_after_told=2&silence=20&reason_open=10"
    "&round_stays=4&round_pauses=2&round_openings=3&seen=0"
)
"""Numbers of a ladder that stay, for a dry run of the two that do not."""


def every_page(world: Walked) -> Looked:
    """Every page of the world."""
    walk = Walk(world)
    walk.everywhere()
    _rare_cases(walk)
    walk.ask(STRANGER, _answer_page(world))
    walk.ask("Els", _sent_report(world))
    walk.ask("An", _long_list(world))
    for page in ("words", "preview"):
        walk.ask("An", _own_list(world, page))
    walk.ask("An", _taken_over(world))
    for who in WHO_LOOKS_FOR_CASES:
        for numbers in ("team_lead_after=8&coordinator_after=15", "team_lead_after=20&coordinator_after=15"):
            walk.ask(who, f"/areas/gent/reminders/try?{numbers}&{_OTHER_NUMBERS}", numbers)
    for code in FAULTS:
        for who in (STRANGER, "Karim"):
            walk.ask(who, f"/fails/{code}", str(code))
    world.is_being_made()
    walk.ask(STRANGER, "/sign-in", "503")
    world.put_back()
    return walk.found


def _answer_page(world: Walked) -> str:
    """The page of a link that was sent to a partner without an account; its address is in the letter alone."""
    asking = Asking("partner@example.test", "nl", [], "phone", clock.today(), 14)
    with world.app.app_context(), transaction(db.session) as session:
        statement = select(Case, Step).join(Step, Step.case_id == Case.id).where(Step.state == "open")
        first = statement.where(Step.side_of_id.is_(None)).order_by(Step.id).limit(1)
        case, step = session.execute(first, execution_options=seen_by("test")).one()
        link = send_link(session, case, step, asking, by=builtin(session, "console"))
        letter = session.get_one(OutboxMessage, link.outbox_message_id)
        return str(json.loads(letter.tokens or "{}")["path"])


def _sent_report(world: Walked) -> str:
    """The page of a report of a school that was sent and not loaded yet."""
    with world.app.app_context():
        school = db.session.get_one(Organisation, actor_of(db.session, "Els").organisation_id)
        area = find_area(db.session, "gent")
        assert area is not None
        content, area_id = presence_report(school.number or "", "b").encode(), area.id
    sent = {"area": str(area_id), "as_of": "2026-12-11", "files": (BytesIO(content), "rapport.csv")}
    answer = world.browser("Els").post("/reports/upload", data=sent)
    return urlsplit(answer.headers["Location"]).path


def _long_list(world: Walked) -> str:
    """The page of a long list that waits to be looked at."""
    with world.app.app_context(), transaction(db.session) as session:
        area = find_area(session, "gent")
        assert area is not None
        wanted = Wanted(LOOK, NOT_ENROLLED, 1, area.id, "niet-ingeschreven.csv", {"rows": 12_000})
        return f"/uploads/{ask_for(session, wanted, by=actor_of(session, 'An'))}"


OWN_LIST = """Naam;Voornaam;Geboortedatum;Straat;Nr;Gemeente;Status;Laatste contact;Wie;Opmerkingen
Safi;Lou;04/05/2024;Sleepstraat;1;Gent;2x niet thuis;12/11;Karim;kaartje
Safi;Bo;04/05/2024;Sleepstraat;2;Gent;bij HvhK;begin maart;Mieke;
"""


def _own_list(world: Walked, page: str) -> str:
    """A page of a list of running cases that was just sent: what its words mean, or where its cases go."""
    with world.app.app_context():
        area = find_area(db.session, "gent")
        assert area is not None
        area_id = area.id
    browser = world.browser("An")
    sent = {"area": str(area_id), "as_of": "2026-12-11", "file": (BytesIO(OWN_LIST.encode()), "lopend.csv")}
    words = urlsplit(browser.post("/lists/running/upload", data=sent).headers["Location"]).path
    return words.replace("/words", f"/{page}")


def _taken_over(world: Walked) -> str:
    """The receipt of a list of running cases."""
    preview = _own_list(world, "preview")
    return urlsplit(world.browser("An").post(preview).headers["Location"]).path


def _rare_cases(walk: Walk) -> None:
    """Pages of a case that stands as few do: asked for every case until somebody gets one."""
    steps = _steps(walk.world)
    for rule in walk.rules:
        if rule.endpoint in walk.found.answered or not rule.arguments <= {"reference", "number"}:
            continue
        paths = {rule.build({"reference": one, "number": number}, append_unknown=False) for one, number in steps}
        asked = ((who, path[1]) for who in WHO_LOOKS_FOR_CASES for path in sorted(filter(None, paths)))
        next((who for who, path in asked if walk.ask(who, path).status_code < 400), None)


def _steps(world: Walked) -> list[tuple[str, int]]:
    with world.app.app_context():
        statement = select(Case.reference, Step.number).join(Step, Step.case_id == Case.id)
        return [(str(row[0]), row[1]) for row in db.session.execute(statement, execution_options=seen_by("test"))]
