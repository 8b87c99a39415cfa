"""Mail as its reader wants it, when its reader is at work."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.accounts.commands import add_substitution
from outreach.notifications.models import OutboxMessage
from outreach.partners.commands import add_closing
from tests.cases.reminding.conftest import Give, mails, person, sweep
from tests.ground.field import Field

WIM = "wim@example.test"
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 12, 15), date(2026, 12, 16), date(2026, 12, 17)
LATE = date(2027, 1, 13)


def test_the_hour_somebody_chose(session: Session, field: Field, give: Give) -> None:
    """Wim reads his mail at ten."""
    give()
    person(session, field.worker).digest_hour = 10
    assert sweep(session, WEDNESDAY, 9, 45).digests_queued == 0
    assert sweep(session, WEDNESDAY, 10, 0).digests_queued == 1


def test_an_hour_after_work_is_the_last_hour_of_work(session: Session, field: Field, give: Give) -> None:
    """Eight in the evening is nobody's working hour: the mail comes at four, before the team goes home at five."""
    give()
    person(session, field.worker).digest_hour = 20
    assert [sweep(session, WEDNESDAY, hour).digests_queued for hour in (15, 16)] == [0, 1]


def test_the_days_somebody_chose(session: Session, field: Field, give: Give) -> None:
    """Wim reads it on Mondays and Thursdays; what is new on Wednesday waits a day."""
    give()
    person(session, field.worker).digest_days = [0, 3]
    assert [sweep(session, day).digests_queued for day in (WEDNESDAY, THURSDAY)] == [0, 1]


def test_only_what_is_late(session: Session, field: Field, give: Give) -> None:
    """Wim wants to hear of nothing else; then the mail says everything."""
    give()
    person(session, field.worker).digest_only_late = True
    assert [sweep(session, day).digests_queued for day in (WEDNESDAY, date(2027, 1, 7), LATE)] == [0, 0, 1]
    assert mails(session, WIM) == [("digest", LATE, ["step_late"])]


def test_text_alone(session: Session, field: Field, give: Give) -> None:
    """Wim's mail programme shows text."""
    give()
    person(session, field.worker).plain_mail = True
    sweep(session, WEDNESDAY)
    assert session.scalars(select(OutboxMessage.plain)).all() == [True]


def test_a_team_that_is_not_there_on_wednesdays(session: Session, field: Field, give: Give) -> None:
    """Its mail comes on Thursday, whatever Wim chose."""
    give()
    field.organisations["de-brug"].working_days = [0, 1, 3, 4]
    person(session, field.worker).digest_days = [2, 3]
    assert [sweep(session, day).digests_queued for day in (WEDNESDAY, THURSDAY)] == [0, 1]


def test_a_team_that_begins_at_ten(session: Session, field: Field, give: Give) -> None:
    """Nothing before it opens, nothing after it closes."""
    give()
    team = field.organisations["de-brug"]
    team.opens_hour, team.closes_hour = 10, 14
    found = [sweep(session, WEDNESDAY, hour).digests_queued for hour in (9, 14, 16)]
    assert found == [0, 0, 0]
    assert sweep(session, WEDNESDAY, 13).digests_queued == 1


def test_a_team_that_closes_for_a_week(session: Session, field: Field, give: Give) -> None:
    """Collective leave: the first morning back."""
    give()
    team = field.organisations["de-brug"]
    add_closing(session, from_on=WEDNESDAY, until_on=date(2026, 12, 18), reason="verlof", organisation=team)
    days = (WEDNESDAY, THURSDAY, date(2026, 12, 18), date(2026, 12, 21))
    assert [sweep(session, day).digests_queued for day in days] == [0, 0, 0, 1]


def test_who_replaces_somebody_gets_one_mail_with_both_their_steps(session: Session, field: Field, give: Give) -> None:
    """Wim is away this week and Wout stands in."""
    wout = field.person("Wout", "de-brug", "worker")
    give("Milan")
    give("Ayla", wout)
    add_substitution(
        session,
        person=person(session, field.worker),
        substitute=person(session, wout),
        organisation=field.organisations["de-brug"],
        from_on=TUESDAY,
        until_on=date(2026, 12, 18),
        by=builtin(session, "console"),
    )
    assert sweep(session, WEDNESDAY).digests_queued == 1
    assert mails(session, WIM) == []
    assert mails(session, "wout@example.test") == [("digest", WEDNESDAY, ["step_new", "step_new"])]


@pytest.mark.parametrize("day", [date(2027, 7, 15), date(2027, 8, 20), date(2027, 9, 2)])
def test_a_school_hears_nothing_in_summer(session: Session, field: Field, day: date) -> None:
    """Not in July, not in August, not before the third school day of September; who asks something then waits."""
    assert field.school
    sofie = person(session, field.school)
    assert sofie.email is not None
    sweep(session, day)
    assert mails(session, sofie.email) == []


def test_nobody_above_is_told_before_the_owner(session: Session, field: Field, give: Give) -> None:
    """Wim reads his mail in the afternoon: the team lead does not hear at eight that he is five days late."""
    field.person("Tine", "de-brug", "team-lead")
    give()
    person(session, field.worker).digest_hour = 14
    five_past = date(2027, 1, 19)
    assert sweep(session, five_past, 8).digests_queued == 0
    assert sweep(session, five_past, 14).digests_queued == 2


def test_three_days_without_a_clock_give_one_mail(session: Session, field: Field, give: Give) -> None:
    """A scheduler that was down catches nothing up: what is due today goes once."""
    give()
    sweep(session, date(2027, 1, 7))
    assert sweep(session, date(2027, 1, 20)).digests_queued == 1
    assert [(kind, day) for kind, day, _ in mails(session, WIM)] == [
        ("digest", date(2027, 1, 7)),
        ("digest", date(2027, 1, 20)),
    ]
