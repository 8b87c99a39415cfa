"""A colleague comes along: asked once, told when the day moves and when it is off, never of what they never heard."""

import json
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.cases.commands.inviting import come_alone, invite_along
from outreach.cases.commands.owning import hand_over
from outreach.cases.commands.planning import pause_step, plan_visit
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Step, VisitInvitation
from outreach.errors import Refused
from outreach.notifications.models import SENT, OutboxMessage
from tests.cases.routes.conftest import Visitor
from tests.ground.field import Field

from .conftest import READ, kinds, membership_of, soon, step_of

Enter = Callable[[Actor | None], Visitor]
Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def fatima(field: Field) -> Actor:
    """Wim's colleague."""
    found = field.person("Fatima", "de-brug", "worker")
    field.session.commit()
    return found


@pytest.fixture
def step(session: Session, field: Field, case: Case, fatima: Actor) -> Step:
    """Wim goes in a week, at half past two, and Fatima with him."""
    found = step_of(session, case)
    plan_visit(session, case, found, on=soon(), at=time(14, 30), by=field.worker)
    invite_along(session, case, found, colleague=membership_of(session, fatima), by=field.worker)
    session.flush()
    return found


def waiting(session: Session) -> Told:
    """The letters that would go out now, with what they say."""
    session.flush()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "queued").order_by(OutboxMessage.id))
    return [(row.kind, {**json.loads(row.tokens or "{}"), "to": row.address}) for row in rows]


def leave(session: Session) -> None:
    """What waits has been sent."""
    session.flush()
    values = {"state": SENT, "sent_at": clock.now()}
    session.execute(update(OutboxMessage).where(OutboxMessage.state == "queued").values(**values))


def test_the_invitation_says_when_and_which_case_and_no_more(session: Session, case: Case, step: Step) -> None:
    ((kind, said),) = waiting(session)
    assert kind == "visit_invitation"
    assert said == {
        "to": "fatima@example.test",
        "organiser": "wim@example.test",
        "reference": case.reference,
        "process": "enrolment",
        "step": "home_visit",
        "path": f"/cases/{case.reference}/steps/{step.number}",
        "on": soon().isoformat(),
        "at": "14:30",
        "uid": said["uid"],
        "sequence": 0,
    }
    assert kinds(session, case)[-2:] == ["visit_planned", "colleague_invited"]


def test_when_the_day_moves_the_same_invitation_moves(session: Session, field: Field, case: Case, step: Step) -> None:
    (_, first), _ = waiting(session)[0], leave(session)
    plan_visit(session, case, step, on=soon(9), by=field.worker)
    ((kind, said),) = waiting(session)
    assert (kind, said["uid"], said["sequence"]) == ("visit_moved", first["uid"], 1)
    assert (said["on"], said["at"]) == (soon(9).isoformat(), "")
    assert kinds(session, case)[-2:] == ["visit_planned", "invitation_moved"]
    leave(session)
    plan_visit(session, case, step, on=soon(9), by=field.worker)
    assert waiting(session) == [], "nothing changed, nothing is said"


def test_a_letter_that_has_not_left_is_replaced_not_followed(
    session: Session, field: Field, case: Case, step: Step
) -> None:
    plan_visit(session, case, step, on=soon(9), by=field.worker)
    ((kind, said),) = waiting(session)
    assert (kind, said["on"], said["sequence"]) == ("visit_invitation", soon(9).isoformat(), 1)
    come_alone(session, case, step, by=field.worker)
    assert waiting(session) == [], "of what she never heard nothing is off"


OFF: dict[str, Callable[[Session, Field, Case, Step], object]] = {
    "wim goes alone": lambda session, field, case, step: come_alone(session, case, step, by=field.worker),
    "the step ends": lambda session, field, case, step: report_outcome(
        session, case, step, outcome="moved_abroad", facts={"proof": "word"}, by=field.worker
    ),
    "it rests": lambda session, field, case, step: pause_step(
        session, case, step, reason="family_away", until_on=soon(20), remark=None, by=field.worker
    ),
    "another team takes over": lambda session, field, case, step: hand_over(
        session,
        case,
        step,
        organisation=field.organisations["kg-gent"],
        parents_know="yes",
        parents_agree="yes",
        by=field.worker,
    ),
}


@pytest.mark.parametrize("way", OFF)
def test_when_it_is_off_she_hears_so_in_the_same_transaction(
    session: Session, field: Field, case: Case, step: Step, way: str
) -> None:
    (_, first), _ = waiting(session)[0], leave(session)
    OFF[way](session, field, case, step)
    off = [said for kind, said in waiting(session) if kind == "visit_called_off"]
    assert [(said["uid"], said["sequence"], said["on"]) for said in off] == [(first["uid"], 1, first["on"])]
    assert kinds(session, case).count("invitation_called_off") == 1
    session.rollback()
    assert waiting(session) == []


