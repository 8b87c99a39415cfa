"""Two people load at the same moment: nothing is loaded twice, no child becomes two."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands import Terms, load_list
from outreach.imports.commands.loading import Loaded
from outreach.imports.judging import receive
from outreach.imports.models import Batch
from outreach.partners.queries import find_area
from tests.conftest import IMPORT_DAY
from tests.ground.field import make_field
from tests.imports.files import AS_OF, TITLES, csv_bytes, read, row
from tests.imports.loading import number_of_rows


def at_once(app: Flask, *lists: Sequence[Sequence[Any]]) -> list[Loaded]:
    """Load these lists together, each by somebody of their own."""
    together = Barrier(len(lists))

    def load(rows: Sequence[Sequence[Any]]) -> Loaded:
        with clock.at(IMPORT_DAY), app.app_context():
            incoming = receive(read(csv_bytes([TITLES, *rows])), AS_OF)
            together.wait()
            with transaction(db.session) as session:
                area = find_area(session, "gent")
                assert area is not None
                terms = Terms(area, AS_OF, area.coordinator_id)
                return load_list(session, incoming, terms, by=builtin(session, "console"))

    with ThreadPoolExecutor(len(lists)) as pool:
        return list(pool.map(load, lists))


def test_of_two_who_load_the_same_file_one_does(app: Flask, session: Session) -> None:
    make_field(session)
    session.commit()
    found = at_once(app, [row()], [row()], [row()])
    assert sorted(one.same_file for one in found) == [False, True, True]
    assert len({one.batch_id for one in found}) == 1
    assert number_of_rows(session, Child, Case, Batch) == [1, 1, 1]


def test_a_child_on_two_lists_at_once_is_one_child(app: Flask, session: Session) -> None:
    make_field(session)
    session.commit()
    found = at_once(app, [row(), row(INSZ="", Voornaam="Lena")], [row()])
    assert sum(one.counts["new"] for one in found) == 2
    assert sum(one.counts["known"] for one in found) == 1
    assert number_of_rows(session, Child, Case, Batch) == [2, 2, 2]
