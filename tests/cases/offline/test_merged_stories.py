"""Somebody else was there meanwhile: what Wim's phone brings back is never lost and never overwrites."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.commands import TRAY, add_person
from outreach.accounts.models import Membership
from outreach.cases.commands.family import set_language
from outreach.cases.commands.household import split_household
from outreach.cases.commands.leaving import leave_team
from outreach.cases.commands.owning import hand_over, move_step
from outreach.cases.commands.planning import pause_step, plan_visit, set_new_aim
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Attempt, Case, ConflictItem, Event, Note
from outreach.children.models import Child, Grant
from tests.cases.offline.conftest import Rings, visit_today
from tests.cases.routes.conftest import READ, Visitor, _last
from tests.ground.field import Field

AGREED = {"parents_know": "yes", "parents_agree": "yes"}


def items(session: Session) -> list[ConflictItem]:
    session.rollback()
    return list(session.scalars(select(ConflictItem).order_by(ConflictItem.id), execution_options=READ))


def attempts(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Attempt.id)), execution_options=READ) or 0


def colleague(field: Field) -> Actor:
    known = field.person("Kaat", "de-brug", "worker")
    field.session.commit()
    return known


def said_meanwhile(field: Field, case: Case, outcome: str, by: Actor, **facts: object) -> None:
    occasion = Occasion(channel="phone", at=clock.now() - timedelta(minutes=1))
    record_home_visit(field.session, [Visited(case, _last(field, case), outcome, facts)], occasion, by=by)
    field.session.commit()


def test_the_same_said_twice_agrees_and_both_visits_stand(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), **AGREED)
    answer = phone.send(phone.report(case.reference, outcome="wants_school", note="graag De Linde", **AGREED))
    assert (answer.status_code, answer.json["result"]) == (200, "merged")
    assert attempts(session) == 2
    assert items(session) == []
    assert [note.text for note in session.scalars(select(Note), execution_options=READ)] == ["graag De Linde"]


def test_another_outcome_waits_for_who_has_the_step_now(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), **AGREED)
    answer = phone.send(phone.report(case.reference, outcome="wrong_address"))
    assert (answer.status_code, answer.json["result"]) == (200, "conflict")
    (item,) = items(session)
    assert (item.reason, json.loads(item.mine)["outcome"]) == ("other_outcome", "wrong_address")
    assert json.loads(item.theirs)["outcome"] == "wants_school"
    assert item.theirs_by_id == colleague(field).person_id
    assert attempts(session) == 2
    step = _last(field, case)
    assert step.organisation_id == field.organisations["hvhk-gent"].id, "what stands goes on"


def test_facts_of_the_same_outcome_that_differ_wait(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), parents_know="yes", parents_agree="no")
    answer = phone.send(phone.report(case.reference, outcome="wants_school", **AGREED))
    assert answer.json["result"] == "conflict"
    (item,) = items(session)
    assert (item.reason, json.loads(item.mine), json.loads(item.theirs)) == (
        "fields",
        {"parents_agree": "yes"},
        {"parents_agree": "no"},
    )


def test_given_to_a_colleague_of_the_team_it_is_recorded(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    step, other = _last(field, case), colleague(field)
    move_step(
        session, case, step, organisation_id=step.organisation_id, person_id=other.person_id, reason="taken", by=other
    )
    session.commit()
    assert phone.send(phone.report(case.reference, outcome="nobody_reached")).json["result"] == "recorded"


def test_a_step_of_another_team_now_keeps_the_visit_and_asks(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    kg = field.organisations["kg-gent"]
    hand_over(session, case, _last(field, case), organisation=kg, by=field.worker, **AGREED)
    session.commit()
    answer = phone.send(phone.report(case.reference, outcome="wants_school", **AGREED))
    assert answer.json["result"] == "conflict"
    assert [item.reason for item in items(session)] == ["step_handed_over"]
    assert attempts(session) == 1


def test_a_closed_case_takes_the_visit_and_asks_its_lead(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "moved_abroad", colleague(field))
    session.rollback()
    answer = phone.send(phone.report(case.reference, outcome="wants_school", **AGREED))
    assert answer.json["result"] == "conflict"
    assert [item.reason for item in items(session)] == ["case_closed"]
    assert attempts(session) == 2


def test_a_pause_set_meanwhile_stands(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    until = clock.today() + timedelta(days=20)
    pause_step(session, case, _last(field, case), reason="family_away", until_on=until, remark=None, by=field.worker)
    session.commit()
    answer = phone.send(phone.report(case.reference, outcome="nobody_reached"))
    assert answer.json["result"] == "conflict"
    assert [item.reason for item in items(session)] == ["step_paused"]
    assert _last(field, case).state == "paused"


def test_a_step_that_opened_again_is_compared_with_what_was_said(
    session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wrong_address", colleague(field))
    answer = phone.send(phone.report(case.reference, outcome="wants_school", **AGREED))
    assert answer.json["result"] == "conflict"
    assert _last(field, case).key == "intake", "the case stands where the colleague left it"


def test_dates_that_moved_are_no_conflict(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    aim = clock.today() + timedelta(days=3)
    set_new_aim(session, case, _last(field, case), aim_on=aim, reason="feest", by=field.worker)
    session.commit()
    assert phone.send(phone.report(case.reference, outcome="wants_school", **AGREED)).json["result"] == "recorded"


def test_two_other_agreed_days_wait_for_a_person(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    theirs, mine = clock.today() + timedelta(days=2), clock.today() + timedelta(days=3)
    plan_visit(session, case, _last(field, case), on=theirs, by=colleague(field))
    session.commit()
    answer = phone.send(phone.report(case.reference, outcome="nobody_reached", planned_on=mine.isoformat()))
    assert answer.json["result"] == "conflict"
    (item,) = items(session)
    assert json.loads(item.mine)["planned_on"] == mine.isoformat()
    assert _last(field, case).planned_on == theirs


def test_two_other_languages_wait_for_a_person(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    set_language(session, case, language="so", by=colleague(field))
    session.commit()
    draft = phone.report(case.reference, outcome="wants_school", language="tr", language_was="", **AGREED)
    assert phone.send(draft).json["result"] == "conflict"
    session.rollback()
    assert session.get_one(Child, case.child_id, execution_options=READ).language == "so"
    assert json.loads(items(session)[0].mine) == {"language": "tr"}


def test_a_household_that_was_split_keeps_each_child_its_own(session: Session, field: Field, phone_of: Rings) -> None:
    first = visit_today(field, "Milan")
    second = visit_today(field, "Noor", date(2023, 5, 1))
    one, other = (session.get_one(Child, case.child_id, execution_options=READ) for case in (first, second))
    other.household_id = one.household_id
    session.commit()
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(first.reference, outcome="nobody_reached", outcome_2="wrong_address")
    split_household(session, first, child=other, with_contacts=False, by=field.worker)
    session.commit()
    assert phone.send(draft).json["result"] == "recorded"
    assert _last(field, first).key == "home_visit"
    assert _last(field, second).key == "intake"


def test_who_may_no_longer_see_the_case_only_hands_over(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school", note="sleutelwoord", **AGREED)
    _lose_sight(field, case)
    answer = phone.send(draft)
    assert (answer.status_code, answer.json["result"]) == (200, "kept")
    assert case.reference not in answer.text
    assert "Milan" not in answer.text
    (item,) = items(session)
    kept = json.loads(item.mine)
    assert (kept["outcome"], kept["note"], kept["visit"]["channel"]) == ("wants_school", "sleutelwoord", "door")
    assert attempts(session) == 0


def test_without_having_taken_it_along_it_does_not_exist(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    step = _last(field, case).id
    _lose_sight(field, case)
    phone = phone_of(field.worker)
    fields = {"outcome": "wants_school", "channel": "door", **AGREED}
    unseen, absent = (phone.send(phone.seal(str(number), fields, {})) for number in (step, 99_999))
    assert (unseen.status_code, absent.status_code) == (404, 404)
    assert unseen.text == absent.text
    assert items(session) == []


def test_taken_along_too_long_ago_is_as_if_it_never_was(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school", **AGREED)
    _lose_sight(field, case)
    with clock.at(clock.now() + timedelta(days=8)):
        assert phone_of(field.worker).send(draft).status_code == 404


def test_who_lost_the_role_hands_over(
    session: Session, field: Field, phone_of: Rings, enter: Callable[[Actor | None], Visitor]
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school", **AGREED)
    email = "wim@example.test"
    school = field.organisations["de-wilg"]
    by = builtin(session, "console")
    elsewhere = add_person(session, email=email, name="Wim", role="school-contact", organisation=school, by=by)
    session.flush()
    leave_team(session, session.get_one(Membership, field.worker.membership_id), handed_to=TRAY, by=by)
    session.commit()
    again = phone_of(actor_for(elsewhere))
    assert again.send(draft).json["result"] == "kept"
    assert [item.reason for item in items(session)] == ["not_seen"]


def test_switched_to_another_place_it_is_reported_for_the_one_it_was_taken_with(
    session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school", **AGREED)
    school, by = field.organisations["de-wilg"], builtin(session, "console")
    other = add_person(session, email="wim@example.test", name="Wim", role="school-contact", organisation=school, by=by)
    session.commit()
    assert phone_of(actor_for(other)).send(draft).json["result"] == "recorded"
    session.rollback()
    (attempt,) = session.scalars(select(Attempt), execution_options=READ)
    assert attempt.organisation_id == field.organisations["de-brug"].id


def test_the_report_of_somebody_who_left_is_kept_when_a_colleague_brings_it(
    session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school", **AGREED)
    brought = phone_of(colleague(field))
    assert brought.send(draft).status_code == 403
    membership = session.get_one(Membership, field.worker.membership_id)
    leave_team(session, membership, handed_to=TRAY, by=builtin(session, "console"))
    session.commit()
    assert phone.visitor.get("/offline/hello").status_code == 401
    assert brought.send(draft).json["result"] == "kept"
    (item,) = items(session)
    assert (item.reason, item.by_id, item.brought_by_id) == (
        "person_left",
        field.worker.person_id,
        colleague(field).person_id,
    )


def test_a_report_that_lacks_something_stays_on_the_phone(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="wants_school")
    answer = phone.send(draft)
    assert (answer.status_code, answer.json["result"]) == (422, "incomplete")
    assert "parents_know" in answer.json["errors"]
    assert attempts(session) == 0
    whole = phone.seal(
        draft["step"], {"outcome": "wants_school", "channel": "door", **AGREED}, {}, draft_id=draft["id"]
    )
    assert phone.send(whole).status_code == 200, "the key was not used up"


def test_a_draft_opens_for_its_writer_only(field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="nobody_reached")
    opened = phone.open(draft)
    assert ["outcome", "nobody_reached"] in opened.json["fields"]
    assert phone_of(colleague(field)).open(draft).status_code == 403
    stolen = {**draft, "person": str(colleague(field).person_id)}
    assert phone_of(colleague(field)).open(stolen).status_code == 400, "the seal is bound to its writer"


def _lose_sight(field: Field, case: Case) -> None:
    """The case goes to another area: its team sees it no more."""
    step = _last(field, case)
    step.organisation_id, step.person_id = field.organisations["kg-gent"].id, None
    field.session.execute(
        update(Grant)
        .where(Grant.organisation_id == field.organisations["de-brug"].id)
        .values(until=clock.now() - timedelta(minutes=1))
    )
    field.session.commit()


def test_every_late_report_leaves_its_trace(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), **AGREED)
    phone.send(phone.report(case.reference, outcome="wrong_address"))
    session.rollback()
    kinds = list(
        session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq), execution_options=READ)
    )
    assert kinds[-2:] == ["late_visit_recorded", "conflict_noted"]
