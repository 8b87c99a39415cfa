"""The mail server of the training environment keeps what it is given."""

import json
import smtplib
from email.message import EmailMessage
from pathlib import Path

from outreach.training.mails import find_mail, mails
from outreach.training.sink import LEDGER, Sink


def letter(subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Outreach <outreach@localhost>"
    mail["To"] = "karim@gent.example"
    mail["Subject"] = subject
    mail["Date"] = "Tue, 15 Dec 2026 08:00:00 +0100"
    mail.set_content("Twee stappen wachten op u.\nhttp://127.0.0.1:5000/my-work\n")
    mail.add_alternative("<p>Twee stappen wachten op u.</p>", subtype="html")
    return mail


def send(sink: Sink, *subjects: str) -> None:
    with smtplib.SMTP("127.0.0.1", int(sink.url.rpartition(":")[2]), timeout=10) as server:
        for subject in subjects:
            server.send_message(letter(subject), to_addrs=["karim@gent.example"])


def test_every_mail_is_a_file_and_a_line_of_the_ledger(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    sink.start()
    send(sink, "Uw stappen", "Één stap is laat")
    sink.stop()
    assert sorted(file.name for file in tmp_path.glob("*.eml")) == ["000001.eml", "000002.eml"]
    lines = [json.loads(line) for line in (tmp_path / LEDGER).read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["to"], line["subject"]) for line in lines] == [
        ("000001", ["karim@gent.example"], "Uw stappen"),
        ("000002", ["karim@gent.example"], "Één stap is laat"),
    ]


def test_the_next_run_numbers_on(tmp_path: Path) -> None:
    Sink(tmp_path).keep(letter("gisteren").as_bytes(), ["karim@gent.example"])
    Sink(tmp_path).keep(letter("vandaag").as_bytes(), ["karim@gent.example"])
    found, total = mails(tmp_path)
    assert total == 2
    assert [mail.subject for mail in found] == ["vandaag", "gisteren"]


def test_a_mail_is_read_back_with_both_its_bodies(tmp_path: Path) -> None:
    Sink(tmp_path).keep(letter("Uw stappen").as_bytes(), ["karim@gent.example"])
    mail = find_mail(tmp_path, "000001")
    assert mail is not None
    assert mail.recipients == ["karim@gent.example"]
    assert "http://127.0.0.1:5000/my-work" in mail.text
    assert mail.html is not None
    assert "<p>Twee stappen" in mail.html
    assert ("To", "karim@gent.example") in mail.headers


def test_a_number_is_never_taken_for_a_path(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(b"Subject: no\n\nno")
    (tmp_path / "mails").mkdir()
    for wrong in ("../secret", "secret", "000001/../../secret", ""):
        assert find_mail(tmp_path / "mails", wrong) is None


def test_a_line_cut_off_by_a_kill_is_passed_over(tmp_path: Path) -> None:
    Sink(tmp_path).keep(letter("heel").as_bytes(), ["karim@gent.example"])
    with (tmp_path / LEDGER).open("a", encoding="utf-8") as ledger:
        ledger.write('{"id": "0000')
    assert mails(tmp_path)[1] == 1


def test_a_world_made_anew_starts_with_an_empty_sink(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    sink.keep(letter("oud").as_bytes(), ["karim@gent.example"])
    sink.empty()
    assert mails(tmp_path) == ([], 0)
    sink.keep(letter("nieuw").as_bytes(), ["karim@gent.example"])
    assert [mail.id for mail in mails(tmp_path)[0]] == ["000001"]
