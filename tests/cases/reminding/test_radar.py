"""The radar: nobody is forgotten because nobody says anything, and nobody is asked twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.changing_ladder import change_ladder
from outreach.cases.commands.owning import hand_over
from outreach.cases.commands.planning import pause_step, plan_visit, set_new_aim
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step, ask_side_step
from outreach.cases.commands.stepping import Opening, open_step
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Event, Step, Track
from outreach.cases.queries.ladders import default_ladder
from outreach.cases.queries.my_work import my_steps
from outreach.cases.queries.verify import case_checks
from outreach.cases.workflow import Owner, adjusted, processes
from outreach.database import seen_by, transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.notifications.models import OutboxLine
from tests.cases.commands.test_one_child import event_kinds
from tests.cases.reminding.conftest import Give, dead, mails, sweep
from tests.ground.field import Field

READ = seen_by("test")
WIM, LIES, SOFIE = "wim@example.test", "lies@example.test", "sofie@example.test"
GIVEN = date(2026, 12, 15)
QUIET = date(2027, 1, 26)
"""Twenty school days after Tuesday 15 December: the Christmas holiday does not count."""

SILENCE, REASON = "say_how_it_stands", "find_reason"


def asked(session: Session, key: str = SILENCE) -> list[Step]:
    """What the radar asked, oldest first."""
    session.flush()
    return list(session.scalars(select(Step).where(Step.key == key).order_by(Step.id), execution_options=READ))


def main_step(session: Session, case: Case) -> Step:
    """The step of the track that is open."""
    session.flush()
    return session.scalars(
        select(Step).where(Step.case_id == case.id, Step.side_of_id.is_(None)).order_by(Step.id.desc()),
        execution_options=READ,
    ).first() or pytest.fail("no step")


def test_after_twenty_school_days_the_owner_is_asked_how_it_stands(session: Session, give: Give) -> None:
    """Not a day sooner; with an aim and no day on which anything is lost; the clock wrote it down."""
    case = give()
    sweep(session, QUIET - timedelta(days=1))
    assert asked(session) == []
    sweep(session, QUIET)
    (side,) = asked(session)
    step = main_step(session, case)
    assert (side.side_of_id, side.person_id, side.organisation_id) == (step.id, step.person_id, step.organisation_id)
    assert (side.state, side.aim_on, side.too_late_on) == ("open", date(2027, 2, 2), None)
    event = session.scalars(select(Event).where(Event.step_id == side.id), execution_options=READ).one()
    assert (event.kind, event.via, event.data["since"]) == ("side_step_asked", "clock", GIVEN.isoformat())
    assert [each for each in case_checks(session) if not each.ok] == []


def test_it_stands_in_the_owners_work(session: Session, field: Field, give: Give) -> None:
    """And only in that of the owner."""
    case = give()
    sweep(session, QUIET)
    with clock.at(clock.moment_of(QUIET, 9)):
        work = my_steps(session, field.worker)
    assert [(line.case.id, line.step.key) for line in work.lines if line.step.side_of_id] == [(case.id, SILENCE)]


def test_every_sweep_of_the_day_and_of_the_next_asks_nothing_more(session: Session, give: Give) -> None:
    give()
    for day in (QUIET, QUIET + timedelta(days=1), QUIET + timedelta(days=30)):
        for minute in (0, 15, 30):
            sweep(session, day, 9, minute)
    assert len(asked(session)) == 1


def test_two_machines_at_once_ask_once(app: Flask, session: Session, give: Give) -> None:
    """Whoever comes second finds that it was noticed."""
    give("Milan")
    give("Ayla")
    session.commit()

    def run(_: int) -> None:
        with app.app_context(), clock.at(clock.moment_of(QUIET, 8, 5)), transaction(db.session):
            remind(db.session)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    session.expire_all()
    assert len({side.side_of_id for side in asked(session)}) == len(asked(session)) == 2


def test_the_mail_says_it_in_one_line_that_leads_to_the_question(session: Session, give: Give) -> None:
    """The visit is late as well, ten days, and climbs that day; Wim reads one line about it."""
    case = give()
    sweep(session, date(2027, 1, 19))
    sweep(session, QUIET)
    assert mails(session, WIM)[-1] == ("digest", QUIET, ["step_silent"])
    line = session.scalars(select(OutboxLine).where(OutboxLine.key == "step_silent")).one()
    (side,) = asked(session)
    assert (line.group_key, line.data["path"]) == ("late", f"/cases/{case.reference}/steps/{side.number}")


def test_the_question_itself_climbs_no_ladder(session: Session, give: Give) -> None:
    """Its aim passes, and its fifth and tenth day after: the visit climbs, the question does not."""
    give()
    sweep(session, QUIET)
    before = len(mails(session, WIM))
    for days in range(1, 22):
        sweep(session, QUIET + timedelta(days=days))
    assert len(mails(session, WIM)) == before
    assert "step_new" not in {key for _, _, keys in mails(session, WIM)[1:] for key in keys}


def note(session: Session, field: Field, case: Case) -> None:
    """Wim writes that the mother rang."""
    add_note(session, case, text="Moeder belde", shared=False, by=field.worker)


def plan(session: Session, field: Field, case: Case) -> None:
    """Wim agrees on a day."""
    plan_visit(session, case, main_step(session, case), on=QUIET + timedelta(days=3), by=field.worker)


def rest(session: Session, field: Field, case: Case) -> None:
    """The family is away."""
    until = QUIET + timedelta(days=20)
    step = main_step(session, case)
    pause_step(session, case, step, reason="family_away", until_on=until, remark=None, by=field.worker)


def ask(session: Session, field: Field, case: Case) -> None:
    """Wim asks the CLB."""
    clb = field.organisations["clb-gent"]
    step = main_step(session, case)
    ask_side_step(session, case, step, kind="clb_advice", organisation=clb, question="Kan dat?", by=field.worker)


def pass_on(session: Session, field: Field, case: Case) -> None:
    """Another partner has it from now on."""
    partner = field.organisations["hvhk-gent"]
    step = main_step(session, case)
    hand_over(session, case, step, organisation=partner, parents_know="yes", parents_agree="yes", by=field.worker)


@pytest.mark.parametrize("fact", [note, plan, rest, ask, pass_on])
def test_it_answers_itself_when_a_fact_comes_in(
    session: Session, field: Field, give: Give, fact: Callable[[Session, Field, Case], None]
) -> None:
    """Withdrawn, its line not sent, nothing in anybody's work; and the visit goes on as before."""
    case = give()
    sweep(session, QUIET)
    with clock.at(clock.moment_of(QUIET, 8, 30)):
        fact(session, field, case)
        (side,) = asked(session)
        assert side.state == "withdrawn"
        assert main_step(session, case).living
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_report_answers_it_too(session: Session, field: Field, give: Give) -> None:
    """Nobody was at home: that is news."""
    case = give()
    sweep(session, QUIET)
    step = main_step(session, case)
    facts = {"channel": "door", "planned_on": None}
    with clock.at(clock.moment_of(QUIET, 8, 30)):
        report_outcome(session, case, step, outcome="nobody_reached", facts=facts, by=field.worker)
    assert asked(session)[0].state == "withdrawn"


