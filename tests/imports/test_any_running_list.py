"""Whatever a coordinator noted: every row is accounted for, every case is sound, and taking it back restores all."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, Step
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands.taking_back import take_back_list
from outreach.imports.models import Batch
from outreach.imports.queries.accounting import accounts_of
from outreach.imports.queries.followers import STATUS, WHO
from outreach.imports.targets import closures, process
from tests.cases.undo.test_taking_back import all_facts
from tests.conftest import IMPORT_DAY, empty
from tests.ground.field import Field
from tests.imports.loading import READ
from tests.imports.running_files import running_csv, running_row
from tests.imports.running_loading import broken, running_field, say, take

WHERE = {f"w {key}": f"step:{key}" for key in ("intake", "home_visit", "verification", "decision", "school_choice",
         "special_needs", "mediation", "warm_welcome", "first_weeks")}  # fmt: skip
ENDED = {f"e {key}": f"closure:{key}" for key in closures()}
NAMES = ("", "Wim", "Hanne", "Lies", "Sofie", "Mieke", "Huis van het Kind Gent", "CLB Gent", "?")
CONTACTS = ("", "12/11/2026", "12/3", "begin maart", "31/02/2026", "1/1/2030", 46000)

rows = st.builds(
    dict,
    counter=st.integers(1, 4),
    status=st.sampled_from(["", "nooit gezien", "W HOME_VISIT", *WHERE, *ENDED]),
    who=st.sampled_from(NAMES),
    Laatste_contact=st.sampled_from(CONTACTS),
    Soort_contact=st.sampled_from(["", "HB", "tel", "duif"]),
    Bereikt=st.sampled_from(["", "ja", "nee", "misschien"]),
    Opmerkingen=st.sampled_from(["", "belt terug"]),
    GSM=st.sampled_from(["", "0470123456", "geen"]),
    Geboortedatum=st.sampled_from(["04/05/2023", "12/02/2021", "01/10/2023", "straks"]),
)


def test_every_step_of_the_process_can_be_named() -> None:
    assert {target.partition(":")[2] for target in WHERE.values()} == {step.key for step in process().steps}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(rows, max_size=4), second=st.lists(rows, min_size=1, max_size=8))
def test_any_list_is_sound_and_can_be_taken_back(
    sqlite_app: Flask, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    empty(sqlite_app)
    with clock.at(IMPORT_DAY), sqlite_app.app_context():
        session = db.session
        field = running_field(session)
        say(field, STATUS, **WHERE, **ENDED)
        say(field, WHO, Mieke=None)
        take(field, written(first), "eerst.csv")
        before = open_facts(session)
        session.rollback()
        said = take(field, written(second) + b"\r\n", "daarna.csv")  # another file, whatever it says
        check(session, field, said.counts)
        with transaction(session):
            batch = session.get_one(Batch, said.batch_id, execution_options=READ)
            assert take_back_list(session, batch, by=field.coordinator).left == []
        assert broken(session) == []
        assert open_facts(session) == before
        session.rollback()


def written(listed: list[dict[str, Any]]) -> bytes:
    return running_csv(*(running_row(**one) for one in listed))


def check(session: Session, field: Field, counts: dict[str, int]) -> None:
    assert counts["rows"] == counts["new"] + counts["known"] + counts["double"] + counts["refused"]
    assert accounts_of(session, field.coordinator, field.area).total.adds_up
    assert broken(session) == []
    living = session.scalars(select(Step).where(Step.ended_at.is_(None)), execution_options=READ).all()
    for step in living:
        assert step.due_on is not None
        assert step.due_on >= clock.today()
        assert not step.late(clock.today())
    session.rollback()


def open_facts(session: Session) -> dict[str, list[Any]]:
    """What was said and done, as it is stored, and every living case and step; what a list opened has ended with it."""
    facts = all_facts(session)
    own = {"attempt", "note", "report", "handover", "placement", "case_anchor", "family_contact", "proposal"}
    kept = {name: rows for name, rows in facts.items() if name in own}
    living = session.scalars(select(Case).where(Case.ended_at.is_(None)).order_by(Case.id), execution_options=READ)
    kept["living"] = [repr((case.id, case.child_id, case.lead_id, case.opened_on)) for case in living]
    steps = session.scalars(select(Step).where(Step.ended_at.is_(None)).order_by(Step.id), execution_options=READ)
    kept["steps"] = [repr((step.id, step.key, step.person_id, step.aim_on, step.too_late_on)) for step in steps]
    return kept
