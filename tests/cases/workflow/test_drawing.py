"""The picture of a process: everything that is in it can be read, and nothing lies over anything else."""

import re
from itertools import pairwise

import pytest

from outreach.cases.workflow import CLOSURE, STAY, Process, processes
from outreach.cases.workflow.drawing import CARD, Picture, draw, width_of, wrapped
from outreach.cases.workflow.telling import ToldProcess, tell, usual_way
from outreach.labels import LANGUAGES

PUBLISHED = list(processes())
WORDS = {"aim": "Aim", "too_late": "Too late", "stays": "Stays", "ends": "Ends", "sometimes": "?", "always": "!"}


@pytest.fixture(params=[(each, language) for each in PUBLISHED for language in LANGUAGES], ids=str)
def told(request: pytest.FixtureRequest) -> tuple[Process, ToldProcess, Picture]:
    process, language = request.param
    words = tell(processes(), process, language)
    return process, words, draw(words, **WORDS)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_every_outcome_is_told_where_it_leads(told: tuple[Process, ToldProcess, Picture]) -> None:
    process, words, _picture = told
    for rule in process.steps:
        step = next(each for each in words.steps if each.key == rule.key)
        said = {(way.target, answer.label) for way in step.ways for answer in way.answers}
        assert len(said) == len({(each.to, each.label["nl"]) for each in rule.outcomes})
        assert {target for target, _label in said} == {each.to for each in rule.outcomes}


def test_every_step_led_to_from_elsewhere_is_reached_by_a_line(told: tuple[Process, ToldProcess, Picture]) -> None:
    process, _words, picture = told
    drawn = [(line.target, len(line.paths)) for line in picture.lines]
    lines = sum(count for _target, count in drawn) + len(picture.down)
    ways = {(rule.key, each.to) for rule in process.steps for each in rule.outcomes if each.to not in (STAY, CLOSURE)}
    assert lines == len({(key, to) for key, to in ways if key != to})
    assert all(count for _target, count in drawn)


def test_cards_stand_under_each_other_and_hold_their_text(told: tuple[Process, ToldProcess, Picture]) -> None:
    _process, _words, picture = told
    for above, below in pairwise(picture.cards):
        assert above.y + above.height < below.y
    for card in picture.cards:
        assert all(card.y < text.y < card.y + card.height for text in card.texts)
        assert all(text.x + width_of(text.text, 13) <= picture.x + CARD for text in card.texts if text.style != "title")
        assert [text.y for text in card.texts] == sorted(text.y for text in card.texts)


def test_no_two_lines_run_over_each_other(told: tuple[Process, ToldProcess, Picture]) -> None:
    """Lines of different targets share no upright piece."""
    _process, _words, picture = told
    runs = []
    for line in picture.lines:
        upright = {float(match[1]) for path in line.paths if (match := re.search(r"Q(-?[\d.]+) ", path))}
        assert len(upright) == 1
        tops = [y for path in line.paths for y in (float(re.search(r"M\S+ ([\d.]+)H", path)[1]),)]  # type: ignore[index]
        door = next(card.door for card in picture.cards if card.key == line.target)
        runs.append((upright.pop(), min([*tops, door]), max([*tops, door])))
    for number, (x, top, bottom) in enumerate(runs):
        for other_x, other_top, other_bottom in runs[number + 1 :]:
            assert x != other_x or bottom < other_top or other_bottom < top


def test_everything_lies_within_the_picture(told: tuple[Process, ToldProcess, Picture]) -> None:
    _process, _words, picture = told
    for line in picture.lines:
        for path in line.paths:
            assert all(0 <= value <= max(picture.width, picture.height) for value in numbers(path))
    assert picture.cards[-1].y + picture.cards[-1].height <= picture.height
    assert picture.width <= 520, "wider, and it cannot be read on a phone"


def test_most_families_go_from_the_list_to_the_first_weeks() -> None:
    usual = usual_way(processes().process("enrolment", 1))
    assert usual == ["intake", "home_visit", "school_choice", "warm_welcome", "first_weeks"]


def test_dates_are_told_as_people_say_them() -> None:
    words = tell(processes(), processes().process("enrolment", 1), "nl")
    visit = next(step for step in words.steps if step.key == "home_visit")
    assert visit.aim == (
        "bij leerplicht 5 schooldagen* na het begin van de stap; anders 10 schooldagen* na het begin van de stap"
    )
    assert visit.owner == "Inloopteam of Kind en Gezin"
    mediation = next(step for step in words.steps if step.key == "mediation")
    assert mediation.owner == "LOP, anders wie de regie heeft"
    assert mediation.too_late == "10 kalenderdagen na de weigering; anders 15 werkdagen na het begin van de stap"


def test_a_long_word_stays_whole() -> None:
    assert wrapped("een onderwijsachterstandenbeleid", 13, 60) == ["een", "onderwijsachterstandenbeleid"]
