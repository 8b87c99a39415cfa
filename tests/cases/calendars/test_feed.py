"""The calendar one subscribes to: one's own days and no more, right when they move, gone when the link is."""

import re
from collections.abc import Callable
from datetime import time, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.commands import TRAY, add_person, add_substitution, end_membership
from outreach.accounts.feeds import FETCHED_EVERY, digest_of, end_feed
from outreach.accounts.models import CalendarFeed, Person
from outreach.cases.commands.owning import assign_step
from outreach.cases.commands.planning import pause_step, plan_visit, resume_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.database import seen_by
from tests.cases.routes.conftest import Visitor
from tests.ground.field import Field

from .conftest import Subscribe, Subscribed, at_school_choice, at_welcome, kinds, membership_of, soon, step_of

Enter = Callable[[Actor | None], Visitor]


def test_an_agreed_visit_stands_at_its_hour_with_a_link_to_the_step(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step = step_of(session, case)
    plan_visit(session, case, step, on=soon(), at=time(14, 30), by=field.worker)
    visit = subscribe(field.worker).events()[f"{case.reference}-{step.number}-visit"]
    assert visit.dtstart.value == clock.moment_of(soon(), 14, 30)
    assert visit.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Brussels"]
    assert visit.summary.value == f"{case.reference} · Contact en huisbezoek"
    assert visit.url.value.endswith(f"/cases/{case.reference}/steps/{step.number}")


def test_a_day_with_a_part_of_it_is_a_whole_day_that_says_so(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step = step_of(session, case)
    plan_visit(session, case, step, on=soon(), by=field.worker)
    step.planned_part = "afternoon"
    visit = subscribe(field.worker).events()[f"{case.reference}-{step.number}-visit"]
    assert visit.dtstart.value == soon()
    assert visit.summary.value.endswith("(namiddag)")


def test_an_aim_stands_there_until_the_agreed_day_takes_its_place(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step = step_of(session, case)
    calendar = subscribe(field.worker)
    aim = calendar.events()[f"{case.reference}-{step.number}-due"]
    assert aim.dtstart.value == step.aim_on
    assert "streefdatum" in aim.summary.value
    plan_visit(session, case, step, on=soon(), by=field.worker)
    session.commit()
    assert set(calendar.events()) == {f"{case.reference}-{step.number}-visit"}


def test_a_chosen_entry_day_stands_there_for_who_may_know_it(
    session: Session, field: Field, subscribe: Subscribe
) -> None:
    case = at_welcome(field)
    step = step_of(session, case)
    assign_step(session, case, step, person_id=field.school.person_id, by=field.coordinator)
    session.commit()
    entry = subscribe(field.school).events()[f"{case.reference}-entry"]
    assert entry.dtstart.value.isoformat() == "2027-01-04"
    assert entry.summary.value == f"{case.reference} · instapdatum"


def test_who_knows_the_reference_alone_reads_no_entry_day(session: Session, field: Field, subscribe: Subscribe) -> None:
    """The parents did not agree: Huis van het Kind has number and step, and nothing that follows from the child."""
    case = at_school_choice(field, agree="no")
    step = step_of(session, case)
    step.person_id = field.guide.person_id
    session.commit()
    assert {uid.rpartition("-")[2] for uid in subscribe(field.guide).events()} <= {"due", "visit"}


def test_a_visit_that_moves_keeps_its_uid_and_counts_on(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step, calendar = step_of(session, case), subscribe(field.worker)
    key = f"{case.reference}-{step.number}-visit"
    told = []
    for minute, on in enumerate((soon(7), soon(9), soon(8))):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            plan_visit(session, case, step, on=on, by=field.worker)
            session.commit()
            event = calendar.events()[key]
        assert event.dtstart.value == on
        told.append((event.uid.value, int(event.sequence.value), event.dtstamp.value))
        assert event.dtstamp.value == event.last_modified.value
    assert len({uid for uid, *_ in told}) == 1
    assert told == sorted(told)
    assert len({sequence for _, sequence, _ in told}) == 3


def test_a_visit_that_is_off_says_so_for_thirty_days(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step, calendar = step_of(session, case), subscribe(field.worker)
    plan_visit(session, case, step, on=soon(), at=time(10), by=field.worker)
    session.commit()
    key = f"{case.reference}-{step.number}-visit"
    before = int(calendar.events()[key].sequence.value)
    session.rollback()  # a read that is still open could not be turned into a write
    report_outcome(session, case, step, outcome="moved_abroad", facts={"proof": "word"}, by=field.worker)
    session.commit()
    off = calendar.events()[key]
    assert off.status.value == "CANCELLED"
    assert int(off.sequence.value) > before
    with clock.at(clock.now() + timedelta(days=31)):
        assert calendar.events() == {}


def test_a_visit_that_was_made_is_not_called_off(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step, calendar = step_of(session, case), subscribe(field.worker)
    plan_visit(session, case, step, on=clock.today(), by=field.worker)
    report_outcome(session, case, step, outcome="moved_abroad", facts={"proof": "word"}, by=field.worker)
    session.commit()
    assert calendar.events()[f"{case.reference}-{step.number}-visit"].status.value == "CONFIRMED"


def test_a_pause_calls_the_visit_off_and_its_end_brings_it_back(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    step, calendar = step_of(session, case), subscribe(field.worker)
    key = f"{case.reference}-{step.number}-visit"
    plan_visit(session, case, step, on=soon(), by=field.worker)
    pause_step(session, case, step, reason="family_away", until_on=soon(3), remark=None, by=field.worker)
    session.commit()
    assert calendar.events()[key].status.value == "CANCELLED"
    resume_step(session, case, step, by=field.worker)
    session.commit()
    assert calendar.events()[key].status.value == "CONFIRMED"


def test_only_ones_own_steps_and_those_one_stands_in_for(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    """Not the team's tray, not a colleague's, not what one leads."""
    fatima = field.person("Fatima", "de-brug", "worker")
    session.commit()
    calendars = [subscribe(each) for each in (fatima, field.coordinator, field.guide)]
    assert [calendar.events() for calendar in calendars] == [{}, {}, {}]
    away = session.get_one(Person, field.worker.person_id)
    add_substitution(
        session,
        person=away,
        substitute=session.get_one(Person, fatima.person_id),
        organisation=field.organisations["de-brug"],
        from_on=clock.today(),
        until_on=soon(),
        by=field.worker,
    )
    session.commit()
    assert len(calendars[0].events()) == 1
    assign_step(session, case, step_of(session, case), person_id=None, by=field.coordinator)
    session.commit()
    assert calendars[0].events() == {}
    assert subscribe(field.worker).events() == {}


def test_each_place_one_works_has_its_own_days(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    """Wim works for a second team as well: its calendar shows nothing of the first."""
    wim = session.get_one(Person, field.worker.person_id)
    other = add_person(
        session,
        email=str(wim.email),
        name=wim.name,
        role="worker",
        organisation=field.organisations["hvhk-gent"],
        by=builtin(session, "console"),
    )
    session.flush()
    assert subscribe(actor_for(other)).events() == {}
    assert len(subscribe(field.worker).events()) == 1


def test_who_moved_to_another_team_gets_nothing_of_the_old_one(
    app: Flask, session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    old = subscribe(field.worker)
    assert len(old.events()) == 1
    wim = session.get_one(Person, field.worker.person_id)
    moved = add_person(
        session,
        email=str(wim.email),
        name=wim.name,
        role="worker",
        organisation=field.organisations["kg-gent"],
        by=builtin(session, "console"),
    )
    session.flush()
    end_membership(session, membership=membership_of(session, field.worker), handed_to=TRAY, by=field.coordinator)
    session.commit()
    assert old.get().status_code == 404
    assert subscribe(actor_for(moved)).events() == {}


def test_who_left_gets_nothing_at_the_next_fetch(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    calendar = subscribe(field.worker)
    assert calendar.get().status_code == 200
    session.get_one(Person, field.worker.person_id).ended_at = clock.now()
    session.commit()
    assert calendar.get().status_code == 404


def test_an_ended_or_renewed_link_is_dead_at_once(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    first = subscribe(field.worker)
    second = subscribe(field.worker)
    assert (first.get().status_code, second.get().status_code) == (404, 200)
    end_feed(session, membership=membership_of(session, field.worker), by=field.worker)
    session.commit()
    gone = second.get()
    assert gone.status_code == 404
    assert case.reference not in gone.text


def test_only_the_digest_of_a_link_is_kept(session: Session, field: Field, subscribe: Subscribe) -> None:
    token = subscribe(field.worker).url.removeprefix("/calendar/").removesuffix(".ics")
    row = session.scalars(select(CalendarFeed)).one()
    assert row.token_digest == digest_of(token)
    assert token not in [str(getattr(row, column.key)) for column in CalendarFeed.__table__.c]


def test_it_comes_without_a_cookie_and_is_kept_by_nobody_between(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    calendar = subscribe(field.worker)
    for answer in (calendar.get(), calendar.browser.head(calendar.url)):
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.mimetype == "text/calendar"
        assert answer.headers["ETag"]
        assert answer.headers["Last-Modified"]


def test_nothing_is_sent_twice_and_something_gone_is_noticed(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    """By ETag and by date: also when something left, which makes nothing newer."""
    calendar = subscribe(field.worker)
    first = calendar.get()
    seen = {"If_None_Match": first.headers["ETag"]}
    since = {"If_Modified_Since": first.headers["Last-Modified"]}
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert calendar.get(**seen).status_code == calendar.get(**since).status_code == 304
        assert calendar.get(**seen).data == b""
        assign_step(session, case, step_of(session, case), person_id=None, by=field.coordinator)
        session.commit()
        assert calendar.get(**seen).status_code == calendar.get(**since).status_code == 200


def test_that_it_was_asked_for_is_written_down_now_and_then(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    calendar, start = subscribe(field.worker), clock.now()

    def fetched_after(minutes: int) -> object:
        with clock.at(start + timedelta(minutes=minutes)):
            assert calendar.get().status_code == 200
        session.rollback()
        return session.scalar(select(CalendarFeed.fetched_at))

    first = fetched_after(0)
    assert first is not None
    assert fetched_after(5) == first
    assert fetched_after(int(FETCHED_EVERY.total_seconds() // 60)) != first


def test_who_tries_links_is_slowed_but_an_old_calendar_is_not(
    app: Flask, session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    """Google asks for everybody's calendars from one address: one that was ended must not slow the others."""
    ended, living = subscribe(field.worker), subscribe(field.worker)
    assert [ended.get().status_code for _ in range(40)] == [404] * 40
    strange = [Subscribed(app, f"{number:043d}").get() for number in range(8)]
    assert [answer.status_code for answer in strange][-1] == 429
    assert int(strange[-1].headers["Retry-After"]) > 0
    assert living.get().status_code == 200


def test_each_reader_has_it_in_the_own_language(
    session: Session, field: Field, case: Case, subscribe: Subscribe
) -> None:
    calendar = subscribe(field.worker)
    wim = session.get_one(Person, field.worker.person_id)
    said = {}
    for spoken in ("nl", "fr", "en"):
        wim.language = spoken
        session.commit()
        (said[spoken],) = calendar.summaries()
    assert said["nl"].endswith("streefdatum: Contact en huisbezoek")
    assert "date visée" in said["fr"]
    assert "aim" in said["en"]


def test_nothing_of_a_child_a_family_a_school_or_a_colleague_is_in_it(
    session: Session, field: Field, subscribe: Subscribe
) -> None:
    case = at_welcome(field)
    step = step_of(session, case)
    assign_step(session, case, step, person_id=field.school.person_id, by=field.coordinator)
    plan_visit(session, case, step, on=soon(), at=time(14, 30), by=field.school)
    session.commit()
    child = session.get_one(Child, case.child_id, execution_options=seen_by("test"))
    body = re.sub(r"\d{8}T\d{6}", "", subscribe(field.school).get().text).lower()
    secrets = [
        child.first_name,
        child.last_name,
        "Sleepstraat",
        "9000",
        "Linde",
        "Gent",
        "Wim",
        "Sofie",
        "example.test",
    ]
    assert case.reference.lower() in body
    assert [word for word in secrets if word.lower() in body] == []
    born = child.born_on
    assert not [text for text in (f"{born:%Y%m%d}", f"{born:%d/%m/%Y}", born.isoformat()) if text in body]
    assert "outcome_reported" in kinds(session, case)
