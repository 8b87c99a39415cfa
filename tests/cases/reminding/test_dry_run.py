"""A dry run of the ladder: what other days would have sent and will send, counted with the sweep's own desk."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reminding.replaying import Stage, dry_run
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case
from outreach.cases.queries.ladders import default_ladder
from outreach.cases.queries.step_histories import step_histories
from outreach.cases.workflow import Ladder, adjusted
from outreach.partners.commands import add_organisation
from tests.cases.commands.test_one_child import last_step
from tests.ground.field import Field
from tests.journeys.promises import fingerprint

Give = Callable[..., Case]

FIRST, TODAY = date(2026, 12, 15), date(2027, 2, 10)


@pytest.fixture
def winter(session: Session, field: Field, give: Give) -> Field:
    """Wim gets six visits; one is made, one is paused, one is of another team; each morning reminders go out."""
    field.person("Tine", "de-brug", "team-lead")
    cases = [give(name) for name in ("Milan", "Ayla", "Noor", "Elif", "Jef", "Siham")]
    day = FIRST + timedelta(days=1)
    while day < TODAY:
        with clock.at(clock.moment_of(day, 8, 5)):
            remind(session)
        with clock.at(clock.moment_of(day, 11)):
            _work(field, cases, day)
        day += timedelta(days=1)
    session.flush()
    return field


def _work(field: Field, cases: list[Case], day: date) -> None:
    session, worker = field.session, field.worker
    if day == date(2027, 1, 15):
        step = last_step(session, cases[0])
        report_outcome(session, cases[0], step, outcome="refuses", facts={}, by=worker)
    if day == date(2027, 1, 8):
        until = date(2027, 3, 5)
        step = last_step(session, cases[1])
        pause_step(session, cases[1], step, reason="family_away", until_on=until, remark=None, by=worker)


def run(session: Session, field: Field, **numbers: int):
    """The dry run of a ladder that differs in these numbers, on the tenth of February."""
    with clock.at(clock.moment_of(TODAY, 10)):
        proposed = adjusted(default_ladder(), numbers)
        return dry_run(session, field.area, present=default_ladder(), proposed=proposed)


def test_the_same_ladder_gives_the_same_numbers_and_those_that_really_went_out(session: Session, winter: Field) -> None:
    found = run(session, winter)
    assert found.past.now == found.past.then == found.really
    assert found.ahead.now == found.ahead.then
    assert sum(found.really.values()) > 5
    assert found.names["wim@example.test"] == "Wim"


def test_a_later_team_lead_hears_less(session: Session, winter: Field) -> None:
    found = run(session, winter, team_lead_after=30, coordinator_after=40)
    assert found.past.then.get("tine@example.test", 0) < found.past.now["tine@example.test"]
    assert "lies@example.test" in found.past.now
    assert (found.past.first_on, found.past.last_on) == (TODAY - timedelta(days=90), TODAY - timedelta(days=1))
    assert (found.ahead.first_on, found.ahead.last_on) == (TODAY + timedelta(days=1), TODAY + timedelta(days=30))


def test_in_the_next_thirty_days_nothing_is_done_and_a_pause_ends(session: Session, winter: Field) -> None:
    """Ayla's step rests until 5 March, then stands open again; the visits nobody makes stay as they are."""
    with clock.at(clock.moment_of(TODAY, 10)):
        histories = step_histories(session, winter.area.id, FIRST)

    def open_on(day: date) -> int:
        return sum(each.at(clock.moment_of(day, 9)) is not None for each in histories)

    assert open_on(date(2027, 3, 8)) == open_on(date(2027, 3, 4)) + 1 == open_on(TODAY) + 1


def test_the_mailbox_of_a_team_is_named_as_the_team(session: Session, field: Field, give: Give) -> None:
    with clock.at(clock.moment_of(FIRST, 9)):
        team = add_organisation(
            session, key="kg-2", kind="kind-en-gezin", name="Kind en Gezin Aan Zee", mailbox="KG2@example.test"
        )
        session.flush()
        case = field.case("Milan", date(2022, 3, 10))
        facts = {"organisation": team.id}
        report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    found = run(session, field)
    assert found.names["kg2@example.test"] == "Kind en Gezin Aan Zee"
    assert found.past.now["kg2@example.test"] > 0


def test_nobody_has_two_mails_a_day(session: Session, winter: Field) -> None:
    with clock.at(clock.moment_of(TODAY, 10)):
        stage = Stage(session, winter.area, step_histories(session, winter.area.id, FIRST))
        [played] = stage.runs(FIRST, TODAY, [adjusted(default_ladder(), {"silence": 5})], set())
    assert played.days
    for address, days in played.days.items():
        assert len(days) == len(set(days)), address


def test_a_dry_run_writes_nothing(session: Session, winter: Field) -> None:
    before, said = fingerprint(session), []

    def listen(_conn, _cursor, statement: str, *_more) -> None:
        said.append(statement.lstrip().split(None, 1)[0].upper())

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        run(session, winter, silence=5)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert set(said) == {"SELECT"}
    assert not [*session.new, *session.dirty, *session.deleted]
    assert fingerprint(session) == before


@pytest.fixture
def stage(session: Session, winter: Field) -> Stage:
    """The winter, to play ladders on."""
    with clock.at(clock.moment_of(TODAY, 10)):
        return Stage(session, winter.area, step_histories(session, winter.area.id, FIRST))


LADDERS = st.builds(
    lambda before, only, lead, more, silence: adjusted(
        default_ladder(),
        {
            "before_aim": before,
            "only_if_aim_after": before + only,
            "team_lead_after": lead,
            "coordinator_after": lead + more,
            "silence": silence,
        },
    ),
    st.integers(1, 8),
    st.integers(1, 8),
    st.integers(2, 15),
    st.integers(1, 10),
    st.integers(5, 30),
)

QUICK = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def heard(stage: Stage, ladder: Ladder) -> tuple[int, set[tuple[int, str]], dict[str, list[date]]]:
    """How many mails a ladder sends, who hears of which step, and when."""
    with clock.at(clock.moment_of(TODAY, 10)):
        [played] = stage.runs(FIRST, TODAY, [ladder], set())
    told = {(rung[0], rung[1]) for rungs in played.sent.values() for rung in rungs}
    return sum(map(len, played.days.values())), told, played.days


@QUICK
@given(ladder=LADDERS)
def test_any_ladder_beside_itself_is_equal(stage: Stage, ladder: Ladder) -> None:
    with clock.at(clock.moment_of(TODAY, 10)):
        first, second = stage.play(FIRST, TODAY, [ladder, ladder], set())
    assert first == second


@QUICK
@given(ladder=LADDERS, sooner=st.integers(0, 5), data=st.data())
def test_whoever_hears_of_a_step_also_does_with_a_stricter_ladder(
    stage: Stage, ladder: Ladder, sooner: int, data: st.DataObject
) -> None:
    """Stricter: every rung as soon or sooner. Nobody who heard of a step then does not, and no first word is later."""
    stricter = ladder.model_copy(
        update={
            "before_aim": ladder.before_aim + sooner,
            "only_if_aim_after": ladder.only_if_aim_after,
            "team_lead_after": max(ladder.team_lead_after - sooner, 2),
            "coordinator_after": max(ladder.coordinator_after - sooner, 2),
            "silence": max(ladder.silence - sooner, 5),
        }
    )
    _mails, told, days = heard(stage, ladder)
    _more, told_sooner, days_sooner = heard(stage, stricter)
    assert told <= told_sooner
    for address in days:
        assert min(days_sooner[address]) <= min(days[address])
