"""A mail as it travels: every program reads in it what was written, and no line is too long for a server."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from outreach.notifications.mime import Letter
from tests.ground.smtp import Received

_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n=. -é\t"), max_size=300)
_SUBJECTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=150)


def written(text: str = "Dag,\n", *, html: str | None = None, calendar: bytes = b"", **headers: Any) -> Received:
    said = {"subject": "Outreach: 1 stap", "recipient": "fatima@example.be", "sender": "Outreach <post@example.be>"}
    letter = Letter(**{**said, "message_id": "1@example.be", "at": 0, **headers}, text=text)
    letter.html = html
    if calendar:
        letter.invite("REQUEST", calendar, "uitnodiging.ics")
    return Received("fatima@example.be", letter.as_bytes())


@given(text=_TEXTS, html=_TEXTS)
def test_any_text_arrives_as_it_was_written(text: str, html: str) -> None:
    mail = written(text, html=html)
    assert mail.body().replace("\r\n", "\n") == text
    assert mail.body("html").replace("\r\n", "\n") == html
    assert max(map(len, mail.source.split(b"\r\n"))) <= 78
    assert mail.source.isascii()
    assert b"\n" not in mail.source.replace(b"\r\n", b"")


@given(subject=_SUBJECTS)
def test_any_subject_arrives_as_it_was_written(subject: str) -> None:
    assert written(subject=subject).message["Subject"] == subject


def test_text_and_html_are_two_forms_of_one_mail_and_a_file_stands_beside_them() -> None:
    kinds = [part.get_content_type() for part in written(html="<p>Dag,</p>").message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert written().message.get_content_type() == "text/plain"
    invited = written(html="<p>Dag,</p>", calendar="BEGIN:VCALENDAR\r\nSUMMARY:Geëngageerd\r\n".encode()).message
    kinds = [part.get_content_type() for part in invited.walk()]
    assert kinds[:2] == ["multipart/mixed", "multipart/alternative"]
    assert kinds[2:] == ["text/plain", "text/html", "text/calendar", "text/calendar"]
    beside, file = [part for part in invited.walk() if part.get_content_type() == "text/calendar"]
    assert beside.get_content() == file.get_content() == "BEGIN:VCALENDAR\r\nSUMMARY:Geëngageerd\r\n"
    assert (beside.get_param("method"), file.get_filename()) == ("REQUEST", "uitnodiging.ics")


def test_the_name_of_the_sender_may_have_accents() -> None:
    assert written(sender="Vérène <post@example.be>").message["From"] == "Vérène <post@example.be>"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\x0b", "\u2028"])
@pytest.mark.parametrize("place", ["subject", "recipient", "message_id", "extra"])
def test_nothing_slips_in_as_a_header_of_its_own(place: str, ending: str) -> None:
    smuggled = f"a@example.be{ending}Bcc: everybody@example.be"
    with pytest.raises(ValueError, match=r"line|ascii"):
        written(**{place: {"Content-Language": smuggled} if place == "extra" else smuggled})
