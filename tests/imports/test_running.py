"""A coordinator's own list of running cases is taken over: where each case stood, who has it, what was tried last."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.taking_over import TAKEN_OVER
from outreach.cases.commands.words import add_note
from outreach.cases.models import Attempt, Case, Closure, Deed, Event, Note
from outreach.children.models import Child, FamilyContact
from outreach.cli import console
from outreach.database import transaction
from outreach.imports.models import Batch
from outreach.imports.queries.accounting import accounts_of
from outreach.imports.queries.followers import STATUS, WHO
from tests.ground.field import Field, make_field
from tests.imports.loading import READ, load, number_of_rows
from tests.imports.running_files import BORN, numbered, own_spreadsheet, running_csv, running_row
from tests.imports.running_loading import broken, case_of, living, running_field, say, take

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def field(session: Session) -> Field:
    return running_field(session)


@pytest.fixture
def run(app: Flask, field: Field, tmp_path: Path) -> Run:
    """Take a list of 27 November over on the console; the answer."""

    def invoke(content: bytes, *also: str, name: str = "lopend.csv") -> dict[str, Any]:
        file = tmp_path / name
        file.write_bytes(content)
        result = ask(app, file, *also)
        assert result.exit_code == 0, result.stderr
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    return invoke


def ask(app: Flask, file: Path, *also: str) -> Result:
    asked = ["import", str(file), "--kind", "running", "--area", "gent", "--as-of", "2026-11-27", "--json", *also]
    return CliRunner().invoke(console, asked, obj=ScriptInfo(create_app=lambda: app))


def test_an_old_excel_of_a_coordinator_is_taken_over(run: Run, field: Field, session: Session) -> None:
    """Two lines of titles, colours, a legend in front, days as somebody typed them."""
    said = run(
        own_spreadsheet(),
        "--status", "2x niet thuis=visit", "--status", "doorgegeven aan HvhK=school_choice",
        "--status", "wil na paasvakantie starten=school_choice", "--status", "verhuisd naar buitenland=moved_abroad",
        name="werklijst.xlsx",
    )  # fmt: skip
    counts = {name: said[name] for name in ("rows", "new", "known", "double", "refused", "cases_opened")}
    assert counts == {"rows": 6, "new": 5, "known": 0, "double": 0, "refused": 1, "cases_opened": 5}
    assert (said["closed"], said["contacts"], said["unassigned"]) == (1, 3, 1)
    assert {"status": "ingeschreven", "step": None, "closure": None, "count": 1} in said["statuses"]
    assert {"status": "2x niet thuis", "step": "home_visit", "closure": None, "count": 1} in said["statuses"]
    yusra, lou = living(session, "EL AMRANI"), living(session, "DE SMET")
    assert (yusra.key, yusra.person_id) == ("home_visit", field.worker.person_id)
    assert (lou.key, lou.person_id) == ("school_choice", field.guide.person_id)
    assert living(session, "KAYA").key == "intake"
    assert case_of(session, "PEETERS").ended_at is not None
    assert broken(session) == []


def test_the_last_contact_stands_under_its_own_day_and_every_word_is_kept(run: Run, session: Session) -> None:
    run(own_spreadsheet(), "--status", "2x niet thuis=home_visit", name="werklijst.xlsx")
    tried = select(Attempt).where(Attempt.case_id == case_of(session, "EL AMRANI").id)
    attempt = session.scalars(tried, execution_options=READ).one()
    assert (attempt.on, attempt.channel, attempt.reached) == (date(2026, 11, 12), "door", False)
    assert attempt.details == {TAKEN_OVER: {"channel": True, "reached": True}}
    words = session.scalars(select(Note.text).order_by(Note.id), execution_options=READ).all()
    assert "kaartje gestoken\nZus/broer op school: ja" in words
    assert "school De Linde\nlaatste contact: begin november\nhoe?: ?" in words
    kinds = select(Event.kind).where(Event.case_id == attempt.case_id).order_by(Event.seq)
    told = session.scalars(kinds, execution_options=READ).all()
    assert told == ["case_opened", "taken_over", "contact_taken_over", "note_added"]


def test_dates_count_from_the_day_of_taking_over_and_nobody_is_mailed_as_late(field: Field, session: Session) -> None:
    say(field, STATUS, **{"2x niet thuis": "step:home_visit", "wacht": "step:decision"})
    rows = [
        running_row(1, "2x niet thuis", "Wim", Laatste_contact="3/2/2025"),
        running_row(2, "wacht", Laatste_contact="1/9/2024"),
    ]
    take(field, running_csv(*rows))
    today = clock.today()
    for step in (living(session, "Safi1"), living(session, "Safi2")):
        assert step.aim_on is not None
        assert step.aim_on > today
        assert step.opened_on == today
        assert not step.late(today)
    assert remind(session).steps_due == 0


def test_a_known_child_gains_what_is_newer_and_loses_nothing(field: Field, session: Session) -> None:
    say(field, STATUS, ingeschreven="step:verification")
    take(
        field, running_csv(running_row(1, Laatste_contact="10/11/2026", Soort_contact="tel", Opmerkingen="belt terug"))
    )
    with transaction(session):
        case = case_of(session, "Safi1")
        add_note(session, case, text="bij tante", shared=False, by=field.coordinator)
    older = running_row(1, "ingeschreven", Laatste_contact="2/11/2026", Opmerkingen="belt terug")
    newer = running_row(1, "ingeschreven", Laatste_contact="20/11/2026", Opmerkingen="komt woensdag", Bereikt="ja")
    said = take(field, running_csv(older), "ouder.csv")
    assert (said.counts["known"], said.counts["contacts"]) == (1, 0)
    said = take(field, running_csv(newer), "nieuwer.csv")
    assert (said.counts["known"], said.counts["cases_opened"], said.counts["contacts"]) == (1, 0, 1)
    assert living(session, "Safi1").key == "intake"
    days = session.execute(select(Attempt.on, Attempt.reached).order_by(Attempt.on), execution_options=READ).all()
    assert [tuple(day) for day in days] == [(date(2026, 11, 10), False), (date(2026, 11, 20), True)]
    notes = session.scalars(select(Note.text).order_by(Note.id), execution_options=READ).all()
    assert notes == ["belt terug", "bij tante", "komt woensdag"]
    assert broken(session) == []


def test_the_same_file_again_changes_nothing(run: Run, session: Session) -> None:
    list_of_one = running_csv(running_row(1, "lopend", Laatste_contact="10/11/2026"))
    first = run(list_of_one)
    again = run(list_of_one)
    assert (first["loaded"], first["same_file"]) == (True, False)
    assert (again["loaded"], again["same_file"], again["batch"]) == (False, True, first["batch"])
    assert number_of_rows(session, Case, Attempt, Batch) == [1, 1, 1]


def test_a_dry_run_says_what_would_be_and_leaves_no_trace(run: Run, session: Session) -> None:
    looked = run(running_csv(running_row(1, "naar zee", Laatste_contact="10/11/2026")), "--dry-run",
                 "--status", "naar zee=moved_abroad")  # fmt: skip
    assert (looked["loaded"], looked["batch"], looked["cases_opened"]) == (False, None, 0)
    assert (looked["closed"], looked["contacts"]) == (1, 1)
    assert number_of_rows(session, Case, Attempt, Batch, Child) == [0, 0, 0, 0]
    assert run(running_csv(running_row(2, "naar zee")))["closed"] == 0, "what was typed for a dry run is not remembered"


def test_what_was_said_of_a_word_is_remembered_for_the_area(run: Run, session: Session) -> None:
    run(running_csv(running_row(1, "2x niet thuis", "Wimme")), "--status", "2x niet thuis=visit", "--who",
        "Wimme=wim@example.test")  # fmt: skip
    said = run(running_csv(running_row(2, "2x Niet thuis!", "WIMME")), name="later.csv")
    assert said["unassigned"] == 0
    assert living(session, "Safi2").person_id == living(session, "Safi1").person_id


def test_a_name_nobody_knows_leaves_the_case_with_the_coordinator(field: Field, session: Session) -> None:
    say(field, STATUS, **{"2x niet thuis": "step:home_visit"})
    said = take(field, running_csv(running_row(1, "2x niet thuis", "Mieke"), running_row(2, "2x niet thuis", "Wim")))
    assert said.counts["unassigned"] == 1
    assert [line["known"] for line in said.who] == [False, True]
    assert (living(session, "Safi1").key, living(session, "Safi1").organisation_id) == (
        "intake",
        field.area.coordinator_id,
    )
    assert living(session, "Safi2").organisation_id == field.organisations["de-brug"].id


def test_somebody_who_left_is_asked_about_again(field: Field, session: Session) -> None:
    say(field, STATUS, lopend="step:home_visit")
    say(field, WHO, Mieke="person:99999@" + str(field.organisations["de-brug"].id))
    said = take(field, running_csv(running_row(1, "lopend", "Mieke")))
    assert said.counts["unassigned"] == 1
    assert living(session, "Safi1").key == "intake"


def test_a_partner_sees_no_more_than_the_parents_agreed_to(field: Field, session: Session) -> None:
    say(field, STATUS, **{"bij HvhK": "step:school_choice", "bezoeken": "step:home_visit"})
    take(field, running_csv(running_row(1, "bij HvhK"), running_row(2, "bezoeken", "Wim")))
    assert (living(session, "Safi1").scope, living(session, "Safi2").scope) == ("reference", "full")
    take(field, running_csv(running_row(3, "bij HvhK")), "akkoord.csv", parents_agree=True)
    assert living(session, "Safi3").scope == "full"
    assert broken(session) == []


def test_a_child_of_compulsory_age_is_not_closed_as_refused(field: Field, session: Session) -> None:
    say(field, STATUS, **{"wil niet": "closure:refused"})
    five = running_row(1, "wil niet", Geboortedatum="12/02/2021")
    take(field, running_csv(five, running_row(2, "wil niet")))
    assert living(session, "Safi1").key == "decision"
    closure = session.scalars(select(Closure), execution_options=READ).one()
    assert (closure.case_id, closure.key) == (case_of(session, "Safi2").id, "refused")
    assert closure.leave_in_peace_until is not None


def test_several_rows_of_a_child_are_one_case_with_all_its_contacts(field: Field, session: Session) -> None:
    """A list that has a row for each contact: the newest row says where the case stands."""
    say(field, STATUS, **{"niet thuis": "step:home_visit", "wil starten": "step:school_choice"})
    rows = [
        running_row(1, "niet thuis", Laatste_contact="2/11/2026", Soort_contact="HB", Opmerkingen="kaartje"),
        running_row(1, "wil starten", Laatste_contact="20/11/2026", Soort_contact="tel", Opmerkingen="na Pasen"),
    ]
    said = take(field, running_csv(*rows))
    assert (said.counts["new"], said.counts["double"], said.counts["contacts"]) == (1, 1, 2)
    assert living(session, "Safi1").key == "school_choice"
    days = session.scalars(select(Attempt.on).order_by(Attempt.on), execution_options=READ).all()
    assert days == [date(2026, 11, 2), date(2026, 11, 20)]
    assert session.scalars(select(Note.text), execution_options=READ).one() == "kaartje\nna Pasen"


def test_brothers_and_sisters_were_visited_together(field: Field, session: Session) -> None:
    twin = {"Ouder": "Grâce Safi", "Huisnr": "7", "Laatste_contact": "12/11/2026", "Soort_contact": "huisbezoek"}
    take(field, running_csv(running_row(1, **twin), running_row(2, **twin)))
    occasions = session.scalars(select(Attempt.occasion), execution_options=READ).all()
    assert len(occasions) == 2
    assert len(set(occasions)) == 1


def test_school_and_entry_day_go_where_they_belong(field: Field, session: Session) -> None:
    say(field, STATUS, ingeschreven="step:warm_welcome")
    titles = ("Naam", "Voornaam", "Geboortedatum", "Status", "School", "Instapdatum")
    first, later = ("Safi1", "Ayaan", "04/05/2024", "ingeschreven"), ("Safi2", "Ayaan", "04/05/2024", "ingeschreven")
    rows = [[*first, "De Linde", "4/1/2027"], [*later, "school in Brussel", "2/1/2027"]]
    take(field, running_csv(*rows, titles=titles))
    step = living(session, "Safi1")
    assert (step.key, step.organisation_id) == ("warm_welcome", field.organisations["de-linde"].id)
    assert step.scope == "reference"
    assert living(session, "Safi2").to_assign
    told = session.scalars(select(Note.text), execution_options=READ).all()
    assert told == ["School: school in Brussel\nInstapdatum: 2/1/2027"]
    assert broken(session) == []


def test_whom_to_ring_is_kept_once(field: Field, session: Session) -> None:
    rows = [running_row(1, Ouder="Grâce Safi", GSM="0470/12 34 56 (enkel avond)")]
    take(field, running_csv(*rows))
    take(field, running_csv(running_row(1, "x", Ouder="Grâce Safi", GSM="+32 470 12 34 56")), "later.csv")
    contacts = session.scalars(select(FamilyContact), execution_options=READ).all()
    assert [(one.name, one.phone) for one in contacts] == [("Grâce Safi", "0470/12 34 56")]
    notes = session.scalars(select(Note.text), execution_options=READ).all()
    assert "GSM: 0470/12 34 56 (enkel avond)" in notes[0]


def test_a_number_alone_tells_a_child_of_ones_own_and_nobody_elses(field: Field, session: Session) -> None:
    take(field, running_csv(running_row(1, INSZ=numbered(1))))
    titles = ("rijksregisternummer", "status", "laatste contact")
    rows = [[numbered(1), "bezig", "20/11/2026"], [numbered(2), "bezig", "20/11/2026"]]
    said = take(field, running_csv(*rows, titles=titles), "nummers.csv")
    assert (said.counts["known"], said.counts["refused"], said.counts["contacts"]) == (1, 1, 1)


def test_a_child_others_follow_is_counted_and_left(field: Field, session: Session) -> None:
    elsewhere = make_field(session, "brugge", ("31005",))
    session.commit()
    born_on = f"{BORN:%d/%m/%Y}"
    load(field, [numbered(1), "Safi1", "Ayaan", born_on, "Sleepstraat", "1", "", "9000", "Gent", "44021", ""])
    with transaction(session):
        case = case_of(session, "Safi1")
        case.area_id, case.lead_id = elsewhere.area.id, elsewhere.area.coordinator_id
    before = number_of_rows(session, Event, Attempt, Note)
    session.rollback()
    said = take(field, running_csv(running_row(1, "bezig", INSZ=numbered(1), Laatste_contact="20/11/2026")))
    assert (said.counts["known"], said.counts["contacts"]) == (1, 0)
    assert number_of_rows(session, Event, Attempt, Note) == before


def test_the_account_of_all_lists_has_the_children_of_a_running_list(field: Field, session: Session) -> None:
    say(field, STATUS, weg="closure:moved_abroad")
    take(field, running_csv(running_row(1), running_row(2, "weg"), running_row(3, Geboortedatum="straks")))
    account = accounts_of(session, field.coordinator, field.area).total
    assert account.adds_up
    assert (account.rows, account.listed, account.in_case, account.closed) == (3, 2, 1, 1)


def test_without_an_agreement_a_list_is_only_looked_at(
    app: Flask, field: Field, tmp_path: Path, session: Session
) -> None:
    file = tmp_path / "lopend.csv"
    file.write_bytes(running_csv(running_row(1)))
    asked = ["import", str(file), "--kind", "running", "--area", "gent", "--as-of", "2029-11-27", "--json"]
    result = CliRunner().invoke(console, asked, obj=ScriptInfo(create_app=lambda: app))
    assert result.exit_code == 3
    assert json.loads(result.stdout)["loaded"] is False
    assert number_of_rows(session, Case) == [0]


@pytest.mark.parametrize(
    "also", [("--status", "lopend=nergens"), ("--status", "lopend"), ("--who", "Wim=nobody@example.test")]
)
def test_a_word_that_leads_nowhere_is_wrong_use(
    app: Flask, field: Field, tmp_path: Path, also: tuple[str, str]
) -> None:
    file = tmp_path / "lopend.csv"
    file.write_bytes(running_csv(running_row(1, "lopend", "Wim")))
    assert ask(app, file, *also).exit_code == 2


def test_a_list_stopped_on_the_way_leaves_nothing(field: Field, session: Session) -> None:
    def stop(*_done: object) -> None:
        raise KeyboardInterrupt

    rows = [running_row(number) for number in range(1, 31)]
    with pytest.raises(KeyboardInterrupt):
        take(field, running_csv(*rows), told=stop)
    assert number_of_rows(session, Child, Case, Batch, Deed) == [0, 0, 0, 0]
