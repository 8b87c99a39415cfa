"""What people say about a case: once, when they may, on the version they saw, and nothing typed is lost."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt, Case, Note, Report, Step
from outreach.children.models import FamilyContact
from tests.ground.field import Field

from .conftest import READ, Visitor, at_home_visit, at_school_choice, newest

Enter = Callable[[Actor | None], Visitor]

AGREED = {"parents_know": "yes", "parents_agree": "yes"}


def count(session: Session, model: type) -> int:
    """How many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model), execution_options=READ) or 0


def step_url(session: Session, case: Case, page: str) -> str:
    """The address of something about the newest step."""
    number = newest(session, case).number
    reference = session.get_one(Case, case.id, execution_options=READ).reference
    session.rollback()
    return f"/cases/{reference}/steps/{number}/{page}"


def test_a_form_sent_twice_does_its_work_once(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), step_url(session, case, "visit")
    fields = {**wim.open_form(url), "outcome": "nobody_reached"}
    first, second = wim.send(url, fields), wim.send(url, fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert count(session, Attempt) == 1


def test_a_note_sent_twice_is_one_note(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), f"/cases/{case.reference}/notes"
    fields = {**wim.open_form(url), "text": "Lieve mensen"}
    wim.send(url, fields)
    wim.send(url, fields)
    assert count(session, Note) == 1


def test_who_saves_second_sees_both_versions_and_loses_nothing(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    bert = field.person("Bert", "de-brug", "worker")
    session.commit()
    url = step_url(session, case, "visit")
    first, second = enter(field.worker), enter(bert)
    typed = {**second.open_form(url), "outcome": "wants_school", "note": "Warm onthaald", **AGREED}
    assert first.fill(url, outcome="nobody_reached", advice="evening").status_code == 302
    answer = second.send(url, typed)
    assert answer.status_code == 409
    for shown in ("Wil naar school", "Niemand bereikt", "Warm onthaald", "Wim"):
        assert shown in answer.text, shown
    assert count(session, Attempt) == 1
    kept = {**fields_of(answer), "keep": "mine"}
    assert second.send(url, kept).status_code == 302
    assert count(session, Attempt) == 2
    assert newest(session, case).key == "school_choice"


def test_keeping_the_other_version_changes_nothing(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), step_url(session, case, "plan")
    stale = {**wim.open_form(url), "on": "2026-12-18"}
    wim.fill(url, on="2026-12-21")
    answer = wim.send(url, stale)
    assert answer.status_code == 409
    assert wim.send(url, {**fields_of(answer), "keep": "theirs"}).status_code == 302
    assert newest(session, case).planned_on == date(2026, 12, 21)


def test_a_refusal_keeps_what_was_typed(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), step_url(session, case, "new-aim")
    answer = wim.fill(url, aim_on="2027-12-01", reason="Gezin komt terug in de lente")
    assert answer.status_code == 422
    assert "te laat voor het kind" in answer.text
    assert "Gezin komt terug in de lente" in answer.text
    assert newest(session, case).new_aim_at is None


def test_the_facts_an_outcome_needs_are_asked_at_their_field(field: Field, enter: Enter, session: Session) -> None:
    case = at_school_choice(field)
    hanne, url = enter(field.guide), step_url(session, case, "report")
    answer = hanne.fill(url, outcome="enrolled", entry_day="2027-01-04", note="Past goed")
    assert answer.status_code == 422
    assert "Maak een keuze." in answer.text
    assert "Past goed" in answer.text
    assert count(session, Report) == 2


def test_a_school_holiday_is_no_day_to_start_on(field: Field, enter: Enter, session: Session) -> None:
    case = at_school_choice(field)
    hanne, url = enter(field.guide), step_url(session, case, "report")
    linde = str(field.organisations["de-linde"].id)
    answer = hanne.fill(url, outcome="enrolled", school=linde, entry_day="2026-12-28", **AGREED)
    assert answer.status_code == 422
    assert "geen school" in answer.text
    assert "ma 4 jan 2027" in answer.text


def test_under_three_only_entry_days_are_offered(field: Field, enter: Enter, session: Session) -> None:
    case = at_school_choice(field, first_name="Aya", born_on=date(2024, 5, 20))
    page = enter(field.guide).read(step_url(session, case, "report"))
    for entry_day in ("2027-01-04", "2027-02-01", "2027-02-15", "2027-04-12", "2027-05-10"):
        assert f'value="{entry_day}"' in page
    assert 'value="2027-01-05"' not in page


def test_only_outcomes_that_can_be_said_now_are_offered(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    page = enter(field.worker).read(step_url(session, case, "visit"))
    assert 'value="nobody_reached"' in page
    assert 'value="not_reached_after_tries"' not in page
    assert "nog niet genoeg geprobeerd: nog 4 pogingen" in page


def test_one_visit_is_told_for_all_children_of_the_household(field: Field, enter: Enter, session: Session) -> None:
    case, other = at_home_visit(field), at_home_visit(field, "Elif", date(2024, 2, 1))
    together(session, case, other)
    wim, url = enter(field.worker), step_url(session, case, "visit")
    assert wim.fill(url, outcome="wants_school", outcome_2="nobody_reached", **AGREED).status_code == 302
    session.rollback()
    said = session.execute(select(Attempt.case_id, Attempt.reached, Attempt.occasion), execution_options=READ).all()
    assert {(row.case_id, row.reached) for row in said} == {(case.id, True), (other.id, False)}
    assert len({row.occasion for row in said}) == 1


def test_the_same_for_all_children_unless_said_otherwise(field: Field, enter: Enter, session: Session) -> None:
    case, other = at_home_visit(field), at_home_visit(field, "Elif", date(2024, 2, 1))
    together(session, case, other)
    wim, url = enter(field.worker), step_url(session, case, "visit")
    assert wim.fill(url, outcome="nobody_reached").status_code == 302
    assert count(session, Attempt) == 2


@pytest.mark.parametrize("page", ["visit", "pause", "hand-over", "new-aim", "ask", "plan"])
def test_who_sees_a_step_that_is_not_theirs_may_not_act(
    field: Field, enter: Enter, session: Session, page: str
) -> None:
    case = at_school_choice(field)  # Wim had it, Hanne has it now
    url = step_url(session, case, page)
    assert enter(field.worker).get(url).status_code == 403
    assert enter(field.worker).send(url, {"csrf_token": token(enter(field.worker))}).status_code in (400, 403)


def test_a_colleague_takes_a_step_from_the_tray(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    bert = field.person("Bert", "de-brug", "worker")
    session.commit()
    assert enter(bert).fill(step_url(session, case, "take")).status_code == 302
    assert newest(session, case).person_id == bert.person_id


def test_a_hand_over_asks_what_the_parents_say(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), step_url(session, case, "hand-over")
    kg = str(field.organisations["kg-gent"].id)
    assert wim.fill(url, organisation=kg).status_code == 422
    assert wim.fill(url, organisation=kg, parents_know="yes", parents_agree="yes").status_code == 302
    assert newest(session, case).organisation_id == int(kg)


def test_pause_and_resume(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim = enter(field.worker)
    url = step_url(session, case, "pause")
    assert wim.fill(url, reason="illness", until_on="2027-02-01").status_code == 302
    assert newest(session, case).state == "paused"
    assert wim.fill(url.replace("pause", "resume")).status_code == 302
    assert newest(session, case).state == "open"


def test_a_partner_is_asked_one_thing_and_answers(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    joris = field.person("Joris", "clb-gent", "clb")
    session.commit()
    wim, clb = enter(field.worker), str(field.organisations["clb-gent"].id)
    ask = {"kind": "clb_advice", "organisation": clb, "question": "Is een gewone klas haalbaar?"}
    assert wim.fill(step_url(session, case, "ask"), **ask).status_code == 302
    asked = enter(joris)
    page = asked.read(f"/cases/{case.reference}")
    assert "Is een gewone klas haalbaar?" in page
    assert "Milan" not in page
    reply = {"outcome": "done", "answer": "Ja, met ondersteuning"}
    assert asked.fill(step_url(session, case, "answer"), **reply).status_code == 302
    assert "Ja, met ondersteuning" in wim.read(f"/cases/{case.reference}")


def test_what_is_known_of_the_family_is_added(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), f"/cases/{case.reference}"
    assert wim.fill(f"{url}/contacts", name="Fatma", relation="mother").status_code == 422
    assert wim.fill(f"{url}/contacts", name="Fatma", relation="mother", phone="0470 00 00 01").status_code == 302
    assert wim.fill(f"{url}/language", language="tr").status_code == 302
    assert wim.fill(f"{url}/companion").status_code == 302
    moved = {"kind": "home", "street": "Brugsepoort", "number": "7", "postcode": "9000", "municipality": "Gent"}
    assert wim.fill(f"{url}/address", **moved).status_code == 302
    assert wim.fill(f"{url}/secrecy", secrecy="parent_must_not_know").status_code == 302
    page = wim.read(url)
    for shown in ("Fatma", "Turks", "vaste begeleider: Wim", "Brugsepoort 7", "Ga na met wie je spreekt"):
        assert shown in page, shown
    session.rollback()
    contact = session.scalars(select(FamilyContact.id), execution_options=READ).one()
    assert wim.fill(f"{url}/contacts/{contact}/end").status_code == 302
    assert "0470 00 00 01" not in wim.read(url)


def test_the_lead_opens_an_ended_case_again(field: Field, enter: Enter, session: Session) -> None:
    case = field.case("Tibo", date(2023, 7, 1))
    session.commit()
    lies, url = enter(field.coordinator), f"/cases/{case.reference}"
    assert lies.fill(step_url(session, case, "report"), outcome="already_enrolled").status_code == 302
    assert "Was al ingeschreven" in lies.read(url)
    assert lies.fill(f"{url}/reopen").status_code == 302
    assert newest(session, case).number == 2


def test_the_day_of_enrolment_says_how_the_track_ends(field: Field, enter: Enter, session: Session) -> None:
    case = field.case("Tibo", date(2023, 7, 1))
    session.commit()
    lies = enter(field.coordinator)
    assert lies.fill(step_url(session, case, "report"), outcome="seems_enrolled").status_code == 302
    done = lies.fill(step_url(session, case, "report"), outcome="enrolled_and_seen", enrolled_on="2026-09-01")
    assert done.status_code == 302
    assert "Was al ingeschreven" in lies.read(f"/cases/{case.reference}")


def test_an_assignment_names_the_team_and_may_start_later(field: Field, enter: Enter, session: Session) -> None:
    case = field.case("Tibo", date(2023, 7, 1))
    session.commit()
    brug = str(field.organisations["de-brug"].id)
    typed = {"outcome": "assign", "organisation": brug, "starts_on": "2027-01-11"}
    assert enter(field.coordinator).fill(step_url(session, case, "report"), **typed).status_code == 302
    step: Step = newest(session, case)
    assert (step.key, step.state, step.starts_on) == ("home_visit", "planned", date(2027, 1, 11))


def fields_of(answer) -> dict[str, str]:
    """What stands in the form of an answer."""
    from .conftest import Filled

    return Filled(answer.text).fields


def token(visitor: Visitor) -> str:
    """The token against forgery of any page."""
    return str(visitor.open_form("/my-work").get("csrf_token", ""))


def together(session: Session, *cases: Case) -> None:
    """Put the children of these cases in one household."""
    from outreach.children.models import Child

    session.rollback()
    ids = [case.child_id for case in cases]
    session.rollback()
    children = [session.get_one(Child, each, execution_options=READ) for each in ids]
    for child in children[1:]:
        child.household_id = children[0].household_id
    session.commit()
