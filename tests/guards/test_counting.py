"""Nothing says "1 kinderen": whatever counts has words for one, or words that fit any number."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from outreach.labels import LANGUAGES, Catalogue

ROOT = Path(__file__).parents[2]
LABELS = sorted((ROOT / "outreach").rglob("labels.toml"))
COUNTED = re.compile(r"(?<!\()%\((count|seconds|years|months|households|days|weeks)\)s")

ANY_NUMBER = {
    "%(cases)s and %(count)s more",
    "%(count)s late",
    "%(count)s open",
    "%(count)s planned",
    "At most one mail a day, at %(hour)s o'clock on %(days)s, and only when something is late.",
    (
        "At most one mail a day, at %(hour)s o'clock on %(days)s, and only when there is something new."
        " The next one can come on %(next)s."
    ),
    "Starting in the week of %(day)s: %(count)s",
    "Taken along: %(count)s, until %(time)s.",
    "Visits on this phone: %(count)s, until %(time)s.",
    "Who leads: born in %(year)s, %(count)s new",
    "of %(count)s",
    "turning %(years)s this year",
}
"""Texts that read right with any number in every language."""

SINGULAR = {
    "%(count)s cases open again that closed when their list was taken back.": (
        "1 case opens again that closed when its list was taken back."
    ),
    "%(count)s kleuters of your report may be children you follow in a case.": (
        "1 kleuter of your report may be a child you follow in a case."
    ),
    "%(count)s kleuters you follow without a case are still at risk in the report of %(day)s.": (
        "1 kleuter you follow without a case is still at risk in the report of %(day)s."
    ),
    "Of %(count)s kleuters at risk nobody knows yet why they are rarely there.": (
        "Of 1 kleuter at risk nobody knows yet why it is rarely there."
    ),
    "%(count)s children whose case is closed are on the list again: you decide.": (
        "1 child whose case is closed is on the list again: you decide."
    ),
    "%(count)s cases": "1 case",
    "%(count)s cases decided.": "1 case decided.",
    "%(count)s schools are asked who their contact is this school year.": (
        "1 school is asked who its contact is this school year."
    ),
    "%(count)s steps wait for the answer.": "1 step waits for the answer.",
    "%(school)s: the contact is known, and %(count)s steps are theirs.": (
        "%(school)s: the contact is known, and 1 step is theirs."
    ),
    "The school year ends: %(count)s open cases wait for your decision.": (
        "The school year ends: 1 open case waits for your decision."
    ),
    "And %(count)s more.": "And 1 more.",
    "%(count)s open cases of children who live there stay with this area until they are handed over.": (
        "1 open case of a child who lives there stays with this area until it is handed over."
    ),
    "%(count)s of them are in cases you do not see.": "1 of them is in a case you do not see.",
    "%(count)s addresses get no mail any more.": "1 address gets no mail any more.",
    "%(count)s cases opened.": "1 case opened.",
    "%(count)s cases moved on since and stay as they are.": "1 case moved on since and stays as it is.",
    "%(count)s families are with a partner already.": "1 family is with a partner already.",
    "%(count)s children at %(address)s: what kind of place is it?": None,
    "%(count)s children at this address": None,
    "%(count)s children decided.": "1 child decided.",
    "%(count)s differences are for %(organisation)s to decide, which leads those cases.": (
        "1 difference is for %(organisation)s to decide, which leads that case."
    ),
    "All %(count)s names at once; you can take it back for 30 days:": (
        "This name at once; you can take it back for 30 days:"
    ),
    "For the first %(count)s of this group, on every page": None,
    "%(count)s families moved to your area and wait for you.": "1 family moved to your area and waits for you.",
    "%(count)s half days missed this week": "1 half day missed this week",
    "%(count)s families get a letter.": "1 family gets a letter.",
    "%(count)s households": "1 household",
    "%(count)s households given to %(team)s, the first from %(day)s.": "1 household given to %(team)s, from %(day)s.",
    "%(count)s letters are recorded as attempts.": "1 letter is recorded as an attempt.",
    "%(count)s days": "1 day",
    "%(count)s files": "1 file",
    "%(count)s schools reported, as of %(day)s.": "1 school reported, as of %(day)s.",
    "%(count)s schools reported, as of %(first)s to %(last)s.": "1 school reported, as of %(day)s.",
    "%(count)s of them keep their own counts inside.": "1 of them keeps its own counts inside.",
    "Noted for %(count)s kleuters.": "Noted for 1 kleuter.",
    "For %(count)s kleuters nobody knows the reason yet. A case gives that question a day.": (
        "For 1 kleuter nobody knows the reason yet. A case gives that question a day."
    ),
    "If presence stays as it is, %(count)s of %(all)s kleuters will have too few half days on 30 June %(year)s.": (
        "If presence stays as it is, 1 of %(all)s kleuters will have too few half days on 30 June %(year)s."
    ),
    "%(count)s half days without an accepted reason (code B). From 5 on the school looks at it together with its CLB, "
    "before anything else.": None,
    "%(count)s kleuters": "1 kleuter",
    "%(count)s half days with code B: %(name)s is asked at once to look along. It reads the question and the number of "
    "the case, not who it is.": None,
    "%(count)s half days with code B: look at it together with your CLB. Which CLB that is, is not known here; ask it "
    "from the case.": None,
    "%(count)s mails": "1 mail",
    "%(count)s new children each get a case, at the first step.": "1 new child gets a case, at the first step.",
    "%(count)s people": "1 person",
    "%(count)s reports wait to be looked at.": "1 report waits to be looked at.",
    "%(count)s times": "1 time",
    "%(count)s tries": None,
    "%(count)s working days": "1 working day",
    "%(months)s months": "1 month",
    "%(name)s stopped; %(count)s open steps were handed over.": "%(name)s stopped; 1 open step was handed over.",
    "%(years)s years": "1 year",
    "And %(count)s more remarks of this sort.": "And 1 more remark of this sort.",
    "Too many tries. Wait %(seconds)s seconds and try again.": "Too many tries. Wait 1 second and try again.",
    "You are signed in on %(count)s other devices or browsers.": "You are signed in on 1 other device or browser.",
}
"""The text for one; None where it is only said of more than one."""

LABELS_FOR_ANY_NUMBER = {
    "standing.late",  # its {unit} says one or many
    "standing.left",
    "standing.tight",
    "rule.after",
    "rule.before",
    "line.praise_started",  # never for fewer than three
    "digest.more",
    "limit.at_most",  # once has a text of its own
    "tries",  # a rule of a process asks for several
    "times.more",
    "warning.crowded_address",
    "console.status",
    "console.untied",
    "console.untied_proposed",
    "console.who_unknown",
}


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text of the pages."""
    with (ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def test_every_counted_text_of_a_page_has_one_for_one(texts: set[str]) -> None:
    counted = {text for text in texts if COUNTED.search(text)}
    assert counted - SINGULAR.keys() - ANY_NUMBER == set(), "write the text for one, and name it in this test"
    assert {one for text, one in SINGULAR.items() if text in texts and one is not None} - texts == set()


@pytest.mark.parametrize("file", LABELS, ids=lambda file: file.parent.name)
def test_every_counted_label_has_one_for_one(file: Path) -> None:
    catalogue = Catalogue.load(file)
    counting = {key for key in catalogue if any("{count}" in catalogue._texts[key][one] for one in LANGUAGES)}
    assert {key for key in counting if f"{key}_one" not in catalogue} - LABELS_FOR_ANY_NUMBER == set()


def test_a_label_for_one_is_chosen_by_the_count() -> None:
    words = {"tries": dict.fromkeys(LANGUAGES, "{count} tries"), "tries_one": dict.fromkeys(LANGUAGES, "one try")}
    catalogue = Catalogue(words, "test")
    assert [catalogue.text("tries", "en", count=count) for count in (0, 1, 2)] == ["0 tries", "one try", "2 tries"]