def test_a_family_that_asks_for_another_day_by_phone_moves_it(
    session: Session, field: Field, case: Case, step: Step
) -> None:
    leave(session)
    visited = Visited(case, step, "nobody_reached", {"planned_on": soon(10)})
    record_home_visit(session, [visited], Occasion(channel="phone", at=clock.now()), by=field.worker)
    assert [(kind, said["on"]) for kind, said in waiting(session)] == [("visit_moved", soon(10).isoformat())]


def test_a_visit_that_was_made_is_not_called_off(session: Session, field: Field, case: Case, fatima: Actor) -> None:
    step = step_of(session, case)
    plan_visit(session, case, step, on=clock.today(), by=field.worker)
    invite_along(session, case, step, colleague=membership_of(session, fatima), by=field.worker)
    leave(session)
    report_outcome(session, case, step, outcome="moved_abroad", facts={"proof": "word"}, by=field.worker)
    assert waiting(session) == []


def test_another_colleague_takes_her_place(session: Session, field: Field, case: Case, step: Step) -> None:
    leave(session)
    joke = field.person("Joke", "de-brug", "worker")
    invite_along(session, case, step, colleague=membership_of(session, joke), by=field.worker)
    assert [(kind, said["to"]) for kind, said in waiting(session)] == [
        ("visit_called_off", "fatima@example.test"),
        ("visit_invitation", "joke@example.test"),
    ]


def test_nobody_comes_along_who_may_not_see_the_case(session: Session, field: Field, case: Case, step: Step) -> None:
    for stranger in (field.guide, field.person("Brecht", "de-brug", "bridge-person")):
        with pytest.raises(Refused, match="along_may_not_see"):
            invite_along(session, case, step, colleague=membership_of(session, stranger), by=field.worker)


def test_without_a_day_nobody_comes_along(session: Session, field: Field, case: Case, fatima: Actor) -> None:
    with pytest.raises(Refused, match="along_without_day"):
        invite_along(session, case, step_of(session, case), colleague=membership_of(session, fatima), by=field.worker)


def test_the_page_offers_colleagues_who_may_see_it_and_the_case_tells_it(
    session: Session, field: Field, case: Case, fatima: Actor, enter: Enter
) -> None:
    field.person("Brecht", "de-brug", "bridge-person")
    session.commit()
    url = f"/cases/{case.reference}/steps/{step_of(session, case).number}/plan"
    page = enter(field.worker)
    shown = page.read(url)
    assert "Wie gaat mee" in shown
    offered = [name for name in ("Fatima", "Brecht", "Wim") if f">{name}</option>" in shown]
    assert offered == ["Fatima"], "not who may not see the case, nor who goes anyway"
    sent = page.fill(url, on=soon().isoformat(), at="14:30", along=str(fatima.person_id))
    assert sent.status_code == 302
    told = page.read(f"/cases/{case.reference}")
    assert "collega gevraagd om mee te gaan" in told
    assert "Gaat mee: Fatima" in told
    assert "14:30" in told
    again = page.open_form(url)
    assert (again["at"][:5], again["along"]) == ("14:30", str(fatima.person_id))
    assert page.fill(url, along="0").status_code == 302
    assert "uitnodiging ingetrokken" in page.read(f"/cases/{case.reference}")


def test_the_lead_moves_the_day_without_choosing_the_company(
    session: Session, field: Field, case: Case, step: Step, enter: Enter
) -> None:
    """A coordinator is not of the team: its colleagues are not theirs to pick, and the invitation still follows."""
    leave(session)
    session.commit()
    url = f"/cases/{case.reference}/steps/{step.number}/plan"
    lies = enter(field.coordinator)
    assert "Wie gaat mee" not in lies.read(url)
    assert lies.fill(url, on=soon(8).isoformat()).status_code == 302
    session.rollback()
    assert [(kind, said["on"], said["at"]) for kind, said in waiting(session)] == [
        ("visit_moved", soon(8).isoformat(), "14:30")
    ]
    present = select(VisitInvitation).where(VisitInvitation.called_off_at.is_(None))
    assert session.scalars(present, execution_options=READ).one().on == soon(8)


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_the_page_speaks_the_readers_language(
    session: Session, field: Field, case: Case, fatima: Actor, enter: Enter, spoken: str
) -> None:
    session.get_one(Person, field.worker.person_id).language = spoken
    url = f"/cases/{case.reference}/steps/{step_of(session, case).number}/plan"
    session.commit()
    page = enter(field.worker)
    assert {"fr": "Qui accompagne", "en": "Who comes along"}[spoken] in page.read(url)