def test_a_coordinators_note_is_no_news_of_the_owner(session: Session, field: Field, give: Give) -> None:
    """Lies writes that it should go faster: Wim is still asked."""
    case = give()
    sweep(session, QUIET)
    with clock.at(clock.moment_of(QUIET, 8, 30)):
        add_note(session, case, text="Graag sneller", shared=True, by=field.coordinator)
    assert asked(session)[0].state == "open"


def test_the_owner_says_how_it_stands(session: Session, field: Field, give: Give) -> None:
    """Then silence counts again from that day: twenty school days later, over the carnival holiday, it asks anew."""
    case = give()
    sweep(session, QUIET)
    (side,) = asked(session)
    with clock.at(clock.moment_of(QUIET, 10)):
        with pytest.raises(Refused, match="outcome_unknown"):
            answer_side_step(session, case, side, outcome="not_for_us", answer="", by=field.worker)
        answer_side_step(session, case, side, outcome="going_on", answer="Dinsdag bellen we.", by=field.worker)
    assert main_step(session, case).last_fact_on == QUIET
    assert event_kinds(session, case)[-1] == "side_step_answered"
    sweep(session, date(2027, 3, 1))
    assert len(asked(session)) == 1
    sweep(session, date(2027, 3, 2))
    assert [each.state for each in asked(session)] == ["done", "open"]


