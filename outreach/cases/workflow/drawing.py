"""Where everything stands on the picture of a process: cards from top to bottom, a line of its own for each target.

Forward lines run down the right side, lines back run up the left. All answers that lead to one step share one line,
so lines are few, and the only crossings are square ones. Units are CSS pixels at full size; text is measured by rule
of thumb, a little too wide rather than too narrow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from outreach.cases.workflow.telling import Leads, ToldProcess, ToldStep, Way

CARD, PAD, GAP, LANE, EDGE = 312, 14, 34, 13, 8
"""Width of a card, space inside it, between cards, between lines, and at the rim."""

Style = Literal["title", "owner", "date", "target", "answer", "band"]

SIZE: dict[Style, float] = {"title": 16, "owner": 13, "date": 13, "target": 13, "answer": 13, "band": 13}
LINE: dict[Style, int] = {"title": 21, "owner": 18, "date": 18, "target": 19, "answer": 18, "band": 20}
_THIN, _BROAD = set("iljtfrI.,;:'!|()[]·1 "), set("mwMWQOGCD—")


@dataclass(frozen=True)
class Text:
    """One line of text; y is its baseline. `mark`: the small sign before it."""

    x: float
    y: float
    text: str
    style: Style
    mark: str | None = None
    tone: int | None = None


@dataclass
class Card:
    """One step, or what can be said at every step."""

    key: str
    x: float
    y: float
    usual: bool
    texts: list[Text] = field(default_factory=list)
    height: float = 0
    rule_y: float = 0
    ports: dict[str, float] = field(default_factory=dict)

    @property
    def door(self) -> float:
        """Where lines come in: beside the title."""
        return self.y + 22


@dataclass(frozen=True)
class Line:
    """All ways to one step on one side: a path for each, ending in one arrow."""

    target: str
    tone: int
    back: bool
    paths: tuple[str, ...]
    arrow: str


@dataclass(frozen=True)
class Picture:
    """Everything with its place. `x` is the left side of every card."""

    width: float
    height: float
    x: float
    cards: tuple[Card, ...]
    down: tuple[tuple[float, float, float], ...]
    """Arrows of the usual way: x, from y, to y."""
    lines: tuple[Line, ...]
    bands: tuple[Text, ...]


@dataclass(frozen=True)
class _Words:
    """What the picture says besides the process itself."""

    aim: str
    too_late: str
    stays: str
    ends: str
    sometimes: str
    always: str


def draw(told: ToldProcess, **words: str) -> Picture:
    """Lay out a process; `words` are the few labels of the picture itself (see `_Words`)."""
    said = _Words(**words)
    tones = {step.key: number for number, step in enumerate(told.steps)}
    left, right = _lanes(told, back=True), _lanes(told, back=False)
    x = EDGE + LANE * (max(left.values(), default=-1) + 2)
    cards, bands, y = _cards(told, said, tones, x)
    down = [
        (x + CARD / 2, above.y + above.height, below.y) for above, below in pairwise(cards) if _goes_down(above, below)
    ]
    placed = {card.key: card for card in cards}
    lines = [_line(placed, target, lane, tones[target], x, back=True) for target, lane in left.items()]
    lines += [_line(placed, target, lane, tones[target], x, back=False) for target, lane in right.items()]
    width = x + CARD + LANE * (max(right.values(), default=-1) + 2) + EDGE
    return Picture(width, y, x, tuple(cards), tuple(down), tuple(lines), tuple(bands))


def _goes_down(above: Card, below: Card) -> bool:
    return above.usual and below.usual and below.key in above.ports


def _reaches(told: ToldProcess, *, back: bool) -> dict[str, tuple[int, int]]:
    """For each step that is led to from this side: the first and last card its line passes."""
    place = {step.key: number for number, step in enumerate(told.steps)}
    found: dict[str, tuple[int, int]] = {}
    for number, step in enumerate(told.steps):
        for target in (place[way.target] for way in step.ways if way.leads == "step"):
            next_door = target == number + 1 and step.usual and told.steps[target].usual
            if next_door or (target < number) != back:
                continue
            first, last = found.get(told.steps[target].key, (target, target))
            found[told.steps[target].key] = (min(first, number), max(last, number))
    return found


def _lanes(told: ToldProcess, *, back: bool) -> dict[str, int]:
    """Which lane each line runs in: short ones near the cards, none over another."""
    lanes: dict[str, int] = {}
    taken: list[list[tuple[int, int]]] = []
    for target, (first, last) in sorted(
        _reaches(told, back=back).items(), key=lambda each: (each[1][1] - each[1][0], each[1])
    ):
        free = (lane for lane, spans in enumerate(taken) if all(last < begin or end < first for begin, end in spans))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((first, last))
        lanes[target] = lane
    return lanes


def _cards(told: ToldProcess, said: _Words, tones: dict[str, int], x: float) -> tuple[list[Card], list[Text], float]:
    y: float = EDGE
    cards: list[Card] = []
    bands: list[Text] = []
    for step in told.steps:
        if not step.usual and cards and cards[-1].usual:
            bands.append(Text(x, y + 6, said.sometimes, "band"))
            y += LINE["band"]
        card = _card(step, said, tones, x, y)
        cards.append(card)
        y += card.height + GAP
    if told.always:
        bands.append(Text(x, y + 6, said.always, "band"))
        card = Card("always", x, y + LINE["band"], usual=False)
        _ways(card, told.always, said, tones)
        cards.append(card)
        y = card.y + card.height + EDGE
    return cards, bands, y


def _card(step: ToldStep, said: _Words, tones: dict[str, int], x: float, y: float) -> Card:
    card = Card(step.key, x, y, step.usual)
    _write(card, step.label, "title", x + PAD + 16, tone=tones[step.key], mark="stop")
    _write(card, step.owner, "owner", x + PAD)
    _write(card, f"{said.aim}: {step.aim}", "date", x + PAD)
    _write(card, f"{said.too_late}: {step.too_late}", "date", x + PAD)
    card.height += 8
    card.rule_y = card.y + card.height
    _ways(card, step.ways, said, tones)
    return card


def _ways(card: Card, ways: Iterable[Way], said: _Words, tones: dict[str, int]) -> None:
    """Where it leads in bold, with a port for the line; under it the answers that lead there."""
    marks: dict[Leads, str] = {"step": "right", "stay": "retry", "closure": "flag"}
    names: dict[Leads, str] = {"step": "", "stay": said.stays, "closure": said.ends}
    for way in ways:
        card.height += 7
        name = names[way.leads] or way.label
        _write(card, name, "target", card.x + PAD + 20, mark=marks[way.leads], tone=tones.get(way.target))
        if way.leads == "step":
            card.ports[way.target] = card.texts[-1].y - 4
        _write(card, " · ".join(answer.label for answer in way.answers), "answer", card.x + PAD + 20)
    card.height += 12


def _write(card: Card, text: str, style: Style, x: float, *, mark: str | None = None, tone: int | None = None) -> None:
    card.height = card.height or 9
    for number, line in enumerate(wrapped(text, SIZE[style], card.x + CARD - PAD - x)):
        card.height += LINE[style]
        card.texts.append(Text(x, card.y + card.height - 5, line, style, None if number else mark, tone))


def wrapped(text: str, size: float, room: float) -> list[str]:
    """A text cut into lines of at most this width, between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def width_of(text: str, size: float) -> float:
    """About how wide a text is in our letter type."""
    widths = (0.3 if sign in _THIN else 0.82 if sign in _BROAD else 0.65 if sign.isupper() else 0.54 for sign in text)
    return size * sum(widths)


