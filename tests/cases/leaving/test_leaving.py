"""Somebody stops in a team: nothing and nobody points to them afterwards, by page and on the console."""

import json
from datetime import date

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.commands import TRAY, add_person
from outreach.accounts.models import Membership, Person
from outreach.cases.commands.family import set_companion
from outreach.cases.commands.leaving import leave_team
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Step
from outreach.cases.models.step import LIVING
from outreach.cases.queries.verify import case_checks
from outreach.cli import console
from tests.cases.area.field_of_many import READ, step_of
from tests.cases.conftest import SignIn
from tests.ground.field import Field, make_field


@pytest.fixture
def field(session: Session) -> Field:
    """Wim has the visits of Milan and Noor, and accompanies Milan's family; Ward is his colleague."""
    field = make_field(session)
    field.person("Ward", "de-brug", "worker")
    for name in ("Milan", "Noor"):
        case = field.case(name, date(2022, 3, 10))
        facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
        report_outcome(session, case, step_of(session, case), outcome="assign", facts=facts, by=field.coordinator)
        if name == "Milan":
            wim = field.worker
            set_companion(session, case, person_id=wim.person_id, organisation_id=wim.organisation_id, by=wim)
    session.commit()
    return field


@pytest.fixture
def ann(field: Field) -> Actor:
    """The administrator."""
    return field.person("Ann", "lop-gent", "administrator")


def pointing_to(session: Session, actor: Actor) -> list[str]:
    """The open cases that still name this person."""
    session.rollback()
    statement = (
        select(Case.reference)
        .join(Step, Step.case_id == Case.id)
        .where(Step.state.in_(LIVING), or_(Step.person_id == actor.person_id, Case.companion_id == actor.person_id))
    )
    return list(session.scalars(statement, execution_options=READ))


def end_page(actor: Actor) -> str:
    """Where an administrator ends this membership."""
    return f"/people/{actor.person_id}/memberships/{actor.membership_id}/end"


def test_the_page_says_what_is_left_behind(field: Field, ann: Actor, sign_in: SignIn) -> None:
    page = sign_in(ann).open(end_page(field.worker)).text
    assert "<b>2</b>" in page
    assert "<b>1</b>" in page
    assert "Ward" in page


@pytest.mark.parametrize("who", ["Ward", "tray"])
def test_afterwards_nothing_points_to_who_stopped(field: Field, ann: Actor, sign_in: SignIn, who: str) -> None:
    session, wim = field.session, field.worker
    successor = field.people["Ward"].person_id if who == "Ward" else "tray"
    sent = sign_in(ann).send(end_page(wim), handed_to=str(successor))
    assert sent.location == f"/people/{wim.person_id}"
    assert pointing_to(session, wim) == []
    assert len(pointing_to(session, field.people["Ward"])) == (2 if who == "Ward" else 0)
    assert session.get_one(Person, wim.person_id).ended_at is not None
    assert [each for each in case_checks(session) if not each.ok] == []


def test_who_works_for_two_organisations_keeps_the_families_of_the_other(field: Field, session: Session) -> None:
    """Wim also works for Kind en Gezin; he leaves there, and stays Milan's companion for De Brug."""
    second = add_person(
        session,
        email="wim@example.test",
        name="Wim",
        role="worker",
        organisation=field.organisations["kg-gent"],
        by=field.coordinator,
    )
    leave_team(session, second, handed_to=TRAY, by=field.coordinator)
    session.commit()
    assert len(pointing_to(session, field.worker)) == 2


def test_without_a_successor_nothing_happens(field: Field, ann: Actor, sign_in: SignIn) -> None:
    answer = sign_in(ann).send(end_page(field.worker), handed_to="")
    assert answer.status_code == 400
    assert len(pointing_to(field.session, field.worker)) == 2
    assert field.session.get_one(Membership, field.worker.membership_id).ended_at is None


def test_a_membership_of_somebody_else_does_not_exist(field: Field, ann: Actor, sign_in: SignIn) -> None:
    wrong = f"/people/{field.worker.person_id}/memberships/{field.people['Ward'].membership_id}/end"
    assert sign_in(ann).open(wrong).status_code == 404


def test_a_coordinator_may_not_end_people(field: Field, sign_in: SignIn) -> None:
    assert sign_in(field.coordinator).open(end_page(field.worker)).status_code == 403


def run(app: Flask, *arguments: str) -> Result:
    """The `outreach` command in this test's application."""
    return CliRunner().invoke(console, list(arguments), obj=ScriptInfo(create_app=lambda: app))


def test_on_the_console_too(app: Flask, field: Field) -> None:
    leaves = ("users", "end", "wim@example.test", "--organisation", "de-brug")
    done = run(app, *leaves, "--successor", "ward@example.test", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 2
    assert json.loads(done.stdout)["ended"]
    assert pointing_to(field.session, field.worker) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--tray", "--successor", "ward@example.test"), 2),
        (("--successor", "nobody@example.test"), 2),
        (("--successor", "hanne@example.test"), 3),
    ],
)
def test_a_wrong_turn_on_the_console_changes_nothing(
    app: Flask, field: Field, arguments: tuple[str, ...], code: int
) -> None:
    assert field.guide
    field.session.commit()
    done = run(app, "users", "end", "wim@example.test", "--organisation", "de-brug", *arguments)
    assert done.exit_code == code
    assert len(pointing_to(field.session, field.worker)) == 2
