"""What a reader gets: neutral, in the own language, most urgent first, and never anything about a child."""

import random
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from string import Formatter

import pytest

from outreach import labels
from outreach.cases.commands.reminding import desk
from outreach.cases.workflow.ladder import Rung
from outreach.notifications.claims import Claimed
from outreach.notifications.letters import MOST_LINES, subject_of
from outreach.notifications.lines import GROUPS, KINDS, LINE_TOKENS, Line
from outreach.notifications.models import REMINDERS, STATES
from outreach.notifications.words import WORDS
from tests.ground import mails
from tests.ground.mails import claimed, every_line, living
from tests.ground.smtp import Received
from tests.notifications.conftest import OFFICE, STEP_LABELS, TUESDAY, late_step

CHILD = {
    "first name": "Lotte",
    "family name": "Vandenbroucke",
    "INSZ": "22.03.10-999.07",
    "birth date": "10/03/2022",
    "street": "Koestraat 12",
    "phone": "0470 12 34 56",
    "school": "De Krekel",
    "reason": "wachtlijst",
}
KEYS = list(WORDS)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def letter_of(lines: list[Line], language: str = "nl") -> Claimed:
    return claimed("digest", language, lines=lines)


def arrived(letter: Claimed) -> Received:
    """The letter as a mail program finds it."""
    return mails.arrived(letter, OFFICE)


def flat(text: str) -> str:
    """On one line, as it is read."""
    return " ".join(text.split())


def test_the_subject_counts_the_steps_and_the_late_ones() -> None:
    soon = late_step(2, key="step_soon", group="soon")
    help_needed = Line("help", "team:4:late", "team_late", {"kind": "clb", "count": 9, "path": "/areas/gent"})
    new = Line("new", "person:4:new", "steps_new", {"count": 12, "path": "/my-work"})
    assert subject_of(living([late_step(1), soon]), "nl") == "Outreach: 2 stappen vragen je aandacht, 1 is te laat"
    assert subject_of(living([soon]), "nl") == "Outreach: 1 stap vraagt je aandacht"
    assert subject_of(living([late_step(1), late_step(3), new]), "en") == "Outreach: 14 steps need you, 2 are late"
    assert subject_of(living([help_needed]), "fr") == "Outreach\u00a0: faut-il de l’aide quelque part\u00a0?"
    reports = Line("reports", "reports_waiting:all", "reports_waiting", {"count": 2, "path": "/conflicts"})
    assert subject_of(living([reports]), "nl") == "Outreach: verslagen om te bekijken"
    assert subject_of(living([reports, soon]), "nl") == "Outreach: 1 stap vraagt je aandacht"


def test_late_comes_first_and_every_line_links_to_its_step() -> None:
    mail = arrived(letter_of([late_step(2, key="step_soon", group="soon"), late_step(1)]))
    text = flat(mail.body())
    assert text.index("TE LAAT") < text.index("streefdatum was dinsdag 22 december 2026") < text.index("BINNENKORT")
    for body in (text, mail.body("html")):
        assert "https://outreach.example/cases/K7M4P-2/steps/1" in body
        assert "https://outreach.example/cases/K7M4P-2/steps/2" in body


def test_a_long_list_shows_twelve_lines_and_counts_the_rest() -> None:
    mail = arrived(letter_of([late_step(number) for number in range(1, 50)]))
    assert len(re.findall(r"/steps/\d+", mail.body())) == MOST_LINES == 12
    assert "en nog 37" in mail.body()
    assert "en nog 37" in mail.body("html")
    assert mail.message["Subject"] == "Outreach: 49 stappen vragen je aandacht, 49 zijn te laat"


def test_a_good_word_is_not_cut_off_by_a_long_list() -> None:
    month = {"count": 3, "path": "/my-work"}
    good_word = Line("praise", "praise:2027-01-01", "praise_started", month, {"rung": "praise"})
    mail = arrived(letter_of([*(late_step(number) for number in range(1, 50)), good_word]))
    assert "3 kinderen" in flat(mail.body())
    assert "en nog 37" in mail.body()


def test_twelve_lines_are_all_shown_without_a_rest() -> None:
    assert "en nog" not in arrived(letter_of([late_step(number) for number in range(12)])).body()


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_each_reader_gets_the_own_language(language: str) -> None:
    mail = arrived(letter_of([late_step(1)], language))
    for body in (flat(mail.body()), flat(mail.body("html"))):
        assert STEP_LABELS[language] in body
        assert labels.day(date(2026, 12, 22), language) in body
        assert WORDS.text("digest.why", language)[:40] in body.replace("&#39;", "'")
    assert mail.message["Content-Language"] == language
    assert f'lang="{language}"' in mail.body("html")


