"""How long somebody who saves a visit waits while the scheduler looks at, and loads, a long list on the same database.

`BENCH_ROWS=250000` in the environment makes it as long as the goals say.
"""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from time import monotonic, process_time

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.database import seen_by, transaction
from outreach.extensions import db
from outreach.imports.commands.keeping import Sent, keep_file
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.models import LOAD, LOOK, NOT_ENROLLED, JobState, UploadJob
from outreach.imports.reading import read_list
from outreach.scheduler.uploads import work_on_one
from outreach.web.submissions import Submission, new_key
from tests.bench.conftest import say
from tests.ground.field import make_field
from tests.imports.files import TITLES, csv_bytes, number_of, row
from tests.imports.loading import agree

pytestmark = pytest.mark.bench

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))


def test_saving_beside_a_long_list(app: Flask, session: Session) -> None:
    field = make_field(session, nis=("44021",))
    agreement, by = agree(field), field.coordinator
    session.commit()
    content = csv_bytes([TITLES, *(_child(number) for number in range(ROWS))])
    with transaction(session):
        sent = Sent(NOT_ENROLLED, "lang.csv", field.area, by.organisation_id or 0, agreement.id, clock.today())
        kept, found = keep_file(session, io.BytesIO(content), sent, by=by), read_list(io.BytesIO(content), "lang.csv")
        kept.sheet, kept.title_row = found.sheet, found.header.row_number
        look = Wanted(LOOK, NOT_ENROLLED, kept.id, field.area.id, "lang.csv", {"rows": ROWS})
    asked = {"agreement_id": agreement.id, "leads": {}, "address_kinds": {}, "rows": ROWS}
    area_id = field.area.id
    looked = _done(app, look, by)
    _done(app, Wanted(LOAD, NOT_ENROLLED, looked, area_id, "lang.csv", asked), by)


def _done(app: Flask, wanted: Wanted, by: Actor) -> int:
    """Let it be done while somebody saves twenty times a second; what it led to."""
    with transaction(db.session):
        job_id = ask_for(db.session, wanted, by=by)
    began, used = monotonic(), process_time()
    with _somebody_saves(app, by) as waits:
        assert work_on_one(app, lambda: False)
    wall, user = monotonic() - began, process_time() - used
    with db.sessionmaker() as session:
        job = session.get_one(UploadJob, job_id, execution_options=seen_by("bench"))
        assert job.state == JobState.DONE
        told = sorted(seconds for seconds, _ in waits)
        lost = sum(not saved for _, saved in waits)
        say(
            f"{db.engine.dialect.name}, {ROWS} rows, {wanted.work}: {wall:.1f} s (user {user:.1f} s); "
            f"{len(told)} saved beside it, p50 {told[len(told) // 2] * 1000:.0f} ms, longest {told[-1]:.1f} s, "
            f"{lost} had to send again"
        )
        return job.result_id or 0


@contextmanager
def _somebody_saves(app: Flask, by: Actor) -> Iterator[list[tuple[float, bool]]]:
    waits: list[tuple[float, bool]] = []
    over = threading.Event()

    def save() -> None:
        with app.app_context():
            while not over.wait(0.05):
                began, saved = monotonic(), True
                try:
                    with db.sessionmaker() as session, transaction(session):
                        session.add(Submission(key=new_key(), person_id=by.person_id, at=clock.now()))
                except OperationalError:
                    saved = False
                waits.append((monotonic() - began, saved))

    somebody = threading.Thread(target=save)
    somebody.start()
    try:
        yield waits
    finally:
        over.set()
        somebody.join()


def _child(number: int) -> list[object]:
    """Each has a number, a family and a house of its own."""
    born_on = date(2021, 1, 1) + timedelta(days=number % 1_500)
    given = {"Naam": f"Safi{number}", "Voornaam": f"Kind{number}", "Geboortedatum": f"{born_on:%d/%m/%Y}"}
    beside = {"INSZ": number_of(born_on, 900 + number // 1_500 % 99), "Huisnummer": str(number % 900)}
    return row(**given, **beside, Referentiepersoon=f"Ouder {number}")
