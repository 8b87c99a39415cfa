"""Why that day, in sentences a worker can read to a parent."""

from datetime import date

import pytest

from outreach.cases.workflow import Anchor, agreed_day, derive, explain_dates, paused
from outreach.cases.workflow.explaining import WORDS
from outreach.schoolyear import Counter
from tests.cases.workflow.conftest import CALENDAR, Child, Step

OPENED = "2026-12-15"


def test_a_counted_day_says_what_was_counted_and_skipped(child: Child, step: Step) -> None:
    told = explain_dates(derive(step("enrolment/home_visit"), child("2022-03-10", OPENED)).why, "nl")
    assert told.aim == (
        "Dinsdag 12 januari 2027: tien schooldagen na dinsdag 15 december 2026; kerstvakantie overgeslagen.",
        "Dinsdag 15 december 2026 is de dag waarop deze stap begint.",
    )
    assert told.too_late[0].startswith("Dinsdag 26 januari 2027: twintig schooldagen na")


def test_an_entry_day_that_was_too_near_is_named(child: Child, step: Step) -> None:
    told = explain_dates(derive(step("enrolment/home_visit"), child("2024-05-20", OPENED)).why, "en")
    assert "The aim becomes Monday 11 January 2027: no later than the last possible day." in told.aim
    assert "Monday 15 February 2027 is an entry day for this child." in told.too_late
    assert "The entry day of Monday 4 January 2027 is too near; that is why a later one counts." in told.too_late


@pytest.mark.parametrize(("language", "word"), [("nl", "Krap"), ("fr", "Juste à temps"), ("en", "Tight")])
def test_a_near_chosen_day_is_said_to_be_tight(language: str, word: str, child: Child, step: Step) -> None:
    near = child("2022-03-10", OPENED, {Anchor.ENTRY_DAY: "2027-01-11"})
    told = explain_dates(derive(step("enrolment/home_visit"), near).why, language)
    assert told.too_late[0].startswith(word)
    soon = child("2022-03-10", OPENED, {Anchor.ENTRY_DAY: "2026-12-17"})
    assert explain_dates(derive(step("enrolment/warm_welcome"), soon).why, language).too_late[0].startswith(word)


def test_agreed_days_and_pauses_are_told(child: Child, step: Step) -> None:
    dates = derive(step("enrolment/home_visit"), child("2022-03-10", OPENED))
    agreed = agreed_day(dates, date(2027, 2, 3), date(2026, 12, 18))
    assert explain_dates(agreed.why, "nl").aim == (
        "Woensdag 3 februari 2027 is de dag die afgesproken is.",
        "De streefdatum wordt dinsdag 26 januari 2027: niet later dan de uiterste dag.",
    )
    own = agreed_day(dates, date(2027, 1, 20), date(2026, 12, 18), "new_aim")
    assert "koos" in explain_dates(own.why, "nl").aim[0]
    rest = paused(dates, date(2027, 1, 4), date(2027, 1, 15), Counter.OUTREACH_DAYS, CALENDAR)
    assert explain_dates(rest.why, "nl").aim[-1] == (
        "Opgeschoven naar maandag 25 januari 2027 door de pauze van maandag 4 januari 2027 "
        "tot en met vrijdag 15 januari 2027."
    )


def test_every_day_a_date_can_hang_on_has_a_name() -> None:
    assert {f"anchor.{anchor.value}" for anchor in Anchor} <= set(WORDS)


def test_a_window_that_could_not_be_used_is_told_too(child: Child, step: Step) -> None:
    at = child("2022-03-10", OPENED, {Anchor.REGISTRATION_CLOSES: "2026-12-18"})
    told = explain_dates(derive(step("enrolment/school_choice"), at).why, "nl")
    near = "Niet gebruikt: vrijdag 18 december 2026 was te dichtbij toen de stap begon"
    assert any(sentence.startswith(near) for sentence in told.too_late)
