"""A reason of absence that may touch health is read by the school and by who has the step, by nobody else anywhere."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step, ask_side_step
from outreach.cases.models import Step
from outreach.cases.queries.offline import what_stands
from outreach.cases.workflow import processes
from tests.attendance.kleuters import case_of, field, newest_step, say
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field
from tests.imports.loading import READ

__all__ = ["field", "sign_in"]

KEPT = [each.key for each in processes().common.absence_reasons if each.health]
TOLD = [each.key for each in processes().common.absence_reasons if not each.health]
INSIDE = "blijft bij de school en bij wie de stap heeft"


def label(reason: str) -> str:
    return next(each.label["nl"] for each in processes().common.absence_reasons if each.key == reason)


def at_the_visit(field: Field, reason: str, *, found_later: bool = False) -> None:
    """The school knows why, or finds out when it is asked once more; De Brug goes visiting, and LOP Gent leads."""
    if not found_later:
        say(field, "reason_known", reason=reason)
    else:
        contact, case = say(field, "reason_unknown"), case_of(field.session)
        linde = field.organisations["de-linde"]
        side = ask_side_step(
            field.session,
            case,
            contact,
            kind="find_reason",
            organisation=linde,
            question="Weet iemand waarom?",
            by=field.school,
        )
        answer_side_step(field.session, case, side, outcome=reason, answer="Na een operatie.", by=field.school)
    session, case = field.session, case_of(field.session)
    contact = session.scalars(select(Step).where(Step.key == "school_contact"), execution_options=READ).one()
    agreed = {"parents_know": "yes", "parents_agree": "yes", "organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, contact, outcome="help_needed", facts=agreed, by=field.school)


def passed_on(field: Field) -> None:
    """Nobody was found after all tries: LOP Gent decides."""
    session, case = field.session, case_of(field.session)
    report_outcome(session, case, newest_step(session), outcome="refuses", facts={}, by=field.worker)


def everything(app: Flask, visitor: Visitor, reference: str) -> Iterator[tuple[str, str]]:
    """Every page and answer one can ask for with no more than a case in hand."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments - {"reference", "number"} or "training" in rule.endpoint:
            continue
        for number in range(1, 6) if "number" in rule.arguments else (None,):
            values = {"reference": reference, "number": number}
            path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            yield path, visitor.client.get(path, follow_redirects=True).text


def said_in(page: str, reason: str) -> bool:
    """Whether a page tells this reason; of a word that stands in other sentences, as the reason it is."""
    alone = reason not in ("ill", "other")
    return label(reason) in page if alone else re.search(rf"(Reden|reden)[^<]*: {label(reason)}\b", page) is not None


@pytest.mark.parametrize(("reason", "found_later"), [("ill", False), ("complex", True)])
def test_who_leads_reads_it_on_no_page_at_all(
    sign_in: SignIn, app: Flask, field: Field, reason: str, found_later: bool
) -> None:
    at_the_visit(field, reason, found_later=found_later)
    reference, lies = case_of(field.session).reference, sign_in(field.coordinator)
    told = dict(everything(app, lies, reference))
    assert [path for path, page in told.items() if said_in(page, reason)] == []
    assert INSIDE in told[f"/cases/{reference}"], "that it is known is no secret"
    assert [path for path, page in told.items() if "operatie" in page] == []


def test_who_had_the_step_reads_it_no_more(sign_in: SignIn, app: Flask, field: Field) -> None:
    at_the_visit(field, "complex")
    reference = case_of(field.session).reference
    field.session.commit()
    wim = sign_in(field.worker)
    assert said_in(wim.open(f"/cases/{reference}").text, "complex")
    passed_on(field)
    field.session.commit()
    assert [path for path, page in everything(app, wim, reference) if said_in(page, "complex")] == []


@pytest.mark.parametrize(("reason", "found_later"), [("complex", True), ("ill", False), ("other", False)])
def test_the_school_reads_what_it_said(sign_in: SignIn, field: Field, reason: str, found_later: bool) -> None:
    at_the_visit(field, reason, found_later=found_later)
    page = sign_in(field.school).open(f"/cases/{case_of(field.session).reference}").text
    assert said_in(page, reason)
    assert INSIDE not in page


@pytest.mark.parametrize("reason", [*KEPT, *TOLD])
def test_a_reason_of_another_kind_is_for_everybody_in_the_case(sign_in: SignIn, field: Field, reason: str) -> None:
    at_the_visit(field, reason)
    page = sign_in(field.coordinator).open(f"/cases/{case_of(field.session).reference}").text
    assert said_in(page, reason) == (reason in TOLD)


def test_what_is_taken_along_on_a_phone_says_no_reason(field: Field) -> None:
    at_the_visit(field, "ill")
    assert "ill" not in str(what_stands(field.session, case_of(field.session), newest_step(field.session)))


def test_enough_reasons_are_kept_that_keeping_one_tells_nothing() -> None:
    """Ill is one of several, and every one says why it is kept or not."""
    assert "ill" in KEPT
    assert len(KEPT) >= 3
    assert all(each.why for each in processes().common.absence_reasons)
