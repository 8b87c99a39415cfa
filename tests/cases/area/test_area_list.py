"""The area list: who waits where, the numbers above it, the load of each team, the same few queries for any length."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.opening import NewCase, open_cases
from outreach.cases.models import Case
from outreach.cases.queries.area_list import (
    COMPULSORY,
    LATE,
    PLANNED,
    TO_ASSIGN,
    Chosen,
    area_counts,
    households,
    waiting_steps,
)
from outreach.cases.queries.loads import people_of, team_loads
from outreach.extensions import db
from tests.cases.area.field_of_many import READ, give, in_order, step_of
from tests.cases.conftest import SignIn
from tests.ground.field import Field, make_field

JANUARY = date(2027, 1, 4)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def shown(field: Field, chosen: Chosen) -> set[str]:
    """The first names of the children in the list."""
    field.session.flush()
    order = list(households(field.session, field.coordinator, field.area, chosen))
    found = waiting_steps(field.session, field.coordinator, field.area, order)
    return {each.child.first_name for each in found}


def in_database(session: Session, *case_ids: int) -> list[Case]:
    """These cases as they stand there now."""
    return [session.get_one(Case, case_id, execution_options=READ) for case_id in case_ids]


def many(field: Field, count: int) -> list[Case]:
    """So many children on a list, each with its own household."""
    wanted = [
        NewCase(field.child(f"Kind{n}", date(2022, 3, 1 + n % 28)), field.area.id, field.area.coordinator_id)
        for n in range(count)
    ]
    return open_cases(field.session, wanted, origin="list", by=builtin(field.session, "import"))


@pytest.fixture
def field(session: Session) -> Field:
    """Vera is of compulsory age, Milan planned at De Brug, Finn there and late in March, Noor at intake in Drongen."""
    field = make_field(session)
    field.case("Vera", date(2021, 2, 3))
    milan, finn = field.case("Milan", date(2022, 3, 10)), field.case("Finn", date(2022, 3, 11))
    give(field, in_order(field, milan), first_on=JANUARY, person_id=field.worker.person_id)
    give(field, in_order(field, finn), first_on=clock.today())
    child = field.child("Noor", date(2023, 8, 1))
    waiting = NewCase(child, field.area.id, field.area.coordinator_id)
    open_cases(session, [waiting], origin="list", by=builtin(session, "import"))
    home = next(each.residence for each in in_order(field) if each.child is child)
    assert home is not None
    home.postcode, home.municipality = "9031", "Drongen"
    session.flush()
    return field


def test_the_filters_show_the_households_that_answer(field: Field) -> None:
    brug = field.organisations["de-brug"].id
    assert shown(field, Chosen()) == {"Vera", "Milan", "Finn", "Noor"}
    assert shown(field, Chosen(only=frozenset({COMPULSORY}))) == {"Vera"}
    assert shown(field, Chosen(only=frozenset({PLANNED}))) == {"Milan"}
    assert shown(field, Chosen(only=frozenset({TO_ASSIGN}))) == {"Vera", "Noor"}
    assert shown(field, Chosen(organisation_id=brug)) == {"Milan", "Finn"}
    assert shown(field, Chosen(step="home_visit")) == {"Milan", "Finn"}
    assert shown(field, Chosen(postcode="9031")) == {"Noor"}
    assert shown(field, Chosen(postcode="9031", only=frozenset({COMPULSORY}))) == set()
    with clock.at(clock.moment_of(date(2026, 12, 24))):
        assert shown(field, Chosen(only=frozenset({LATE}))) == {"Vera", "Noor"}


def test_late_households_come_first(field: Field) -> None:
    """On 20 January intake has been late for weeks; Milan and Finn are not late yet, though older."""
    with clock.at(clock.moment_of(date(2026, 12, 24))):
        order = list(households(field.session, field.coordinator, field.area, Chosen()))
        names = [each.child.first_name for each in waiting_steps(field.session, field.coordinator, field.area, order)]
    assert names[0] == "Vera"
    assert set(names[:2]) == {"Vera", "Noor"}


def test_the_numbers_above_the_list(field: Field) -> None:
    counts = area_counts(field.session, field.coordinator, field.area)
    assert (counts.living, counts.late, counts.to_assign, counts.planned) == (4, 0, 2, 1)


def test_the_load_of_a_team_by_person_and_week(field: Field) -> None:
    team = field.organisations["de-brug"]
    load = team_loads(field.session, field.coordinator, field.area, [team])[team.id]
    assert (load.open, load.late, load.planned) == (1, 0, 1)
    assert [(who.name, who.open, who.planned) for who in load.people] == [("Wim", 0, 1)]
    assert load.weeks == {JANUARY: 1}
    assert people_of(field.session, [team.id]) == {team.id: [(field.worker.person_id, "Wim")]}


def test_three_households_and_three_hundred_take_the_same_queries(session: Session, sign_in: SignIn) -> None:
    field = make_field(session)
    many(field, 3)
    visitor = sign_in(field.coordinator)
    with counted() as few:
        assert visitor.open("/areas/gent").status_code == 200
    many(field, 297)
    session.commit()
    with counted() as much:
        page = visitor.open("/areas/gent")
    assert page.text.count('name="household"') == 50
    assert len(much) == len(few)


def test_the_page_shows_children_tiles_and_loads(field: Field, sign_in: SignIn) -> None:
    visitor = sign_in(field.coordinator)
    assert visitor.open("/areas").location == "/areas/gent"
    page = visitor.open("/areas/gent").text
    for text in ("Vera Peeters", "Milan Peeters", "leerplichtig", "Inloopteam De Brug", "Toewijzen in golven"):
        assert text in page
    assert "Vera Peeters" not in visitor.open("/areas/gent?only=planned").text
    assert "Noor Peeters" in visitor.open("/areas/gent?postcode=9031&step=intake").text


def test_a_wave_is_previewed_then_confirmed_once(field: Field, sign_in: SignIn) -> None:
    """Vera and Noor are ticked; the page says who starts when and asks about the check; sent twice it is done once."""
    session, team = field.session, field.organisations["de-brug"].id
    waiting = [each for each in in_order(field) if each.child.first_name in ("Vera", "Noor")]
    keys = [each.child.household_id for each in waiting]
    vera, noor = (each.case.id for each in waiting)
    visitor = sign_in(field.coordinator)
    chosen = {"household": keys, "organisation": str(team), "per_week": "1", "starts_on": "2027-01-04"}
    preview = visitor.send("/areas/gent/waves", **chosen)
    assert preview.status_code == 200
    assert "maandag 4 januari 2027" in preview.text
    assert (
        preview.text.index("Vera Peeters") < preview.text.index("maandag 11 januari 2027") < preview.text.index("Noor")
    )
    assert "controle op de leerplicht" in preview.text
    session.rollback()
    assert {step_of(session, case).key for case in in_database(session, vera, noor)} == {"intake"}
    session.rollback()
    for _twice in range(2):
        sent = visitor.send("/areas/gent/waves/confirm", **chosen, schooling_check="no", submission_key="once")
        assert sent.location == "/areas/gent"
    session.rollback()
    steps = [step_of(session, case) for case in in_database(session, vera, noor)]
    assert [(step.number, step.starts_on) for step in steps] == [(2, JANUARY), (2, date(2027, 1, 11))]


def test_without_an_answer_about_the_check_the_preview_comes_again(field: Field, sign_in: SignIn) -> None:
    vera = next(each for each in in_order(field) if each.child.first_name == "Vera")
    chosen = {
        "household": vera.child.household_id,
        "organisation": str(field.organisations["de-brug"].id),
        "per_week": "1",
        "starts_on": "2027-01-04",
    }
    again = sign_in(field.coordinator).send("/areas/gent/waves/confirm", **chosen)
    assert again.status_code == 400
    assert "maandag 4 januari 2027" in again.text
    assert "Ja</span>" in again.text


def test_nothing_ticked_or_a_day_in_the_past_is_said_on_the_page(field: Field, sign_in: SignIn) -> None:
    team = str(field.organisations["de-brug"].id)
    key = next(iter(households(field.session, field.coordinator, field.area, Chosen())))
    visitor = sign_in(field.coordinator)
    nothing = visitor.send("/areas/gent/waves", organisation=team, per_week="12", starts_on="2027-01-04")
    assert nothing.status_code == 400
    assert "Vink minstens één gezin aan." in nothing.text
    past = visitor.send("/areas/gent/waves", household=key, organisation=team, per_week="12", starts_on="2026-01-04")
    assert past.status_code == 400
    assert f'value="{key}" data-row checked' in past.text


def test_who_may_come_in(field: Field, sign_in: SignIn) -> None:
    """The team lead of De Brug sees the own team's steps only, and may give them to the own people only."""
    lead = field.person("Tine", "de-brug", "team-lead")
    visitor = sign_in(lead)
    page = visitor.open("/areas/gent").text
    assert "Milan Peeters" in page
    assert "Vera Peeters" not in page
    assert "Kind en Gezin Gent: het postbakje" not in page


@pytest.mark.parametrize("name", ["worker", "guide", "school"])
def test_who_may_not_come_in(field: Field, sign_in: SignIn, name: str) -> None:
    assert sign_in(getattr(field, name)).open("/areas/gent").status_code == 403


def test_an_area_that_is_not_yours_does_not_exist(session: Session, sign_in: SignIn) -> None:
    field = make_field(session)
    make_field(session, key="aalter", nis=("44084",))
    visitor = sign_in(field.coordinator)
    assert visitor.open("/areas/aalter").status_code == 404
    assert visitor.open("/areas/nowhere").status_code == 404