def test_the_silence_leaves_no_line_once_something_was_said(session: Session, field: Field, give: Give) -> None:
    """Queued at eight, answered before it left: the mail is judged when it is sent."""
    case = give()
    sweep(session, QUIET)
    with clock.at(clock.moment_of(QUIET, 8, 6)):
        assert dead_keys(session) == []
        note(session, field, case)
        assert dead_keys(session) == ["step_silent"]


def dead_keys(session: Session) -> list[str]:
    """The lines about silence that delivery would leave out now."""
    return [key for key in dead(session) if key == "step_silent"]


@pytest.mark.parametrize("hold", [plan, rest])
def test_planned_and_paused_steps_are_not_silent(
    session: Session, field: Field, give: Give, hold: Callable[[Session, Field, Case], None]
) -> None:
    """Wim agreed on 29 January, or lets it rest until 15 February, on the first day: nothing to ask before."""
    case = give()
    with clock.at(clock.moment_of(GIVEN, 12)):
        hold(session, field, case)
    sweep(session, QUIET + timedelta(days=2))
    assert asked(session) == []
    assert not any("step_silent" in keys for _, _, keys in mails(session, WIM))


def test_silence_counts_from_the_agreed_day(session: Session, field: Field, give: Give) -> None:
    """The visit was agreed for 29 January: the week after nobody asks why there is no news since December."""
    case = give()
    with clock.at(clock.moment_of(GIVEN, 12)):
        plan(session, field, case)
    sweep(session, date(2027, 2, 5))
    assert asked(session) == []
    sweep(session, date(2027, 3, 5))
    assert len(asked(session)) == 1


def test_silence_waits_for_the_aim_the_owner_set(session: Session, field: Field, give: Give) -> None:
    """Wim moved the aim to February, with a reason."""
    case = give()
    with clock.at(clock.moment_of(GIVEN, 12)):
        step = main_step(session, case)
        step.too_late_on = None
        set_new_aim(session, case, step, aim_on=date(2027, 2, 22), reason="Moeder bevalt", by=field.worker)
    sweep(session, date(2027, 2, 22))
    assert asked(session) == []
    assert not any("step_silent" in keys for _, _, keys in mails(session, WIM))


def test_an_area_counts_its_own_days(session: Session, field: Field, give: Give) -> None:
    """Gent wants to know after ten school days."""
    give()
    sooner = adjusted(default_ladder(), {"silence": 10})
    change_ladder(session, field.area, ladder=sooner, seen=0, by=field.coordinator)
    sweep(session, date(2027, 1, 11))
    assert asked(session) == []
    sweep(session, date(2027, 1, 12))
    assert len(asked(session)) == 1


def test_summer_has_no_school_days(session: Session, field: Field, give: Give) -> None:
    """Given on 28 June: whoever visits in summer hears of silence by mail, the question waits for September."""
    with clock.at(clock.moment_of(date(2027, 6, 28), 9)):
        give()
    sweep(session, date(2027, 8, 30))
    assert asked(session) == []


