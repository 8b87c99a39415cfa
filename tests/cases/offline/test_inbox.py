"""The owner looks at both versions and decides; who reported it is told."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.family import set_language
from outreach.cases.commands.planning import pause_step, resume_step
from outreach.cases.commands.reminding import remind
from outreach.cases.models import Attempt, Case, ConflictItem, Event, Note
from outreach.children.models import Child
from outreach.notifications.models import OutboxLine
from tests.cases.offline.conftest import Rings, visit_today
from tests.cases.offline.phone import Phone
from tests.cases.offline.test_merged_stories import AGREED, _lose_sight, colleague, items, said_meanwhile
from tests.cases.routes.conftest import READ, Visitor, _last
from tests.ground.field import Field

Enter = Callable[[Actor | None], Visitor]


def the_item(session: Session) -> ConflictItem:
    return items(session)[0]


def wrong_address_against_school(field: Field, phone_of: Rings) -> tuple[Case, Phone]:
    """Wim found a wrong address; Kaat had heard on the phone that the family wants school."""
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), **AGREED)
    phone.send(phone.report(case.reference, outcome="wrong_address"))
    return case, phone


def test_both_versions_stand_side_by_side(session: Session, field: Field, phone_of: Rings, enter: Enter) -> None:
    _case, _phone = wrong_address_against_school(field, phone_of)
    _ = field.guide
    session.commit()
    guide = enter(field.guide)
    inbox = guide.read("/conflicts")
    assert "Milan" in inbox
    page = guide.read(f"/conflicts/{the_item(session).id}")
    assert "Wil naar school" in page
    assert "adres" in page
    assert "Wim" in page
    assert "Kaat" in page
    assert guide.get("/offline/hello").json["conflicts"] == 1
    assert enter(field.school).get(f"/conflicts/{the_item(session).id}").status_code == 404


def test_what_stands_is_kept_and_the_reporter_is_told(
    session: Session, field: Field, phone_of: Rings, enter: Enter
) -> None:
    _case, phone = wrong_address_against_school(field, phone_of)
    guide, item = enter(field.guide), the_item(session).id
    assert guide.fill(f"/conflicts/{item}", outcome="stands").status_code == 302
    assert guide.get("/offline/hello").json["conflicts"] == 0
    assert the_item(session).answers == {"outcome": "stands"}
    kinds = list(session.scalars(select(Event.kind).order_by(Event.id), execution_options=READ))
    assert kinds[-1] == "conflict_settled"
    assert phone.visitor.get("/offline/hello").json["conflicts"] == 1
    assert "gebleven zoals het stond" in phone.visitor.read("/conflicts")
    token = phone.visitor.get("/offline/hello").json["csrf"]
    phone.visitor.send(f"/conflicts/{item}/read", {"csrf_token": token})
    assert phone.visitor.get("/offline/hello").json["conflicts"] == 0


def test_an_outcome_the_present_step_does_not_know_can_only_be_noted(
    session: Session, field: Field, phone_of: Rings, enter: Enter
) -> None:
    _case, _phone = wrong_address_against_school(field, phone_of)
    guide, item = enter(field.guide), the_item(session).id
    assert "bestaat dit resultaat niet" in guide.read(f"/conflicts/{item}")
    assert guide.fill(f"/conflicts/{item}", outcome="taken").status_code == 422
    assert guide.fill(f"/conflicts/{item}", outcome="noted").status_code == 302
    session.rollback()
    (note,) = session.scalars(select(Note), execution_options=READ)
    assert "Wim" in note.text
    assert "adres" in note.text


def test_taken_over_it_is_said_by_the_same_command(
    session: Session, field: Field, phone_of: Rings, enter: Enter
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    until = clock.today() + timedelta(days=20)
    pause_step(session, case, _last(field, case), reason="family_away", until_on=until, remark=None, by=field.worker)
    session.commit()
    phone.send(phone.report(case.reference, outcome="wants_school", **AGREED))
    item = the_item(session).id
    resume_step(session, case, _last(field, case), by=field.worker)
    session.commit()
    assert phone.visitor.fill(f"/conflicts/{item}", outcome="taken").status_code == 302
    assert _last(field, case).key == "school_choice"
    assert phone.visitor.fill(f"/conflicts/{item}", outcome="taken").status_code == 403, "another team has it now"
    session.rollback()
    assert session.scalar(select(func.count(Attempt.id)), execution_options=READ) == 1


def test_a_language_is_taken_over(session: Session, field: Field, phone_of: Rings) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    set_language(session, case, language="so", by=colleague(field))
    session.commit()
    phone.send(phone.report(case.reference, outcome="nobody_reached", language="tr", language_was=""))
    assert phone.visitor.fill(f"/conflicts/{the_item(session).id}", language="taken").status_code == 302
    session.rollback()
    assert session.get_one(Child, case.child_id, execution_options=READ).language == "tr"


def test_a_kept_report_is_added_by_the_new_owner(session: Session, field: Field, phone_of: Rings, enter: Enter) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="nobody_reached", note="sleutelwoord")
    _lose_sight(field, case)
    phone.send(draft)
    lies = enter(field.coordinator)
    item = the_item(session).id
    assert "sleutelwoord" in lies.read(f"/conflicts/{item}")
    assert lies.fill(f"/conflicts/{item}", visit="taken", outcome="noted").status_code == 302
    session.rollback()
    assert session.scalar(select(func.count(Attempt.id)), execution_options=READ) == 1
    assert phone.visitor.get("/offline/hello").json["conflicts"] == 0, "the reporter sees nothing of this family"
    assert "Milan" not in phone.visitor.read("/conflicts")


def test_both_are_told_in_the_digest_they_get_anyway(
    session: Session, field: Field, phone_of: Rings, enter: Enter
) -> None:
    wrong_address_against_school(field, phone_of)
    _ = field.guide
    session.commit()
    keys = _lines(session)
    assert "reports_waiting" in keys
    enter(field.guide).fill(f"/conflicts/{the_item(session).id}", outcome="stands")
    with clock.at(clock.now() + timedelta(days=1)):
        assert "reports_decided" in _lines(session)


def _lines(session: Session) -> list[str]:
    session.rollback()
    remind(session)
    session.commit()
    return list(session.scalars(select(OutboxLine.key)))


def test_wipe_my_phone_is_told_at_the_next_hello(field: Field, phone_of: Rings) -> None:
    phone = phone_of(field.worker)
    assert phone.hello["wipe_before"] is None
    phone.visitor.send("/my-work/wipe", {"csrf_token": phone.hello["csrf"]})
    assert phone.visitor.get("/offline/hello").json["wipe_before"] == clock.now().isoformat()
