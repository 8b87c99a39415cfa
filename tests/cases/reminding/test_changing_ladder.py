"""The ladder of an area is changed: one row each time, never two at once, within bounds, and no step is touched."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.changing_ladder import change_ladder
from outreach.cases.models import LadderChange
from outreach.cases.policy import may_change_ladder
from outreach.cases.queries.ladders import area_ladders, default_ladder, ladder_after, ladder_changes
from outreach.cases.workflow import LADDER_BOUNDS, Ladder, adjusted
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.models import Area
from tests.cases.routes.conftest import Visitor, enter, field
from tests.conftest import IMPORT_DAY
from tests.ground.field import Field
from tests.journeys.promises import fingerprint

__all__ = ["enter", "field"]

Enter = Callable[[Actor | None], Visitor]

PAGE = "/areas/gent/reminders"


def ladder(**numbers: int) -> Ladder:
    """The default with other numbers."""
    return adjusted(default_ladder(), numbers)


def asked(**numbers: int) -> str:
    """The address that tries these numbers."""
    said = {"seen": 0, **ladder().model_dump(), **numbers}
    return f"{PAGE}/try?" + "&".join(f"{name}={value}" for name, value in said.items())


def kept(visitor: Visitor, url: str) -> TestResponse:
    """What was tried is kept, as from the page."""
    return visitor.send(PAGE, visitor.open_form(url))


def test_a_change_holds_at_once_in_that_area_alone(session: Session, field: Field) -> None:
    field.case("Milan", date(2022, 3, 10))
    session.flush()
    before = fingerprint(session)
    change_ladder(session, field.area, ladder=ladder(team_lead_after=7), seen=0, by=field.coordinator)
    assert area_ladders(session)[field.area.id] == ladder(team_lead_after=7)
    assert fingerprint(session) == before


def test_every_change_stays_with_its_author(session: Session, field: Field) -> None:
    change_ladder(session, field.area, ladder=ladder(team_lead_after=7), seen=0, by=field.coordinator)
    change_ladder(session, field.area, ladder=ladder(), seen=1, by=field.coordinator)
    changes = ladder_changes(session, field.area.id)
    assert [(each.number, each.numbers, each.by_id) for each in changes] == [
        (2, {}, field.coordinator.person_id),
        (1, {"team_lead_after": 7}, field.coordinator.person_id),
    ]
    assert ladder_after(changes) == (2, default_ladder())


def test_who_did_not_see_the_last_change_is_told(session: Session, field: Field) -> None:
    change_ladder(session, field.area, ladder=ladder(team_lead_after=7), seen=0, by=field.coordinator)
    with pytest.raises(Refused, match="ladder_changed_meanwhile"):
        change_ladder(session, field.area, ladder=ladder(silence=30), seen=0, by=field.coordinator)
    with pytest.raises(Refused, match="ladder_same"):
        change_ladder(session, field.area, ladder=ladder(team_lead_after=7), seen=0, by=field.coordinator)


@pytest.mark.parametrize("name", sorted(LADDER_BOUNDS))
def test_numbers_out_of_bounds_are_refused(session: Session, field: Field, name: str) -> None:
    for wrong in (LADDER_BOUNDS[name][0] - 1, LADDER_BOUNDS[name][1] + 1):
        with pytest.raises(Refused, match="ladder_out_of_bounds"):
            change_ladder(session, field.area, ladder=ladder(**{name: wrong}), seen=0, by=field.coordinator)


def test_rungs_stay_in_order(session: Session, field: Field) -> None:
    with pytest.raises(Refused, match="ladder_coordinator_first"):
        change_ladder(session, field.area, ladder=ladder(team_lead_after=10), seen=0, by=field.coordinator)
    with pytest.raises(Refused, match="ladder_word_too_soon"):
        change_ladder(session, field.area, ladder=ladder(before_aim=5), seen=0, by=field.coordinator)


def test_of_two_coordinators_at_the_same_moment_one_changes_it(app: Flask, session: Session, field: Field) -> None:
    by, area_id = field.coordinator, field.area.id
    session.commit()

    def once(days: int) -> str:
        with clock.at(IMPORT_DAY), app.app_context():
            try:
                with transaction(db.session):
                    area = db.session.get_one(Area, area_id)
                    change_ladder(db.session, area, ladder=ladder(silence=days), seen=0, by=by)
            except Refused as error:
                return error.key
            finally:
                db.session.close()
        return "changed"

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(once, [25, 30, 35, 40]))
    assert sorted(said) == ["changed", *["ladder_changed_meanwhile"] * 3]
    assert session.scalars(select(LadderChange.number)).all() == [1]


def test_a_form_sent_twice_changes_it_once(session: Session, field: Field, enter: Enter) -> None:
    lies = enter(field.coordinator)
    form = lies.open_form(asked(team_lead_after=7))
    assert [lies.send(PAGE, form).status_code for _ in range(2)] == [302, 302]
    assert session.scalars(select(LadderChange.number)).all() == [1]


def test_looking_changes_nothing_and_typing_nonsense_is_answered(session: Session, field: Field, enter: Enter) -> None:
    lies = enter(field.coordinator)
    assert "Nog niemand." in lies.read(PAGE)
    assert "Er is nog niets veranderd." in lies.read(asked(team_lead_after=7))
    for nonsense in (f"{PAGE}/try", asked(silence=0), f"{PAGE}/try?silence=veel&seen=x", asked(team_lead_after=10)):
        assert lies.get(nonsense).status_code == 400, nonsense
    assert "gelden nu al" in lies.get(asked()).text
    assert session.scalars(select(LadderChange.number)).all() == []


def test_what_somebody_else_changed_meanwhile_is_shown_with_what_was_typed(
    session: Session, field: Field, enter: Enter
) -> None:
    omar = field.person("Omar", "lop-gent", "coordinator")
    session.commit()
    lies, other = enter(field.coordinator), enter(omar)
    form = other.open_form(asked(silence=30))
    assert kept(lies, asked(team_lead_after=7)).status_code == 302
    late = other.send(PAGE, form)
    assert late.status_code == 409
    assert "Iemand anders veranderde deze getallen intussen." in late.text
    assert 'value="30"' in late.text
    assert 'name="seen" type="hidden" value="1"' in late.text
    assert session.scalars(select(LadderChange.number)).all() == [1]


def test_who_may(field: Field) -> None:
    """The coordinators of the area and administrators; another partner's coordinator, a team lead or worker may not."""
    administrator = field.person("Ann", "de-brug", "administrator")
    partner = field.person("Kaat", "kg-gent", "coordinator")
    lead = field.person("Tine", "lop-gent", "team-lead")
    may = {actor.name: may_change_ladder(actor, field.area) for actor in (field.coordinator, administrator)}
    assert may == {"Lies": True, "Ann": True}
    assert not any(may_change_ladder(actor, field.area) for actor in (partner, lead, field.worker))


def test_a_partners_coordinator_looks_and_is_told_why_no_more(field: Field, enter: Enter) -> None:
    partner = field.person("Kaat", "kg-gent", "coordinator")
    field.session.commit()
    kaat = enter(partner)
    assert "Alleen de coördinatoren van dit gebied" in kaat.read(PAGE)
    page = kaat.read(asked(team_lead_after=7))
    assert "Deze getallen bewaren" not in page
    assert kaat.send(PAGE, kaat.open_form(asked(team_lead_after=7))).status_code in (400, 403)


def test_the_administrator_finds_every_area(field: Field, enter: Enter) -> None:
    administrator = field.person("Ann", "de-brug", "administrator")
    field.session.commit()
    answer = enter(administrator).get("/reminders")
    assert answer.location.endswith(PAGE)
