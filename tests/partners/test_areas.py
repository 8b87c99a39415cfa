"""Areas and the organisations in them: who answers for which municipality, and to whom a step goes."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.errors import Refused
from outreach.partners import commands, queries
from outreach.partners.models import Area, AreaMunicipality, Organisation

GENT, LOCHRISTI, DESTELBERGEN = "44021", "44087", "44013"
TODAY = date(2026, 12, 15)


@pytest.fixture
def gent(session: Session) -> Area:
    return commands.add_area(session, key="gent", name="Gent", nis=[GENT, LOCHRISTI])


def team(session: Session, key: str, kind: str = "inloopteam") -> Organisation:
    return commands.add_organisation(session, key=key, kind=kind, name=key.title())


def test_an_area_gets_a_lop_that_answers_for_it(session: Session, gent: Area) -> None:
    assert (gent.coordinator.key, gent.coordinator.kind, gent.coordinator.name) == ("lop-gent", "lop", "LOP Gent")
    assert queries.serving(session, gent.id, kind="lop", on=TODAY) == [gent.coordinator]


def test_a_municipality_may_coordinate_where_there_is_no_lop(session: Session) -> None:
    town = team(session, "stad", "municipality")
    area = commands.add_area(session, key="rand", name="Rand", nis=[DESTELBERGEN], coordinator=town)
    assert area.coordinator is town
    assert queries.find_organisation(session, "lop-rand") is None


def test_the_same_area_again_takes_more_municipalities(session: Session, gent: Area) -> None:
    again = commands.add_area(session, key="gent", name="Gent en rand", nis=[GENT, DESTELBERGEN])
    assert again is gent
    assert gent.name == "Gent en rand"
    assert queries.municipalities_of(session, gent.id, TODAY) == sorted([GENT, LOCHRISTI, DESTELBERGEN])


def test_a_municipality_is_in_one_area_at_a_time(session: Session, gent: Area) -> None:
    with pytest.raises(Refused) as refused:
        commands.add_area(session, key="rand", name="Rand", nis=[LOCHRISTI])
    assert refused.value.key == "municipality_of_other_area"
    assert refused.value.data["area"] == "gent"


def test_a_municipality_that_moved_on_answers_to_its_area_of_that_day(session: Session, gent: Area) -> None:
    row = session.query(AreaMunicipality).filter_by(nis=LOCHRISTI).one()
    row.until_on = TODAY
    session.flush()
    tomorrow = TODAY + timedelta(days=1)
    rand = commands.add_area(session, key="rand", name="Rand", nis=[LOCHRISTI], from_on=tomorrow)
    assert queries.area_of_municipality(session, LOCHRISTI, TODAY) is gent
    assert queries.area_of_municipality(session, LOCHRISTI, tomorrow) is rand


@pytest.mark.parametrize(
    ("code", "key"),
    [("99999", "municipality_unknown"), ("Gent", "municipality_by_name"), ("46013", "municipality_merged")],
)
def test_a_code_that_is_none_is_refused_with_what_was_meant(session: Session, code: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        commands.add_area(session, key="x", name="X", nis=[code])
    assert refused.value.key == key


def test_only_organisations_of_the_area_serve_it_and_only_while_they_do(session: Session, gent: Area) -> None:
    near, far, gone = (team(session, key) for key in ("dichtbij", "ver", "gestopt"))
    for organisation in (near, gone):
        commands.serve_area(session, organisation=organisation, area=gent)
        commands.serve_area(session, organisation=organisation, area=gent)
    commands.end_organisation(session, organisation=gone, on=TODAY)
    assert queries.serving(session, gent.id, kind="inloopteam", on=TODAY) == [near]
    assert queries.serving(session, gent.id, kind="inloopteam", on=TODAY - timedelta(days=1)) == [near, gone]
    assert far not in queries.organisations(session, area_id=gent.id)
    assert queries.areas_served(session, TODAY)[near.id] == ["gent"]


def test_the_routing_row_that_says_most_wins(session: Session, gent: Area) -> None:
    rows = {"all": (None, None), "three": (3, None), "lochristi": (None, LOCHRISTI), "both": (3, LOCHRISTI)}
    for key, (age, nis) in rows.items():
        commands.set_routing(session, area=gent, step="home_visit", organisation=team(session, key), age=age, nis=nis)

    def routed(age: int, nis: str) -> str | None:
        found = queries.routed_organisation(session, gent.id, "home_visit", age=age, nis=nis, on=TODAY)
        return found.key if found else None

    assert routed(4, GENT) == "all"
    assert routed(3, GENT) == "three"
    assert routed(4, LOCHRISTI) == "lochristi"
    assert routed(3, LOCHRISTI) == "both"
    assert queries.routed_organisation(session, gent.id, "decision", age=3, nis=GENT, on=TODAY) is None


def test_setting_a_route_again_replaces_it(session: Session, gent: Area) -> None:
    for key in ("eerste", "tweede"):
        commands.set_routing(session, area=gent, step="home_visit", organisation=team(session, key))
    assert [row.organisation.key for row in queries.routings(session, gent.id)] == ["tweede"]


def test_an_organisation_that_ended_gets_no_steps(session: Session, gent: Area) -> None:
    first, second = team(session, "eerste"), team(session, "tweede")
    commands.set_routing(session, area=gent, step="home_visit", organisation=first)
    commands.set_routing(session, area=gent, step="home_visit", organisation=second, age=3)
    commands.end_organisation(session, organisation=second, on=clock.today())
    assert queries.routed_organisation(session, gent.id, "home_visit", age=3, nis=GENT, on=TODAY) is first
    with pytest.raises(Refused):
        commands.set_routing(session, area=gent, step="home_visit", organisation=second)


def test_a_route_for_a_municipality_elsewhere_is_refused(session: Session, gent: Area) -> None:
    with pytest.raises(Refused) as refused:
        commands.set_routing(session, area=gent, step="home_visit", organisation=team(session, "x"), nis=DESTELBERGEN)
    assert refused.value.key == "municipality_not_of_area"


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"kind": "winkel"}, "kind_unknown"),
        ({"number": "12345"}, "number_malformed"),
        ({"number": "١٢٣٤٥٦"}, "number_malformed"),
        ({"mailbox": "de brug"}, "mailbox_malformed"),
        ({"language": "de"}, "language_unknown"),
    ],
)
def test_an_impossible_organisation_is_refused(session: Session, wrong: dict[str, str], key: str) -> None:
    given = {"key": "x", "kind": "school", "name": "X"} | wrong
    with pytest.raises(Refused) as refused:
        commands.add_organisation(session, **given)
    assert refused.value.key == key


def test_a_school_number_belongs_to_one_school_and_keeps_its_zeros(session: Session) -> None:
    linde = commands.add_organisation(session, key="linde", kind="school", name="De Linde", number="012345")
    assert queries.find_school(session, "012345") is linde
    with pytest.raises(Refused) as refused:
        commands.add_organisation(session, key="eik", kind="school", name="De Eik", number="012345")
    assert refused.value.data["organisation"] == "linde"


def test_an_organisation_said_again_is_corrected_not_doubled(session: Session) -> None:
    first = commands.add_organisation(session, key="brug", kind="inloopteam", name="Brug", mailbox="a@brug.example")
    again = commands.add_organisation(session, key="brug", kind="inloopteam", name="De Brug")
    assert again is first
    assert (first.name, first.mailbox) == ("De Brug", "a@brug.example")
    with pytest.raises(Refused) as refused:
        commands.add_organisation(session, key="brug", kind="clb", name="De Brug")
    assert refused.value.key == "kind_is_fixed"


def test_a_window_belongs_to_a_birth_year_and_can_be_moved(session: Session, gent: Area) -> None:
    for closes in (date(2027, 3, 16), date(2027, 3, 18)):
        commands.add_window(session, area=gent, birth_year=2025, closes_on=closes, result_on=date(2027, 4, 20))
    window = queries.windows_for(session, gent.id, 2025)
    assert window is not None
    assert window.closes_on == date(2027, 3, 18)
    assert queries.windows_for(session, gent.id, 2024) is None
    with pytest.raises(Refused):
        commands.add_window(
            session, area=gent, birth_year=2025, closes_on=date(2027, 3, 18), result_on=date(2027, 3, 1)
        )


def test_an_agreement_holds_on_its_first_and_last_day(session: Session, gent: Area) -> None:
    given = {"key": "gent-2026", "area": gent, "reference": "DOSSIER 12"}
    first, last = date(2026, 9, 1), date(2027, 8, 31)
    commands.add_agreement(session, source="not-enrolled", from_on=first, until_on=last, **given)

    def valid(day: date, source: str = "not-enrolled") -> bool:
        return bool(queries.agreements_for(session, gent.id, source=source, on=day))

    assert [valid(first - timedelta(days=1)), valid(first), valid(last), valid(last + timedelta(days=1))] == [
        False,
        True,
        True,
        False,
    ]
    assert not valid(first, "absences")
    with pytest.raises(Refused):
        commands.add_agreement(session, source="absences", from_on=first, until_on=last, **given)