def _line(placed: dict[str, Card], target: str, lane: int, tone: int, x: float, *, back: bool) -> Line:
    """From each port out to the lane, along it, and in at the door of the target."""
    side, out = (x, -1) if back else (x + CARD, 1)
    along = side + out * LANE * (lane + 1.5)
    door = placed[target].door
    order = list(placed)
    sources = [
        card.ports[target]
        for card in placed.values()
        if target in card.ports
        and card.key != "always"
        and (order.index(card.key) > order.index(target)) == back
        and not _is_down(placed, order, card, target)
    ]
    paths = tuple(_bend(side, along, port, door, out) for port in sources)
    arrow = f"M{_n(side + out * 8)} {_n(door - 4.5)}L{_n(side + out)} {_n(door)}L{_n(side + out * 8)} {_n(door + 4.5)}Z"
    return Line(target, tone, back, paths, arrow)


def _is_down(placed: dict[str, Card], order: Sequence[str], card: Card, target: str) -> bool:
    return order.index(target) == order.index(card.key) + 1 and _goes_down(card, placed[target])


def _bend(side: float, along: float, port: float, door: float, out: int) -> str:
    turn = 6
    way = 1 if door > port else -1
    return (
        f"M{_n(side)} {_n(port)}H{_n(along - out * turn)}"
        f"Q{_n(along)} {_n(port)} {_n(along)} {_n(port + way * turn)}"
        f"V{_n(door - way * turn)}Q{_n(along)} {_n(door)} {_n(along - out * turn)} {_n(door)}H{_n(side + out * 7)}"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
