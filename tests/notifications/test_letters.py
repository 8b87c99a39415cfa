"""What a reader gets: neutral, in the own language, most urgent first, and never anything about a child."""

import random
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from string import Formatter

import pytest
from flask import Flask
from flask_mail import Mail

from outreach import labels
from outreach.notifications.claims import Claimed
from outreach.notifications.letters import MOST_LINES, Letter, subject_of, write
from outreach.notifications.lines import GROUPS, KINDS, LINE_TOKENS, Line, LivingLine
from outreach.notifications.models import STATES
from outreach.notifications.words import WORDS
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
    return Claimed(
        id=1,
        kind="digest",
        address="fatima@inloopteam.example",
        language=language,
        message_id="0f" * 16,
        digest_on=TUESDAY,
        attempts=0,
        not_after_at=None,
        lines=living(lines),
    )


def living(lines: list[Line]) -> list[LivingLine]:
    return [LivingLine(number, line.about, line.group, line.key, line.stored()) for number, line in enumerate(lines)]


def arrived(letter: Claimed) -> Received:
    """The letter as a mail program finds it."""
    app = Flask("post")
    Mail(app)
    with app.app_context():
        written: Letter = write(letter, OFFICE)
        return Received(letter.address, written.as_bytes())


def test_the_subject_counts_the_steps_and_the_late_ones() -> None:
    soon = late_step(2, key="step_soon", group="soon")
    help_needed = Line("help", "team:4:late", "team_late", {"kind": "clb", "count": 9, "path": "/areas/gent"})
    new = Line("new", "person:4:new", "steps_new", {"count": 12, "path": "/my-work"})
    assert subject_of(living([late_step(1), soon]), "nl") == "Outreach: 2 stappen vragen je aandacht, 1 is te laat"
    assert subject_of(living([soon]), "nl") == "Outreach: 1 stap vraagt je aandacht"
    assert subject_of(living([late_step(1), late_step(3), new]), "en") == "Outreach: 14 steps need you, 2 are late"
    assert subject_of(living([help_needed]), "fr") == "Outreach\u00a0: faut-il de l’aide quelque part\u00a0?"


def test_late_comes_first_and_every_line_links_to_its_step() -> None:
    mail = arrived(letter_of([late_step(2, key="step_soon", group="soon"), late_step(1)]))
    text = mail.body()
    assert text.index("Te laat") < text.index("streefdatum was dinsdag 22 december 2026") < text.index("Binnenkort")
    for body in (text, mail.body("html")):
        assert "https://outreach.example/cases/K7M4P-2/steps/1" in body
        assert "https://outreach.example/cases/K7M4P-2/steps/2" in body


def test_a_long_list_shows_twelve_lines_and_counts_the_rest() -> None:
    mail = arrived(letter_of([late_step(number) for number in range(1, 50)]))
    assert len(re.findall(r"/steps/\d+", mail.body())) == MOST_LINES == 12
    assert "en nog 37" in mail.body()
    assert "en nog 37" in mail.body("html")
    assert mail.message["Subject"] == "Outreach: 49 stappen vragen je aandacht, 49 zijn te laat"


def test_twelve_lines_are_all_shown_without_a_rest() -> None:
    assert "en nog" not in arrived(letter_of([late_step(number) for number in range(12)])).body()


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_each_reader_gets_the_own_language(language: str) -> None:
    mail = arrived(letter_of([late_step(1)], language))
    for body in (mail.body(), mail.body("html")):
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
    assert message["List-Unsubscribe"] is None
    assert message["Date"].datetime.isoformat().startswith("2027-01-05T")


class _Outline(HTMLParser):
    """Which tags stand open at the end, and every address a mail program would load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)
        self.loaded += [str(value) for name, value in attrs if name in ("src", "background") and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_whole_and_loads_nothing_from_elsewhere() -> None:
    outline = _Outline()
    outline.feed(arrived(letter_of([late_step(1), late_step(2, key="step_soon", group="soon")])).body("html"))
    assert outline.open == []
    assert outline.loaded == []


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
                ("reference", "step", "on", "count", "kind", "name", "host", "until", "aim_on", "after", "unit"), "-"
            )
        )


def test_a_thousand_mails_hold_only_our_own_words_references_days_and_numbers() -> None:
    chance = random.Random(20270105)
    words = {language: allowed_words(language) for language in labels.LANGUAGES}
    for _ in range(1000):
        language = chance.choice(labels.LANGUAGES)
        mail = arrived(letter_of([any_line(chance) for _ in range(chance.choice((1, 2, 5, 20)))], language))
        shown = re.sub(r"<style.*?</style>|<[^>]+>", " ", mail.body("html"))
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
