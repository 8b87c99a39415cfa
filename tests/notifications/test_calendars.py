"""What a calendar program reads: by a parser that is not ours, on every kind of day there is."""

from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import example, given, strategies as st

from outreach.notifications.calendars import Between, Entry, invitation, published
from outreach.notifications.claims import Claimed
from outreach.notifications.lines import CALLED_OFF, INVITATIONS, INVITED, MOVED, ForbiddenTokenError, check_letter
from tests.notifications.conftest import TUESDAY
from tests.notifications.test_letters import CHILD, arrived

BRUSSELS = ZoneInfo("Europe/Brussels")
CHANGED = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)

NIGHTS = [date(2026, 10, 25), date(2027, 3, 28), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)]
"""Both nights on which the clock is moved, the change of the year, and a day that is not always there."""

days = st.one_of(
    st.builds(lambda night, shift: night + timedelta(days=shift), st.sampled_from(NIGHTS), st.integers(-1, 1)),
    st.dates(date(2026, 1, 1), date(2032, 12, 31)),
)
hours = st.one_of(st.none(), st.times().map(lambda at: at.replace(second=0, microsecond=0)))

entries = st.builds(
    Entry,
    uid=st.integers(1, 10**6).map(lambda number: f"{number}@outreach.example"),
    summary=st.sampled_from(["K7M4P-2 · Contact en huisbezoek", "K7M4P-2 · visite à domicile, l’après-midi; " * 4]),
    url=st.just("https://outreach.example/cases/K7M4P-2/steps/3"),
    on=days,
    changed_at=st.just(CHANGED),
    sequence=st.integers(0, 999),
    at=hours,
    cancelled=st.booleans(),
)

BETWEEN = Between("wim@example.test", "fatima@example.test")


def as_read(event: object, entry: Entry) -> None:
    """The parser found what was meant."""
    assert event.uid.value == entry.uid  # type: ignore[attr-defined]
    assert event.summary.value == entry.summary  # type: ignore[attr-defined]
    assert int(event.sequence.value) == entry.sequence  # type: ignore[attr-defined]
    assert event.status.value == ("CANCELLED" if entry.cancelled else "CONFIRMED")  # type: ignore[attr-defined]
    assert event.dtstamp.value == CHANGED  # type: ignore[attr-defined]
    start = event.dtstart.value  # type: ignore[attr-defined]
    if entry.at is None:
        assert (start, event.dtend.value) == (entry.on, entry.on + timedelta(days=1))  # type: ignore[attr-defined]
        return
    meant = datetime.combine(entry.on, entry.at, BRUSSELS)
    assert event.duration.value == timedelta(hours=1)  # type: ignore[attr-defined]
    skipped = meant.astimezone(UTC).astimezone(BRUSSELS).replace(tzinfo=None) != meant.replace(tzinfo=None)
    if not skipped:
        assert start.replace(tzinfo=None) == meant.replace(tzinfo=None)
    twice = meant.utcoffset() != meant.replace(fold=1).utcoffset()
    if not twice:  # the other parser cannot say which of two equal hours is meant; we mean the first
        assert start.astimezone(UTC) == meant.astimezone(UTC)


@given(st.lists(entries, max_size=4))
@example([Entry("a@b", "x", "https://b/", NIGHTS[1], CHANGED, 0, time(2, 30))])
@example([Entry("a@b", "x", "https://b/", NIGHTS[0], CHANGED, 0, time(2, 30))])
@example([Entry("a@b", "x", "https://b/", NIGHTS[2], CHANGED, 0, time(23, 30))])
def test_another_parser_reads_every_calendar_as_it_was_meant(told: list[Entry]) -> None:
    body = published("Outreach", told)
    read = vobject.readOne(body.decode(), validate=True)
    assert read.method.value == "PUBLISH"
    for event, entry in zip(read.contents.get("vevent", []), told, strict=True):
        as_read(event, entry)
    assert published("Outreach", told) == body, "the same days give the same bytes, so that an ETag can hold"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


@given(entries)
def test_another_parser_reads_every_invitation_as_it_was_meant(entry: Entry) -> None:
    read = vobject.readOne(invitation(entry, BETWEEN).decode(), validate=True)
    assert read.method.value == ("CANCEL" if entry.cancelled else "REQUEST")
    as_read(read.vevent, entry)
    assert read.vevent.organizer.value == "mailto:wim@example.test"
    assert read.vevent.attendee.value == "mailto:fatima@example.test"
    assert read.vevent.attendee.rsvp_param == "TRUE"


def letter(kind: str, language: str, **other: object) -> Claimed:
    """A letter about Tuesday at half past two."""
    tokens = {
        "reference": "K7M4P-2",
        "process": "enrolment",
        "step": "home_visit",
        "path": "/cases/K7M4P-2/steps/3",
        "on": TUESDAY.isoformat(),
        "at": "14:30",
        "uid": "visit-7",
        "sequence": 2,
        "organiser": "wim@example.test",
        **other,
    }
    check_letter(kind, tokens)
    return Claimed(
        id=1,
        kind=kind,
        address="fatima@example.test",
        language=language,
        message_id="0f" * 16,
        digest_on=None,
        attempts=0,
        not_after_at=None,
        tokens=tokens,
    )


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("kind", sorted(INVITATIONS))
def test_an_invitation_carries_its_calendar_where_mail_programs_look_for_it(kind: str, language: str) -> None:
    mail = arrived(letter(kind, language))
    parts = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_filename() for part in parts] == [None, "uitnodiging.ics"]
    for part in parts:
        assert isinstance(part, EmailMessage)
        assert part.get_param("method") == ("CANCEL" if kind == CALLED_OFF else "REQUEST")
        text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        event = vobject.readOne(text, validate=True).vevent
        assert event.dtstart.value.isoformat() == "2027-01-05T14:30:00+01:00"
        assert (event.uid.value, event.sequence.value) == ("visit-7@gent.example", "2")
        assert not [what for what, value in CHILD.items() if value.lower() in text.lower()]
    assert "14:30" in mail.body()
    assert "K7M4P-2" in mail.body()
    assert "K7M4P-2" not in mail.message["Subject"]


def test_a_day_without_an_hour_is_a_whole_day_and_plain_mail_has_it_too() -> None:
    written = letter(MOVED, "nl", at="")
    mail = arrived(Claimed(**{**vars(written), "plain": True}))
    part = next(part for part in mail.message.walk() if part.get_content_type() == "text/calendar")
    text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert vobject.readOne(text).vevent.dtstart.value == TUESDAY
    assert "text/html" not in [part.get_content_type() for part in mail.message.walk()]


@pytest.mark.parametrize(
    "wrong",
    [{"organiser": "Wim Peeters"}, {"at": "half drie"}, {"uid": "Lotte"}, {"step": "Lotte"}, {"sequence": "2"}],
)
def test_nothing_else_gets_into_an_invitation(wrong: dict[str, object]) -> None:
    with pytest.raises(ForbiddenTokenError):
        letter(INVITED, "nl", **wrong)
