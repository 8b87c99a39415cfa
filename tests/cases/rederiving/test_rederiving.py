"""Closing days are added: what would move is shown first and is exactly what then moves, said in each case."""

import json
from datetime import date

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.cases.commands.rederiving import Moved, apply_rederivation, preview_rederivation
from outreach.cases.models import Case, Event
from outreach.cases.queries.verify import case_checks
from outreach.cli import console
from outreach.partners.commands import add_closing
from tests.cases.area.field_of_many import READ, give, in_order, step_of
from tests.ground.field import Field, make_field

JANUARY = date(2027, 1, 4)
CLOSED = (date(2027, 1, 11), date(2027, 1, 12))


@pytest.fixture
def field(session: Session) -> Field:
    """Milan's visit counts from 4 January; Noor waits at intake, in working days."""
    field = make_field(session)
    milan = field.case("Milan", date(2022, 3, 10))
    give(field, in_order(field, milan), first_on=JANUARY)
    field.case("Noor", date(2022, 5, 1))
    session.flush()
    return field


def told(moved: list[Moved]) -> list[tuple[str, object, object]]:
    """What moves from when to when."""
    return [(each.step.key, each.before.aim_on, each.after.aim_on) for each in moved]


def close_area(field: Field, from_on: date = CLOSED[0], until_on: date = CLOSED[1]) -> None:
    """The schools of the area close on extra days."""
    add_closing(field.session, area=field.area, from_on=from_on, until_on=until_on, reason="storm")


def test_nothing_moves_when_nothing_changed(field: Field, session: Session) -> None:
    assert preview_rederivation(session, area_id=field.area.id) == []


def test_two_closing_days_move_the_visit_and_not_the_intake(field: Field, session: Session) -> None:
    close_area(field)
    found = preview_rederivation(session, area_id=field.area.id)
    assert told(found) == [("home_visit", date(2027, 1, 18), date(2027, 1, 20))]
    assert found[0].step.aim_on == date(2027, 1, 18)


def test_applied_it_is_what_was_previewed_and_stands_in_the_case(field: Field, session: Session) -> None:
    close_area(field)
    previewed = told(preview_rederivation(session, area_id=field.area.id))
    applied = apply_rederivation(session, area_id=field.area.id, by=builtin(session, "console"))
    session.flush()
    assert told(applied) == previewed
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1), execution_options=READ).one()
    assert (event.kind, event.case_id) == ("dates_rederived", applied[0].case.id)
    assert (event.data["before"]["aim_on"], event.data["after"]["aim_on"]) == ("2027-01-18", "2027-01-20")
    assert apply_rederivation(session, area_id=field.area.id, by=builtin(session, "console")) == []
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_team_that_closes_moves_its_own_steps_only(field: Field, session: Session) -> None:
    brug = field.organisations["de-brug"]
    add_closing(session, organisation=brug, from_on=CLOSED[0], until_on=CLOSED[1], reason="training")
    assert [each.step.organisation_id for each in preview_rederivation(session, organisation_id=brug.id)] == [brug.id]
    assert preview_rederivation(session, organisation_id=field.organisations["kg-gent"].id) == []


@given(st.dates(date(2027, 1, 4), date(2027, 3, 20)), st.integers(0, 9))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_closes_the_preview_is_what_happens(field: Field, session: Session, from_on: date, days: int) -> None:
    close_area(field, from_on, date.fromordinal(from_on.toordinal() + days))
    previewed = told(preview_rederivation(session, area_id=field.area.id))
    assert told(apply_rederivation(session, area_id=field.area.id, by=builtin(session, "console"))) == previewed
    session.flush()
    assert preview_rederivation(session, area_id=field.area.id) == []


def run(app: Flask, *arguments: str) -> Result:
    """The `outreach` command in this test's application."""
    done = CliRunner().invoke(console, list(arguments), obj=ScriptInfo(create_app=lambda: app))
    assert done.exit_code == 0, done.stderr
    return done


def test_on_the_console_a_closing_says_what_would_move_and_rederive_moves_it(app: Flask, field: Field) -> None:
    session = field.session
    case_id = next(each.case.id for each in in_order(field) if each.step.key == "home_visit")
    session.commit()
    days = ("--from", CLOSED[0].isoformat(), "--until", CLOSED[1].isoformat())
    added = run(app, "closings", "add", "--area", "gent", *days, "--reason", "storm", "--json")
    assert "1 open stap" in added.stderr
    previewed = json.loads(run(app, "rederive", "--area", "gent", "--json").stdout)
    assert (previewed["applied"], previewed["moved"]) == (False, 1)
    assert previewed["steps"][0]["aim"] == {"before": "2027-01-18", "after": "2027-01-20"}
    applied = json.loads(run(app, "rederive", "--area", "gent", "--apply", "--json").stdout)
    assert applied == {**previewed, "applied": True}
    session.rollback()
    case = session.get_one(Case, case_id, execution_options=READ)
    assert step_of(session, case).aim_on == date(2027, 1, 20)
    assert "Geen enkele" in run(app, "rederive", "--area", "gent").stdout
