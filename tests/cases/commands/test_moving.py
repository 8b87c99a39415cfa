"""Families move within Flanders: nobody falls between two areas."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.transferring import accept_transfer
from outreach.cases.commands.waking import wake_steps
from outreach.cases.models import Case, Proposal
from outreach.cases.queries.verify import case_checks
from outreach.errors import Refused
from tests.cases.commands.test_one_child import READ, last_step
from tests.ground.field import Field, make_field


def moved(field: Field, destination: str) -> Case:
    """Lies learns at intake that the family moved."""
    case = field.case("Omar", date(2022, 3, 10))
    facts = {"destination": destination}
    step = last_step(field.session, case)
    report_outcome(field.session, case, step, outcome="moved_within_flanders", facts=facts, by=field.coordinator)
    return case


def test_the_other_area_accepts(session: Session) -> None:
    """Our track ends as handed over; the child has a case at intake in its new area."""
    field = make_field(session)
    other = make_field(session, "lokeren", ("46029",))
    case = moved(field, "lokeren")
    proposal = session.scalars(select(Proposal), execution_options=READ).one()
    taken = accept_transfer(session, case, proposal, by=other.person("Tom", "lop-lokeren", "coordinator"))
    assert case.ended_at is not None
    assert (taken.area_id, last_step(session, taken).key) == (other.area.id, "intake")
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_municipality_is_enough_to_name_the_area(session: Session) -> None:
    """Lies types where the family lives now; Lokeren is one of the municipalities of that area."""
    field = make_field(session)
    other = make_field(session, "waasland", ("46029",))
    moved(field, "Lokeren")
    proposal = session.scalars(select(Proposal), execution_options=READ).one()
    assert proposal.organisation_id == other.area.coordinator_id


def test_a_case_is_offered_once_at_a_time(session: Session) -> None:
    """While Lokeren has not answered, a second offer is refused."""
    field = make_field(session)
    make_field(session, "lokeren", ("46029",))
    case = moved(field, "lokeren")
    facts = {"destination": "lokeren"}
    step = last_step(session, case)
    with pytest.raises(Refused, match="waits_for_area"):
        report_outcome(session, case, step, outcome="moved_within_flanders", facts=facts, by=field.coordinator)


def test_what_is_offered_goes_with_its_step(session: Session) -> None:
    """Before Lokeren answers, the family turns out to need a visit here first; later it may be offered again."""
    field = make_field(session)
    make_field(session, "lokeren", ("46029",))
    case = moved(field, "lokeren")
    report_outcome(session, case, last_step(session, case), outcome="assign", facts={}, by=field.coordinator)
    offer = session.scalars(select(Proposal), execution_options=READ).one()
    assert offer.answer == "taken_back"
    step, facts = last_step(session, case), {"destination": "lokeren"}
    report_outcome(session, case, step, outcome="moved_within_flanders", facts=facts, by=field.coordinator)
    assert len(session.scalars(select(Proposal), execution_options=READ).all()) == 2


def test_the_other_area_does_not_answer(session: Session) -> None:
    """After five working days the case is back at intake, marked for the lead to assign."""
    field = make_field(session)
    make_field(session, "lokeren", ("46029",))
    case = moved(field, "lokeren")
    with clock.at(clock.now() + timedelta(days=7)):
        assert wake_steps(session, by=builtin(session, "clock")) == 0
    with clock.at(clock.now() + timedelta(days=8)):
        assert wake_steps(session, by=builtin(session, "clock")) == 1
        back = last_step(session, case)
        assert (back.number, back.key, back.to_assign) == (2, "intake", True)
        assert wake_steps(session, by=builtin(session, "clock")) == 0
    assert [each for each in case_checks(session) if not each.ok] == []


def test_an_area_without_outreach_gets_a_letter(session: Session) -> None:
    """There is nobody to accept: it is recorded to whom we wrote, and the track ends as handed over."""
    field = make_field(session)
    case = moved(field, "Per brief aan de stad Genk")
    assert case.ended_at is not None
    assert [each for each in case_checks(session) if not each.ok] == []
