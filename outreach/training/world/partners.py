"""Areas and organisations of the world, with routing, windows, closing days and agreement: invented, but for places."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from outreach.partners import commands
from outreach.partners.models import Area, Organisation
from outreach.schoolyear import Counter, SchoolCalendar

GENT, LOKEREN = "gent", "lokeren"
AGREEMENT = "oefenlijst-gent"
NEIGHBOUR_AGREEMENT = "oefenlijst-lokeren"
REPORT_AGREEMENTS = {"participation": "oefenrapport-gent", "absences": "oefenafwezigheden-gent"}
"""By kind of report."""

AREAS = ((GENT, "Gent", ("44021", "44088", "44013", "43018")), (LOKEREN, "Lokeren", ("46029", "44087")))
"""Gent, Merelbeke-Melle, Destelbergen, Zelzate; Lokeren, Lochristi."""


@dataclass(frozen=True)
class Place:
    """An organisation to be; school numbers in the 900 thousands are given to nobody."""

    key: str
    kind: str
    name: str
    area: str | None = GENT
    number: str | None = None


DE_BRUG, HET_ANKER = "inloopteam-de-brug", "inloopteam-het-anker"
KIND_EN_GEZIN, HUIS, CLB, STAD = "kind-en-gezin-gent", "huis-van-het-kind-gent", "clb-de-schakel", "stad-gent"
SCHOOLS = (
    Place("school-kastanje", "school", "Oefenschool De Kastanje", number="900001"),
    Place("school-kompas", "school", "Oefenschool Het Kompas", number="900002"),
    Place("school-vlinderdas", "school", "Oefenschool De Vlinderdas", number="900003"),
    Place("school-waterlelie", "school", "Oefenschool De Waterlelie", number="900004"),
    Place("school-klein-kasteel", "school", "Oefenschool Klein Kasteel", number="900005"),
)
PLACES = (
    Place(DE_BRUG, "inloopteam", "Inloopteam De Brug"),
    Place(HET_ANKER, "inloopteam", "Inloopteam Het Anker"),
    Place(KIND_EN_GEZIN, "kind-en-gezin", "Kind en Gezin, lokaal team Gent"),
    Place(HUIS, "huis-van-het-kind", "Huis van het Kind Gent"),
    Place(CLB, "clb", "CLB De Schakel"),
    Place(STAD, "municipality", "Stad Gent, dienst Onderwijs"),
    *SCHOOLS,
    Place("inloopteam-lokeren", "inloopteam", "Inloopteam Durme", area=LOKEREN),
    Place("huis-van-het-kind-lokeren", "huis-van-het-kind", "Huis van het Kind Lokeren", area=LOKEREN),
    Place("school-reiger", "school", "Oefenschool De Reiger", area=LOKEREN, number="900006"),
    Place("agodi", "other", "AGODI, kleuterparticipatie", area=None),
    Place("beheer", "other", "Beheer van de oefenomgeving", area=None),
)
MAILBOXES = {"lop-gent", "lop-lokeren", DE_BRUG, HET_ANKER, KIND_EN_GEZIN, HUIS, CLB}

ROUTES: tuple[tuple[str, str, int | None, str | None], ...] = (
    ("home_visit", DE_BRUG, None, None),
    ("home_visit", KIND_EN_GEZIN, 2, None),
    ("home_visit", KIND_EN_GEZIN, 3, None),
    ("home_visit", HET_ANKER, None, "44088"),
    ("home_visit", HET_ANKER, None, "44013"),
    ("home_visit", HET_ANKER, None, "43018"),
    ("school_choice", HUIS, None, None),
    ("special_needs", CLB, None, None),
    ("mediation", "lop-gent", None, None),
)
"""Step, organisation, age (in calendar years), municipality."""


def settle_partners(session: Session, today: date) -> None:
    """Make everything of this module, for a world that is looked at on `today`."""
    areas = {key: commands.add_area(session, key=key, name=name, nis=list(nis)) for key, name, nis in AREAS}
    found = {area.coordinator.key: area.coordinator for area in areas.values()}
    for place in PLACES:
        found[place.key] = _settle(session, place, areas)
    for key in sorted(MAILBOXES):
        organisation = found[key]
        commands.add_organisation(
            session, key=key, kind=organisation.kind, name=organisation.name, mailbox=f"{key}@team.example"
        )
    for step, key, age, nis in ROUTES:
        commands.set_routing(session, area=areas[GENT], step=step, organisation=found[key], age=age, nis=nis)
    for area in areas.values():
        _add_windows(session, area, today)
    _add_closings(session, areas[GENT], found, today)
    _add_agreements(session, areas, today)


def _settle(session: Session, place: Place, areas: dict[str, Area]) -> Organisation:
    organisation = commands.add_organisation(
        session, key=place.key, kind=place.kind, name=place.name, number=place.number
    )
    if place.area is not None:
        commands.serve_area(session, organisation=organisation, area=areas[place.area])
    return organisation


def _add_windows(session: Session, area: Area, today: date) -> None:
    """Registration for the youngest two years of birth closes in three weeks; for the others it is behind us."""
    calendar = SchoolCalendar()
    for birth_year in range(today.year - 6, today.year + 1):
        young = birth_year >= today.year - 3
        closes = calendar.on_or_after(today + timedelta(days=20 if young else -20), Counter.WORKING_DAYS)
        commands.add_window(
            session,
            area=area,
            birth_year=birth_year,
            closes_on=closes,
            result_on=calendar.add(closes, 10, Counter.WORKING_DAYS).day,
            ticket_expires_on=calendar.add(closes, 25, Counter.WORKING_DAYS).day,
        )


def _add_closings(session: Session, area: Area, found: dict[str, Organisation], today: date) -> None:
    calendar = SchoolCalendar()

    def near(days: int) -> date:
        return calendar.on_or_after(today + timedelta(days=days), Counter.SCHOOL_DAYS)

    commands.add_closing(
        session, area=area, from_on=near(12), until_on=near(12), reason="Lokale verlofdag van de Gentse scholen"
    )
    for key, day, reason in (
        (SCHOOLS[0].key, near(-25), "Facultatieve vakantiedag"),
        (SCHOOLS[2].key, near(9), "Pedagogische studiedag"),
        (KIND_EN_GEZIN, near(-12), "Teamdag"),
        (HUIS, near(5), "Verhuis naar het nieuwe gebouw"),
    ):
        commands.add_closing(session, organisation=found[key], from_on=day, until_on=day, reason=reason)


def _add_agreements(session: Session, areas: dict[str, Area], today: date) -> None:
    lists = [(AGREEMENT, GENT, "not-enrolled"), (NEIGHBOUR_AGREEMENT, LOKEREN, "not-enrolled")]
    reports = [(key, GENT, source) for source, key in REPORT_AGREEMENTS.items()]
    for key, area, source in [*lists, *reports]:
        commands.add_agreement(
            session,
            key=key,
            area=areas[area],
            source=source,
            from_on=today - timedelta(days=365),
            until_on=today + timedelta(days=365),
            reference="Protocol oefenomgeving (verzonnen)",
        )