def test_nothing_is_asked_in_the_weekend(session: Session, give: Give) -> None:
    give()
    sweep(session, date(2027, 1, 30))
    assert asked(session) == []


Absent = Callable[[str], Case]


@pytest.fixture
def absent(field: Field) -> Absent:
    """On 15 December De Linde says of a child that is rarely there what it knows: an outcome of the first step."""

    def opened(outcome: str) -> Case:
        session, linde = field.session, field.organisations["de-linde"]
        case = field.case("Ayla", date(2022, 3, 10))
        process = processes().current("attendance")
        track = Track(
            case_id=case.id,
            process=process.key,
            process_version=process.version,
            opened_on=GIVEN,
            opened_at=clock.now(),
            ended_at=None,
        )
        session.add(track)
        session.flush()
        assert field.school
        opening = Opening(process.steps[0], Owner(linde.id, "named"), person_id=field.school.person_id)
        signal = open_step(session, case, track, opening, by=field.school)
        facts = {"reason": "ill"} if outcome == "reason_known" else {}
        report_outcome(session, case, signal, outcome=outcome, facts=facts, by=field.school)
        return case

    return opened


REASON_OPEN = date(2027, 1, 12)
"""Ten school days after 15 December."""


@pytest.mark.parametrize(
    ("outcome", "found"), [("reason_unknown", [REASON]), ("not_noticed", [REASON]), ("reason_known", [])]
)
def test_a_reason_that_stays_open_is_asked_for(
    session: Session, absent: Absent, outcome: str, found: list[str]
) -> None:
    """After ten school days, of the school, once; a known reason is not asked for."""
    absent(outcome)
    sweep(session, REASON_OPEN - timedelta(days=1))
    assert asked(session, REASON) == []
    for day in (REASON_OPEN, date(2027, 1, 13)):
        sweep(session, day)
    assert [each.key for each in asked(session, REASON)] == found


def test_the_reason_is_news_in_one_mail_and_silence_asks_nothing_beside_it(
    session: Session, absent: Absent, field: Field
) -> None:
    """Sofie is told once; ten days later, when there is silence as well, she has one question, not two."""
    absent("reason_unknown")
    sweep(session, REASON_OPEN)
    (side,) = asked(session, REASON)
    assert field.school
    owner = mails(session, "de-linde@example.test") or mails(session, SOFIE)
    assert "step_new" in owner[-1][2]
    for day in (QUIET, date(2027, 2, 2)):
        sweep(session, day)
    beside = {each.side_of_id for each in asked(session)}  # the first look of the LOP is silent as well
    assert (side.side_of_id in beside, side.state) == (False, "open")


def test_a_reason_that_is_found_is_kept_and_not_asked_for_again(session: Session, absent: Absent, field: Field) -> None:
    """The child stays with its grandmother."""
    case = absent("not_noticed")
    sweep(session, REASON_OPEN)
    (side,) = asked(session, REASON)
    with clock.at(clock.moment_of(REASON_OPEN, 10)):
        answer_side_step(session, case, side, outcome="with_grandmother", answer="", by=field.school)
    sweep(session, date(2027, 1, 13))
    assert [(each.state, each.outcome) for each in asked(session, REASON)] == [("done", "with_grandmother")]


def test_what_the_school_reports_next_ends_the_question(session: Session, absent: Absent, field: Field) -> None:
    """They agreed on something: nobody looks for a reason any more."""
    case = absent("reason_unknown")
    sweep(session, REASON_OPEN)
    (side,) = asked(session, REASON)
    contact = main_step(session, case)
    with clock.at(clock.moment_of(REASON_OPEN, 10)):
        report_outcome(session, case, contact, outcome="agreement_made", facts={}, by=field.school)
    sweep(session, date(2027, 1, 20))
    assert [each.state for each in asked(session, REASON)] == ["withdrawn"]
    assert side.side_of_id == contact.id
