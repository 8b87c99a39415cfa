"""Anybody of a town does whatever they may, for months: no child is lost, nobody sees what they should not."""

from flask import Flask
from hypothesis.stateful import run_state_machine_as_test

from outreach.extensions import db
from tests.ground.profiles import a_year
from tests.journeys.families import Families
from tests.journeys.steps import Steps
from tests.journeys.turn import TurnOfYear


class SchoolYear(Steps, Families, TurnOfYear):
    """All rules together."""


def test_a_school_year_of_random_people(app: Flask) -> None:
    """After each command every promise holds, on both databases."""
    session = db.session
    run_state_machine_as_test(lambda: SchoolYear(session), settings=a_year(session.get_bind().dialect.name))