def test_the_headers_say_it_is_a_machine_and_keep_the_message_id() -> None:
    message = arrived(letter_of([late_step(1)])).message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{'0f' * 16}@gent.example>"
    assert message["To"] == "fatima@inloopteam.example"
    assert message["From"] == "Outreach <outreach@gent.example>"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["List-Unsubscribe"] == "<https://outreach.example/settings/reminders>"
    assert message["List-Unsubscribe-Post"] is None, "a scanner would press it"
    assert message["Date"].datetime.isoformat().startswith("2027-01-05T")


class _Outline(HTMLParser):
    """Which tags stand open at the end, and every address a mail program would load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)
        self.loaded += [str(value) for name, value in attrs if name in ("src", "background") and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_whole_and_loads_nothing_from_elsewhere() -> None:
    outline = _Outline()
    outline.feed(arrived(letter_of([late_step(1), late_step(2, key="step_soon", group="soon")])).body("html"))
    assert outline.open == []
    assert outline.loaded == []


ANY = pytest.mark.parametrize("kind", mails.kinds())


@ANY
def test_text_is_wrapped_so_that_no_program_breaks_an_address(kind: str) -> None:
    for language in labels.LANGUAGES:
        lines = arrived(claimed(kind, language)).body().splitlines()
        assert [line for line in lines if len(line) > 76 and not line.strip().startswith("https://")] == []


@ANY
def test_outlook_is_asked_nothing_that_word_cannot_lay_out(kind: str) -> None:
    """Word knows tables, attributes and padding of cells; what else stands in a style may fall away without harm."""
    html = arrived(claimed(kind)).body("html")
    assert not re.search(r"display:\s*(flex|grid)|position:|float:|background-image|@import|<svg|<img|<script", html)
    assert not re.search(r"<(p|h2)[^>]*style=\"[^\"]*padding", html), "Word pads cells only"
    assert html.count('<table role="presentation" width="600"') == html.count("max-width") == 1
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3
    assert re.search(r'<td align="center" bgcolor="#0b5563" style="[^"]*mso-padding-alt:13px 22px', html), "the button"


@ANY
def test_the_list_of_mails_shows_what_matters_beside_the_subject(kind: str) -> None:
    html = arrived(claimed(kind)).body("html")
    found = re.search(r'<div style="display:none[^>]*>([^&]+)', html)
    assert found
    expected = {"digest": "Te laat: 2 · Nog toe te wijzen: 1 · Binnenkort: 1", "step_link": "We hebben één vraag"}
    assert found[1].startswith(expected.get(kind, found[1][:1]))
    assert html.index(found[0]) < html.index("Dag,")


def test_lines_stand_under_what_they_ask_and_each_link_names_case_and_step() -> None:
    lines = [*every_line()][::-1]
    for language in labels.LANGUAGES:
        mail = arrived(claimed("digest", language, lines=lines[:MOST_LINES]))
        shown = [WORDS.text(f"group.{group}", language).upper() for group in GROUPS]
        there = [heading for heading in shown if f"\r\n{heading}\r\n" in mail.body()]
        assert sorted(there, key=mail.body().index) == there
    html = arrived(claimed("digest")).body("html")
    assert html.count(f">Dossier K7M4P-2 · {STEP_LABELS['nl']}</a>") == html.count("/cases/")
    assert "<br>Moest uiterlijk dinsdag 22 december 2026 klaar zijn" in html
    assert WORDS.text("do.late", "nl") in html


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_every_line_about_a_step_begins_with_case_and_step(language: str) -> None:
    for line in every_line():
        if "step" in line.data:
            said = {**line.data, "step": "STEP", "on": "DAY"}
            head = WORDS.text("line_head.step", language, **said)
            assert WORDS.text(f"line.{line.key}", language, **said).startswith(head)


def test_every_reason_a_line_can_have_has_its_words() -> None:
    rungs = {*Rung, desk.NEW, desk.ANSWERED, desk.NUDGED, "team_late", "praise", "reports_waiting", "reports_decided"}
    rungs |= {f"round_{turn}" for turn in ("stays", "pauses", "openings")}
    assert {rung for rung in rungs if f"why.{rung}" not in WORDS} == set()


@ANY
def test_every_kind_of_mail_has_its_words_and_says_why_it_comes(kind: str) -> None:
    mail = arrived(claimed(kind))
    foot = flat(mail.body().partition("\r\n--\r\n")[2])
    assert foot.startswith("Je krijgt deze mail omdat")
    assert ("/settings/reminders" in foot) == (kind in REMINDERS)
    assert (mail.message["List-Unsubscribe"] is not None) == (kind in REMINDERS)
    assert kind == "test" or f"kind_of_mail.{kind}" in WORDS


@ANY
def test_who_wants_text_alone_gets_text_alone(kind: str) -> None:
    types = [part.get_content_type() for part in arrived(claimed(kind, plain=True)).message.walk()]
    assert "text/html" not in types
    assert "text/plain" in types


def any_line(chance: random.Random) -> Line:
    """A line with tokens of every kind, as wild as the allow-list lets them be."""
    key = chance.choice(sorted(LINE_TOKENS))
    reference = "".join(chance.choices(ALPHABET, k=5)) + "-" + chance.choice(ALPHABET)
    tokens = {
        "reference": reference,
        "process": "enrolment",
        "step": "home_visit",
        "on": TUESDAY + timedelta(days=chance.randrange(-60, 60)),
        "count": chance.randrange(200),
        "kind": chance.choice(sorted(KINDS)),
        "path": chance.choice(["/my-work", f"/cases/{reference}/steps/{chance.randrange(1, 99)}", "/areas/gent"]),
    }
    wanted = {name: value for name, value in tokens.items() if name in LINE_TOKENS[key]}
    return Line(chance.choice(GROUPS), f"step:{chance.randrange(1, 10**6)}:rung", key, wanted)


def allowed_words(language: str) -> set[str]:
    """Every word of our own texts in this language: all that a mail may consist of, besides tokens."""
    texts = [WORDS.text(key, language, **_Blank()) for key in KEYS]
    texts += [STEP_LABELS[language], "Outreach outreach gent example fatima inloopteam"]
    days = [labels.day(TUESDAY + timedelta(days=number), language) for number in range(-70, 70)]
    return set(re.findall(r"[^\W\d_]{2,}", " ".join(texts + days).lower()))


class _Blank(dict[str, str]):
    """Something for every field of every text."""

    def __init__(self) -> None:
        super().__init__(
            dict.fromkeys(
                ("reference", "step", "on", "at", "count", "kind", "name", "host", "until", "aim_on", "after", "unit"),
                "-",
            )
        )


def test_a_thousand_mails_hold_only_our_own_words_references_days_and_numbers() -> None:
    chance = random.Random(20270105)
    words = {language: allowed_words(language) for language in labels.LANGUAGES}
    for _ in range(1000):
        language = chance.choice(labels.LANGUAGES)
        mail = arrived(letter_of([any_line(chance) for _ in range(chance.choice((1, 2, 5, 20)))], language))
        shown = re.sub(r"(?s)<style.*?</style>|<!--.*?-->|<[^>]+>", " ", mail.body("html"))
        text = f"{mail.message['Subject']} {mail.message['To']} {mail.message['From']} {mail.body()} {shown}"
        text = re.sub(r"https://outreach\.example/[\w/-]*|[2-9A-Z]{5}-[2-9A-Z]|&#\d+;", " ", text)
        strange = set(re.findall(r"[^\W\d_]{2,}", text.lower())) - words[language]
        assert not strange
        everything = (mail.source.decode() + text + mail.body("html")).lower()
        assert not [what for what, value in CHILD.items() if value.lower() in everything]
        assert not re.search(r"\d{2}[./]\d{2}[./]\d{2,4}|\d{6}", text), "no birth date, INSZ or phone looks like this"


def test_every_line_has_its_text_in_three_languages_with_exactly_its_tokens() -> None:
    silent = {"path", "process"}
    for key, tokens in LINE_TOKENS.items():
        for language in labels.LANGUAGES:
            source = WORDS.text(f"line.{key}", language, **{name: f"{{{name}}}" for name in tokens})
            used = {name for _, name, _, _ in Formatter().parse(source) if name}
            assert used == tokens - silent, (key, language)
    stored = {key.removeprefix("line.").removesuffix("_one") for key in KEYS if key.startswith("line.")}
    assert stored == set(LINE_TOKENS)


def test_every_group_kind_and_state_has_its_text() -> None:
    for key in [f"group.{g}" for g in GROUPS] + [f"kind.{k}" for k in KINDS] + [f"state.{s}" for s in STATES]:
        assert key in WORDS


def test_one_is_written_in_the_singular() -> None:
    team = Line("help", "team:4:late", "team_late", {"kind": "inloopteam", "count": 1, "path": "/areas/gent"})
    assert "Inloopteam: 1 stap te laat. Is er hulp nodig?" in arrived(letter_of([team])).body()
