"""A new area set up on the console, from the first municipality to the first person, and every wrong turn."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from outreach.accounts import queries
from outreach.accounts.passwords import verify
from outreach.accounts.sign_in import sign_in
from outreach.cli import console

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """The `outreach` command in this test's application."""

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(console, list(arguments), obj=ScriptInfo(create_app=lambda: app), input=stdin)

    return invoke


def done(run: Run, *arguments: str, stdin: str | None = None) -> Any:
    """What the command answers as JSON."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def gent(run: Run) -> Any:
    return done(run, "areas", "add", "gent", "--name", "Gent", "--municipality", "44021", "--municipality", "44013")


@pytest.fixture
def brug(run: Run, gent: Any) -> Any:
    named = ["--kind", "inloopteam", "--name", "De Brug", "--mailbox", "post@brug.example"]
    return done(run, "organisations", "add", "brug", *named, "--area", "gent")


def test_an_area_comes_with_its_coordinating_organisation(run: Run, gent: Any) -> None:
    assert gent == {
        "key": "gent",
        "name": "Gent",
        "coordinator": "lop-gent",
        "municipalities": ["44013", "44021"],
    }
    assert done(run, "areas", "list") == {"areas": [gent]}
    assert [row["key"] for row in done(run, "organisations", "list")["organisations"]] == ["lop-gent"]


def test_everything_said_twice_changes_nothing(run: Run, gent: Any, brug: Any) -> None:
    again = done(run, "areas", "add", "gent", "--name", "Gent", "--municipality", "44021")
    assert again == gent
    assert done(run, "organisations", "add", "brug", "--kind", "inloopteam", "--name", "De Brug") == brug


def test_an_area_may_have_another_coordinator(run: Run) -> None:
    done(run, "organisations", "add", "stad", "--kind", "municipality", "--name", "Stad")
    made = done(run, "areas", "add", "rand", "--name", "Rand", "--municipality", "44013", "--coordinator", "stad")
    assert made["coordinator"] == "stad"
    assert len(done(run, "organisations", "list")["organisations"]) == 1


def test_organisations_are_listed_by_area_and_kind(run: Run, brug: Any) -> None:
    assert brug["areas"] == ["gent"]
    assert done(run, "organisations", "list", "--area", "gent", "--kind", "inloopteam") == {"organisations": [brug]}
    assert "De Brug" in run("organisations", "list").stdout


def test_a_user_with_a_password_signs_in(run: Run, brug: Any, session: Session) -> None:
    who = ["amina@brug.example", "--name", "Amina", "--role", "worker", "--organisation", "brug", "--password-stdin"]
    data = done(run, "users", "add", *who, stdin="een goed wachtwoord\n")
    assert data["memberships"] == [{"organisation": "brug", "role": "worker"}]
    assert "wachtwoord" not in json.dumps(data)
    assert sign_in(session, email="amina@brug.example", password="een goed wachtwoord", address="::1").token


def test_a_second_membership_keeps_the_password(run: Run, brug: Any, session: Session) -> None:
    who = ["users", "add", "amina@brug.example", "--name", "Amina"]
    done(run, *who, "--role", "worker", "--organisation", "brug", "--password-stdin", stdin="een goed wachtwoord")
    data = done(run, *who, "--role", "coordinator", "--organisation", "lop-gent")
    assert data["has_password"]
    assert len(data["memberships"]) == 2
    assert done(run, "users", "list") == {"users": [data]}


def test_a_reset_password_is_shown_once_and_works(run: Run, brug: Any, session: Session) -> None:
    who = ["users", "add", "amina@brug.example", "--name", "Amina", "--role", "worker", "--organisation", "brug"]
    added = run(*who)
    assert "outreach users reset amina@brug.example" in added.stderr
    made = done(run, "users", "reset", "AMINA@brug.example")
    session.rollback()
    person = queries.find_person(session, "amina@brug.example")
    assert person is not None
    assert verify(person.password_hash, made["password"])
    given = done(run, "users", "reset", "amina@brug.example", "--password-stdin", stdin="zelf gekozen woord\n")
    assert given == {"email": "amina@brug.example"}


def test_routing_windows_closings_and_agreements_are_kept(run: Run, brug: Any) -> None:
    route = done(
        run, "routing", "set", "gent", "--step", "home_visit", "--organisation", "brug", "--age", "3",
        "--municipality", "44021",
    )  # fmt: skip
    assert done(run, "routing", "list", "gent") == {"routing": [route]}
    dates = ["--closes", "2027-03-16", "--result", "2027-04-20", "--ticket-expires", "2027-05-18"]
    window = done(run, "windows", "add", "gent", "--birth-year", "2025", *dates)
    assert window["closes"] == "2027-03-16"
    assert done(run, "windows", "list") == {"windows": [window]}
    reports = [done(run, "report-days", "add", "gent", "--on", "2027-02-01") for _ in range(2)]
    assert reports[0] == reports[1] == {"area": "gent", "on": "2027-02-01"}
    assert done(run, "report-days", "list") == {"report_days": reports[:1]}
    done(run, "organisations", "add", "linde", "--kind", "school", "--name", "De Linde", "--number", "012345")
    span = ["--from", "2027-05-07", "--until", "2027-05-08", "--reason", "Brugdag"]
    closings = [
        done(run, "closings", "add", "--area", "gent", *span),
        done(run, "closings", "add", "--school", "012345", *span),
    ]
    assert [closing["school"] for closing in closings] == [None, "012345"]
    assert done(run, "closings", "list") == {"closings": closings}
    paper = ["--area", "gent", "--source", "not-enrolled", "--from", "2026-09-01", "--until", "2027-08-31"]
    agreement = done(run, "agreements", "add", "gent-26", *paper, "--reference", "Dossier 12")
    assert done(run, "agreements", "list") == {"agreements": [agreement]}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("areas add x --name X --municipality 99999", "44021"),
        ("areas add x --name X --municipality Gent", "44021"),
        ("areas add x --name X --municipality 46013", "Beveren-Kruibeke-Zwijndrecht"),
        ("areas add x --name X", "--municipality"),
        ("areas add x --name X --municipality 44021 --coordinator niemand", "lop-gent"),
        ("organisations add x --kind winkel --name X", "inloopteam"),
        ("organisations add x --kind school --name X --number 123", "zes cijfers"),
        ("organisations add x --kind school --name X --area gant", "gent"),
        ("organisations add x --kind other --name X --mailbox postbus", "e-mailadres"),
        ("users add x@x.example --name X --role baas --organisation brug", "coordinator"),
        ("users add x@x.example --name X --role worker --organisation burg", "brug"),
        ("users add x --name X --role worker --organisation brug", "e-mailadres"),
        ("users reset niemand@x.example", "users add"),
        ("routing set gent --step home_visit --organisation burg", "brug"),
        ("routing set gent --step home_visit --organisation brug --municipality 11001", "44021"),
        ("windows add gent --birth-year 2025 --closes morgen", "2026-12-15"),
        ("windows add gent --birth-year 2025 --closes 2027-03-16 --result 2027-03-01", "volgorde"),
        ("closings add --from 2027-05-07 --until 2027-05-08 --reason x", "gebied"),
        ("closings add --school 999999 --from 2027-05-07 --until 2027-05-08 --reason x", "--number"),
        ("closings add --area gent --from 2027-05-08 --until 2027-05-07 --reason x", "laatste dag"),
        ("agreements add a --area gent --source x --from 2026-09-01 --until 2027-08-31 --reference r", "not-enrolled"),
    ],
)
def test_wrong_use_says_what_to_do_and_changes_nothing(run: Run, brug: Any, line: str, hint: str) -> None:
    before = [done(run, noun, "list") for noun in ("areas", "organisations", "users")]
    result = run(*line.split(), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert hint in result.stderr
    assert [done(run, noun, "list") for noun in ("areas", "organisations", "users")] == before


@pytest.mark.parametrize(
    "line",
    [
        "areas add rand --name Rand --municipality 44013",
        "organisations add brug --kind clb --name Brug",
    ],
)
def test_what_contradicts_what_is_there_is_refused_as_a_whole(run: Run, brug: Any, line: str) -> None:
    result = run(*line.split(), "--json")
    assert (result.exit_code, result.stdout) == (3, "")
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_password_too_short_makes_nobody(run: Run, brug: Any) -> None:
    who = ["x@x.example", "--name", "X", "--role", "worker", "--organisation", "brug", "--password-stdin"]
    assert run("users", "add", *who, stdin="kort\n").exit_code == 2
    assert done(run, "users", "list") == {"users": []}


def test_help_and_the_calendar_need_no_application() -> None:
    def never() -> Flask:
        raise AssertionError("no application is needed")

    for line in (["--help"], ["areas", "add", "--help"], ["calendar", "2026-2027", "--json"]):
        result = CliRunner().invoke(console, line, obj=ScriptInfo(create_app=never))
        assert result.exit_code == 0, result.output
